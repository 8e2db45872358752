/**
 * Parts of a CustomResourceDefinition as Kubernetes' own types print them in messages: with Go's names, all fields.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/{types,types_jsonschema}.go`.
 */
import { isList, type Json, type JsonObject } from "../json.ts";
import type {
  CustomResourceColumnDefinition,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
  SelectableField,
} from "../schema/types.ts";
import type { JSONSchemaProps, ValidationRule } from "./json_schema.ts";

/** Which parts all versions share: these stand once in the definition, and not in its versions. */
export interface Common {
  readonly schema: boolean;
  readonly subresources: boolean;
  readonly additionalPrinterColumns: boolean;
  readonly selectableFields: boolean;
}

export function versionInGo(version: CustomResourceDefinitionVersion, common: Common): JsonObject {
  const { additionalPrinterColumns: columns, selectableFields: selectable, schema, subresources } = version;
  return {
    Name: version.name ?? "",
    Served: version.served ?? false,
    Storage: version.storage ?? false,
    Deprecated: version.deprecated ?? false,
    DeprecationWarning: version.deprecationWarning ?? null,
    Schema: common.schema || schema === undefined ? null : { OpenAPIV3Schema: schemaInGo(schema.openAPIV3Schema) },
    Subresources: common.subresources ? null : subresourcesInGo(subresources),
    AdditionalPrinterColumns: common.additionalPrinterColumns ? null : columns?.map(columnInGo) ?? null,
    SelectableFields: common.selectableFields ? null : selectable?.map(selectableInGo) ?? null,
  };
}

const columnInGo = (column: CustomResourceColumnDefinition): JsonObject => ({
  Name: column.name ?? "",
  Type: column.type ?? "",
  Format: column.format ?? "",
  Description: column.description ?? "",
  Priority: column.priority ?? 0,
  JSONPath: column.jsonPath ?? "",
});

const selectableInGo = ({ jsonPath = "" }: SelectableField): JsonObject => ({ JSONPath: jsonPath });

function subresourcesInGo(subresources: CustomResourceSubresources | undefined): Json {
  if (subresources === undefined) return null;
  const { status, scale } = subresources;
  return {
    Status: status === undefined ? null : {},
    Scale: scale === undefined ? null : {
      SpecReplicasPath: scale.specReplicasPath ?? "",
      StatusReplicasPath: scale.statusReplicasPath ?? "",
      LabelSelectorPath: scale.labelSelectorPath ?? null,
    },
  };
}

/** How a field of a schema is printed when it is set; what it is when it is not. */
type Print = (value: never) => Json;
const as = (value: Json): Json => value;
const list = (schemas: readonly JSONSchemaProps[]): Json => schemas.map(schemaInGo);
const map = (schemas: Readonly<Record<string, JSONSchemaProps>>): Json =>
  Object.fromEntries(Object.keys(schemas).sort().map((name) => [name, schemaInGo(schemas[name])]));
const orBool = (schema: JSONSchemaProps | boolean): Json =>
  typeof schema === "boolean" ? { Allows: schema, Schema: null } : { Allows: true, Schema: schemaInGo(schema) };
const rules = (all: readonly ValidationRule[]): Json =>
  all.length === 0 ? null : all.map((rule) => ({
    Rule: rule.rule ?? "",
    Message: rule.message ?? "",
    MessageExpression: rule.messageExpression ?? "",
    Reason: rule.reason ?? null,
    FieldPath: rule.fieldPath ?? "",
    OptionalOldSelf: rule.optionalOldSelf ?? null,
  }));

const FIELDS: readonly (readonly [go: string, json: keyof JSONSchemaProps, unset: Json, print: Print])[] = [
  ["ID", "id", "", as],
  ["Schema", "$schema", "", as],
  ["Ref", "$ref", null, as],
  ["Description", "description", "", as],
  ["Type", "type", "", as],
  ["Nullable", "nullable", false, as],
  ["Format", "format", "", as],
  ["Title", "title", "", as],
  ["Default", "default", null, as],
  ["Maximum", "maximum", null, as],
  ["ExclusiveMaximum", "exclusiveMaximum", false, as],
  ["Minimum", "minimum", null, as],
  ["ExclusiveMinimum", "exclusiveMinimum", false, as],
  ["MaxLength", "maxLength", null, as],
  ["MinLength", "minLength", null, as],
  ["Pattern", "pattern", "", as],
  ["MaxItems", "maxItems", null, as],
  ["MinItems", "minItems", null, as],
  ["UniqueItems", "uniqueItems", false, as],
  ["MultipleOf", "multipleOf", null, as],
  ["Enum", "enum", null, as],
  ["MaxProperties", "maxProperties", null, as],
  ["MinProperties", "minProperties", null, as],
  ["Required", "required", null, as],
  [
    "Items",
    "items",
    null,
    (items: Json) =>
      isList(items)
        ? { Schema: null, JSONSchemas: list(items as readonly JSONSchemaProps[]) }
        : { Schema: schemaInGo(items as JSONSchemaProps), JSONSchemas: null },
  ],
  ["AllOf", "allOf", null, list],
  ["OneOf", "oneOf", null, list],
  ["AnyOf", "anyOf", null, list],
  ["Not", "not", null, schemaInGo],
  ["Properties", "properties", null, map],
  ["AdditionalProperties", "additionalProperties", null, orBool],
  ["PatternProperties", "patternProperties", null, map],
  ["Dependencies", "dependencies", null, as],
  ["AdditionalItems", "additionalItems", null, as],
  ["Definitions", "definitions", null, map],
  ["ExternalDocs", "externalDocs", null, as],
  ["Example", "example", null, as],
  ["XPreserveUnknownFields", "x-kubernetes-preserve-unknown-fields", null, as],
  ["XEmbeddedResource", "x-kubernetes-embedded-resource", false, as],
  ["XIntOrString", "x-kubernetes-int-or-string", false, as],
  ["XListMapKeys", "x-kubernetes-list-map-keys", null, as],
  ["XListType", "x-kubernetes-list-type", null, as],
  ["XMapType", "x-kubernetes-map-type", null, as],
  ["XValidations", "x-kubernetes-validations", null, rules],
];

export function schemaInGo(schema: JSONSchemaProps | undefined): Json {
  if (schema === undefined) return null;
  return Object.fromEntries(FIELDS.map(([go, json, unset, print]) => {
    const value = schema[json];
    return [go, value === undefined || value === null ? unset : print(value as never)];
  }));
}
