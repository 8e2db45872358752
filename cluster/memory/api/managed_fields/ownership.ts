/**
 * How fields pass from one manager to another.
 *
 * Source: `sigs.k8s.io/structured-merge-diff/merge/update.go`.
 */
import type { JsonObject } from "../../kinds/json.ts";
import type { StructShape } from "../../kinds/schema/shape.ts";
import { changed, compare, type Comparison } from "./comparison.ts";
import type { Conflict } from "./conflicts.ts";
import { difference, intersection, union } from "./field_set.ts";
import { type Managers, setFields } from "./managers.ts";
import type { ResetFilter } from "./reset_fields.ts";

/** A version of a kind. */
export interface Version {
  /** "apps/v1" */
  readonly apiVersion: string;
  readonly shape: StructShape;
}

/** A version beside the request's, and the way there and back. */
export interface OtherVersion extends Version {
  /** From the request's version to this one. */
  convert(object: JsonObject): JsonObject;
  /** From this version to the request's. */
  back(object: JsonObject): JsonObject;
}

/** What a write says of itself. */
export interface WriteOptions extends Version {
  /** Who writes: see `managerName`. */
  readonly manager: string;
  /** "status", "resize"…; absent for the object itself. */
  readonly subresource?: string;
  /** Takes out the fields that this write cannot change: see `resetFields`. All count unless said. */
  readonly reset?: ResetFilter;
  /** The time of the write, an instant to the second: "2026-01-01T00:00:00Z". */
  readonly time: string;
  /** A version other than the request's; undefined when it is not served any more: its managers are dropped. */
  readonly otherVersion?: (apiVersion: string) => OtherVersion | undefined;
}

/** The changes between two states, without the fields that the write cannot change. */
export function changesOf(old: JsonObject, object: JsonObject, options: WriteOptions, version: Version = options) {
  const { added, modified, removed } = compare(old, object, version.shape);
  const { reset } = options;
  if (reset === undefined) return { added, modified, removed };
  return { added: reset(added), modified: reset(modified), removed: reset(removed) };
}

/** Gives an object in another version. */
export type InVersion = (apiVersion: string) => OtherVersion | undefined;

/**
 * Takes from every manager but `self` the fields that this write sets, and from those that are gone.
 *
 * @returns the conflicts, instead of taking anything, when the write is not forced and others have the fields
 */
export function takeOver(
  managers: Managers,
  self: string,
  comparison: Comparison,
  old: JsonObject,
  object: JsonObject,
  options: WriteOptions,
  force: boolean,
): readonly Conflict[] {
  const comparisons = new Map<string, Comparison>([[options.apiVersion, comparison]]);
  const conflicts: Conflict[] = [];
  for (const [id, managed] of [...managers]) {
    if (id === self) continue;
    let inVersion = comparisons.get(managed.apiVersion);
    if (inVersion === undefined) {
      const version = options.otherVersion?.(managed.apiVersion);
      if (version === undefined) {
        managers.delete(id);
        continue;
      }
      inVersion = changesOf(version.convert(old), version.convert(object), options, version);
      comparisons.set(managed.apiVersion, inVersion);
    }
    const fields = intersection(managed.set, changed(inVersion));
    if (fields.size > 0) conflicts.push({ id, managed, fields });
  }
  if (!force && conflicts.length > 0) return conflicts;
  const taken = new Map(conflicts.map(({ id, fields }) => [id, fields]));
  for (const [id, managed] of [...managers]) {
    if (id === self) continue;
    const { removed } = comparisons.get(managed.apiVersion)!;
    setFields(managers, id, managed, difference(difference(managed.set, taken.get(id) ?? new Map()), removed));
  }
  return [];
}

/** All fields that managers have in each version. */
export function ownedByVersion(managers: Managers) {
  const owned = new Map<string, ReturnType<typeof union>>();
  for (const { apiVersion, set } of managers.values()) {
    owned.set(apiVersion, union(owned.get(apiVersion) ?? new Map(), set));
  }
  return owned;
}
