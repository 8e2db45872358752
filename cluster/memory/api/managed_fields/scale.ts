/**
 * Field ownership through the scale subresource: owning the scale's `spec.replicas` is owning the object's.
 *
 * Source: `k8s.io/apimachinery/pkg/util/managedfields/scalehandler.go`.
 */
import type { ManagedFieldsEntry } from "../../kinds/schema/types.ts";
import { difference, fieldSet, has, type Path } from "./field_set.ts";
import { decodeManagers, encodeManagers, type Managers, setFields } from "./managers.ts";

type Entries = readonly ManagedFieldsEntry[] | undefined;

const SCALE_VERSION = "autoscaling/v1";
const SCALE_REPLICAS: Path = ["f:spec", "f:replicas"];

/** Where each version of the object has its replicas: `{ "apps/v1": ["f:spec", "f:replicas"] }`. */
export type ReplicasPaths = Readonly<Record<string, Path>>;

/** The managedFields of the scale: the managers of the object's replicas. */
export function toScaleEntries(parent: Entries, paths: ReplicasPaths): Entries {
  const managers: Managers = new Map();
  for (const [id, managed] of decodeManagers(parent)) {
    const path = paths[managed.apiVersion];
    if (path === undefined || !has(managed.set, path)) continue;
    const set = fieldSet(SCALE_REPLICAS);
    managers.set(id, { ...managed, apiVersion: SCALE_VERSION, set, encoded: undefined });
  }
  return encodeManagers(managers);
}

/**
 * The object's managedFields after the scale was written.
 *
 * @param apiVersion the object's version through which the scale was written
 */
export function toParentEntries(parent: Entries, scale: Entries, apiVersion: string, paths: ReplicasPaths): Entries {
  const managers = decodeManagers(parent);
  const writers = decodeManagers(scale);
  const kept: Managers = new Map();
  for (const [id, managed] of managers) {
    if (!(managed.apiVersion in paths)) continue;
    kept.set(id, managed);
    const path = paths[managed.apiVersion];
    if (!has(managed.set, path)) continue;
    const writer = [...writers].find(([writerId, { manager, operation }]) =>
      writerId === id || manager === managed.manager && operation === managed.operation && operation === "Apply"
    );
    if (writer === undefined) setFields(kept, id, managed, difference(managed.set, fieldSet(path)));
    else writers.delete(writer[0]);
  }
  for (const [id, writer] of writers) {
    if (!has(writer.set, SCALE_REPLICAS)) continue;
    kept.set(id, { ...writer, apiVersion, set: fieldSet(paths[apiVersion]), encoded: undefined });
  }
  return encodeManagers(kept);
}
