import assert from "node:assert/strict";
import { deployments, replicaSets } from "../../cluster/memory/api/kind_refs.ts";
import type { Deployment } from "../../cluster/memory/kinds/schema/types.ts";
import type { Partially } from "../../cluster/memory/kinds/object.ts";
import { startHarness } from "./harness.ts";

export function deployment(name: string, replicas: number, more: Partially<Deployment["spec"]> = {}) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: "default" },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      progressDeadlineSeconds: 600,
      revisionHistoryLimit: 10,
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: "app", image: "nginx:1.27" }], terminationGracePeriodSeconds: 1 },
      },
      ...more,
    },
  } satisfies Partially<Deployment>;
}

const image = (name: string) => ({
  type: "strategic" as const,
  body: { spec: { template: { spec: { containers: [{ name: "app", image: name }] } } } },
});

/** Names without hashes and random parts: what stays the same whatever the template. */
const scrubbed = (events: readonly string[]) =>
  events.map((event) => event.replace(/web-[0-9a-z]{6,10}(-[0-9a-z]{5})?/g, "web-*"));

Deno.test("a rolling update of two with a surge of one, step by step", async () => {
  const harness = await startHarness();
  const { client } = harness;
  await client.create(deployments, deployment("web", 2));
  await harness.settle();
  const before = (await harness.events()).length;
  await client.patch(deployments, "default", "web", image("nginx:1.28"));
  await harness.settle();
  assert.deepEqual(scrubbed((await harness.events()).slice(before)), [
    "Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-* from 0 to 1",
    "Normal SuccessfulCreate ReplicaSet/web-*: Created pod: web-*",
    "Normal ScalingReplicaSet Deployment/web: Scaled down replica set web-* from 2 to 1",
    "Normal SuccessfulDelete ReplicaSet/web-*: Deleted pod: web-*",
    "Normal ScalingReplicaSet Deployment/web: Scaled up replica set web-* from 1 to 2",
    "Normal SuccessfulCreate ReplicaSet/web-*: Created pod: web-*",
    "Normal ScalingReplicaSet Deployment/web: Scaled down replica set web-* from 1 to 0",
    "Normal SuccessfulDelete ReplicaSet/web-*: Deleted pod: web-*",
  ]);
  const { status, metadata } = await client.get(deployments, "default", "web");
  assert.equal(metadata.annotations?.["deployment.kubernetes.io/revision"], "2");
  assert.deepEqual(status.conditions?.map(({ type, status, reason }) => [type, status, reason]), [
    ["Available", "True", "MinimumReplicasAvailable"],
    ["Progressing", "True", "NewReplicaSetAvailable"],
  ]);
  const sizes = (await client.list(replicaSets)).items.map(({ spec, metadata }) => [
    metadata.annotations?.["deployment.kubernetes.io/revision"],
    metadata.generation,
    spec.replicas,
  ]);
  assert.deepEqual(sizes.sort(), [["1", 3, 0], ["2", 2, 2]]);
  assert.deepEqual(harness.reports, []);
  harness.stop();
});
