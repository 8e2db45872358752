/**
 * What the mutations of a policy make of an object.
 *
 * Source: `k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch/{json_patch,smd}.go`.
 */
import { toJson } from "../../../kinds/cel/values.ts";
import { isList, isObject, type Json, type JsonObject } from "../../../kinds/json.ts";
import type { Shape, StructShape } from "../../../kinds/schema/shape.ts";
import { misfit } from "../../managed_fields/check.ts";
import { mergeConfig } from "../../managed_fields/merge.ts";
import { applyJsonPatch } from "../../patch/json_patch.ts";
import { StatusError } from "../../status.ts";
import { ExpressionError } from "./failures.ts";

/**
 * The object with the operations that an expression came to.
 *
 * When one of them is a test that fails, none is applied.
 *
 * @throws {ExpressionError} when an operation cannot be applied
 */
export function withJsonPatch(object: JsonObject, result: unknown): JsonObject {
  const operations = toJson(result);
  if (!isList(operations)) {
    throw new ExpressionError("type mismatch: JSONPatchType.expression should evaluate to array");
  }
  let patched = object;
  for (const operation of operations) {
    if (!isObject(operation)) {
      throw new ExpressionError("type mismatch: JSONPatchType.expression should evaluate to array of JSONPatch");
    }
    try {
      patched = applyJsonPatch(patched, [operation]).result as JsonObject;
    } catch (error) {
      if (!(error instanceof StatusError)) throw error;
      if (operation.op === "test") return object;
      throw new ExpressionError(`JSON Patch: ${whyNot(patched, operation)}`);
    }
  }
  return patched;
}

/** In the words of `gopkg.in/evanphx/json-patch.v4`. */
function whyNot(object: JsonObject, { op, path, from }: JsonObject): string {
  if (!["add", "remove", "replace", "move", "copy"].includes(String(op))) return `Unexpected kind: ${op}`;
  const at = String(op === "move" || op === "copy" ? from : path);
  const keys = at.split("/").slice(1).map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = keys.pop() ?? "";
  let parent: Json | undefined = object;
  for (const key of keys) parent = isList(parent) ? parent[Number(key)] : isObject(parent) ? parent[key] : undefined;
  if (!isList(parent) && !isObject(parent)) {
    return `${op} operation does not apply: doc is missing path: ${JSON.stringify(at)}: missing value`;
  }
  if (op === "remove" && isObject(parent)) {
    return `error in remove for path: '${at}': Unable to remove nonexistent key: ${last}: missing value`;
  }
  if (isList(parent)) return `error in ${op} for path: '${at}': Unable to access invalid index: ${last}: invalid index`;
  return `${op} operation does not apply: doc is missing key: ${at}: missing value`;
}

/**
 * The object with the configuration merged in that an expression came to.
 *
 * @throws {ExpressionError} when it does not fit, or would replace what is owned as a whole
 */
export function withConfiguration(object: JsonObject, result: unknown, shape: StructShape): JsonObject {
  const { apiVersion, kind } = object;
  const refuse = (why: string) => new ExpressionError(`error applying patch: ${why}`);
  const value = toJson(result);
  if (!isObject(value)) {
    throw new ExpressionError("unsupported return type from ApplyConfiguration expression");
  }
  const config: JsonObject = { ...value, apiVersion, kind };
  const wrong = misfit(config, shape);
  if (wrong !== undefined) throw refuse(`failed to convert patch object to typed object: ${wrong}`);
  const atomics = atomicsOf(config, shape);
  if (atomics.length > 0) {
    throw refuse(`invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: ${atomics.join(", ")}`);
  }
  return mergeConfig(object, config, shape);
}

/** The paths to the parts of a value that are owned as a whole. */
function atomicsOf(value: Json | undefined, shape: Shape, path = ""): string[] {
  if (isObject(value) && (shape.is === "struct" || shape.is === "map")) {
    const own = shape.atomic ? [path] : [];
    if (shape.is === "map") return own;
    return [
      ...own,
      ...[...shape.fields.values()].flatMap((field) =>
        atomicsOf(value[field.name], field.shape, `${path}.${field.name}`)
      ),
    ];
  }
  if (!isList(value) || shape.is !== "list") return [];
  const own = shape.listType === "atomic" ? [path] : [];
  return [...own, ...value.flatMap((item, index) => atomicsOf(item, shape.items, `${path}[${index}]`))];
}
