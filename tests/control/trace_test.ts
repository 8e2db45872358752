import assert from "node:assert/strict";
import { changes } from "../../cluster/memory/control/changes.ts";
import { trace } from "../../cluster/memory/control/trace.ts";
import { AuditLog } from "../../cluster/memory/api/registry/audit.ts";
import type { KubeObject } from "../../cluster/memory/kinds/object.ts";

const object = (kind: string, name: string, more: object = {}, owner?: string): KubeObject => ({
  kind,
  metadata: {
    name,
    uid: `uid-${name}`,
    ...owner === undefined ? {} : {
      ownerReferences: [{ apiVersion: "v1", kind: "", name: owner, uid: `uid-${owner}`, controller: true }],
    },
  },
  ...more,
} as KubeObject);

Deno.test("a trace has the object, its owners and what came of it, and nobody else", () => {
  const log = new AuditLog();
  let time = 0;
  const write = (user: string, of: KubeObject, verb: "create" | "update" = "create", previous?: KubeObject) =>
    log.record({
      time: time++,
      user: { name: user, groups: [] },
      manager: user,
      verb,
      bucket: "",
      subresource: "",
      object: of,
      previous,
      admission: [],
    });
  const web = object("Deployment", "web");
  const pod = object("Pod", "web-1-a", { spec: {} }, "web-1");
  write("alice", web);
  write("deployment-controller", object("ReplicaSet", "web-1", {}, "web"));
  write("bob", object("Deployment", "other"));
  write("replicaset-controller", pod);
  write("system:kube-scheduler", object("Pod", "web-1-a", { spec: { nodeName: "node01" } }, "web-1"), "update", pod);
  const told = (root: KubeObject) => trace(log, root).map(({ user, object, changes }) => [user, object, ...changes]);
  const all = [
    ["alice", "Deployment web"],
    ["deployment-controller", "ReplicaSet web-1"],
    ["replicaset-controller", "Pod web-1-a"],
    ["system:kube-scheduler", "Pod web-1-a", "spec.nodeName: node01"],
  ];
  assert.deepEqual(told(web), all);
  assert.deepEqual(told(pod), all);
});

Deno.test("changes are told by field, conditions by their verdict", () => {
  const before = object("Pod", "p", {
    spec: { a: 1, gone: "x" },
    status: { conditions: [{ type: "Ready", status: "False", reason: "ContainersNotReady" }] },
  });
  const after = object("Pod", "p", {
    spec: { a: 2, containers: [{ name: "c", image: "nginx" }] },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  });
  assert.deepEqual(changes(after, before), [
    "spec.a: 2",
    "spec.gone –",
    "spec.containers[c].name: c",
    "spec.containers[c].image: nginx",
    "Ready: True",
  ]);
});

Deno.test("the log forgets what is old", () => {
  const log = new AuditLog(10);
  for (let i = 0; i < 100; i++) {
    log.record({
      time: i,
      user: { name: "a", groups: [] },
      manager: "a",
      verb: "create",
      bucket: "",
      subresource: "",
      object: object("Pod", `p${i}`),
      admission: [],
    });
  }
  assert.equal(log.of(new Set(["uid-p0"])).length, 0);
  assert.equal(log.of(new Set(["uid-p99"])).length, 1);
  assert.ok(log.objects().size <= 20);
});

Deno.test("an event stands where it was written: its own time is a whole second", () => {
  const log = new AuditLog();
  const note = { user: { name: "kubelet", groups: [] }, manager: "kubelet", verb: "create", subresource: "" } as const;
  const begin = Date.parse("2026-01-01T00:00:00Z");
  const pod = object("Pod", "web");
  const event = object("Event", "web.1", {
    involvedObject: { kind: "Pod", name: "web", uid: "uid-web" },
    reason: "Pulled",
    message: "done",
    firstTimestamp: "2026-01-01T00:00:00Z",
  });
  log.record({ ...note, time: begin + 300, bucket: "pods", object: pod, admission: [] });
  log.record({ ...note, time: begin + 700, bucket: "events", object: event, admission: [] });
  assert.deepEqual(trace(log, pod).map(({ time, verb }) => [time - begin, verb]), [[300, "create"], [700, "event"]]);
});
