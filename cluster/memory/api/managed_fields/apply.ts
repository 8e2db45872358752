/**
 * Server-side apply: an object with a manager's configuration merged in, and what the manager left out taken out.
 *
 * Source: `sigs.k8s.io/structured-merge-diff/merge/update.go` (Apply, prune) and
 * `k8s.io/apimachinery/pkg/util/managedfields/internal/{structuredmerge,lastappliedmanager}.go`.
 */
import { equalJson, type JsonObject } from "../../kinds/json.ts";
import type { ManagedFieldsEntry } from "../../kinds/schema/types.ts";
import { badRequest, failure } from "../status.ts";
import { misfit } from "./check.ts";
import { applyConflict, type Conflict, conflictingFields, conflictsBeyond } from "./conflicts.ts";
import { difference, EMPTY, type FieldSet, intersection, union } from "./field_set.ts";
import { allowedByLastApplied, KUBECTL, withLastApplied } from "./last_applied.ts";
import { decodeManagers, encodeManagers, identity, type Managed, type Managers } from "./managers.ts";
import { mergeConfig } from "./merge.ts";
import { changesOf, type OtherVersion, ownedByVersion, takeOver, type WriteOptions } from "./ownership.ts";
import { removeItems, withNamedFields } from "./remove_items.ts";
import { toFieldSet } from "./to_field_set.ts";
import { managersBeforeFirstApply, UNOWNED, withoutEntries } from "./update.ts";

export interface ApplyOptions extends WriteOptions {
  /** Takes fields over instead of failing on conflicts. */
  readonly force?: boolean;
  /** "Deployment", for messages and to check the configuration's type. */
  readonly kind: string;
}

export interface Applied {
  /** The object to be stored, in the request's version: not decoded, without defaults. Its managedFields are set. */
  readonly object: JsonObject;
  readonly managedFields: readonly ManagedFieldsEntry[] | undefined;
}

/**
 * @param live the stored object in the version of the request; undefined when the apply creates it
 * @param config what the manager wants, as the client sent it
 * @throws {StatusError} 409 with every conflicting field, 400 for a configuration of another type, 500 (as Kubernetes
 * does) for one that does not fit the shape
 */
export function applyConfiguration(live: unknown, config: unknown, options: ApplyOptions): Applied {
  const [before, wanted] = [liveObject(live, options), config as JsonObject];
  checkType(wanted, options);
  const { managers, created } = startingPoint(live, before, options);
  let result = attempt(before, wanted, managers, options, options.force ?? false);
  if (result.conflicts.length > 0) {
    const conflicts = remaining(result.conflicts, before, options);
    if (conflicts.length > 0) throw applyConflict(conflicts);
    result = attempt(before, wanted, managers, options, true);
  }
  const same = !created && equalJson(before, result.object);
  const id = selfOf(options);
  const own = result.managers.get(id);
  // Who applies what is there already keeps the time of the last change.
  const time = same ? managers.get(id)?.time : options.time;
  if (own !== undefined) result.managers.set(id, { ...own, time });
  const managedFields = encodeManagers(result.managers);
  const object = options.manager === KUBECTL ? withLastApplied(result.object, wanted) : result.object;
  if (managedFields === undefined) return { object, managedFields };
  const metadata = { ...object.metadata as JsonObject, managedFields: managedFields as unknown as JsonObject[] };
  return { object: { ...object, metadata }, managedFields };
}

/** Of a custom resource that is not there yet its type is known. */
function liveObject(live: unknown, { apiVersion, kind, shape }: ApplyOptions): JsonObject {
  if (live !== undefined) return withoutEntries(live);
  return shape.name === "" ? { apiVersion, kind } : {};
}

function startingPoint(live: unknown, before: JsonObject, options: ApplyOptions) {
  const entries = (live as { metadata?: { managedFields?: ManagedFieldsEntry[] } } | undefined)?.metadata
    ?.managedFields;
  let managers: Managers;
  try {
    managers = decodeManagers(entries);
  } catch (error) {
    throw failure(500, "", `failed to decode managed fields: ${(error as Error).message}`);
  }
  if (managers.size === 0 && live !== undefined) managers = managersBeforeFirstApply(before, options);
  return { managers, created: live === undefined };
}

