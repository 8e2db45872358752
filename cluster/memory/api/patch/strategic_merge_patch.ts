/**
 * Strategic merge patch: a merge patch that knows by which key a list's items merge.
 *
 * Directives in a patch: `$patch: replace|delete`, `$retainKeys`, `$deleteFromPrimitiveList/<list>`,
 * `$setElementOrder/<list>`. Source: `k8s.io/apimachinery/pkg/util/strategicpatch/patch.go`.
 */
import type { Json, JsonObject } from "../../kinds/json.ts";
import { goPrint, goTypeOf, isList, isObject } from "../../kinds/json.ts";
import type { Shape } from "../../kinds/schema/shape.ts";
import { badRequest } from "../status.ts";
import { patchMetadata } from "./patch_metadata.ts";
import { checkElementOrder, mergeList, orderElements } from "./strategic_lists.ts";
import { impossible } from "./strategic_errors.ts";

const DIRECTIVE = "$patch";
const RETAIN_KEYS = "$retainKeys";
const DELETE_FROM_LIST = "$deleteFromPrimitiveList";
const ELEMENT_ORDER = "$setElementOrder";

/**
 * @param shape of the object: its fields say how lists merge
 * @throws {StatusError} 400 for a malformed directive, 500 for a patch that does not fit the shape or itself
 */
export function applyStrategicMergePatch(original: JsonObject, patch: JsonObject, shape: Shape): JsonObject {
  if (DIRECTIVE in patch) {
    const { [DIRECTIVE]: directive, ...rest } = patch;
    if (directive === "replace") return rest;
    if (directive === "delete") return {};
    throw impossible(`unknown patch type: ${goPrint(directive)} in map: ${goPrint(patch)}`);
  }
  const result: Record<string, Json> = { ...original };
  const changes: Record<string, Json> = { ...patch };
  retainKeys(result, changes);
  setElementOrders(result, changes, shape);
  for (const [key, value] of Object.entries(changes)) {
    if (key.startsWith(DELETE_FROM_LIST)) {
      const list = listNamed(key, DELETE_FROM_LIST, "primitive list");
      if (list in result) merge(result, list, value, shape, true);
    } else merge(result, key, value, shape, false);
  }
  return result;
}

/** Merges one member of the patch into `result`. */
function merge(result: Record<string, Json>, key: string, value: Json, shape: Shape, deletion: boolean): void {
  if (value === null) {
    delete result[key];
    return;
  }
  const current = result[key];
  if (current !== undefined && goTypeOf(current) === goTypeOf(value)) {
    if (isObject(current) && isObject(value)) {
      const { strategy, shape: inner } = patchMetadata(shape, key);
      result[key] = strategy === "replace" ? value : applyStrategicMergePatch(current, value, inner);
      return;
    }
    if (isList(current) && isList(value)) {
      const metadata = patchMetadata(shape, key, "list");
      result[key] = metadata.strategy === "merge" || deletion ? mergeList(current, value, metadata, deletion) : value;
      return;
    }
  }
  if (deletion) return;
  const kept = withoutDirectives(
    current === undefined || goTypeOf(current) !== goTypeOf(value) ? withoutNulls(value) : value,
  );
  if (kept === undefined) delete result[key];
  else result[key] = kept;
}

/** `$retainKeys`: the fields of the object that the directive does not name go; the patch may set no others. */
function retainKeys(result: Record<string, Json>, changes: Record<string, Json>): void {
  if (!(RETAIN_KEYS in changes)) return;
  const keys = changes[RETAIN_KEYS];
  delete changes[RETAIN_KEYS];
  const malformed = () => badRequest("invalid patch format of retainKeys");
  if (!isList(keys)) throw malformed();
  for (const [key, value] of Object.entries(changes)) {
    if (value === null || key.startsWith(DELETE_FROM_LIST) || key.startsWith(ELEMENT_ORDER)) continue;
    if (!keys.includes(key)) throw malformed();
  }
  for (const key of Object.keys(result)) if (!keys.includes(key)) delete result[key];
}

/** `$setElementOrder/<list>`: merges the list that the directive orders, and takes both out of `changes`. */
function setElementOrders(result: Record<string, Json>, changes: Record<string, Json>, shape: Shape): void {
  for (const directive of Object.keys(changes).filter((key) => key.startsWith(ELEMENT_ORDER))) {
    const order = changes[directive];
    delete changes[directive];
    if (!isList(order)) throw impossible(`expected a []interface {}, but received a ${goTypeOf(order)}`);
    const key = listNamed(directive, ELEMENT_ORDER, "setElementOrder list");
    const [current, patch] = [listAt(result, key), listAt(changes, key)];
    const metadata = patchMetadata(shape, key, "list");
    checkElementOrder(patch ?? [], order, metadata.mergeKey);
    if (current === undefined && patch === undefined) continue;
    let merged = current ?? [];
    if (patch !== undefined) {
      if (current === undefined) merged = withoutDirectives(patch) as readonly Json[];
      else merged = metadata.strategy === "merge" ? mergeList(current, patch, metadata, false) : patch;
    }
    result[key] = orderElements(merged, order, current ?? [], patch ?? [], metadata.mergeKey);
    delete changes[key];
  }
}

function listAt(object: JsonObject, key: string): readonly Json[] | undefined {
  const value = object[key];
  if (value === undefined || isList(value)) return value;
  throw impossible(`expected a []interface {}, but received a ${goTypeOf(value)}`);
}

/** The list that a directive's key names: "$setElementOrder/containers" is about "containers". */
function listNamed(key: string, prefix: string, what: string): string {
  if (!key.startsWith(`${prefix}/`)) throw badRequest(`invalid patch format of ${what}`);
  return key.slice(prefix.length + 1);
}

/** The value without its null members, and without nulls in objects inside lists. */
function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) if (member !== null) result[key] = withoutNulls(member);
  return result;
}

/** The value without objects that hold a `$patch`; undefined when it is one itself. */
function withoutDirectives(value: Json): Json | undefined {
  if (isList(value)) return value.map(withoutDirectives).filter((item) => item !== undefined);
  if (!isObject(value)) return value;
  if (DIRECTIVE in value) return undefined;
  const result: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) {
    const kept = withoutDirectives(member);
    if (kept !== undefined) result[key] = kept;
  }
  return result;
}
