import assert from "node:assert/strict";
import {
  applyConfiguration,
  type ApplyOptions,
  keepTimes,
  managerName,
  resetFields,
  toParentEntries,
  toScaleEntries,
  updateManagedFields,
} from "../../../cluster/memory/api/managed_fields/mod.ts";
import { fieldSet } from "../../../cluster/memory/api/managed_fields/field_set.ts";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import type { JsonObject } from "../../../cluster/memory/kinds/json.ts";
import { shapeOf } from "../../../cluster/memory/kinds/schema/shape.ts";
import type { ManagedFieldsEntry } from "../../../cluster/memory/kinds/schema/types.ts";

const time = "2026-01-01T00:00:00Z";
const deployments = { apiVersion: "apps/v1", kind: "Deployment", shape: shapeOf("apps.v1.Deployment"), time };
const configMaps = { apiVersion: "v1", kind: "ConfigMap", shape: shapeOf("core.v1.ConfigMap"), time };

const deployment = (spec: JsonObject = {}): JsonObject => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "dep" },
  spec,
});
const configMap = (data: JsonObject): JsonObject => ({
  apiVersion: "v1",
  kind: "ConfigMap",
  metadata: { name: "c" },
  data,
});
const entriesOf = (object: unknown) =>
  (object as { metadata: { managedFields: ManagedFieldsEntry[] } }).metadata.managedFields;
const fieldsOf = (object: unknown) =>
  Object.fromEntries(entriesOf(object).map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
const withEntries = (object: JsonObject, managedFields: readonly ManagedFieldsEntry[] | undefined) =>
  ({ ...object, metadata: { ...object.metadata as JsonObject, managedFields } }) as unknown as JsonObject;

const template = { metadata: { labels: { app: "web" } }, spec: { containers: [{ name: "app", image: "nginx:1.27" }] } };
const selector = { matchLabels: { app: "web" } };

function refusal(action: () => unknown): StatusError {
  try {
    action();
  } catch (error) {
    assert(error instanceof StatusError, String(error));
    return error;
  }
  assert.fail("nothing was thrown");
}

const apply = (live: JsonObject | undefined, config: JsonObject, options: Partial<ApplyOptions>) =>
  applyConfiguration(live, config, { ...deployments, manager: "alice", ...options }).object;

Deno.test("an applier owns what it applied, and not the object's name", () => {
  const live = apply(undefined, deployment({ replicas: 3, selector, template }), {});
  assert.deepEqual(entriesOf(live), [{
    manager: "alice",
    operation: "Apply",
    apiVersion: "apps/v1",
    time,
    fieldsType: "FieldsV1",
    fieldsV1: {
      "f:spec": {
        "f:replicas": {},
        "f:selector": {},
        "f:template": {
          "f:metadata": { "f:labels": { "f:app": {} } },
          "f:spec": { "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:image": {}, "f:name": {} } } },
        },
      },
    },
  }]);
});

Deno.test("a conflict names the manager and the field", () => {
  const live = apply(undefined, deployment({ replicas: 3, selector, template }), {});
  const { status } = refusal(() => apply(live, deployment({ replicas: 5 }), { manager: "bob" }));
  assert.equal(status.code, 409);
  assert.equal(status.reason, "Conflict");
  assert.equal(status.message, 'Apply failed with 1 conflict: conflict with "alice": .spec.replicas');
  assert.deepEqual(status.details, {
    causes: [{ reason: "FieldManagerConflict", message: 'conflict with "alice"', field: ".spec.replicas" }],
  });
});

Deno.test("several conflicts are listed by manager", () => {
  const live = apply(undefined, deployment({ replicas: 3, selector, template }), {});
  const edited = { ...live, spec: { ...live.spec as JsonObject, paused: true } };
  const entries = updateManagedFields(live, edited, { ...deployments, manager: "kubectl-edit", subresource: "status" });
  const wanted = { replicas: 5, paused: false, template: { spec: { containers: [{ name: "app", image: "x" }] } } };
  const { status } = refusal(() => apply(withEntries(edited, entries), deployment(wanted), { manager: "bob" }));
  assert.equal(
    status.message,
    'Apply failed with 3 conflicts: conflicts with "alice":\n- .spec.replicas\n' +
      '- .spec.template.spec.containers[name="app"].image\n' +
      'conflicts with "kubectl-edit" with subresource "status" using apps/v1:\n- .spec.paused',
  );
});

