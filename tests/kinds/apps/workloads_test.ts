/** Deployments, ReplicaSets, DaemonSets, StatefulSets and ReplicationControllers between the request and the store. */
import assert from "node:assert/strict";
import { administrator } from "../../../cluster/memory/api/mod.ts";
import type { Client, KindRef } from "../../../cluster/memory/api/client.ts";
import {
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  replicationControllers,
  statefulSets,
} from "../../../cluster/memory/api/kind_refs.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import { type Draft, draft, type KubeObject, type Partially } from "../../../cluster/memory/kinds/object.ts";
import { workloadKinds } from "../../../cluster/memory/kinds/workloads.ts";
import { testApi } from "../../api/testing.ts";

const metadata = { name: "web", namespace: "default" };
const template = {
  metadata: { labels: { app: "web" } },
  spec: { containers: [{ name: "app", image: "nginx:1.27" }] },
};
const selector = { matchLabels: { app: "web" } };

const client = async (): Promise<Client> => (await testApi()).api.client(administrator);

async function created<T extends KubeObject>(ref: KindRef<T>, spec: object): Promise<T> {
  return await (await client()).create(ref, { metadata, spec } as unknown as Partially<T>);
}

/** "field: message" of each cause; none when the objects are taken, first as made and then as edited. */
async function refused<T extends KubeObject>(
  ref: KindRef<T>,
  spec: object,
  edit?: (object: Draft<T>) => void,
  subresource?: "status",
): Promise<string[]> {
  const it = await client();
  try {
    const object = draft(await it.create(ref, { metadata, spec } as unknown as Partially<T>));
    if (edit === undefined) return [];
    edit(object);
    if (subresource === undefined) await it.update(ref, object as T);
    else await it.updateStatus(ref, object as T);
    return [];
  } catch (error) {
    const { causes = [] } = (error as StatusError).status.details ?? {};
    return causes.map(({ field, message }) => `${field}: ${message}`);
  }
}

Deno.test("a Deployment's defaults", async () => {
  const { spec, metadata } = await created(deployments, { selector, template });
  const { template: _, selector: __, ...rest } = spec;
  assert.deepEqual(rest, {
    replicas: 1,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
  });
  assert.equal(metadata.generation, 1);
});

Deno.test("a DaemonSet's defaults, and the count of its templates", async () => {
  const it = await client();
  const made = await it.create(daemonSets, { metadata, spec: { selector, template } } as never);
  assert.deepEqual(made.spec.updateStrategy, {
    type: "RollingUpdate",
    rollingUpdate: { maxUnavailable: 1, maxSurge: 0 },
  });
  const count = "deprecated.daemonset.template.generation";
  assert.equal(made.metadata.annotations![count], "1");
  const next = draft(made);
  next.spec.template.spec.containers[0].image = "nginx:1.28";
  assert.equal((await it.update(daemonSets, next as typeof made)).metadata.annotations![count], "2");
});

Deno.test("a StatefulSet's defaults", async () => {
  const claim = {
    metadata: { name: "data" },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
  };
  const { spec } = await created(statefulSets, {
    selector,
    template,
    serviceName: "web",
    volumeClaimTemplates: [claim],
    updateStrategy: { rollingUpdate: { maxUnavailable: 2 } },
  });
  assert.equal(spec.podManagementPolicy, "OrderedReady");
  assert.deepEqual(spec.updateStrategy, { type: "RollingUpdate", rollingUpdate: { partition: 0 } });
  assert.deepEqual(spec.persistentVolumeClaimRetentionPolicy, { whenDeleted: "Retain", whenScaled: "Retain" });
  assert.deepEqual(spec.volumeClaimTemplates![0], {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    ...claim,
    spec: { ...claim.spec, volumeMode: "Filesystem" },
    status: { phase: "Pending" },
  });
});

Deno.test("a ReplicationController takes its labels and selector from its template", async () => {
  const { metadata, spec } = await created(replicationControllers, { template });
  assert.deepEqual([metadata.labels, spec.selector, spec.replicas], [{ app: "web" }, { app: "web" }, 1]);
});

Deno.test("what a Deployment's rollout may not be", async () => {
  const strategy = (strategy: object) => refused(deployments, { selector, template, strategy });
  assert.deepEqual(await strategy({ type: "Recreate", rollingUpdate: {} }), [
    "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy `type` is 'Recreate'",
  ]);
  assert.deepEqual(await strategy({ type: "Slow" }), [
    'spec.strategy: Unsupported value: {"Type":"Slow","RollingUpdate":null}: supported values: "Recreate", "RollingUpdate"',
  ]);
  assert.deepEqual(await strategy({ rollingUpdate: { maxUnavailable: 0, maxSurge: 0 } }), [
    "spec.strategy.rollingUpdate.maxUnavailable: Invalid value: 0: may not be 0 when `maxSurge` is 0",
  ]);
  assert.deepEqual(await strategy({ rollingUpdate: { maxUnavailable: "101%" } }), [
    'spec.strategy.rollingUpdate.maxUnavailable: Invalid value: "101%": must not be greater than 100%',
  ]);
  assert.deepEqual(await strategy({ rollingUpdate: { maxSurge: "some" } }), [
    "spec.strategy.rollingUpdate.maxSurge: Invalid value: \"some\": a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')",
  ]);
});

Deno.test("selectors do not change", async () => {
  for (const ref of [deployments, replicaSets, daemonSets] as KindRef<KubeObject>[]) {
    const errors = await refused(ref, { selector, template }, (object) => {
      const { spec } = object as unknown as { spec: { selector: object; template: { metadata: object } } };
      spec.selector = { matchLabels: { tier: "b", app: "web" } };
      spec.template.metadata = { labels: { tier: "b", app: "web" } };
    });
    assert.deepEqual(errors, [
      'spec.selector: Invalid value: {"matchLabels":{"app":"web","tier":"b"}}: field is immutable',
    ]);
  }
});

