/**
 * The OpenAPI v2 ("Swagger") document: everything in one, for clients that do not read v3.
 *
 * kubectl up to 1.27 checks there whether the server validates fields, before it creates anything from a file.
 *
 * Source: what a v1.36 server serves, and `kube-openapi/pkg/builder` for shared parameters.
 */
import { createHash } from "node:crypto";
import type { Schema } from "./schemas.ts";

interface V3Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Schema>>>>;
  readonly components: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** Keywords of v3 (and of structural schemas) that v2 does not have. */
const NOT_IN_V2: ReadonlySet<string> = new Set(["default", "oneOf", "anyOf", "not", "nullable", "allOf", "$ref"]);
const METHODS: ReadonlySet<string> = new Set(["get", "put", "post", "delete", "options", "head", "patch"]);

/** @param documents the v3 documents of all groups and versions */
export function v2Document(documents: readonly object[]): Schema {
  const paths: Record<string, Schema> = {};
  const definitions: Record<string, Schema> = {};
  const shared: Record<string, Schema> = {};
  for (const document of documents as readonly V3Document[]) {
    for (const [path, item] of Object.entries(document.paths)) paths[path] = pathItem(item, shared);
    for (const [name, schema] of Object.entries(document.components.schemas ?? {})) {
      definitions[name] = merged(definitions[name], definition(schema));
    }
  }
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: "1.36" },
    paths: sorted(paths),
    definitions: sorted(definitions),
    parameters: sorted(shared),
    securityDefinitions: {
      BearerToken: { description: "Bearer Token authentication", type: "apiKey", name: "authorization", in: "header" },
    },
    security: [{ BearerToken: [] }],
  };
}

const sorted = (object: Readonly<Record<string, Schema>>): Schema =>
  Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1));

/** Types that every group registers have other kinds in each document: here they have all. */
function merged(known: Schema | undefined, added: Schema): Schema {
  const key = "x-kubernetes-group-version-kind";
  if (known?.[key] === undefined) return known ?? added;
  const kinds = new Map(
    [...known[key] as Schema[], ...added[key] as Schema[]].map((kind) => [JSON.stringify(kind), kind]),
  );
  return { ...known, [key]: [...kinds.values()] };
}

function definition(schema: Schema): Schema {
  const result: Record<string, unknown> = {};
  const ref = schema.$ref ?? (schema.allOf as readonly Schema[] | undefined)?.find((part) => part.$ref)?.$ref;
  if (typeof ref === "string") result.$ref = ref.replace("#/components/schemas/", "#/definitions/");
  for (const [keyword, value] of Object.entries(schema)) {
    if (NOT_IN_V2.has(keyword)) continue;
    if (keyword === "properties") {
      const properties = Object.entries(value as Readonly<Record<string, Schema>>);
      result.properties = Object.fromEntries(properties.map(([name, property]) => [name, definition(property)]));
    } else if ((keyword === "items" || keyword === "additionalProperties") && typeof value === "object") {
      result[keyword] = definition(value as Schema);
    } else result[keyword] = value;
  }
  // A value of several types is told as a text.
  if (schema.oneOf !== undefined && result.type === undefined) result.type = "string";
  return result;
}

function pathItem(item: Readonly<Record<string, unknown>>, shared: Record<string, Schema>): Schema {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(item)) {
    if (METHODS.has(key)) result[key] = operation(value as Schema, shared);
    else if (key === "parameters") result.parameters = (value as Schema[]).map((item) => parameter(item, shared));
  }
  return result;
}

interface V3Operation {
  readonly parameters?: readonly Schema[];
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>;
    readonly required?: true;
  };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: V3Content }>>;
}
type V3Content = Readonly<Record<string, { readonly schema: Schema }>>;

function operation(v3: Schema, shared: Record<string, Schema>): Schema {
  const { parameters = [], requestBody, responses, ...rest } = v3 as unknown as V3Operation;
  const body = requestBody && {
    name: "body",
    in: "body",
    ...requestBody.required ? { required: true } : {},
    schema: definition(Object.values(requestBody.content)[0].schema),
  };
  const all = [...body ? [body] : [], ...parameters.map((item) => parameter(item, shared))];
  return {
    ...rest,
    consumes: requestBody === undefined ? ["*/*"] : Object.keys(requestBody.content),
    produces: Object.keys(responses["200"]?.content ?? { "application/json": null }),
    schemes: ["https"],
    ...all.length > 0 ? { parameters: all } : {},
    responses: Object.fromEntries(
      Object.entries(responses).map(([code, { description, content }]) => {
        const schema = content && Object.values(content)[0].schema;
        return [code, { description, ...schema ? { schema: definition(schema) } : {} }];
      }),
    ),
  };
}

/** Parameters that stand in full: clients look for some of them by name, and names of objects differ. */
const IN_FULL: ReadonlySet<unknown> = new Set(["dryRun", "fieldValidation", "name"]);

function parameter({ schema, ...rest }: Schema, shared: Record<string, Schema>): Schema {
  const whole = { ...rest, ...schema as Schema };
  if (IN_FULL.has(rest.name)) return whole;
  const hash = createHash("sha256").update(JSON.stringify(whole)).digest("base64url").slice(0, 8);
  const key = `${rest.name}-${hash}`;
  shared[key] = whole;
  return { $ref: `#/parameters/${key}` };
}
