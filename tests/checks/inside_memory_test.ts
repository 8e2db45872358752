/** Criteria that look inside containers, on a memory cluster, through its API alone. */
import assert from "node:assert/strict";
import type { Cluster } from "../../cluster/cluster.ts";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { mismatchText } from "../../checks/reports/mismatch_text.ts";
import { readCheck } from "./read_check.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

async function says(cluster: Cluster, text: string): Promise<readonly string[]> {
  const { criterion } = readCheck(text);
  const mismatches = await criterion.evaluate({ objects: cluster.objects, namespace: "default" });
  return mismatches.map((mismatch) => mismatchText(mismatch, "en"));
}

const POD = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "talker", namespace: "default" },
  spec: {
    containers: [{ name: "app", image: "busybox:1.36", command: ["sh", "-c", "echo ready for work; sleep 3600"] }],
  },
};

Deno.test("logs, exec and can, on a memory cluster", options, async () => {
  await using cluster = await inProcessCluster();
  await cluster.objects.create(POD);
  for (let i = 0; i < 20 && (await says(cluster, "logs: { pod: talker, contains: ready for work }")).length > 0; i++) {
    await cluster.pass(1000);
  }
  assert.deepEqual(await says(cluster, "logs: { pod: talker, contains: ready for work }"), []);
  assert.equal((await says(cluster, "logs: { pod: talker, contains: never said }")).length, 1);
  assert.match((await says(cluster, "logs: { pod: talker, previous: true, contains: x }"))[0], /previous terminated/);
  assert.deepEqual(await says(cluster, "exec: { pod: talker, command: [echo, hello], stdout: { equals: hello } }"), []);
  assert.equal((await says(cluster, "exec: { pod: talker, command: ['false'] }"))[0].includes("exit code is 1"), true);

  const can = (more: string) => `can: { serviceAccount: default, verb: get, resource: pods${more} }`;
  assert.deepEqual(await says(cluster, can(", allowed: false")), []);
  assert.deepEqual(await says(cluster, can("")), ["ServiceAccount default: may not get pods, but should"]);
  const name = "reader";
  const rbac = "rbac.authorization.k8s.io";
  await cluster.objects.create({
    apiVersion: `${rbac}/v1`,
    kind: "Role",
    metadata: { name, namespace: "default" },
    rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["get"] }],
  });
  await cluster.objects.create({
    apiVersion: `${rbac}/v1`,
    kind: "RoleBinding",
    metadata: { name, namespace: "default" },
    roleRef: { apiGroup: rbac, kind: "Role", name },
    subjects: [{ kind: "ServiceAccount", name: "default", namespace: "default" }],
  });
  assert.deepEqual(await says(cluster, can("")), []);
  assert.equal((await says(cluster, can(", clusterWide: true"))).length, 1);
});

Deno.test("answer: computed from a memory cluster's nodes", options, async () => {
  await using cluster = await inProcessCluster();
  const nodes = (await cluster.objects.list({ apiVersion: "v1", kind: "Node" })).map(({ metadata }) => metadata.name);
  const text = `answer:
  question: nodes
  of: { apiVersion: v1, kind: Node }
  value: objects.map(one, one.metadata.name)`;
  assert.match((await says(cluster, text))[0], /not answered yet/);
  const answers = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "answers", namespace: "default" } };
  await cluster.objects.apply({ ...answers, data: { nodes: nodes.toReversed().join(" ") } });
  assert.deepEqual(await says(cluster, text), []);
});
