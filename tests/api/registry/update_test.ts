import assert from "node:assert/strict";
import type { KindRef } from "../../../cluster/memory/api/client.ts";
import {
  configMaps,
  deployments,
  leases,
  namespaces,
  nodes,
  podDisruptionBudgets,
} from "../../../cluster/memory/api/kind_refs.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import type { KubeObject } from "../../../cluster/memory/kinds/object.ts";
import type { ConfigMap, Deployment } from "../../../cluster/memory/kinds/schema/types.ts";
import { testApi } from "../testing.ts";

const meta = (name: string) => ({ name, namespace: "default" });

const deployment = {
  metadata: meta("web"),
  spec: {
    selector: { matchLabels: { app: "web" } },
    template: { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "c", image: "nginx" }] } },
  },
};

const rejection = (code: number, message: string | RegExp) => (error: StatusError) => {
  assert.equal(error.code, code);
  if (typeof message === "string") assert.equal(error.message, message);
  else assert.match(error.message, message);
  return true;
};

Deno.test("a write on an older state is a conflict", async () => {
  const { client } = await testApi();
  const first = await client.create(configMaps, { metadata: meta("a") });
  await client.update(configMaps, { ...first, data: { k: "1" } });
  await assert.rejects(
    client.update(configMaps, { ...first, data: { k: "2" } }),
    rejection(
      409,
      'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the ' +
        "latest version and try again",
    ),
  );
});

Deno.test("without a resourceVersion the latest state is overwritten, where the kind lets it", async () => {
  const { client } = await testApi();
  await client.create(configMaps, { metadata: meta("a"), data: { k: "1" } });
  const written = await client.update(configMaps, { kind: "ConfigMap", metadata: meta("a"), data: { k: "2" } });
  assert.deepEqual(written.data, { k: "2" });
  const lease = await client.create(leases, { metadata: meta("l"), spec: { holderIdentity: "a" } });
  const { resourceVersion: _, ...metadata } = lease.metadata;
  await assert.rejects(
    client.update(leases, { ...lease, metadata }),
    rejection(
      422,
      /^leases\.coordination\.k8s\.io "l" is invalid: metadata\.resourceVersion: Invalid value: 0: must be/,
    ),
  );
});

Deno.test("a write that changes nothing is no write", async () => {
  const { api, client } = await testApi();
  const first = await client.create(configMaps, { metadata: meta("a"), data: { k: "v" } });
  const { revision } = api.store;
  const again = await client.update(configMaps, first);
  assert.equal(again.metadata.resourceVersion, first.metadata.resourceVersion);
  assert.equal(api.store.revision, revision);
});

Deno.test("what is not there is not updated, unless its kind is created so", async () => {
  const { client } = await testApi();
  const missing = { kind: "ConfigMap", metadata: meta("a") };
  await assert.rejects(client.update(configMaps, missing), rejection(404, 'configmaps "a" not found'));
  const lease = { kind: "Lease", metadata: meta("l"), spec: { holderIdentity: "a" } };
  assert.equal((await client.update(leases, lease)).spec?.holderIdentity, "a");
});

Deno.test("an object of another uid is another object", async () => {
  const { client } = await testApi();
  const { metadata } = await client.create(configMaps, { metadata: meta("a") });
  const other = { kind: "ConfigMap", metadata: { ...metadata, uid: "x" } };
  const message = 'Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, ' +
    "Key: /registry/configmaps/default/a, ResourceVersion: 0, AdditionalErrorMsg: " +
    `Precondition failed: UID in precondition: x, UID in object meta: ${metadata.uid}`;
  await assert.rejects(client.update(configMaps, other), rejection(409, message));
});

Deno.test("a patch cannot give an object another uid", async () => {
  const { client } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  const body = { metadata: { uid: "x" } };
  await assert.rejects(
    client.patch(configMaps, "default", "a", { type: "merge", body }),
    rejection(422, 'ConfigMap "a" is invalid: metadata.uid: Invalid value: "x": field is immutable'),
  );
});

Deno.test("a strategic merge patch does not make another kind of an object", async () => {
  const { client } = await testApi();
  await client.create(configMaps, { metadata: meta("a") });
  const body = { apiVersion: "v2", kind: "Pod", data: { k: "v" } };
  const patched = await client.patch<ConfigMap>(configMaps, "default", "a", { type: "strategic", body });
  assert.deepEqual([patched.apiVersion, patched.kind, patched.data], ["v1", "ConfigMap", { k: "v" }]);
});