Deno.test("force takes the field over", () => {
  const live = apply(undefined, deployment({ replicas: 3, selector, template }), {});
  const forced = apply(live, deployment({ replicas: 5 }), { manager: "bob", force: true });
  assert.equal((forced.spec as JsonObject).replicas, 5);
  assert.deepEqual(fieldsOf(forced).bob, { "f:spec": { "f:replicas": {} } });
  assert(!("f:replicas" in (fieldsOf(forced).alice as unknown as Record<string, JsonObject>)["f:spec"]));
});

Deno.test("what is applied no longer is removed, what others own stays", () => {
  const first = apply(undefined, configMap({ a: "1", b: "2", c: "3" }), configMaps);
  const shared = apply(first, configMap({ b: "2" }), { ...configMaps, manager: "bob" });
  const second = apply(shared, configMap({ a: "1" }), configMaps);
  assert.deepEqual(second.data, { a: "1", b: "2" });
  assert.deepEqual(fieldsOf(second), { alice: { "f:data": { "f:a": {} } }, bob: { "f:data": { "f:b": {} } } });
});

Deno.test("items of a list go with who applied them; their order is the configuration's", () => {
  const containers = (...names: string[]) =>
    deployment({ template: { spec: { containers: names.map((name) => ({ name, image: "x" })) } } });
  const names = (object: JsonObject) =>
    (object as { spec: { template: { spec: { containers: { name: string }[] } } } }).spec.template.spec.containers
      .map(({ name }) => name);
  const first = apply(undefined, containers("a", "b"), {});
  const second = apply(first, containers("c"), { manager: "bob" });
  assert.deepEqual(names(second), ["a", "b", "c"]);
  assert.deepEqual(names(apply(second, containers("b"), {})), ["b", "c"]);
  assert.deepEqual(names(apply(second, containers("b", "a"), {})), ["b", "c", "a"]);
});

Deno.test("a port's key takes its default", () => {
  const config = {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: "svc" },
    spec: { ports: [{ port: 80, targetPort: 8080 }] },
  };
  const options = { apiVersion: "v1", kind: "Service", shape: shapeOf("core.v1.Service") };
  assert.deepEqual(fieldsOf(apply(undefined, config, options)).alice, {
    "f:spec": {
      "f:ports": { 'k:{"port":80,"protocol":"TCP"}': { ".": {}, "f:port": {}, "f:targetPort": {} } },
    },
  });
});

for (
  const [what, spec, message] of [
    ["a field that does not exist", { foo: 1 }, ".spec.foo: field not declared in schema"],
    ["a text for a number", { replicas: "3" }, ".spec.replicas: expected numeric (int or float), got string"],
    ["a list for a map", { template: [] }, ".spec.template: expected map, got &{[]}"],
    [
      "a number for a text",
      { template: { metadata: { labels: { a: 1 } } } },
      ".spec.template.metadata.labels.a: expected string, got &value.valueUnstructured{Value:1}",
    ],
    [
      "an item twice",
      { template: { spec: { containers: [{ name: "a" }, { name: "a" }] } } },
      '.spec.template.spec.containers: duplicate entries for key [name="a"]',
    ],
    [
      "nothing in a set",
      { template: { metadata: { finalizers: [null] } } },
      ".spec.template.metadata.finalizers: element 0: associative list without keys has an element that's an explicit null",
    ],
  ] as const
) {
  Deno.test(`refuses ${what}`, () => {
    const { status } = refusal(() => apply(undefined, deployment(spec as unknown as JsonObject), {}));
    assert.equal(status.code, 500);
    assert.equal(
      status.message,
      `failed to create typed patch object (/dep; apps/v1, Kind=Deployment): ${message}`,
    );
  });
}

Deno.test("refuses another type and managedFields", () => {
  const pod = { apiVersion: "v1", kind: "Pod", metadata: { name: "dep" } };
  assert.equal(refusal(() => apply(undefined, pod, {})).message, "invalid object type: /v1, Kind=Pod");
  const managed = { ...deployment(), metadata: { name: "dep", managedFields: [] } };
  assert.equal(refusal(() => apply(undefined, managed, {})).message, "metadata.managedFields must be nil");
});

Deno.test("an object that nobody tracked belongs to before-first-apply", () => {
  const applied = apply(configMap({ a: "1" }), configMap({ b: "2" }), configMaps);
  assert.deepEqual(fieldsOf(applied), {
    alice: { "f:data": { "f:b": {} } },
    "before-first-apply": { "f:data": { ".": {}, "f:a": {} } },
  });
});

