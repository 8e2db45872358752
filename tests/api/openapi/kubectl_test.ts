/**
 * Real kubectls read the documents: each that DRYDOCK_KUBECTL names (separated by ":"), or the one on the PATH.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { discovery, versionDocument } from "../../../cluster/memory/api/discovery/mod.ts";
import { openApi } from "../../../cluster/memory/api/openapi/mod.ts";
import type { Kind } from "../../../cluster/memory/kinds/kind.ts";

const base = {
  version: "v1",
  namespaced: true,
  strategy: { names: "subdomain" },
} as const;
const kinds: Kind[] = [
  { ...base, group: "", kind: "Pod", plural: "pods", singular: "pod", type: "core.v1.Pod" },
  {
    ...base,
    group: "apps",
    kind: "Deployment",
    plural: "deployments",
    singular: "deployment",
    type: "apps.v1.Deployment",
  },
];

const documents = openApi(kinds);
const discovered = discovery(kinds, { serverAddress: "127.0.0.1" });

/** Serves what is tested, and takes any pod. */
const listener: RequestListener = (request, response) => {
  const url = new URL(request.url!, "http://server");
  const accept = String(request.headers.accept ?? "");
  if (url.pathname === "/version") return void response.end(JSON.stringify(versionDocument));
  if (request.method === "POST") {
    response.writeHead(201, { "content-type": "application/json" });
    return void request.pipe(response);
  }
  const answer = url.pathname === "/openapi/v2"
    ? { status: 200, ...documents.v2(accept) }
    : documents.at(url.pathname, url.searchParams.get("hash") ?? undefined);
  if (answer !== undefined) return void response.writeHead(answer.status, answer.headers).end(answer.body);
  const document = discovered.at(url.pathname, accept);
  response.writeHead(document === undefined ? 404 : 200, { "content-type": document?.contentType ?? "text/plain" });
  response.end(document?.body ?? "404 page not found");
};

const onPath = (Deno.env.get("PATH") ?? "").split(delimiter).map((folder) => join(folder, "kubectl")).find(existsSync);
const kubectls = Deno.env.get("DRYDOCK_KUBECTL")?.split(":") ?? (onPath === undefined ? [] : [onPath]);

Deno.test({
  name: "openapi: kubectl explains fields and creates from a file (needs kubectl on the PATH, or DRYDOCK_KUBECTL)",
  ignore: kubectls.length === 0,
  async fn(t) {
    const server = createServer(listener).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const home = mkdtempSync(join(tmpdir(), "kubectl-"));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      for (const kubectl of kubectls) {
        const run = async (...args: string[]) => {
          const options = { env: { HOME: home, PATH: "" }, timeout: 30_000 };
          const { stdout } = await promisify(execFile)(kubectl, ["--server", address, ...args], options);
          return stdout.replace(/\s+/g, " ");
        };
        await t.step(kubectl, async () => {
          assert.match(
            await run("explain", "deployment.spec.strategy.rollingUpdate"),
            /FIELD: rollingUpdate <RollingUpdateDeployment> DESCRIPTION: Spec to control the desired behavior of rolling /,
          );
          assert.match(
            await run("explain", "pod.spec.containers.imagePullPolicy"),
            /FIELD: imagePullPolicy <string> .*Image pull policy\. One of Always, Never, IfNotPresent\./,
          );
          await assert.rejects(run("explain", "pod.spec.ghost"), /field "ghost" does not exist/);
          const manifest = join(home, "pod.json");
          Deno.writeTextFileSync(
            manifest,
            JSON.stringify({ apiVersion: "v1", kind: "Pod", metadata: { name: "web", namespace: "default" } }),
          );
          assert.equal(await run("create", "-f", manifest), "pod/web created ");
        });
      }
    } finally {
      rmSync(home, { recursive: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  },
});
