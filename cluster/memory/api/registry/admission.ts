/**
 * Runs the admission plugins over a request: first those that change objects, later those that only judge.
 *
 * Source: `k8s.io/apiserver/pkg/admission/chain.go`.
 */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { Attributes, Operation } from "../admission/plugin.ts";
import { noteAdmission } from "./audit.ts";
import type { Call, Core } from "./call.ts";

function attributesOf(
  call: Call,
  operation: Operation,
  object: Draft<KubeObject> | undefined,
  oldObject: KubeObject | undefined,
): Attributes {
  const { served, namespace, name, subresource, user, dryRun, options, warn } = call;
  // Who creates or deletes a namespace does so in it.
  const inside = served.bucket === "namespaces" && namespace === "" ? name || (object?.metadata.name ?? "") : namespace;
  return {
    operation,
    group: served.group,
    version: served.version,
    kind: served.kind.kind,
    resource: served.kind.plural,
    subresource,
    namespace: inside,
    name: name || (object?.metadata.name ?? ""),
    object,
    oldObject,
    user,
    dryRun,
    options,
    warn,
  };
}

/** @throws {StatusError} when a plugin refuses the request */
export async function admit(
  { admission, audit }: Core,
  call: Call,
  operation: Operation,
  object: Draft<KubeObject> | undefined,
  oldObject: KubeObject | undefined,
): Promise<void> {
  const attributes = attributesOf(call, operation, object, oldObject);
  let before = audit === undefined ? undefined : fieldsOf(object);
  for (const plugin of admission) {
    if (plugin.admit === undefined) continue;
    const pending = plugin.admit(attributes);
    if (pending !== undefined) await pending;
    const fields = before === undefined ? [] : changedFields(before, object);
    if (fields.length === 0) continue;
    noteAdmission(call, { plugin: plugin.name, fields });
    before = fieldsOf(object);
  }
}

type Fields = Readonly<Record<"metadata" | "spec", Readonly<Record<string, unknown>>>>;

/** The fields of metadata and spec, by reference: plugins put new values in place of those that they change. */
function fieldsOf(object: Draft<KubeObject> | undefined): Fields {
  const { metadata, spec } = (object ?? {}) as Partial<Fields>;
  return { metadata: { ...metadata }, spec: { ...spec } };
}

/** As "spec.priority". */
function changedFields(before: Fields, object: Draft<KubeObject> | undefined): string[] {
  const after = (object ?? {}) as Partial<Fields>;
  return (["metadata", "spec"] as const).flatMap((part) => {
    const values = after[part] ?? {};
    return Object.keys(values).filter((name) => before[part][name] !== values[name]).map((name) => `${part}.${name}`);
  });
}

/** @throws {StatusError} when a plugin refuses the request */
export async function validateAdmission(
  { admission }: Core,
  call: Call,
  operation: Operation,
  object: Draft<KubeObject> | undefined,
  oldObject: KubeObject | undefined,
): Promise<void> {
  const attributes = attributesOf(call, operation, object, oldObject);
  for (const plugin of admission) {
    const pending = plugin.validate?.(attributes);
    if (pending !== undefined) await pending;
  }
}
