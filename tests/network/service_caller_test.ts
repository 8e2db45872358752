/** How the API server reaches a webhook's Service, and what it says when it does not. */
import assert from "node:assert/strict";
import { callWebhook } from "../../cluster/memory/api/admission/webhook_client.ts";
import { createAuthority, issue } from "../../cluster/memory/api/tls/certificates.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";
import type { ContainerNetwork } from "../../cluster/memory/container_network.ts";
import type { Connected } from "../../cluster/memory/kubelet/runtime/network.ts";
import { serviceCaller } from "../../cluster/memory/service_caller.ts";
import { service } from "./objects.ts";

const clock = virtualClock();
const authority = await createAuthority("test", clock.now(), 10);
const certificateFor = async (name: string) =>
  (await issue(authority, {
    subject: { commonName: "hook" },
    usage: "server",
    names: { dns: [name] },
    now: clock.now(),
    days: 5,
  })).certificate;
const own = await certificateFor("hook.default.svc");
const others = await certificateFor("other.default.svc");
const stranger = (await createAuthority("stranger", clock.now(), 10)).certificate;

/** A network with one Service, whose connections end as given. */
const network = (connected: Connected): ContainerNetwork => ({
  cluster: {
    view: {
      services: {
        get: (_: string, name: string) =>
          ({
            hook: service("hook", { clusterIP: "10.96.7.7", ports: [{ port: 443 }] }),
            plain: service("plain", { clusterIP: "10.96.7.8", ports: [{ port: 80 }] }),
            headless: service("headless", { clusterIP: "None" }),
          })[name],
      },
    },
  } as unknown as ContainerNetwork["cluster"],
  connect: () => Promise.resolve(connected),
  resolve: () => Promise.resolve({ code: "NXDOMAIN", records: [] }),
});

const server = (certificate: string | undefined, status = 200, body = '{"response":{}}'): Connected => ({
  http: ({ method, path, https }) =>
    Promise.resolve({
      status: method === "POST" && https && path === "/check?timeout=3s" ? status : 400,
      headers: {},
      body,
    }),
  certificate: () => certificate,
  line: () => undefined,
});

async function call(
  connected: Connected | undefined,
  name = "hook",
  trusted = authority.certificate,
): Promise<unknown> {
  const caller = serviceCaller({ network: () => connected === undefined ? undefined : network(connected), clock });
  const clientConfig = { service: { namespace: "default", name, path: "/check", port: 443 }, caBundle: btoa(trusted) };
  const answer = callWebhook({ clientConfig, body: {}, timeout: 3 }, caller);
  answer.catch(() => {});
  await clock.advance(5000);
  return await answer;
}

Deno.test("webhooks: a Service in the cluster is asked over TLS", async () => {
  assert.deepEqual(await call(server(own)), { response: {} });
});

const FAILURES: readonly (readonly [what: string, connected: Connected | undefined, why: string, name?: string])[] = [
  ["no network", undefined, 'no endpoints available for service "hook"'],
  ["no endpoints", "refused", "dial tcp 10.96.7.7:443: connect: connection refused"],
  ["no such port", "refused", 'no service port 443 found for service "plain"', "plain"],
  ["no address", "refused", 'cannot route to service with ClusterIP "None"', "headless"],
  ["no such service", "refused", 'service "gone" not found', "gone"],
  ["nobody answers", "timeout", "context deadline exceeded"],
  ["no TLS", server(undefined), "http: server gave HTTP response to HTTPS client"],
  [
    "a certificate for another name",
    server(others),
    "tls: failed to verify certificate: x509: certificate is valid for other.default.svc, not hook.default.svc",
  ],
];
for (const [what, connected, why, name = "hook"] of FAILURES) {
  Deno.test(`webhooks: ${what}`, async () => {
    const message = `Post "https://${name}.default.svc:443/check?timeout=3s": ${why}`;
    await assert.rejects(call(connected, name), { message });
  });
}

Deno.test("webhooks: an authority that is not the server's", async () => {
  await assert.rejects(call(server(own), "hook", stranger), /x509: certificate signed by unknown authority$/);
});

Deno.test("webhooks: what is no answer", async () => {
  await assert.rejects(call(server(own, 500, "broken\n")), { message: "broken" });
  await assert.rejects(call(server(own, 200, "<html>")), { message: "the webhook's answer is not JSON" });
});