Deno.test("of a StatefulSet, little changes", async () => {
  const spec = { selector, template, serviceName: "web" };
  assert.deepEqual(await refused(statefulSets, spec, ({ spec }) => void (spec.replicas = 3)), []);
  assert.deepEqual(await refused(statefulSets, spec, ({ spec }) => void (spec.serviceName = "other")), [
    "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden",
  ]);
});

Deno.test("a StatefulSet's claims must be right, and its pods may mount them", async () => {
  const mounting = {
    ...template,
    spec: {
      containers: [{ name: "app", image: "nginx:1.27", volumeMounts: [{ name: "data", mountPath: "/data" }] }],
    },
  };
  const spec = (requests: object) => ({
    selector,
    template: mounting,
    volumeClaimTemplates: [
      { metadata: { name: "data" }, spec: { accessModes: ["ReadWriteOnce"], resources: { requests } } },
    ],
  });
  assert.deepEqual(await refused(statefulSets, spec({ storage: "1Gi" })), []);
  assert.deepEqual(await refused(statefulSets, spec({})), [
    "spec.volumeClaimTemplates[0].spec.resources[storage]: Required value",
  ]);
});

Deno.test("counts in a status agree with each other", async () => {
  const count = ({ status }: Draft<KubeObject & { status?: object }>, counts: object) => Object.assign(status!, counts);
  const spec = { selector, template };
  assert.deepEqual(await refused(deployments, spec, (it) => count(it as never, { readyReplicas: 1 }), "status"), [
    "status.readyReplicas: Invalid value: 1: cannot be greater than status.replicas",
  ]);
  const ready = { replicas: 2, availableReplicas: 1 };
  assert.deepEqual(await refused(replicaSets, spec, (it) => count(it as never, ready), "status"), [
    "status.availableReplicas: Invalid value: 1: cannot be greater than readyReplicas",
  ]);
  assert.deepEqual(await refused(daemonSets, spec, (it) => count(it as never, { numberReady: -1 }), "status"), [
    "status.numberReady: Invalid value: -1: must be greater than or equal to 0",
  ]);
});

Deno.test("annotations of a Deployment count as a change, labels do not", async () => {
  const it = await client();
  const made = await it.create(deployments, { metadata, spec: { selector, template } } as never);
  const edited = async (change: object) => {
    const current = await it.get(deployments, "default", "web");
    const next = { ...current, metadata: { ...current.metadata, ...change } };
    return (await it.update(deployments, next)).metadata.generation;
  };
  assert.equal(made.metadata.generation, 1);
  assert.equal(await edited({ labels: { a: "b" } }), 1);
  assert.equal(await edited({ annotations: { a: "b" } }), 2);
});

Deno.test("a revision's data is an object and stays", async () => {
  const it = await client();
  const revision = (data: unknown) => ({ metadata, revision: 1, data }) as never;
  await assert.rejects(it.create(controllerRevisions, revision("x")), /data must be a valid JSON object/);
  const made = draft(await it.create(controllerRevisions, revision({ a: 1 })));
  made.data = { a: 2 } as never;
  await assert.rejects(
    it.update(controllerRevisions, made as never),
    /data: Invalid value: \{"a":2\}: field is immutable/,
  );
});

Deno.test("the rows of all kinds, wide", () => {
  const now = Date.UTC(2026, 0, 1, 0, 0, 30);
  const meta = { name: "web", creationTimestamp: "2026-01-01T00:00:00Z" };
  const row = (kind: string, object: object) =>
    workloadKinds.find((it) => it.kind === kind)!.table!.cells({ metadata: meta, ...object } as never, now);
  const spec = { replicas: 3, selector, template };
  assert.deepEqual(
    row("Deployment", { spec, status: { readyReplicas: 1, updatedReplicas: 2, availableReplicas: 1 } }),
    [
      "web",
      "1/3",
      2,
      1,
      "30s",
      "app",
      "nginx:1.27",
      "app=web",
    ],
  );
  assert.deepEqual(row("ReplicaSet", { spec, status: { replicas: 2 } }), [
    "web",
    3,
    2,
    0,
    "30s",
    "app",
    "nginx:1.27",
    "app=web",
  ]);
  assert.deepEqual(row("StatefulSet", { spec, status: {} }), ["web", "0/3", "30s", "app", "nginx:1.27"]);
  assert.deepEqual(row("DaemonSet", { spec, status: { desiredNumberScheduled: 2, numberReady: 1 } }), [
    "web",
    2,
    0,
    1,
    0,
    0,
    "<none>",
    "30s",
    "app",
    "nginx:1.27",
    "app=web",
  ]);
  assert.deepEqual(row("ReplicationController", { spec: { ...spec, selector: { app: "web" } }, status: {} }).slice(1), [
    3,
    0,
    0,
    "30s",
    "app",
    "nginx:1.27",
    "app=web",
  ]);
  const ownerReferences = [{ apiVersion: "apps/v1", kind: "DaemonSet", name: "ds", uid: "1", controller: true }];
  assert.deepEqual(row("ControllerRevision", { metadata: { ...meta, ownerReferences }, revision: 2 }), [
    "web",
    "daemonset.apps/ds",
    2,
    "30s",
  ]);
  assert.deepEqual(row("PodTemplate", { template }), ["web", "app", "nginx:1.27", "app=web"]);
});
