/**
 * JSON Patch (RFC 6902): all operations or none.
 *
 * What the API server's library allows beyond the RFC is allowed here: negative indexes count from a list's end, a test
 * for null passes where nothing is, a member that is not there can be replaced, and copied as null. Source: `gopkg.in/evanphx/json-patch.v4`, patch.go.
 */
import { applyPatch as applyOperations, type Operation } from "rfc6902";
import type { Json, JsonObject } from "../../kinds/json.ts";
import { goJsonKind, isList, isObject } from "../../kinds/json.ts";
import { draft } from "../../kinds/object.ts";
import { badRequest, failure } from "../status.ts";

const LARGEST_PATCH = 10_000;
const MEMBERS: Readonly<Record<string, string>> = { op: "string", path: "string", from: "string", value: "any" };

export interface JsonPatchResult {
  readonly result: Json;
  /** Members of operations that JSON Patch does not have. */
  readonly strictErrors: readonly string[];
}

/** @throws {StatusError} 400 for what is no JSON Patch, 413 for more than 10,000 operations, 422 when one cannot be applied */
export function applyJsonPatch(target: JsonObject, patch: Json): JsonPatchResult {
  const { operations, strictErrors } = decode(patch);
  if (operations.length > LARGEST_PATCH) {
    const message =
      `Request entity is too large: The allowed maximum operations in a JSON patch is ${LARGEST_PATCH}, ` +
      `got ${operations.length}`;
    throw failure(413, "RequestEntityTooLarge", message);
  }
  const document = { root: draft(target) as Json };
  for (const operation of operations) apply(document, operation);
  return { result: document.root, strictErrors };
}

function decode(patch: Json): { readonly operations: readonly JsonObject[]; readonly strictErrors: string[] } {
  const refuse = (value: Json, type: string, field = "") =>
    badRequest(
      `error decoding patch: json: cannot unmarshal ${goJsonKind(value)} into Go ${
        field === "" ? "value" : `struct field jsonPatchOp.${field}`
      } of type ${type}`,
    );
  if (patch === null) return { operations: [], strictErrors: [] };
  if (!isList(patch)) throw refuse(patch, "[]handlers.jsonPatchOp");
  const strictErrors: string[] = [];
  const operations = patch.map((operation, index) => {
    if (operation === null) return {};
    if (!isObject(operation)) throw refuse(operation, "handlers.jsonPatchOp");
    for (const [member, value] of Object.entries(operation)) {
      const type = MEMBERS[member];
      if (type === undefined) strictErrors.push(`json patch unknown field "[${index}].${member}"`);
      else if (type === "string" && value !== null && typeof value !== "string") throw refuse(value, "string", member);
    }
    return operation;
  });
  return { operations, strictErrors };
}

/** Applies one operation to the document, whose root it may replace. */
function apply(document: { root: Json }, operation: JsonObject): void {
  const { op, path, from, value = null } = operation;
  if (op === "copy" || op === "move") {
    const source = resolve(document.root, from, false);
    if (source === undefined || source.length === 0) throw rejected();
    const found = at(document.root, source) ?? null;
    if (found === null && !isObject(at(document.root, source.slice(0, -1)))) throw rejected();
    if (op === "move") apply(document, { op: "remove", path: from });
    return apply(document, { op: "add", path, value: found });
  }
  const target = resolve(document.root, path, op === "add");
  if (target === undefined) throw rejected();
  if (target.length === 0 && op === "replace" && isObject(value)) {
    document.root = draft(value);
    return;
  }
  // Only a test and a replacement may name the whole document.
  if (target.length === 0 && op !== "test") throw rejected();
  if (op === "test" && value === null && (at(document.root, target) ?? null) === null) return;
  const sets = op === "replace" && isObject(at(document.root, target.slice(0, -1)));
  const resolved = { op: sets ? "add" : op, path: pointer(["root", ...target]), value } as unknown as Operation;
  let failures: unknown[];
  try {
    failures = applyOperations(document, [resolved]);
  } catch {
    // The library throws where a path goes through a string or a number.
    throw rejected();
  }
  if (failures.some((failure) => failure !== null)) throw rejected();
}

/** The server says nothing of why: clients get this one text for every operation that fails. */
function rejected() {
  return failure(422, "Invalid", "the server rejected our request due to an error in our request", {});
}

/**
 * The keys on the way to `path`, negative list indexes counted from the end, or undefined when it is no path or leads
 * out of a list.
 * @param adding the last key may be one past a list's end, or "-"
 */
function resolve(document: Json, path: Json | undefined, adding: boolean): readonly string[] | undefined {
  if (typeof path !== "string" || (path !== "" && !path.startsWith("/"))) return undefined;
  const keys = path.split("/").slice(1).map((token) => token.replaceAll("~1", "/").replaceAll("~0", "~"));
  let value: Json | undefined = document;
  for (const [depth, key] of keys.entries()) {
    if (!isList(value)) {
      value = isObject(value) ? value[key] : undefined;
      continue;
    }
    const end = value.length + (adding && depth === keys.length - 1 ? 1 : 0);
    const index: number = key === "-" ? end - 1 : /^-?[0-9]+$/.test(key) ? Number(key) : NaN;
    const counted = index < 0 ? end + index : index;
    if (!(counted >= 0 && counted < end) || (key === "-" && end === value.length)) return undefined;
    keys[depth] = String(counted);
    value = value[counted];
  }
  return keys;
}

function at(document: Json, keys: readonly string[]): Json | undefined {
  let value: Json | undefined = document;
  for (const key of keys) value = isList(value) ? value[Number(key)] : isObject(value) ? value[key] : undefined;
  return value;
}

function pointer(keys: readonly string[]): string {
  return keys.map((key) => `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}
