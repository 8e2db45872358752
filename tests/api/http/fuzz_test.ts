import assert from "node:assert/strict";
import fc from "fast-check";
import { apiHandler } from "../../../cluster/memory/api/http/handler.ts";
import { Metrics } from "../../../cluster/memory/api/http/metrics.ts";
import { discoveryPaths, serverPaths } from "../../../cluster/memory/api/http/paths.ts";
import { administrator } from "../../../cluster/memory/api/mod.ts";
import { completeApi, request } from "../testing.ts";

/** How long a fuzz test may take, in milliseconds of the machine's time. */
const LIMIT = 4_000;

async function handling() {
  const { api } = await completeApi();
  const errors: unknown[] = [];
  const handler = apiHandler({
    core: api.core,
    authenticate: () => administrator,
    paths: [serverPaths(api.core, new Metrics()), discoveryPaths(api.kinds, () => "127.0.0.1:1")],
    report: (error) => errors.push(error),
  });
  return { handler, errors, api };
}

const word = fc.constantFrom(
  ..."api apis v1 apps batch pods deployments namespaces default web status scale log watch proxy exec nodes".split(
    " ",
  ),
  ..."configmaps events.k8s.io events .. . %2f %00 %zz metrics healthz readyz version openapi".split(" "),
  "💥",
  "a".repeat(300),
);
const path = fc.array(word, { maxLength: 8 }).map((words) => `/${words.join("/")}`);
const parameter = fc.tuple(
  fc.constantFrom(
    ..."watch limit continue resourceVersion resourceVersionMatch sendInitialEvents timeoutSeconds dryRun".split(" "),
    ..."labelSelector fieldSelector fieldManager fieldValidation force pretty includeObject gracePeriodSeconds".split(
      " ",
    ),
    "propagationPolicy",
  ),
  fc.oneof(fc.constantFrom("true", "0", "-1", "All", "Strict", "x in (a", "!", "1e9", "NotOlderThan"), fc.string()),
);
const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "FOO");
const headers = fc.record({
  accept: fc.oneof(
    fc.constantFrom(
      "application/json",
      "application/json;as=Table;v=v1;g=meta.k8s.io",
      "*/*",
      ";;,=",
      "application/yaml",
    ),
    fc.string(),
  ),
  "content-type": fc.constantFrom(
    "application/json",
    "application/yaml",
    "application/json-patch+json",
    "application/merge-patch+json",
    "application/strategic-merge-patch+json",
    "application/apply-patch+yaml",
    "application/vnd.kubernetes.protobuf",
    "text/plain",
    "",
  ),
}, { requiredKeys: [] });
const metadata = fc.record({ name: fc.oneof(fc.constant("web"), fc.string()), labels: fc.jsonValue() }, {
  requiredKeys: [],
});
const object = fc.record({
  apiVersion: fc.constantFrom("v1", "apps/v1", "x/y/z", ""),
  kind: fc.constantFrom("Pod", "ConfigMap", "Deployment", ""),
  metadata: fc.oneof(metadata, fc.jsonValue()),
  spec: fc.jsonValue(),
  data: fc.jsonValue(),
}, { requiredKeys: [] });
const body = fc.oneof(
  object.map((value) => JSON.stringify(value)),
  fc.json(),
  fc.string(),
  fc.uint8Array(),
  fc.constant("[".repeat(20_000)),
  fc.constant("a: &a [*a]"),
);

/** What an answer may be: a Status with its own code, an object, or a page. Never a failure of the server's own. */
function check(status: number, answer: unknown, told: string): void {
  assert.ok(status >= 200 && status < 600, told);
  assert.notEqual(status, 500, `${told}: ${String(answer).slice(0, 500)}`);
  if (status < 400 || typeof answer !== "string" || answer === "404 page not found\n") return;
  const parsed = JSON.parse(answer);
  assert.equal(parsed.kind, "Status", told);
  assert.equal(parsed.code, status, told);
}

Deno.test("whatever is asked, the answer is a Status or an object", async () => {
  const { handler, errors } = await handling();
  await fc.assert(
    fc.asyncProperty(method, path, fc.array(parameter, { maxLength: 4 }), headers, body, async (...asked) => {
      const [method, path, query, headers, body] = asked;
      const target = `${path}?${new URLSearchParams(query)}`;
      const response = await handler(request(method, target, body, headers));
      response.stream?.({ write() {}, end() {}, waiting: 0 })();
      check(response.status, response.body, `${method} ${target}`);
      assert.deepEqual(errors, []);
    }),
    { numRuns: 3_000, interruptAfterTimeLimit: LIMIT },
  );
});

const CONFIG_MAPS = "/api/v1/namespaces/default/configmaps";
const PODS = "/api/v1/namespaces/default/pods";
const DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";

Deno.test("whatever object is sent, it is stored or refused with reasons", async () => {
  const { handler, errors } = await handling();
  const types = { "content-type": "application/json" };
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(CONFIG_MAPS, PODS, DEPLOYMENTS), object, async (target, object) => {
      const { apiVersion: _version, kind: _kind, ...rest } = object;
      const response = await handler(request("POST", `${target}?dryRun=All`, rest, types));
      check(response.status, response.body, `${target} ${JSON.stringify(rest)}`);
      assert.deepEqual(errors, []);
    }),
    { numRuns: 2_000, interruptAfterTimeLimit: LIMIT },
  );
});

Deno.test("whatever patch is sent, nothing else suffers", async () => {
  const { handler, errors, api } = await handling();
  const create = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "web" }, data: { k: "v" } };
  await handler(request("POST", CONFIG_MAPS, create, { "content-type": "application/json" }));
  const patchTypes = ["json-patch+json", "merge-patch+json", "strategic-merge-patch+json", "apply-patch+yaml"];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...patchTypes), fc.oneof(body, object), async (type, body) => {
      const target = `${CONFIG_MAPS}/web?fieldManager=fuzz`;
      const response = await handler(request("PATCH", target, body, { "content-type": `application/${type}` }));
      assert.ok(response.status < 600);
      assert.deepEqual(errors, []);
      assert.ok(api.store.get("configmaps", "default/web"));
    }),
    { numRuns: 2_000, interruptAfterTimeLimit: LIMIT },
  );
});
