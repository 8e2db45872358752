/**
 * Types as OpenAPI schemas.
 *
 * Source: `k8s.io/kube-openapi` and what a v1.36 server serves.
 */
import { type FieldFacts, type TypeFacts, typeFacts, typeNames } from "../../kinds/schema/shape.ts";
import { describe } from "./descriptions.ts";
import { fullName, reference } from "./names.ts";

/** A schema, as JSON. */
export type Schema = { readonly [keyword: string]: unknown };

interface GroupVersion {
  readonly group: string;
  readonly version: string;
}

/** Types that are written as scalars or as any JSON. */
const SPECIAL: Readonly<Record<string, Schema>> = {
  "api.resource.Quantity": { oneOf: [{ type: "string" }, { type: "number" }] },
  "util.intstr.IntOrString": { format: "int-or-string", oneOf: [{ type: "integer" }, { type: "string" }] },
  "meta.v1.Time": { type: "string", format: "date-time" },
  "meta.v1.MicroTime": { type: "string", format: "date-time" },
  "meta.v1.FieldsV1": { type: "object" },
  "meta.v1.Patch": { type: "object" },
  "pkg.runtime.RawExtension": { type: "object" },
  "apiextensions.v1.JSON": {},
  "apiextensions.v1.JSONSchemaPropsOrArray": {},
  "apiextensions.v1.JSONSchemaPropsOrBool": {},
  "apiextensions.v1.JSONSchemaPropsOrStringArray": {},
};

const SCALARS: Readonly<Record<string, Schema>> = {
  string: { type: "string" },
  int32: { type: "integer", format: "int32" },
  int64: { type: "integer", format: "int64" },
  double: { type: "number", format: "double" },
  bool: { type: "boolean" },
  bytes: { type: "string", format: "byte" },
};

const REFERRED: Readonly<Record<string, string>> = {
  quantity: "api.resource.Quantity",
  time: "meta.v1.Time",
  microtime: "meta.v1.MicroTime",
  "int-or-string": "util.intstr.IntOrString",
};

const known = new Set(typeNames);

/** Whether there is a schema for a type, "core.v1.Pod" or "meta.v1.Time". */
export const hasSchema = (type: string): boolean => known.has(type) || SPECIAL[type] !== undefined;

/**
 * @param type as in schema/facts.json
 * @param version the group and version of the document: types that every group has list only its kinds
 */
export function schemaOf(type: string, version: GroupVersion): Schema {
  const description = describe(type);
  const described = description === undefined ? {} : { description };
  if (SPECIAL[type] !== undefined) return { ...described, ...SPECIAL[type] };
  const facts = typeFacts(type);
  const fields = Object.entries(facts.fields);
  const required = fields.filter(([, field]) => field.required).map(([name]) => name);
  const kinds = kindsOf(type, facts, version);
  return {
    ...described,
    type: "object",
    ...required.length > 0 ? { required: facts.required ?? required } : {},
    ...fields.length > 0
      ? { properties: Object.fromEntries(fields.map(([name, field]) => [name, property(type, name, field)])) }
      : {},
    ...kinds.length > 0 ? { "x-kubernetes-group-version-kind": kinds } : {},
    ...facts.mapType === undefined ? {} : { "x-kubernetes-map-type": facts.mapType },
    ...facts.unions === undefined ? {} : { "x-kubernetes-unions": facts.unions },
  };
}

/** Kinds that every group and version registers. */
const EVERYWHERE: ReadonlySet<string> = new Set(["meta.v1.DeleteOptions", "meta.v1.WatchEvent"]);

function kindsOf(type: string, { kinds = [] }: TypeFacts, { group, version }: GroupVersion) {
  if (!EVERYWHERE.has(type)) return kinds;
  const kind = type.split(".")[2];
  return [{ group: "", kind, version: "v1" }, ...group === "" ? [] : [{ group, kind, version }]];
}

function property(type: string, name: string, facts: FieldFacts): Schema {
  const referred = referredType(facts);
  // The client has no comments at fields that hold another type: what that type is then tells what the field holds.
  const description = describe(type, name) ?? (referred === undefined ? undefined : firstSentence(describe(referred)));
  const value = facts.struct ? {} : facts.default;
  const extensions = {
    ...facts.listMapKeys === undefined ? {} : { "x-kubernetes-list-map-keys": facts.listMapKeys },
    ...facts.listType === undefined ? {} : { "x-kubernetes-list-type": facts.listType },
    ...facts.mapType === undefined ? {} : { "x-kubernetes-map-type": facts.mapType },
    ...facts.patchMergeKey === undefined ? {} : { "x-kubernetes-patch-merge-key": facts.patchMergeKey },
    ...facts.patchStrategy === undefined ? {} : { "x-kubernetes-patch-strategy": facts.patchStrategy },
  };
  if (referred !== undefined) {
    const $ref = reference(fullName(referred));
    // What stands beside a $ref is ignored: it is wrapped.
    const alone = description === undefined && value === undefined && Object.keys(extensions).length === 0;
    if (alone) return { $ref };
    return {
      ...description === undefined ? {} : { description },
      ...value === undefined ? {} : { default: value },
      allOf: [{ $ref }],
      ...extensions,
    };
  }
  return {
    ...description === undefined ? {} : { description },
    ...typed(facts.type, facts),
    ...value === undefined ? {} : { default: value },
    ...facts.enum === undefined ? {} : { enum: facts.enum },
    ...extensions,
  };
}

const firstSentence = (text: string | undefined): string | undefined => text?.split(/(?<=\.)\s/, 1)[0];

/** The type that a field refers to, where it holds just that. */
function referredType({ type, ref }: FieldFacts): string | undefined {
  if (type === "json") return ref;
  return REFERRED[type] ?? (known.has(type) ? type : undefined);
}

function typed(type: string, facts: FieldFacts): Schema {
  const generic = /^(list|map)<(.*)>$/.exec(type);
  if (generic === null) return SCALARS[type] ?? { type: "object" };
  const inner = generic[2];
  const referred = referredType({ type: inner, ref: facts.ref });
  const item = referred !== undefined
    ? { $ref: reference(fullName(referred)) }
    : { ...typed(inner, facts), ...facts.itemEnum && !inner.includes("<") ? { enum: facts.itemEnum } : {} };
  return generic[1] === "list" ? { type: "array", items: item } : { type: "object", additionalProperties: item };
}
