/**
 * Field ownership after a write that is no apply: who writes a field owns it.
 *
 * Source: `k8s.io/apimachinery/pkg/util/managedfields/internal/*.go`, the chain of managers of NewDefaultFieldManager.
 */
import { equalJson, type JsonObject } from "../../kinds/json.ts";
import type { ManagedFieldsEntry } from "../../kinds/schema/types.ts";
import { changed, isSame } from "./comparison.ts";
import { difference, EMPTY, fieldSet, union } from "./field_set.ts";
import { capUpdaters, decodeManagers, encodeManagers, identity, type Managed, type Managers } from "./managers.ts";
import { changesOf, takeOver, type WriteOptions } from "./ownership.ts";

/** What no manager ever owns. */
export const UNOWNED = fieldSet(
  ["f:apiVersion"],
  ["f:kind"],
  ["f:metadata"],
  ...["name", "namespace", "creationTimestamp", "selfLink", "uid", "clusterName", "generation"]
    .map((name) => ["f:metadata", `f:${name}`]),
  ["f:metadata", "f:managedFields"],
  ["f:metadata", "f:resourceVersion"],
);

/** Who an object's fields belong to that was there before anybody was tracked. */
const BEFORE_FIRST_APPLY = "before-first-apply";

type Entries = readonly ManagedFieldsEntry[];

/**
 * The managedFields after a create, an update or a patch.
 *
 * @param old the stored object in the version of the request; undefined for a create
 * @param object the object to be stored, decoded and with defaults, before admission. Its own managedFields count: a
 * client may change them, and `[]` or `[{}]` removes them all
 * @returns undefined when nobody owns anything; the very entries of `old` when nothing changed
 */
export function updateManagedFields(old: unknown, object: unknown, options: WriteOptions): Entries | undefined {
  const [before, after] = [withoutEntries(old), withoutEntries(object)];
  const known = entriesOf(old);
  const comparison = changesOf(before, after, options);
  const given = options.subresource ? undefined : entriesOf(object);
  // A client that writes what it has read asks for nothing, and the stored entries are decoded already.
  const asked = known !== undefined && equalJson(given, known) ? undefined : given;
  if (isSame(comparison) && asked === undefined) return known;
  const managers = managersOf(known, asked);
  if (managers.size === 0 && old !== undefined) return undefined;
  update(managers, before, after, options, comparison);
  return encodeManagers(managers);
}

/** The managers to start from: the request's, where it has any, else the stored ones. */
function managersOf(known: Entries | undefined, asked: Entries | undefined): Managers {
  if (asked !== undefined && (asked.length === 0 || asked.length === 1 && Object.keys(asked[0]).length === 0)) {
    return new Map();
  }
  const managers = decoded(asked);
  return managers === undefined || managers.size === 0 ? decoded(known) ?? new Map() : managers;
}

/** Undefined for entries that do not decode: the write goes on as if there were none. */
function decoded(entries: Entries | undefined): Managers | undefined {
  try {
    return decodeManagers(entries);
  } catch {
    return undefined;
  }
}

function update(
  managers: Managers,
  before: JsonObject,
  after: JsonObject,
  options: WriteOptions,
  comparison = changesOf(before, after, options),
): void {
  const { manager, apiVersion, subresource, time } = options;
  const current = { manager: manager || "unknown", operation: "Update" as const, apiVersion, subresource };
  takeOver(managers, "", comparison, before, after, options, true);
  const set = difference(changed(comparison), UNOWNED);
  if (set.size > 0) {
    const id = identity(current);
    const managed: Managed = { ...current, time, set: union(managers.get(id)?.set ?? EMPTY, set) };
    managers.set(id, managed);
  }
  capUpdaters(managers);
}

/** The managers of an object that nobody tracked so far, at its first apply. */
export function managersBeforeFirstApply(object: JsonObject, options: WriteOptions): Managers {
  const managers: Managers = new Map();
  const empty = emptyObject(object, options);
  update(managers, empty, object, { ...options, manager: BEFORE_FIRST_APPLY });
  return managers;
}

/** What an object is before it is created: of a custom resource its type is known already. */
function emptyObject({ apiVersion, kind }: JsonObject, { shape }: WriteOptions): JsonObject {
  return shape.name === "" ? { apiVersion, kind } : {};
}

function entriesOf(object: unknown): Entries | undefined {
  return (object as { readonly metadata?: { readonly managedFields?: Entries } } | undefined)?.metadata?.managedFields;
}

/** The object without its managedFields: they are no field of their own. */
export function withoutEntries(object: unknown): JsonObject {
  if (object === undefined) return {};
  const { metadata, ...rest } = object as JsonObject;
  const { managedFields, ...others } = (metadata ?? {}) as JsonObject;
  return managedFields === undefined ? object as JsonObject : { ...rest, metadata: others };
}