Deno.test("kubectl takes over what its client-side apply set, and keeps the annotation up to date", () => {
  const annotation = "kubectl.kubernetes.io/last-applied-configuration";
  const last = JSON.stringify(configMap({ a: "1", b: "2" }));
  const live: JsonObject = {
    ...configMap({ a: "1", b: "changed" }),
    metadata: { name: "c", annotations: { [annotation]: last } },
  };
  const entries = updateManagedFields(undefined, live, { ...configMaps, manager: "kubectl-client-side-apply" });
  const stored = withEntries(live, entries);
  const kubectl = { ...configMaps, manager: "kubectl" };
  const applied = apply(stored, configMap({ a: "9" }), kubectl);
  assert.equal((applied.data as JsonObject).a, "9");
  const annotations = (applied.metadata as { annotations: Record<string, string> }).annotations;
  assert.deepEqual(JSON.parse(annotations[annotation]), configMap({ a: "9" }));
  // Somebody changed b since: that is a conflict still.
  const { message } = refusal(() => apply(stored, configMap({ a: "9", b: "9" }), kubectl));
  assert.equal(
    message,
    'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.b',
  );
});

Deno.test("a write of nothing keeps the very entries", () => {
  const live = configMap({ a: "1" });
  const entries = updateManagedFields(undefined, live, { ...configMaps, manager: "m" });
  const stored = withEntries(live, entries);
  assert.equal(updateManagedFields(stored, configMap({ a: "1" }), { ...configMaps, manager: "n" }), entries);
});

Deno.test("a status update owns the status only, the object's update never", () => {
  const live = deployment({ replicas: 1 });
  const changed = { ...deployment({ replicas: 2 }), status: { replicas: 2 } };
  const options = { ...deployments, manager: "m" };
  const [status] = updateManagedFields(live, changed, {
    ...options,
    subresource: "status",
    reset: resetFields("apps/deployments", "status"),
  }) ?? [];
  assert.equal(status, undefined, "an object without managers stays without");
  const tracked = withEntries(live, updateManagedFields(undefined, live, options));
  const fields = (subresource?: string) =>
    updateManagedFields(tracked, changed, {
      ...options,
      manager: "n",
      subresource,
      reset: resetFields("apps/deployments", subresource),
    })!.find(({ manager }) => manager === "n")!.fieldsV1;
  assert.deepEqual(fields("status"), { "f:status": { "f:replicas": {} } });
  assert.deepEqual(fields(), { "f:spec": { "f:replicas": {} } });
});

Deno.test("the eleventh updater makes the two oldest one", () => {
  let live = configMap({});
  for (let i = 0; i <= 11; i++) {
    const next = configMap({ ...live.data as JsonObject, [`k${i}`]: "1" });
    const options = { ...configMaps, manager: `m${i}`, time: `2026-01-01T00:00:${String(i).padStart(2, "0")}Z` };
    live = withEntries(next, updateManagedFields(i === 0 ? undefined : live, next, options));
  }
  assert.deepEqual(entriesOf(live).map(({ manager }) => manager), [
    "ancient-changes",
    ...[3, 4, 5, 6, 7, 8, 9, 10, 11].map((i) => `m${i}`),
  ]);
  assert.deepEqual(fieldsOf(live)["ancient-changes"], { "f:data": { ".": {}, "f:k0": {}, "f:k1": {}, "f:k2": {} } });
});

Deno.test("a client may reset the entries", () => {
  const live = withEntries(
    configMap({}),
    updateManagedFields(undefined, configMap({ a: "1" }), { ...configMaps, manager: "m" }),
  );
  assert.equal(
    updateManagedFields(live, withEntries(configMap({ b: "1" }), []), { ...configMaps, manager: "m" }),
    undefined,
  );
});

