/** What a write of the status may not change of the metadata, for the kinds that hold on to it. */
import type { Draft, KubeObject } from "./object.ts";

const KEPT = [
  "deletionTimestamp",
  "generation",
  "selfLink",
  "labels",
  "annotations",
  "finalizers",
  "ownerReferences",
] as const;

/** Puts labels, annotations and the like back. Source: ResetObjectMetaForStatus of `k8s.io/apimachinery`. */
export function keepMetadata<T extends KubeObject>(object: Draft<T>, old: T): void {
  const metadata = object.metadata as Record<string, unknown>;
  for (const field of KEPT) {
    if (old.metadata[field] === undefined) delete metadata[field];
    else metadata[field] = old.metadata[field];
  }
}
