/**
 * Runs the admission plugins over a request: first those that change objects, later those that only judge.
 *
 * Source: `k8s.io/apiserver/pkg/admission/chain.go`.
 */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { Attributes, Operation } from "../admission/plugin.ts";
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
  { admission }: Core,
  call: Call,
  operation: Operation,
  object: Draft<KubeObject> | undefined,
  oldObject: KubeObject | undefined,
): Promise<void> {
  const attributes = attributesOf(call, operation, object, oldObject);
  for (const plugin of admission) {
    const pending = plugin.admit?.(attributes);
    if (pending !== undefined) await pending;
  }
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
