/**
 * The one entry of the patch verb for all but apply: JSON Patch, merge patch, strategic merge patch.
 *
 * A patch works on the object as the client sees it (the request's version); decoding the result, defaults, conversion
 * and validation are the caller's. Source: `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.
 */
import type { Json, JsonObject } from "../../kinds/json.ts";
import { goJsonKind, goPrint, isObject, sortKeys } from "../../kinds/json.ts";
import type { StructShape } from "../../kinds/schema/shape.ts";
import { invalid as invalidField } from "../../kinds/field_error.ts";
import type { PatchType } from "../client.ts";
import { badRequest, invalid, type StatusError } from "../status.ts";
import { applyJsonPatch } from "./json_patch.ts";
import { applyMergePatch } from "./merge_patch.ts";
import { restoreError } from "./restore.ts";
import { applyStrategicMergePatch } from "./strategic_merge_patch.ts";

export interface PatchRequest {
  readonly type: PatchType;
  /** The object in the version of the request; never mutated. */
  readonly current: unknown;
  /** The decoded body; never mutated. */
  readonly body: unknown;
  /** The object's shape, from which a strategic merge patch takes merge keys and strategies. */
  readonly shape: StructShape;
}

export interface PatchResult {
  /** The patched object, not decoded yet: fields of wrong types or unknown names are still there. Shares parts with `current`. */
  readonly object: JsonObject;
  /** Strict errors of the patch itself, to add to those of decoding the result: `json patch unknown field "[0].foo"`. */
  readonly strictErrors: readonly string[];
  /** The 422 to answer with when the result does not decode. @param why the decoding error */
  rejected(why: string): StatusError;
}

/**
 * @throws {StatusError} 400 for a body that is no such patch, 413 for too many operations, 422 for a JSON Patch that
 * cannot be applied, 500 (as Kubernetes does) for a strategic merge patch that contradicts itself or the object
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { shapeOf } from "../../kinds/schema/shape.ts";
 * import { applyPatch } from "./apply_patch.ts";
 *
 * const { object } = applyPatch({
 *   type: "strategic",
 *   current: { spec: { containers: [{ name: "app", image: "nginx:1.27" }, { name: "log", image: "busybox" }] } },
 *   body: { spec: { containers: [{ name: "app", image: "nginx:1.29" }] } },
 *   shape: shapeOf("core.v1.Pod"),
 * });
 * assert.deepEqual(object.spec, {
 *   containers: [{ name: "app", image: "nginx:1.29" }, { name: "log", image: "busybox" }],
 * });
 * ```
 */
export function applyPatch({ type, current, body, shape }: PatchRequest): PatchResult {
  const [object, patch] = [current as JsonObject, body as Json];
  if (type === "json") {
    const { result, strictErrors } = applyJsonPatch(object, patch);
    return patched(result, strictErrors, () => JSON.stringify(sortKeys(result)));
  }
  if (!isObject(patch) && patch !== null) {
    const why = `json: cannot unmarshal ${goJsonKind(patch)} into Go value of type map[string]interface {}`;
    throw badRequest(type === "merge" ? `error decoding patch: ${why}` : why);
  }
  if (type === "merge") {
    if (patch === null) throw badRequest("Invalid JSON Patch");
    const result = applyMergePatch(object, patch);
    return patched(result, [], () => JSON.stringify(sortKeys(result)));
  }
  const result = patched(applyStrategicMergePatch(object, patch ?? {}, shape), [], () => goPrint(patch));
  const wrong = restoreError(result.object, shape, object);
  if (wrong !== undefined) throw result.rejected(wrong);
  // The map becomes a value of the current object's Go type, whatever kind it names.
  const { apiVersion, kind } = object;
  return { ...result, object: { ...result.object, apiVersion, kind } };
}

function patched(result: Json, strictErrors: readonly string[], shown: () => string): PatchResult {
  const rejected = (why: string) => invalid({ group: "", name: "" }, "", [invalidField("patch", shown(), why)]);
  if (!isObject(result)) {
    throw rejected(`json: cannot unmarshal ${goJsonKind(result)} into Go value of type struct`);
  }
  return { object: result, strictErrors, rejected };
}
