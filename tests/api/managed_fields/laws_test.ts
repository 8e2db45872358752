import assert from "node:assert/strict";
import fc from "fast-check";
import { applyConfiguration, updateManagedFields } from "../../../cluster/memory/api/managed_fields/mod.ts";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import type { JsonObject } from "../../../cluster/memory/kinds/json.ts";
import { shapeOf } from "../../../cluster/memory/kinds/schema/shape.ts";

const shape = shapeOf("core.v1.Pod");
const base = { apiVersion: "v1", shape, kind: "Pod", time: "2026-01-01T00:00:00Z" };

/** Parts of a pod that merge in every way: maps, lists by key, sets, atomic lists and maps. */
const spec = fc.record({
  activeDeadlineSeconds: fc.integer({ min: 1, max: 3 }),
  nodeSelector: fc.dictionary(fc.constantFrom("a", "b"), fc.constantFrom("1", "2"), { noNullPrototype: true }),
  tolerations: fc.array(fc.constantFrom({ key: "a" }, { key: "b" }), { maxLength: 2 }),
  containers: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom("a", "b", "c"),
      image: fc.constantFrom("x", "y"),
      env: fc.uniqueArray(
        fc.record({ name: fc.constantFrom("E", "F"), value: fc.constantFrom("1", "2") }, { noNullPrototype: true }),
        { selector: ({ name }) => name },
      ),
    }, { requiredKeys: ["name"], noNullPrototype: true }),
    { selector: ({ name }) => name },
  ),
}, { requiredKeys: [], noNullPrototype: true });
const metadata = fc.record({
  labels: fc.dictionary(fc.constantFrom("a", "b", "c"), fc.constantFrom("1", "2"), { noNullPrototype: true }),
  finalizers: fc.uniqueArray(fc.constantFrom("x", "y", "z")),
}, { requiredKeys: [], noNullPrototype: true });
const config: fc.Arbitrary<JsonObject> = fc.record({ metadata, spec }, { noNullPrototype: true })
  .map(({ metadata, spec }) => ({ apiVersion: "v1", kind: "Pod", metadata: { name: "p", ...metadata }, spec }));

const apply = (live: JsonObject | undefined, config: JsonObject, manager: string, force = false) =>
  applyConfiguration(live, config, { ...base, manager, force }).object;

function bare(object: JsonObject): JsonObject {
  const { managedFields: _, ...metadata } = object.metadata as JsonObject;
  return { ...object, metadata };
}

Deno.test("applying twice is applying once", () => {
  fc.assert(fc.property(config, (wanted) => {
    const once = apply(undefined, wanted, "a");
    const later = { ...base, manager: "a", time: "2026-01-02T00:00:00Z" };
    assert.deepEqual(applyConfiguration(once, wanted, later).object, once);
  }));
});

Deno.test("what one manager applies to nothing is what it gets, whatever it applied before", () => {
  fc.assert(fc.property(config, config, (first, second) => {
    const direct = apply(undefined, second, "a");
    const changed = apply(apply(undefined, first, "a"), second, "a");
    assert.deepEqual(withoutEmpty(bare(changed)), withoutEmpty(bare(direct)));
  }));
});

/** Containers that became empty stay, as in Kubernetes. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutEmpty).sort((a, b) => JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  }
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, withoutEmpty(entry)] as const);
  return Object.fromEntries(
    entries.filter(([, entry]) => typeof entry !== "object" || entry === null || Object.keys(entry).length > 0)
      .sort(([a], [b]) => a < b ? -1 : 1),
  );
}

Deno.test("force takes ownership: the other's conflicting fields are no longer its own", () => {
  fc.assert(fc.property(config, config, (first, second) => {
    const forced = apply(apply(undefined, first, "a"), second, "b", true);
    // What b applied is there now, so that b can apply it again without a conflict.
    assert.deepEqual(bare(apply(forced, second, "b")), bare(forced));
  }));
});

Deno.test("managers who agree never conflict, and one leaving takes nothing from the other", () => {
  fc.assert(fc.property(config, (wanted) => {
    const both = apply(apply(undefined, wanted, "a"), wanted, "b");
    const left = apply(both, { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } }, "a");
    assert.deepEqual(bare(left), bare(both));
  }));
});

Deno.test("managers who own different labels never conflict", () => {
  const labels = (...keys: string[]) =>
    fc.dictionary(fc.constantFrom(...keys), fc.constantFrom("1", "2"), { noNullPrototype: true });
  const labelled = (labels: Record<string, string>) => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "p", labels },
  });
  fc.assert(fc.property(labels("a", "b"), labels("c", "d"), labels("a", "b"), (first, second, third) => {
    let pod = apply(undefined, labelled(first), "a");
    pod = apply(pod, labelled(second), "b");
    pod = apply(pod, labelled(third), "a");
    assert.deepEqual((pod.metadata as JsonObject).labels ?? {}, { ...second, ...third });
  }));
});

Deno.test("an update that changes what was applied conflicts with the next apply of it, or changed nothing", () => {
  fc.assert(fc.property(config, config, (wanted, other) => {
    const live = apply(undefined, wanted, "a");
    const merged: JsonObject = { ...live, spec: { ...wanted.spec as JsonObject, ...other.spec as JsonObject } };
    const managedFields = updateManagedFields(live, merged, { ...base, manager: "editor" });
    const edited = {
      ...merged,
      metadata: { ...merged.metadata as JsonObject, managedFields },
    } as unknown as JsonObject;
    const editor = managedFields?.some(({ manager }) => manager === "editor") ?? false;
    let conflict = false;
    try {
      apply(edited, wanted, "a");
    } catch (error) {
      assert(error instanceof StatusError);
      assert.equal(error.code, 409);
      conflict = true;
    }
    if (conflict) assert(editor);
  }));
});
