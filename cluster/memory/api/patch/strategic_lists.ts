/**
 * Lists in a strategic merge patch: merging by key or by value, and the order of what comes out.
 *
 * The order: `$setElementOrder`, then the patch's, then the object's. Source:
 * `k8s.io/apimachinery/pkg/util/strategicpatch/patch.go` and the design "preserve order in strategic merge patch".
 */
import type { Json, JsonObject } from "../../kinds/json.ts";
import { goPrint, goTypeOf, isList, isObject } from "../../kinds/json.ts";
import { failure } from "../status.ts";
import { goKindOf, type PatchMetadata } from "./patch_metadata.ts";
import { impossible } from "./strategic_errors.ts";
import { applyStrategicMergePatch } from "./strategic_merge_patch.ts";

type List = readonly Json[];

/** @param deletion the patch lists values to take out */
export function mergeList(original: List, patch: List, metadata: PatchMetadata, deletion: boolean): List {
  if (original.length === 0 && patch.length === 0) return original;
  const { mergeKey } = metadata;
  if (elementType(original, patch) !== "map[string]interface {}") {
    if (deletion) return original.filter((item) => !patch.includes(item));
    return inOrder([...new Set([...original, ...patch])], patch, original, mergeKey);
  }
  if (mergeKey === "") throw impossible(`cannot merge lists without merge key for ${goKindOf(metadata.shape)}`);
  const { kept, changes } = applyItemDirectives(
    original as readonly JsonObject[],
    patch as readonly JsonObject[],
    mergeKey,
  );
  const merged: JsonObject[] = [...kept];
  for (const change of changes) {
    const key = keyOf(change, mergeKey);
    const index = merged.findIndex((item) => item[mergeKey] === key);
    if (index < 0) merged.push(change);
    else merged[index] = applyStrategicMergePatch(merged[index], change, metadata.shape);
  }
  return inOrder(merged, changes, kept, mergeKey);
}

/** Takes `$patch: delete` and `$patch: replace` items out of the patch, and does what they say. */
function applyItemDirectives(original: readonly JsonObject[], patch: readonly JsonObject[], mergeKey: string) {
  let kept = original;
  let replace = false;
  const changes: JsonObject[] = [];
  for (const item of patch) {
    const directive = item.$patch;
    if (directive === undefined) changes.push(item);
    else if (directive === "replace") replace = true;
    else if (directive === "delete") {
      const key = keyOf(item, mergeKey);
      kept = kept.filter((candidate) => candidate[mergeKey] !== key);
    } else if (directive === "merge") throw impossible("merging lists cannot yet be specified in the patch");
    else throw impossible(`unknown patch type: ${goPrint(directive)} in map: ${goPrint(item)}`);
  }
  return replace ? { kept: [], changes } : { kept, changes };
}

/** `merged` in the order that a `$setElementOrder` asks for, items that it does not name where the object has them. */
export function orderElements(merged: List, order: List, original: List, patch: List, mergeKey: string): List {
  elementType(original, patch);
  return inOrder(merged, order, original, mergeKey);
}

/** That the items of `patch` come in the same order as in `order`, and are all in it; deletions do not count. */
export function checkElementOrder(patch: List, order: List, mergeKey: string): void {
  if (order.length === 0 || patch.length === 0) return;
  const items = mergeKey === "" ? patch : patch.filter((item) => {
    if (!isObject(item)) throw impossible(`expected a map[string]interface {}, but received a ${goTypeOf(item)}`);
    return !("$patch" in item);
  });
  let next = 0;
  for (const element of order) {
    if (next < items.length && sameElement(items[next], element, mergeKey)) next++;
  }
  if (next === items.length) return;
  throw impossible(
    `The order in patch list:\n${goPrint(patch)}\n doesn't match $setElementOrder list:\n${goPrint(order)}\n`,
  );
}

function sameElement(left: Json, right: Json, mergeKey: string): boolean {
  return mergeKey === "" ? left === right : keyOf(left, mergeKey) === keyOf(right, mergeKey);
}

/**
 * Sorts the items that `order` names by it and the others by `original`, then threads the others in where the object
 * has them, as far as the two orders agree.
 */
function inOrder(merged: List, order: List, original: List, mergeKey: string): List {
  const identity = (item: Json) => mergeKey === "" ? item : keyOf(item, mergeKey);
  const wanted = positions(order, identity);
  const known = positions(original, identity);
  const named = merged.filter((item) => wanted.has(identity(item)));
  const others = merged.filter((item) => !wanted.has(identity(item)));
  const by = (places: ReadonlyMap<Json, number>) => (a: Json, b: Json) =>
    (places.get(identity(a)) ?? 0) - (places.get(identity(b)) ?? 0);
  named.sort(by(wanted));
  others.sort(by(known));
  const result: Json[] = [];
  let next = 0;
  for (const item of named) {
    const place = known.get(identity(item));
    while (place !== undefined && next < others.length && (known.get(identity(others[next])) ?? Infinity) < place) {
      result.push(others[next++]);
    }
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

function positions(list: List, identity: (item: Json) => Json): ReadonlyMap<Json, number> {
  const found = new Map<Json, number>();
  list.forEach((item, index) => {
    const id = identity(item);
    if (!found.has(id)) found.set(id, index);
  });
  return found;
}

function keyOf(item: Json, mergeKey: string): Json {
  if (!isObject(item)) throw impossible(`expected a map[string]interface {}, but received a ${goTypeOf(item)}`);
  const key = item[mergeKey];
  if (key === undefined) throw impossible(`map: ${goPrint(item)} does not contain declared merge key: ${mergeKey}`);
  return key;
}

/** The one Go type of all items. */
function elementType(...lists: readonly List[]): string {
  let type: string | undefined;
  for (const item of lists.flat() as Json[]) {
    const found = goTypeOf(item);
    if (type === undefined && isList(item)) {
      throw failure(422, "Invalid", "the server rejected our request due to an error in our request", {});
    }
    if (type !== undefined && type !== found) {
      throw impossible(`list element types are not identical: ${goPrint(lists as Json)}`);
    }
    type = found;
  }
  if (type === undefined) throw impossible("no elements in any of the given slices");
  return type;
}
