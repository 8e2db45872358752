/**
 * A change of a stored object by the server itself, past strategies and admission: a binding, a phase.
 *
 * Source: GuaranteedUpdate of `k8s.io/apiserver/pkg/storage/interfaces.go`.
 */
import { sharing } from "../../kinds/json.ts";
import { type Draft, draft, type KubeObject } from "../../kinds/object.ts";
import { notFound } from "../status.ts";
import { writer } from "./audit.ts";
import { type Call, type Core, keyOfCall, resourceOfCall, storedShape } from "./call.ts";
import { normalize } from "../decode/normalize.ts";

/**
 * @param change changes the copy it is given, and may refuse by throwing. It must not wait.
 * @throws {StatusError} 404, and what `change` throws
 */
export function rewrite<T extends KubeObject>(core: Core, call: Call, change: (object: Draft<T>, old: T) => void): T {
  const { store } = core;
  const { bucket } = call.served;
  const entry = store.get<T>(bucket, keyOfCall(call));
  if (entry === undefined) throw notFound(resourceOfCall(call), call.name);
  const copy = draft(entry.object) as Draft<T>;
  change(copy, entry.object);
  const object = sharing(normalize(copy as unknown as T, storedShape(core, call)), entry.object);
  if (call.dryRun || object === entry.object) return object;
  return writer(core, call).update(bucket, keyOfCall(call), object, entry.revision).object;
}
