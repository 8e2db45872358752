/**
 * JSON merge patch (RFC 7386), as the API server's library applies it.
 *
 * It differs from the RFC in one point: objects inside a new list lose their null members too.
 * Source: `gopkg.in/evanphx/json-patch.v4`, merge.go.
 */
import type { Json, JsonObject } from "../../kinds/json.ts";
import { isList, isObject } from "../../kinds/json.ts";

/** `target` with `patch` merged in: null removes a member, objects merge, everything else replaces. */
export function applyMergePatch(target: JsonObject, patch: JsonObject): JsonObject {
  const result: Record<string, Json> = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    const current = result[key];
    if (value === null) delete result[key];
    else if (isObject(current)) result[key] = isObject(value) ? applyMergePatch(current, value) : value;
    else result[key] = withoutNulls(value);
  }
  return result;
}

/** The value without the null members of its objects; nulls as items of a list stay. */
function withoutNulls(value: Json): Json {
  if (isList(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  const result: Record<string, Json> = {};
  for (const [key, member] of Object.entries(value)) if (member !== null) result[key] = withoutNulls(member);
  return result;
}
