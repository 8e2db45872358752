/**
 * Generates the facts about API types that the memory cluster works from.
 *
 * Reads the OpenAPI documents of a Kubernetes v1.36 API server and the protobuf field numbers, and writes
 * - `cluster/memory/kinds/schema/facts.json`: every type's fields with types, required, enums, list and patch keys;
 * - `cluster/memory/kinds/schema/types/`: the same types as TypeScript declarations, a file for each group and version;
 *   `types.ts` beside it has them all.
 *
 * Descriptions are left out on purpose: `kubectl explain` gets them at run time from the installed client.
 *
 *     deno run --allow-read --allow-write scripts/generate_schema.ts ../shared/openapi
 */
import goFields from "./go_fields.json" with { type: "json" };
import { type DeclaredType, typeDeclarations } from "./type_declarations.ts";

interface OpenApiSchema {
  readonly type?: string;
  readonly format?: string;
  readonly $ref?: string;
  readonly allOf?: readonly OpenApiSchema[];
  readonly items?: OpenApiSchema;
  readonly additionalProperties?: OpenApiSchema | boolean;
  readonly properties?: Readonly<Record<string, OpenApiSchema>>;
  readonly required?: readonly string[];
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly [extension: `x-kubernetes-${string}`]: unknown;
}

const folder = Deno.args[0];
if (folder === undefined) {
  console.error("usage: generate_schema.ts FOLDER-OF-OPENAPI-DOCUMENTS");
  Deno.exit(2);
}

/** "io.k8s.api.core.v1.Pod" → "core.v1.Pod". */
const shortName = (name: string) => name.split(".").slice(-3).join(".");

/** Types that are written as a scalar or as any JSON, whatever their OpenAPI schema says. */
const BUILT_IN: Readonly<Record<string, string>> = {
  "api.resource.Quantity": "quantity",
  "util.intstr.IntOrString": "int-or-string",
  "meta.v1.Time": "time",
  "meta.v1.MicroTime": "microtime",
  "meta.v1.FieldsV1": "json",
  "meta.v1.Patch": "json",
  "pkg.runtime.RawExtension": "json",
  "apiextensions.v1.JSON": "json",
  "apiextensions.v1.JSONSchemaPropsOrArray": "json",
  "apiextensions.v1.JSONSchemaPropsOrBool": "json",
  "apiextensions.v1.JSONSchemaPropsOrStringArray": "json",
};

/** The type that a field refers to, "core.v1.PodSpec". */
function refName(schema: OpenApiSchema): string | undefined {
  const ref = schema.$ref ?? schema.allOf?.[0]?.$ref;
  return ref && shortName(ref.split("/").pop()!);
}

/** What a list or a map holds, at its end. */
function innermost(schema: OpenApiSchema): OpenApiSchema {
  const inner = schema.items ?? schema.additionalProperties;
  return typeof inner === "object" ? innermost(inner) : schema;
}

function typeOf(schema: OpenApiSchema): string {
  const name = refName(schema);
  if (name !== undefined) return BUILT_IN[name] ?? name;
  switch (schema.type) {
    case "string":
      return schema.format === "byte" ? "bytes" : "string";
    case "integer":
      return schema.format === "int64" ? "int64" : "int32";
    case "number":
      return "double";
    case "boolean":
      return "bool";
    case "array":
      return `list<${typeOf(schema.items!)}>`;
    case "object":
      return typeof schema.additionalProperties === "object" ? `map<${typeOf(schema.additionalProperties)}>` : "json";
    default:
      return "json";
  }
}

const pointers = new Set(goFields.pointers);
const always = new Set(goFields.always);
const omitempty = new Set(goFields.omitempty);
const omitzero = new Set(goFields.omitzero);
const goTypes: Readonly<Record<string, string>> = goFields.goTypes;

/** What is known of a field, by the names that `facts.json` has. */
interface FieldFacts {
  type: string;
  required?: boolean;
  struct?: boolean;
  [fact: string]: unknown;
}

