/** Criteria that look inside containers and at answers, on a fake cluster. */
import assert from "node:assert/strict";
import { ApiError, type ExecResult } from "../../cluster/cluster.ts";
import { mismatchText } from "../../checks/reports/mismatch_text.ts";
import { Problem } from "../../cluster/problem.ts";
import { type FakeCluster, fakeCluster, pod } from "./fake_cluster.ts";
import { readCheck } from "./read_check.ts";

async function says(cluster: FakeCluster, text: string): Promise<readonly string[]> {
  const { criterion } = readCheck(text);
  const mismatches = await criterion.evaluate({ objects: cluster.objects, namespace: "shop" });
  return mismatches.map((mismatch) => mismatchText(mismatch, "en"));
}

const running = (name: string, more: Record<string, unknown> = {}) =>
  pod(name, "Running", {
    status: { phase: "Running", containerStatuses: [{ name: "app", state: { running: {} } }] },
    ...more,
  });

/** Programs of an image by their name; others are not there. */
function programs(cluster: FakeCluster, known: Readonly<Record<string, Partial<ExecResult>>>) {
  cluster.onExec((_container, [program]) =>
    known[program] === undefined
      ? Promise.reject(new ApiError(500, "InternalError", `exec: "${program}": executable file not found in $PATH`))
      : Promise.resolve({ exitCode: 0, stdout: "", stderr: "", ...known[program] })
  );
}

Deno.test("a pod that is missing or does not run is a mismatch, not trouble", async () => {
  const cluster = fakeCluster();
  const text = "exec: { pod: web, container: app, command: [cat, /ready] }";
  assert.deepEqual(await says(cluster, text), ["Pod web: does not exist"]);
  const waiting = { containerStatuses: [{ name: "app", state: { waiting: { reason: "CrashLoopBackOff" } } }] };
  cluster.put(pod("web", "Running", { status: waiting }));
  assert.deepEqual(await says(cluster, text), ["Pod web: its container app does not run (CrashLoopBackOff)"]);
});

Deno.test("exec: exit code, and what standard output says", async () => {
  const cluster = fakeCluster();
  cluster.put(running("web"));
  programs(cluster, { cat: { stdout: "blue\n" }, ls: { exitCode: 2, stderr: "no such file\n" } });
  const text = (more: string) => `exec: { pod: web, command: [cat, /colour]${more} }`;
  assert.deepEqual(await says(cluster, text("")), []);
  assert.deepEqual(await says(cluster, text(", stdout: { equals: blue }")), []);
  assert.deepEqual(await says(cluster, text(", stdout: { equals: green }")), [
    'Pod web: `cat /colour` is "blue", should be "green"',
  ]);
  assert.equal((await says(cluster, text(", stdout: re"))).length, 1);
  assert.deepEqual(await says(cluster, "exec: { pod: web, command: [ls, /x] }"), [
    "Pod web: `ls /x` exit code is 2, should be 0",
    "Pod web: `ls /x` said: no such file",
  ]);
  assert.deepEqual(await says(cluster, "exec: { pod: web, command: [ls, /x], exitCode: 2 }"), []);
});

Deno.test("logs: of each pod that the selector finds", async () => {
  const cluster = fakeCluster();
  const text = "logs: { selector: app=web, contains: started }";
  assert.deepEqual(await says(cluster, text), ["Pod (app=web): there is none"]);
  cluster.put(running("a", { metadata: { name: "a", labels: { app: "web" } } }));
  cluster.put(running("b", { metadata: { name: "b", labels: { app: "web" } } }));
  cluster.onLogs(({ name }) => Promise.resolve(name === "a" ? "started\n" : "failed\n"));
  assert.deepEqual(await says(cluster, text), ['Pod b: logs does not contain "started"; it is "failed"']);
  assert.deepEqual(await says(cluster, "logs: { selector: app=web, matches: '(?m)^(started|failed)$' }"), []);
});

Deno.test("logs: what the server says of a container without a log is told; other trouble is trouble", async () => {
  const cluster = fakeCluster();
  cluster.put(running("web"));
  const message = 'previous terminated container "app" in pod "web" not found';
  cluster.onLogs(() => Promise.reject(new ApiError(400, "BadRequest", message)));
  const text = "logs: { pod: web, previous: true, contains: x }";
  assert.deepEqual(await says(cluster, text), [`Pod web: ${message}`]);
  cluster.onLogs(() => Promise.reject(new ApiError(500, "InternalError", "no route to node")));
  await assert.rejects(says(cluster, text), ApiError);
});

Deno.test("http: with curl or wget, whichever the image has", async () => {
  const cluster = fakeCluster();
  cluster.put(running("client"));
  const text = (more = "") => `http: { from: client, url: "http://web/"${more} }`;
  programs(cluster, { curl: { stdout: "hello\n\n200" } });
  assert.deepEqual(await says(cluster, text(", body: hello")), []);
  assert.equal((await says(cluster, text(", body: bye"))).length, 1);
  programs(cluster, { wget: { exitCode: 1, stderr: "  HTTP/1.1 404 Not Found\nwget: server returned error\n" } });
  assert.deepEqual(await says(cluster, text()), ["Pod client: GET http://web/ status is 404, should be 200"]);
  assert.deepEqual(await says(cluster, text(", status: 404")), []);
  programs(cluster, { wget: { exitCode: 1, stderr: "wget: bad address 'web'\n" } });
  assert.deepEqual(await says(cluster, text()), [
    "Pod client: gets no answer from http://web/ (wget: bad address 'web')",
  ]);
  programs(cluster, {});
  await assert.rejects(says(cluster, text()), Problem);
});

