/**
 * What a CustomResourceDefinition may say.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation/validation.go`, on the internal type: what
 * all versions have in common stands at the top there, so errors say `spec.validation` for `versions[*].schema`.
 */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { dns1035Label, dns1123Subdomain } from "../names.ts";
import { immutable } from "../object_meta.ts";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionNames,
  CustomResourceDefinitionSpec,
  CustomResourceDefinitionVersion,
  CustomResourceSubresources,
} from "../schema/types.ts";
import { validateApproval } from "./approval.ts";
import { validateConversion } from "./conversion_validation.ts";
import { validateDefaults } from "./default_validation.ts";
import { type Common, schemaInGo, versionInGo } from "./definition_in_go.ts";
import { type JSONSchemaProps, someSchema } from "./json_schema.ts";
import { validateSchema } from "./schema_validation.ts";
import { validateStructural } from "./structural_schema.ts";
import { unsupportedIn } from "./unsupported.ts";
import { deprecationErrors, validateColumn, validateSelectable, validateSubresources } from "./version_parts.ts";

type Versions = readonly CustomResourceDefinitionVersion[];

export function validateDefinition(definition: CustomResourceDefinition): FieldError[] {
  const { spec, status } = definition;
  return [
    ...validateSpec(spec),
    ...validateNames(status?.acceptedNames, "status.acceptedNames"),
    ...validateStoredVersions(status?.storedVersions ?? [], spec.versions),
    ...validateApproval(definition, undefined),
    ...validatePreserveUnknown(spec),
  ];
}

export function validateDefinitionUpdate(
  definition: CustomResourceDefinition,
  old: CustomResourceDefinition,
): FieldError[] {
  const { spec, status } = definition;
  const isEstablished = old.status?.conditions?.some(({ type, status }) => type === "Established" && status === "True");
  const same = (path: string, now: unknown, before: unknown) => equalJson(now, before) ? [] : [immutable(path, now)];
  return [
    ...validateSpec(spec),
    ...isEstablished
      ? [
        ...same("spec.scope", spec.scope, old.spec.scope),
        ...same("spec.names.kind", spec.names.kind, old.spec.names.kind),
      ]
      : [],
    ...same("spec.group", spec.group, old.spec.group),
    ...same("spec.names.plural", spec.names.plural, old.spec.names.plural),
    ...validateNames(status?.acceptedNames, "status.acceptedNames"),
    ...validateStoredVersions(status?.storedVersions ?? [], spec.versions),
    ...validateApproval(definition, old),
    ...validatePreserveUnknown(spec, old.spec),
  ];
}

function validateSpec(spec: CustomResourceDefinitionSpec): FieldError[] {
  const { versions = [] } = spec;
  const errors = [...validateGroup(spec.group), ...validateScope(spec.scope)];
  versions.forEach((version, i) => {
    if (version.schema?.openAPIV3Schema !== undefined) return;
    errors.push(required(child("spec.versions", i, "schema", "openAPIV3Schema")));
  });
  if (spec.preserveUnknownFields === true && versions.some(hasDefaults)) {
    errors.push(invalid("spec.preserveUnknownFields", true, "must be false in order to use defaults in the schema"));
  }
  const common = commonParts(versions);
  versions.forEach((version, i) => {
    const path = child("spec.versions", i);
    const wrong = dns1035Label(version.name);
    if (wrong.length > 0) errors.push(invalid(child(path, "name"), version.name, wrong.join(",")));
    errors.push(...validateVersion(version, path, common));
  });
  const names = versions.map(({ name }) => name);
  const wrong = (why: string) =>
    errors.push(
      invalid("spec.versions", versions.length === 0 ? null : versions.map((each) => versionInGo(each, common)), why),
    );
  if (new Set(names).size < names.length) wrong("must contain unique version names");
  if (versions.filter(({ storage }) => storage).length !== 1) {
    wrong("must have exactly one version marked as storage version");
  }
  // What the first version is called stands at the top, too.
  const first = names[0] ? dns1035Label(names[0]) : [];
  if (first.length > 0) errors.push(invalid("spec.version", names[0], first.join(",")));
  for (const name of ["plural", "singular", "kind", "listKind"] as const) {
    if (!spec.names?.[name]) errors.push(required(`spec.names.${name}`));
  }
  errors.push(...validateNames(spec.names, "spec.names"));
  if (versions.length > 0) errors.push(...validateCommon(versions[0], versions, common));
  const { strategy = "None" } = spec.conversion ?? {};
  if (spec.preserveUnknownFields === true && strategy !== "None") {
    errors.push(invalid("spec.conversion.strategy", strategy, "must be None if spec.preserveUnknownFields is true"));
  }
  return [...errors, ...validateConversion(spec.conversion, "spec.conversion")];
}

