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
  for (const plugin of admission) {
    if (plugin.admit === undefined) continue;
    const before = audit === undefined ? undefined : fieldsOf(object);
    const pending = plugin.admit(attributes);
    if (pending !== undefined) await pending;
    const fields = before === undefined ? [] : changedFields(before, fieldsOf(object));
    if (fields.length > 0) noteAdmission(call, { plugin: plugin.name, fields });
  }
}

type Fields = ReadonlyMap<string, unknown>;

/** The fields of metadata and spec, by reference: plugins put new values in place of those that they change. */
function fieldsOf(object: Draft<KubeObject> | undefined): Fields {
  const fields = new Map<string, unknown>();
  for (const part of ["metadata", "spec"] as const) {
    const values = (object as Record<string, unknown> | undefined)?.[part] ?? {};
    for (const [name, value] of Object.entries(values)) fields.set(`${part}.${name}`, value);
  }
  return fields;
}

function changedFields(before: Fields, after: Fields): string[] {
  return [...after].filter(([field, value]) => before.get(field) !== value).map(([field]) => field);
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