Deno.test("an update that creates needs no state to be there", async () => {
  const { client } = await testApi();
  const lease = { kind: "Lease", metadata: { ...meta("l"), resourceVersion: "5" }, spec: {} };
  assert.equal((await client.update(leases, lease)).metadata.name, "l");
});

Deno.test("the generation counts changes of what is wanted", async () => {
  const { client } = await testApi();
  const first = await client.create(deployments, deployment);
  assert.equal(first.metadata.generation, 1);
  const labelled = await client.patch(deployments, "default", "web", {
    type: "merge",
    body: { metadata: { labels: { a: "b" }, generation: 77 } },
  });
  assert.equal(labelled.metadata.generation, 1);
  const scaled = await client.patch<Deployment>(deployments, "default", "web", {
    type: "merge",
    body: { spec: { replicas: 3 } },
  });
  assert.equal(scaled.metadata.generation, 2);
});

Deno.test("the status is written through its own subresource, and nothing else with it", async () => {
  const { client } = await testApi();
  const first = await client.create(deployments, deployment);
  const changed = { ...first, spec: { ...first.spec, replicas: 9 }, status: { ...first.status, replicas: 2 } };
  const object = await client.update(deployments, changed);
  assert.deepEqual([object.spec?.replicas, object.status?.replicas], [9, undefined]);
  const status = await client.updateStatus(deployments, {
    ...object,
    spec: { ...object.spec, replicas: 5 },
    status: { ...object.status, replicas: 2 },
  });
  assert.deepEqual([status.spec?.replicas, status.status?.replicas], [9, 2]);
  assert.equal(status.metadata.generation, object.metadata.generation);
});

Deno.test("cluster-wide objects lose a namespace, and others must have that of the request", async () => {
  const { client } = await testApi();
  const node = await client.create(nodes, { metadata: { name: "n" } });
  assert.equal(node.metadata.namespace, undefined);
  await client.create(namespaces, { metadata: { name: "other" } });
  await client.create(configMaps, { metadata: meta("a") });
  const patch = { type: "merge" as const, body: { metadata: { namespace: "other" } } };
  const message = "the namespace of the provided object does not match the namespace sent on the request";
  await assert.rejects(client.patch(configMaps, "default", "a", patch), rejection(400, message));
});

Deno.test("no update is lost among writers that patch at the same time", async () => {
  const { client } = await testApi({
    admission: () => [{ name: "Slow", admit: () => new Promise((resolve) => queueMicrotask(resolve)) }],
  });
  await client.create(configMaps, { metadata: meta("a") });
  await Promise.all(Array.from({ length: 50 }, (_, i) => {
    return client.patch(configMaps, "default", "a", { type: "merge", body: { data: { [`k${i}`]: String(i) } } });
  }));
  const { data } = await client.get(configMaps, "default", "a");
  assert.equal(Object.keys(data ?? {}).length, 50);
});

Deno.test("an update names wrong metadata as often as Kubernetes looks at it", async () => {
  const { client } = await testApi();
  // Counted on a real v1.36 API server.
  const counts = async (make: () => Promise<KubeObject>, update: (object: KubeObject) => Promise<unknown>) => {
    const made = await make();
    const metadata = { ...made.metadata, labels: { a: "-" }, finalizers: ["mine"] };
    let fields: readonly (string | undefined)[] = [];
    await assert.rejects(update({ ...made, metadata }), ({ status }: StatusError) => {
      fields = (status.details?.causes ?? []).map(({ field }) => field);
      return true;
    });
    return fields.map((field) => field?.replace(/^metadata\.(.).*$/, "$1")).join("");
  };
  const of = async <T extends KubeObject>(ref: KindRef<T>, object: object) =>
    await counts(
      () => client.create(ref, { metadata: meta("a"), ...object } as never),
      (changed) => client.update(ref, changed as never),
    );

  assert.equal(await of(configMaps, {}), "lllflf");
  assert.equal(await of(deployments, { spec: deployment.spec }), "lllf");
  assert.equal(await of(podDisruptionBudgets, { spec: { minAvailable: 1 } }), "ll");
});