const hasDefaults = ({ schema }: CustomResourceDefinitionVersion): boolean =>
  schema?.openAPIV3Schema !== undefined &&
  someSchema(schema.openAPIV3Schema, (inner) => inner.default !== undefined && inner.default !== null);

function validateGroup(group: string): FieldError[] {
  if (!group) return [required("spec.group")];
  const wrong = dns1123Subdomain(group);
  if (wrong.length > 0) return [invalid("spec.group", group, wrong.join(","))];
  return group.includes(".") ? [] : [invalid("spec.group", group, "should be a domain with at least one dot")];
}

function validateScope(scope: string): FieldError[] {
  if (!scope) return [required("spec.scope")];
  return ["Cluster", "Namespaced"].includes(scope)
    ? []
    : [notSupported("spec.scope", scope, ["Cluster", "Namespaced"])];
}

function commonParts(versions: Versions): Common {
  const shared = (part: keyof Common) => versions.every((version) => equalJson(version[part], versions[0][part]));
  return {
    schema: shared("schema"),
    subresources: shared("subresources"),
    additionalPrinterColumns: shared("additionalPrinterColumns"),
    selectableFields: shared("selectableFields"),
  };
}

/** What a version has for itself. */
function validateVersion(version: CustomResourceDefinitionVersion, path: string, common: Common): FieldError[] {
  const { schema, subresources, additionalPrinterColumns = [], selectableFields = [] } = version;
  const errors = deprecationErrors(version).map((why) =>
    invalid(child(path, "deprecationWarning"), version.deprecationWarning, why)
  );
  if (!common.schema) errors.push(...validateSchemaOf(schema?.openAPIV3Schema, subresources, child(path, "schema")));
  if (!common.subresources) errors.push(...validateSubresources(subresources, child(path, "subresources")));
  if (!common.additionalPrinterColumns) {
    additionalPrinterColumns.forEach((column, i) =>
      errors.push(...validateColumn(column, child(path, "additionalPrinterColumns", i)))
    );
  }
  if (!common.selectableFields) {
    errors.push(...validateSelectable(selectableFields, schema?.openAPIV3Schema, child(path, "selectableFields")));
  }
  return errors;
}

/** What all versions have. */
function validateCommon(first: CustomResourceDefinitionVersion, versions: Versions, common: Common): FieldError[] {
  const { schema, subresources, additionalPrinterColumns = [], selectableFields = [] } = first;
  const errors: FieldError[] = [];
  if (common.schema) {
    const withStatus = versions.find(({ subresources }) => subresources?.status !== undefined)?.subresources;
    errors.push(...validateSchemaOf(schema?.openAPIV3Schema, withStatus, "spec.validation"));
  }
  if (common.subresources) errors.push(...validateSubresources(subresources, "spec.subresources"));
  if (common.additionalPrinterColumns) {
    additionalPrinterColumns.forEach((column, i) =>
      errors.push(...validateColumn(column, child("spec.additionalPrinterColumns", i)))
    );
  }
  if (common.selectableFields) {
    errors.push(...validateSelectable(selectableFields, schema?.openAPIV3Schema, "spec.selectableFields"));
  }
  return errors;
}

/** In Go's order and with its names: the message lists them. */
const AT_ROOT: Readonly<Record<string, string>> = {
  description: "Description",
  type: "Type",
  format: "Format",
  title: "Title",
  maximum: "Maximum",
  exclusiveMaximum: "ExclusiveMaximum",
  minimum: "Minimum",
  exclusiveMinimum: "ExclusiveMinimum",
  maxLength: "MaxLength",
  minLength: "MinLength",
  pattern: "Pattern",
  maxItems: "MaxItems",
  minItems: "MinItems",
  uniqueItems: "UniqueItems",
  multipleOf: "MultipleOf",
  required: "Required",
  items: "Items",
  properties: "Properties",
  externalDocs: "ExternalDocs",
  example: "Example",
  "x-kubernetes-preserve-unknown-fields": "XPreserveUnknownFields",
  "x-kubernetes-validations": "XValidations",
};