function checkType(config: JsonObject, { apiVersion, kind, shape }: ApplyOptions): void {
  if (config.apiVersion !== apiVersion || config.kind !== kind) {
    throw badRequest(`invalid object type: ${goKind(config.apiVersion ?? "", config.kind ?? "")}`);
  }
  const { name = "", namespace = "", managedFields } = (config.metadata ?? {}) as JsonObject;
  if (managedFields !== undefined && managedFields !== null) throw badRequest("metadata.managedFields must be nil");
  const why = misfit(config, shape);
  if (why === undefined) return;
  const which = `${namespace}/${name}; ${goKind(apiVersion, kind)}`;
  throw failure(500, "", `failed to create typed patch object (${which}): ${why}`);
}

/** How Go prints a GroupVersionKind: "apps/v1, Kind=Deployment", "/v1, Kind=Pod". */
function goKind(apiVersion: unknown, kind: unknown): string {
  const text = String(apiVersion);
  return `${text.includes("/") ? text : `/${text}`}, Kind=${kind}`;
}

function selfOf({ manager, apiVersion, subresource }: ApplyOptions): string {
  return identity({ manager, operation: "Apply", apiVersion, subresource });
}

interface Attempt {
  readonly object: JsonObject;
  readonly managers: Managers;
  readonly conflicts: readonly Conflict[];
}

function attempt(
  live: JsonObject,
  config: JsonObject,
  known: Managers,
  options: ApplyOptions,
  force: boolean,
): Attempt {
  const { manager, apiVersion, subresource, shape, reset } = options;
  const managers: Managers = new Map(known);
  const id = selfOf(options);
  const last = managers.get(id);
  const fields = toFieldSet(config, shape);
  const set = reset === undefined ? fields : reset(fields);
  managers.set(id, { manager, operation: "Apply", apiVersion, subresource, set });
  const object = prune(mergeConfig(live, config, shape), managers, last, options);
  const conflicts = takeOver(managers, id, changesOf(live, object, options), live, object, options, force);
  const own = difference(managers.get(id)!.set, UNOWNED);
  if (own.size === 0) managers.delete(id);
  else managers.set(id, { ...managers.get(id)!, set: own });
  return { object, managers, conflicts };
}

/** The conflicts that kubectl's own client-side apply did not cause. */
function remaining(conflicts: readonly Conflict[], live: JsonObject, options: ApplyOptions): readonly Conflict[] {
  if (options.manager !== KUBECTL) return conflicts;
  const allowed = allowedByLastApplied(live, options);
  if (allowed === undefined) return conflicts;
  return difference(conflictingFields(conflicts), allowed).size === 0 ? [] : conflictsBeyond(conflicts, allowed);
}

/**
 * Takes out what the manager applied last time and not this time, unless somebody else owns it or it was there before.
 */
function prune(merged: JsonObject, managers: Managers, last: Managed | undefined, options: ApplyOptions): JsonObject {
  if (last === undefined || last.set.size === 0) return merged;
  const version = versionOf(last.apiVersion, options);
  if (version === undefined) return merged;
  const inLast = version.convert(merged);
  const { shape } = version;
  const owned = withNamedFields(last.set, shape);
  let pruned = removeItems(inLast, owned, shape);
  pruned = addBackOwned(inLast, pruned, version, managers, options);
  const gone = difference(allFields(inLast, version), allFields(pruned, version));
  return version.back(removeItems(inLast, intersection(gone, owned), shape));
}

/** Puts back what any manager still owns, in the version of the last apply first and then in the others. */
function addBackOwned(
  merged: JsonObject,
  pruned: JsonObject,
  version: OtherVersion,
  managers: Managers,
  options: ApplyOptions,
): JsonObject {
  const owned = ownedByVersion(managers);
  const versions = [version.apiVersion, ...[...owned.keys()].filter((name) => name !== version.apiVersion)];
  let result = pruned;
  for (const name of versions) {
    const other = versionOf(name, options);
    if (other === undefined || !owned.has(name)) continue;
    const there = (object: JsonObject) => name === version.apiVersion ? object : other.convert(version.back(object));
    const back = (object: JsonObject) => name === version.apiVersion ? object : version.convert(other.back(object));
    const full = there(merged);
    const kept: FieldSet = union(allFields(there(result), other), withNamedFields(owned.get(name)!, other.shape));
    result = back(removeItems(full, difference(allFields(full, other), kept), other.shape));
  }
  return result;
}

function allFields(object: JsonObject, { shape }: OtherVersion): FieldSet {
  return withNamedFields(toFieldSet(object, shape), shape) ?? EMPTY;
}

function versionOf(apiVersion: string, options: ApplyOptions): OtherVersion | undefined {
  if (apiVersion !== options.apiVersion) return options.otherVersion?.(apiVersion);
  const { shape } = options;
  return { apiVersion, shape, convert: (object) => object, back: (object) => object };
}
