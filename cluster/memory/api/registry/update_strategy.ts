/**
 * What a write to an object, or to a subresource with the object's own shape, may change.
 *
 * Source: the strategies under `pkg/registry`: one for the object, one for its status, few for more.
 */
import type { FieldError } from "../../kinds/field_error.ts";
import { equalJson } from "../../kinds/json.ts";
import type { Kind } from "../../kinds/kind.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { Served } from "./served.ts";

export interface UpdateStrategy {
  /**
   * Puts back what this request may not change.
   * @param now milliseconds since the epoch
   */
  prepare(object: Draft<KubeObject>, old: KubeObject, now: number): void;
  validate(object: KubeObject, old: KubeObject): FieldError[];
  warnings?(object: KubeObject, old: KubeObject): string[];
}

/** By "bucket/subresource", "namespaces/finalize". */
export type UpdateStrategies = ReadonlyMap<string, UpdateStrategy>;

/** The object itself. Its status, where that is a subresource, stays. */
export function mainStrategy({ kind: { strategy, status }, conversion }: Served): UpdateStrategy {
  const counts = strategy.generation ?? true;
  return {
    prepare(object, old) {
      if (status !== undefined) copyField("status", object, old);
      strategy.prepareForUpdate?.(object, old);
      if (counts === false) return;
      const changed = counts === true ? differsOutsideStatus(object, old) : counts(object as KubeObject, old);
      if (changed) object.metadata.generation = (old.metadata.generation ?? 0) + 1;
    },
    validate: (object, old) => (conversion?.validateUpdate ?? strategy.validateUpdate)?.(object, old) ?? [],
    warnings: (object, old) => strategy.warnings?.(object, old) ?? [],
  };
}

/** The status alone. */
export function statusStrategy({ status }: Kind): UpdateStrategy {
  return {
    prepare(object, old, now) {
      keepAllBut(["metadata", "status"], object, old);
      status?.prepareForUpdate?.(object, old, now);
    },
    validate: (object, old) => status?.validateUpdate?.(object, old) ?? [],
    warnings: (object, old) => status?.warnings?.(object, old) ?? [],
  };
}

type Fields = Record<string, unknown>;

/** Puts back every field of the object but those named. */
export function keepAllBut(changed: readonly string[], object: Draft<KubeObject>, old: KubeObject): void {
  for (const field of new Set([...Object.keys(object), ...Object.keys(old)])) {
    if (!changed.includes(field)) copyField(field, object, old);
  }
}

/** The objects share what stays: nothing changes it in place after this. */
export function copyField(field: string, object: Draft<KubeObject>, old: KubeObject): void {
  const [to, from] = [object as Fields, old as unknown as Fields];
  if (from[field] === undefined) delete to[field];
  else to[field] = from[field];
}

function differsOutsideStatus(object: Draft<KubeObject>, old: KubeObject): boolean {
  const [now, before] = [object as Fields, old as unknown as Fields];
  const fields = new Set([...Object.keys(now), ...Object.keys(before)]);
  for (const field of fields) {
    if (field === "metadata" || field === "status" || field === "apiVersion" || field === "kind") continue;
    if (!equalJson(now[field], before[field])) return true;
  }
  return false;
}