function validateSchemaOf(
  schema: JSONSchemaProps | undefined,
  subresources: CustomResourceSubresources | undefined,
  path: string,
): FieldError[] {
  if (schema === undefined) return [];
  const at = child(path, "openAPIV3Schema");
  const errors: FieldError[] = [];
  if (subresources?.status !== undefined) {
    if (schema.type !== undefined && schema.type !== "object") {
      const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled';
      errors.push(invalid(child(at, "type"), schema.type, why));
    } else if (Object.keys(schema).some((name) => !(name in AT_ROOT))) {
      const allowed = `[${Object.values(AT_ROOT).join(" ")}]`;
      const why = `only ${allowed} fields are allowed at the root of the schema if the status subresource is enabled`;
      errors.push(invalid(at, schemaInGo(schema), why));
    }
  }
  if (schema.nullable === true) errors.push(forbidden(child(at, "nullable"), "nullable cannot be true at the root"));
  // A schema that cannot be structural is told so only where nothing else says what is wrong.
  const unsupported = unsupportedIn(schema);
  const structural = unsupported === undefined ? validateStructural(schema, at) : [];
  const wrong = structural.length > 0 || unsupported !== undefined ? structural : validateDefaults(schema, at);
  errors.push(...wrong, ...validateSchema(schema, at, unsupported === undefined && wrong.length === 0));
  return errors.length > 0 || unsupported === undefined ? errors : [invalid(at, "", unsupported)];
}

export function validateNames(names: Partial<CustomResourceDefinitionNames> | undefined, path: string): FieldError[] {
  const { plural, singular, kind, listKind, shortNames = [], categories = [] } = names ?? {};
  const errors: FieldError[] = [];
  const check = (field: string, name: string | undefined, mixedCase = false) => {
    if (!name) return;
    const wrong = dns1035Label(mixedCase ? name.toLowerCase() : name).join(",");
    if (wrong === "") return;
    errors.push(invalid(field, name, mixedCase ? `may have mixed case, but should otherwise match: ${wrong}` : wrong));
  };
  check(child(path, "plural"), plural);
  check(child(path, "singular"), singular);
  check(child(path, "kind"), kind, true);
  check(child(path, "listKind"), listKind, true);
  shortNames.forEach((name, i) => check(child(path, "shortNames", i), name));
  if (kind && kind === listKind) {
    errors.push(invalid(child(path, "listKind"), listKind, "kind and listKind may not be the same"));
  }
  categories.forEach((name, i) => check(child(path, "categories", i), name));
  return errors;
}

function validateStoredVersions(stored: readonly string[], versions: Versions): FieldError[] {
  const path = "status.storedVersions";
  if (stored.length === 0) return [invalid(path, null, "must have at least one stored version")];
  // Of two versions of one name only the first counts as stored.
  const isKnown = ({ name }: CustomResourceDefinitionVersion, i: number) =>
    stored.includes(name) && versions.findIndex((version) => version.name === name) === i;
  const errors = versions.filter((version, i) => version.storage && !isKnown(version, i))
    .map(({ name }) => invalid(path, stored, `must have the storage version ${name}`));
  stored.forEach((name, i) => {
    if (versions.some((version) => version.name === name)) return;
    const why =
      `missing from spec.versions; ${name} was previously a storage version, and must remain in spec.versions ` +
      `until a storage migration ensures no data remains persisted in ${name} and removes ${name} from status.storedVersions`;
    errors.push(invalid(child(path, i), name, why));
  });
  return errors;
}

function validatePreserveUnknown(spec: CustomResourceDefinitionSpec, old?: CustomResourceDefinitionSpec): FieldError[] {
  if (spec.preserveUnknownFields !== true || old?.preserveUnknownFields === true) return [];
  const why = "cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead";
  return [invalid("spec.preserveUnknownFields", true, why)];
}