/** One field's facts; what is false or empty is left out. */
function factsOf(id: string, schema: OpenApiSchema, required: boolean): FieldFacts {
  const facts: FieldFacts = { type: typeOf(schema) };
  if (required) facts.required = true;
  if (always.has(id)) facts.always = true;
  if (pointers.has(id)) facts.pointer = true;
  if (omitempty.has(id)) facts.omitempty = true;
  if (omitzero.has(id)) facts.omitzero = true;
  const isStruct = schema.$ref !== undefined || schema.allOf !== undefined;
  if (isStruct && JSON.stringify(schema.default) === "{}" && !omitzero.has(id)) facts.struct = true;
  else if (schema.default !== undefined && !isStruct) facts.default = schema.default;
  if (schema.enum) facts.enum = schema.enum;
  const inner = innermost(schema);
  if (inner !== schema && inner.enum) facts.itemEnum = inner.enum;
  if (facts.type === "json" || /<json>+$/.test(facts.type)) {
    const name = refName(inner);
    if (name !== undefined) facts.ref = name;
  }
  if (schema["x-kubernetes-list-type"]) facts.listType = schema["x-kubernetes-list-type"];
  if (schema["x-kubernetes-list-map-keys"]) facts.listMapKeys = schema["x-kubernetes-list-map-keys"];
  if (schema["x-kubernetes-map-type"]) facts.mapType = schema["x-kubernetes-map-type"];
  if (schema["x-kubernetes-patch-strategy"]) facts.patchStrategy = schema["x-kubernetes-patch-strategy"];
  if (schema["x-kubernetes-patch-merge-key"]) facts.patchMergeKey = schema["x-kubernetes-patch-merge-key"];
  if (goTypes[id]) facts.goType = goTypes[id];
  return facts;
}

const definitions = new Map<string, OpenApiSchema>();
for await (const entry of Deno.readDir(`${folder}/v3`)) {
  const document = JSON.parse(await Deno.readTextFile(`${folder}/v3/${entry.name}`));
  for (const [name, schema] of Object.entries<OpenApiSchema>(document.components?.schemas ?? {})) {
    const known = definitions.get(shortName(name));
    // A type's group-version-kinds differ by document (DeleteOptions is listed for every group): keep the longest.
    if (known === undefined || JSON.stringify(known).length < JSON.stringify(schema).length) {
      definitions.set(shortName(name), schema);
    }
  }
}

const facts: Record<string, DeclaredType> = {};
for (const [name, schema] of [...definitions].sort(([a], [b]) => a < b ? -1 : 1)) {
  if (BUILT_IN[name]) continue;
  const fields: Record<string, FieldFacts> = {};
  for (const [field, property] of Object.entries(schema.properties ?? {})) {
    fields[field] = factsOf(`${name}.${field}`, property, schema.required?.includes(field) ?? false);
  }
  const type: Record<string, unknown> & { fields: DeclaredType["fields"] } = { fields };
  // Go's order, where it is not the alphabet's.
  if (schema.required && schema.required.join() !== schema.required.toSorted().join()) type.required = schema.required;
  if (schema["x-kubernetes-group-version-kind"]) type.kinds = schema["x-kubernetes-group-version-kind"];
  if (schema["x-kubernetes-map-type"]) type.mapType = schema["x-kubernetes-map-type"];
  if (schema["x-kubernetes-unions"]) type.unions = schema["x-kubernetes-unions"];
  facts[name] = type;
}

const target = new URL("../cluster/memory/kinds/schema/", import.meta.url);
const entries = Object.entries(facts).map(([name, type]) => `${JSON.stringify(name)}:${JSON.stringify(type)}`);
await Deno.writeTextFile(new URL("facts.json", target), `{\n${entries.join(",\n")}\n}\n`);
await Deno.mkdir(new URL("types/", target), { recursive: true });
for (const [path, text] of typeDeclarations(facts)) await Deno.writeTextFile(new URL(path, target), text);
console.log(`${entries.length} types`);
