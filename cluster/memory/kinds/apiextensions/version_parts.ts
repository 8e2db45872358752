/**
 * The parts of a version of a CustomResourceDefinition beside its schema: columns, subresources, selectable fields and
 * what is said of its end.
 *
 * Source: as custom_resource_definition_validation.ts.
 */
import { child, duplicate, type FieldError, invalid, required, tooMany } from "../field_error.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  SelectableField,
} from "../schema/types.ts";
import { FieldPathError, parseFieldPath } from "./field_path.ts";
import type { JSONSchemaProps } from "./json_schema.ts";

const COLUMN_TYPES = ["boolean", "date", "integer", "number", "string"];
const COLUMN_FORMATS = ["byte", "date", "date-time", "double", "float", "int32", "int64", "password"];

export function validateColumn(column: CustomResourceColumnDefinition, path: string): FieldError[] {
  const { name, type, format = "", jsonPath } = column;
  const errors: FieldError[] = [];
  if (!name) errors.push(required(child(path, "name")));
  const types = `must be one of ${COLUMN_TYPES.join(",")}`;
  if (!type) errors.push(required(child(path, "type"), types));
  else if (!COLUMN_TYPES.includes(type)) errors.push(invalid(child(path, "type"), type, types));
  if (format !== "" && !COLUMN_FORMATS.includes(format)) {
    errors.push(invalid(child(path, "format"), format, `must be one of ${COLUMN_FORMATS.join(",")}`));
  }
  if (!jsonPath) errors.push(required(child(path, "JSONPath")));
  else errors.push(...simplePathErrors(jsonPath, child(path, "JSONPath")));
  return errors;
}

function simplePathErrors(path: string, at: string): FieldError[] {
  return path.startsWith(".") ? [] : [invalid(at, path, "must be a simple json path starting with .")];
}

export function validateSubresources(subresources: CustomResourceSubresources | undefined, path: string): FieldError[] {
  const scale = subresources?.scale;
  if (scale === undefined) return [];
  const errors: FieldError[] = [];
  for (const [name, under] of [["specReplicasPath", ".spec."], ["statusReplicasPath", ".status."]] as const) {
    const at = child(path, `scale.${name}`);
    const value = scale[name];
    if (!value) errors.push(required(at));
    else if (!value.startsWith(".")) errors.push(...simplePathErrors(value, at));
    else if (!value.startsWith(under)) {
      errors.push(invalid(at, value, `should be a json path under ${under.slice(0, -1)}`));
    }
  }
  const { labelSelectorPath: selector } = scale;
  if (!selector) return errors;
  const at = child(path, "scale.labelSelectorPath");
  if (!selector.startsWith(".")) return [...errors, ...simplePathErrors(selector, at)];
  if (!selector.startsWith(".spec.") && !selector.startsWith(".status.")) {
    errors.push(invalid(at, selector, "should be a json path under either .spec or .status"));
  }
  return errors;
}

const MOST_SELECTABLE = 8;

export function validateSelectable(
  fields: readonly SelectableField[],
  schema: JSONSchemaProps | undefined,
  path: string,
) {
  const errors: FieldError[] = [];
  if (schema === undefined) return errors;
  const seen = new Set<string>();
  for (const [i, { jsonPath }] of fields.entries()) {
    const at = child(path, i, "jsonPath");
    if (!jsonPath) {
      errors.push(required(at));
      continue;
    }
    try {
      const found = parseFieldPath(jsonPath, schema, false);
      if (found.keys[0] === "metadata") errors.push(invalid(at, jsonPath, "must not point to fields in metadata"));
      if (!["string", "boolean", "integer"].includes(found.schema.type ?? "")) {
        const why =
          "must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.";
        errors.push(invalid(at, jsonPath, why));
      }
      if (seen.has(found.path)) errors.push(duplicate(at, jsonPath));
      seen.add(found.path);
    } catch (error) {
      if (!(error instanceof FieldPathError)) throw error;
      errors.push(invalid(at, jsonPath, `is an invalid path: ${error.message}`));
    }
  }
  if (seen.size > MOST_SELECTABLE) errors.push(tooMany(path, seen.size, MOST_SELECTABLE));
  return errors;
}

export function deprecationErrors(
  { deprecated = false, deprecationWarning: warning }: CustomResourceDefinitionVersion,
): string[] {
  if (warning === undefined) return [];
  if (!deprecated) return ["can only be set for deprecated versions"];
  const errors: string[] = [];
  if (warning.length > 256) errors.push("must be <= 256 characters long");
  if (warning === "") errors.push("must not be an empty string");
  const odd = [...warning].findIndex((character) => /[\p{C}]/u.test(character));
  if (odd >= 0) {
    errors.push(`must only contain printable UTF-8 characters; non-printable character found at index ${odd}`);
  }
  return errors;
}
