/**
 * The bodies of patches.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.
 */
import { MalformedJson, readUntyped } from "../decode/json_reader.ts";
import { syntaxError } from "../decode/json_syntax.ts";
import { type FieldValidation, MalformedYaml, readYaml } from "../decode/mod.ts";
import { badRequest } from "../status.ts";

export interface ReadPatch {
  readonly body: unknown;
  /** Fields that are there twice. */
  readonly strictErrors: readonly string[];
}

/** A patch in JSON. @throws {StatusError} 400 */
export function parsePatch(bytes: Uint8Array, type: "json" | "merge" | "strategic"): ReadPatch {
  try {
    const { value, strictErrors } = readUntyped(new TextDecoder().decode(bytes));
    return { body: value, strictErrors };
  } catch (error) {
    if (!(error instanceof MalformedJson)) throw error;
    const why = syntaxError(bytes) ?? "unexpected end of JSON input";
    throw badRequest(type === "strategic" ? why : `error decoding patch: ${why}`);
  }
}

/**
 * What a manager applies, in YAML.
 *
 * @throws {StatusError} 400
 */
export function readApply(
  bytes: Uint8Array,
  fieldValidation: FieldValidation | undefined,
  warn: (message: string) => void,
): unknown {
  const { json, duplicates } = readYamlOf(bytes);
  if (duplicates.length > 0 && fieldValidation === "Strict") {
    throw badRequest(`error strict decoding YAML: yaml: unmarshal errors:\n  ${duplicates.join("\n  ")}`);
  }
  if (fieldValidation === "Warn") { for (const duplicate of duplicates) warn(duplicate); }
  const config = JSON.parse(json);
  if (typeof config === "object" && config !== null && !Array.isArray(config)) return config;
  const kind = Array.isArray(config) ? "array" : typeof config;
  throw badRequest(
    `error decoding YAML: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} ` +
      "into Go value of type map[string]interface {}",
  );
}

function readYamlOf(bytes: Uint8Array): ReturnType<typeof readYaml> {
  try {
    return readYaml(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof MalformedYaml) throw badRequest(`error decoding YAML: ${error.message}`);
    throw error;
  }
}
