/** The OpenAPI v3 document of one group and version. */
import { apiVersionOf, type Kind } from "../../kinds/kind.ts";
import { isCustom } from "../discovery/resources.ts";
import { customSchemas } from "./custom_schemas.ts";
import { customName, fullName, reference, shortName } from "./names.ts";
import { groupIdentifier, pathsOf, type TypeNames } from "./operations.ts";
import { hasSchema, type Schema, schemaOf } from "./schemas.ts";

/** The schema that a CustomResourceDefinition gives a kind in a version; undefined accepts anything. */
export type CustomSchema = (kind: Kind, version: string) => Schema | undefined;

const SECURITY_SCHEMES = {
  BearerToken: { type: "apiKey", description: "Bearer Token authentication", name: "authorization", in: "header" },
};

/** @param kinds those of the group and version */
export function versionDocument(
  kinds: readonly Kind[],
  group: string,
  version: string,
  customSchema: CustomSchema,
): object {
  const paths = new Map<string, Schema>();
  const schemas = new Map<string, Schema>();
  const root = `/${group === "" ? "api" : "apis"}/${apiVersionOf({ group, version })}/`;
  paths.set(root, informationPath(group, version, "get available resources", "APIResourceList", "Resources"));
  for (const kind of kinds) {
    const names = isCustom(kind) ? customTypeNames(kind, group, version) : builtInTypeNames(kind, group, version);
    for (const [path, item] of pathsOf(kind, group, version, names)) paths.set(path, item);
    if (isCustom(kind)) {
      for (const [name, schema] of customSchemas(kind, version, customSchema(kind, version))) schemas.set(name, schema);
    }
  }
  return assembled(paths, schemas, { group, version });
}

/** `/openapi/v3/apis/apps`: where a group tells of its versions; `/openapi/v3/api` and `/openapi/v3/apis` likewise. */
export function groupDocument(group: string): object {
  const path = informationPath(group, undefined, "get information of a group", "APIGroup", "Group");
  return assembled(new Map([[`/apis/${group}/`, path]]), new Map(), { group, version: "v1" });
}

export function rootDocument(root: "api" | "apis"): object {
  const item = {
    get: {
      tags: [root === "api" ? "core" : "apis"],
      description: "get available API versions",
      operationId: root === "api" ? "getCoreAPIVersions" : "getAPIVersions",
      responses: informationResponses(root === "api" ? "APIVersions" : "APIGroupList"),
    },
  };
  return assembled(new Map([[`/${root}/`, item]]), new Map(), { group: "", version: "v1" });
}

/** Documents of paths that no kind has, by their place below `/openapi/v3`. */
export const singleDocuments: Readonly<Record<string, () => object>> = {
  "version": () =>
    single("version", "get the version information for this server", "getCodeVersion", {
      "application/json": { schema: { $ref: reference(fullName("pkg.version.Info")) } },
    }),
  ".well-known/openid-configuration": () =>
    single(
      "WellKnown",
      "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
      "getServiceAccountIssuerOpenIDConfiguration",
      { "application/json": { schema: { type: "string" } } },
      "/.well-known/openid-configuration/",
    ),
  "openid/v1/jwks": () =>
    single(
      "openid",
      "get service account issuer OpenID JSON Web Key Set (contains public token verification keys)",
      "getServiceAccountIssuerOpenIDKeyset",
      { "application/jwk-set+json": { schema: { type: "string" } } },
      "/openid/v1/jwks/",
    ),
};

function single(tag: string, description: string, operationId: string, content: Schema, path = `/${tag}/`): object {
  const responses = { "200": { description: "OK", content }, "401": { description: "Unauthorized" } };
  const item = { get: { tags: [tag], description, operationId, responses } };
  return assembled(new Map([[path, item]]), new Map(), { group: "", version: "v1" });
}

function informationPath(
  group: string,
  version: string | undefined,
  description: string,
  type: string,
  what: string,
): Schema {
  const tag = groupIdentifier(group, version ?? "", "_").replace(/_$/, "");
  return {
    get: {
      tags: [tag],
      description,
      operationId: `get${groupIdentifier(group, version ?? "", "")}API${what}`,
      responses: informationResponses(type),
    },
  };
}

function informationResponses(type: string): Schema {
  const schema = { $ref: reference(fullName(`meta.v1.${type}`)) };
  const types = ["application/json", "application/vnd.kubernetes.protobuf", "application/yaml"];
  return {
    "200": { description: "OK", content: Object.fromEntries(types.map((type) => [type, { schema }])) },
    "401": { description: "Unauthorized" },
  };
}

/** Adds every built-in type that paths and schemas refer to, and what those refer to. */
function assembled(
  paths: ReadonlyMap<string, Schema>,
  schemas: Map<string, Schema>,
  version: { readonly group: string; readonly version: string },
): object {
  const pending: unknown[] = [...paths.values(), ...schemas.values()];
  const collect = (value: unknown) => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, member] of Object.entries(value)) {
      if (key !== "$ref" || typeof member !== "string") collect(member);
      else add(member.slice(member.lastIndexOf("/") + 1));
    }
  };
  const add = (name: string) => {
    if (schemas.has(name) || !hasSchema(shortName(name))) return;
    const schema = schemaOf(shortName(name), version);
    schemas.set(name, schema);
    pending.push(schema);
  };
  while (pending.length > 0) collect(pending.pop());
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "1.36" },
    paths: sorted(paths),
    components: { ...schemas.size > 0 ? { schemas: sorted(schemas) } : {}, securitySchemes: SECURITY_SCHEMES },
  };
}

const sorted = (map: ReadonlyMap<string, Schema>) => Object.fromEntries([...map].sort(([a], [b]) => a < b ? -1 : 1));

const SHARED: Pick<TypeNames, "deleteOptions" | "status" | "patch" | "watchEvent" | "of"> = {
  deleteOptions: fullName("meta.v1.DeleteOptions"),
  status: fullName("meta.v1.Status"),
  patch: fullName("meta.v1.Patch"),
  watchEvent: fullName("meta.v1.WatchEvent"),
  of: ({ group, version, kind }) => fullName(`${group === "" ? "core" : group.split(".")[0]}.${version}.${kind}`),
};

function builtInTypeNames(kind: Kind, group: string, version: string): TypeNames {
  const other = kind.otherVersions?.find((item) => item.group === group && item.version === version);
  const object = fullName(other?.type ?? kind.type);
  return { ...SHARED, object, list: `${object}List` };
}

function customTypeNames(kind: Kind, group: string, version: string): TypeNames {
  const object = customName(group, version, kind.kind);
  return { ...SHARED, object, list: `${object}List` };
}