Deno.test("connect: allowed and refused, to a name or to a pod's address", async () => {
  const cluster = fakeCluster();
  cluster.put(running("client"));
  const text = (more: string) => `connect: { from: client, port: 80, ${more} }`;
  programs(cluster, { nc: { exitCode: 0 } });
  assert.deepEqual(await says(cluster, text("to: db")), []);
  assert.deepEqual(await says(cluster, text("to: db, allowed: false")), [
    "Pod client: reaches db on port 80, but should not",
  ]);
  programs(cluster, { curl: { exitCode: 28, stderr: "curl: (28) timed out\n" } });
  assert.deepEqual(await says(cluster, text("to: db, allowed: false")), []);
  assert.deepEqual(await says(cluster, text("to: { pod: db }")), ["Pod db: does not exist"]);
  cluster.put(running("db", { status: { podIP: "10.1.0.9" } }));
  const asked: (readonly string[])[] = [];
  cluster.onExec((_container, command) => {
    asked.push(command);
    return Promise.resolve({ exitCode: 0, stdout: "", stderr: "" });
  });
  assert.deepEqual(await says(cluster, text("to: { pod: db }")), []);
  assert.deepEqual(asked, [["nc", "-z", "-w", "3", "10.1.0.9", "80"]]);
});

const NSLOOKUP = "Server:\t10.96.0.10\nAddress:\t10.96.0.10:53\n\nName:\tweb.shop.svc\nAddress: 10.96.3.4\n";

Deno.test("dns: with nslookup or getent, against a Service's addresses", async () => {
  const cluster = fakeCluster();
  cluster.put(running("client"));
  const text = (more = "") => `dns: { from: client, name: web${more} }`;
  programs(cluster, { nslookup: { stdout: NSLOOKUP } });
  assert.deepEqual(await says(cluster, text()), []);
  assert.deepEqual(await says(cluster, text(", resolves: false")), ["Pod client: resolves web, but should not"]);
  const service = ", service: { name: web }";
  assert.deepEqual(await says(cluster, text(service)), ["Service web: does not exist"]);
  cluster.put({ apiVersion: "v1", kind: "Service", metadata: { name: "web" }, spec: { clusterIP: "10.96.3.4" } });
  assert.deepEqual(await says(cluster, text(service)), []);
  programs(cluster, { getent: { stdout: "10.96.7.7  STREAM web\n10.96.7.7  DGRAM\n" } });
  assert.deepEqual(await says(cluster, text(service)), [
    'Pod client: DNS web is ["10.96.7.7"], should be ["10.96.3.4"]',
  ]);
  programs(cluster, { nslookup: { exitCode: 1, stdout: "Server:\t10.96.0.10\nAddress:\t10.96.0.10:53\n" } });
  assert.deepEqual(await says(cluster, text()), ["Pod client: cannot resolve web"]);
});

Deno.test("can: asks by a SubjectAccessReview", async () => {
  const cluster = fakeCluster();
  const specs: unknown[] = [];
  cluster.onCreate((object) => {
    specs.push(object.spec);
    return Promise.resolve({ ...object, status: { allowed: true } });
  });
  assert.deepEqual(await says(cluster, "can: { user: jane, verb: get, resource: pods/log }"), []);
  assert.deepEqual(
    await says(cluster, "can: { serviceAccount: ci, verb: delete, resource: deployments.apps, allowed: false }"),
    ["ServiceAccount ci: may delete deployments.apps, but should not"],
  );
  assert.deepEqual(specs, [
    {
      user: "jane",
      groups: ["system:authenticated"],
      resourceAttributes: { verb: "get", resource: "pods", group: "", namespace: "shop", subresource: "log" },
    },
    {
      user: "system:serviceaccount:shop:ci",
      groups: ["system:serviceaccounts", "system:serviceaccounts:shop", "system:authenticated"],
      resourceAttributes: { verb: "delete", resource: "deployments", group: "apps", namespace: "shop" },
    },
  ]);
});

Deno.test("answer: is compared with what the cluster says now, and does not give it away", async () => {
  const cluster = fakeCluster();
  const text = `answer:
  question: running
  of: { apiVersion: v1, kind: Pod }
  value: objects.filter(one, one.status.phase == 'Running').map(one, one.metadata.name)`;
  cluster.put(pod("a", "Running"));
  cluster.put(pod("b", "Running"));
  assert.deepEqual(await says(cluster, text), ["`running`: is not answered yet: `drydock answer running …`"]);
  const answers = (running: string) => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "answers" },
    data: { running },
  });
  cluster.put(answers("a"));
  assert.deepEqual(await says(cluster, text), ['`running`: "a" is not the answer']);
  cluster.put(answers("b, a\n"));
  assert.deepEqual(await says(cluster, text), []);
  cluster.put(pod("b", "Failed"));
  assert.equal((await says(cluster, text)).length, 1);
});

Deno.test("anyOf: one way is enough; else the nearest is told about", async () => {
  const cluster = fakeCluster();
  const text = `anyOf:
  - [{ object: { apiVersion: v1, kind: Pod, name: a } }, { object: { apiVersion: v1, kind: Pod, name: b } }]
  - object: { apiVersion: v1, kind: Pod, name: c }`;
  assert.deepEqual(await says(cluster, text), ["Pod c: does not exist"]);
  cluster.put(pod("a", "Running"));
  assert.equal((await says(cluster, text)).length, 1);
  cluster.put(pod("b", "Running"));
  assert.deepEqual(await says(cluster, text), []);
  cluster.take({ kind: "Pod", name: "a" });
  cluster.put(pod("c", "Running"));
  assert.deepEqual(await says(cluster, text), []);
});