Deno.test("managers of another version own its paths", () => {
  const v2 = {
    apiVersion: "example.com/v2",
    shape: shapeOf("core.v1.ConfigMap"),
    convert: ({ data, ...rest }: JsonObject) => ({ ...rest, binaryData: data }),
    back: ({ binaryData, ...rest }: JsonObject) => ({ ...rest, data: binaryData }),
  };
  const stored = withEntries(configMap({ a: "1", b: "1" }), [{
    manager: "m",
    operation: "Update",
    apiVersion: "example.com/v2",
    fieldsType: "FieldsV1",
    fieldsV1: { "f:binaryData": { "f:a": {}, "f:b": {} } } as unknown as ManagedFieldsEntry["fieldsV1"],
  }]);
  const options = { ...configMaps, manager: "n" };
  const otherVersion = (name: string) => name === "example.com/v2" ? v2 : undefined;
  const changed = configMap({ a: "2", b: "1" });
  const byManager = (entries: readonly ManagedFieldsEntry[] | undefined) =>
    Object.fromEntries((entries ?? []).map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
  assert.deepEqual(byManager(updateManagedFields(stored, changed, { ...options, otherVersion })), {
    m: { "f:binaryData": { "f:b": {} } },
    n: { "f:data": { "f:a": {} } },
  });
  // A version that is not served any more is forgotten.
  assert.deepEqual(byManager(updateManagedFields(stored, changed, options)), { n: { "f:data": { "f:a": {} } } });
});

Deno.test("a custom resource owns the maps that it creates", () => {
  const shape = {
    is: "struct" as const,
    name: "",
    atomic: false,
    fields: new Map([
      ["metadata", {
        name: "metadata",
        shape: shapeOf("meta.v1.ObjectMeta"),
        required: false,
        alwaysWritten: false,
        pointer: false,
      }],
      ["spec", {
        name: "spec",
        shape: { is: "struct" as const, name: "", atomic: false, fields: new Map(), preserveUnknown: true },
        required: false,
        alwaysWritten: false,
        pointer: false,
      }],
    ]),
  };
  const object = { apiVersion: "x/v1", kind: "X", metadata: { name: "x" }, spec: { a: { b: 1 }, list: [1] } };
  const entries = updateManagedFields(undefined, object, { apiVersion: "x/v1", shape, manager: "m", time });
  assert.deepEqual(entries![0].fieldsV1, {
    "f:spec": { ".": {}, "f:a": { ".": {}, "f:b": {} }, "f:list": {} },
  });
});

Deno.test("a write that changes times only is given the old ones", () => {
  const at = (time: string, data: JsonObject) =>
    withEntries(
      configMap(data),
      updateManagedFields(undefined, configMap({ a: "1" }), { ...configMaps, manager: "m", time }),
    );
  const old = at("2026-01-01T00:00:00Z", {}) as never;
  const later = at("2026-01-02T00:00:00Z", {}) as never;
  assert.deepEqual(keepTimes(later, old), old);
  const changed = at("2026-01-02T00:00:00Z", { b: "1" }) as never;
  assert.equal(keepTimes(changed, old), changed);
});

Deno.test("owning a scale's replicas is owning the object's", () => {
  const paths = { "apps/v1": ["f:spec", "f:replicas"] };
  const live = apply(undefined, deployment({ replicas: 3, selector, template }), {});
  const scale = toScaleEntries(entriesOf(live), paths)!;
  assert.deepEqual(scale.map(({ manager, apiVersion, fieldsV1 }) => [manager, apiVersion, fieldsV1]), [
    ["alice", "autoscaling/v1", { "f:spec": { "f:replicas": {} } }],
  ]);
  const scaled = updateManagedFields(
    { spec: { replicas: 3 }, metadata: { managedFields: scale } },
    { spec: { replicas: 5 }, metadata: {} },
    {
      apiVersion: "autoscaling/v1",
      shape: shapeOf("autoscaling.v1.Scale"),
      manager: "hpa",
      subresource: "scale",
      time,
    },
  );
  const parent = toParentEntries(entriesOf(live), scaled, "apps/v1", paths)!;
  const fields = Object.fromEntries(parent.map(({ manager, fieldsV1 }) => [manager, fieldsV1]));
  assert.deepEqual(fields.hpa, { "f:spec": { "f:replicas": {} } });
  assert(!("f:replicas" in (fields.alice as unknown as Record<string, JsonObject>)["f:spec"]));
});

Deno.test("a manager's name comes from the request or its user agent", () => {
  assert.equal(managerName("me", "kubectl/v1.36.0 (linux/amd64)"), "me");
  assert.equal(managerName(undefined, "kubectl/v1.36.0 (linux/amd64)"), "kubectl");
  assert.equal(managerName("", "Go-http\u0007-client/1.1"), "Go-http-client");
  assert.equal(managerName("", "x".repeat(200)).length, 128);
});

Deno.test("who writes a custom resource owns its status, unless that is a subresource", () => {
  const fields = fieldSet(["f:spec", "f:a"], ["f:status", "f:b"]);
  const kept = (hasStatus: boolean) => [...resetFields("example.com/widgets", "", { hasStatus })(fields).keys()];
  assert.deepEqual(kept(false), ["f:spec", "f:status"]);
  assert.deepEqual(kept(true), ["f:spec"]);
});
