/**
 * A kind made from a CustomResourceDefinition: served through the same interface as the built-in ones.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/registry/customresource/{strategy,status_strategy,validator}.go`.
 */
import { applyDefaults } from "../../kinds/apiextensions/defaulting.ts";
import { validateEmbedded } from "../../kinds/apiextensions/embedded_resource.ts";
import type { JSONSchemaProps } from "../../kinds/apiextensions/json_schema.ts";
import { validateListTypes } from "../../kinds/apiextensions/list_types.ts";
import { hasRules, validateRules } from "../../kinds/apiextensions/rules.ts";
import { shapeOfSchema } from "../../kinds/apiextensions/shape_of_schema.ts";
import { validateValue } from "../../kinds/apiextensions/value_validation.ts";
import { type FieldError, invalid } from "../../kinds/field_error.ts";
import { equalJson, type Json, type JsonObject } from "../../kinds/json.ts";
import { apiVersionOf, type Kind, type ServedVersion, type Strategy } from "../../kinds/kind.ts";
import { qualifiedName } from "../../kinds/names.ts";
import { type Draft, draft, type KubeObject } from "../../kinds/object.ts";
import type { StructShape } from "../../kinds/schema/shape.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionVersion } from "../../kinds/schema/types.ts";
import { prune } from "../decode/prune.ts";
import { compareVersions } from "../discovery/groups.ts";
import { columnsOf } from "./columns.ts";
import { parseJsonPath } from "./json_path.ts";
import { scaleOf, validateScaleSpec, validateScaleStatus } from "./scale.ts";

/**
 * The kind that a definition whose names are accepted serves; undefined when it serves no version.
 *
 * Objects are kept in the version that the definition stores, or in the first one served when that one is not: versions
 * differ in nothing but their name, as conversion "None" has it.
 */
export function customKind({ spec, status }: CustomResourceDefinition): Kind | undefined {
  const served = spec.versions.filter((version) => version.served);
  const stored = served.find(({ storage }) => storage) ?? served[0];
  if (stored === undefined) return undefined;
  const names = status.acceptedNames;
  const { schema, subresources, additionalPrinterColumns, selectableFields = [] } = stored;
  const root = schema?.openAPIV3Schema;
  const paths = selectableFields.map(({ jsonPath }) => [jsonPath.replace(/^\./, ""), parseJsonPath(jsonPath)] as const);
  const kind: Kind = {
    group: spec.group,
    version: stored.name,
    kind: names.kind,
    plural: names.plural,
    singular: names.singular ?? "",
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    namespaced: spec.scope === "Namespaced",
    type: "",
    shape: shapeOfSchema(root),
    otherVersions: served.filter((version) => version !== stored).map((version) => otherVersion(spec, version)),
    strategy: strategyOf(root ?? {}, stored),
    ...subresources?.status === undefined ? {} : { status: statusStrategyOf(root ?? {}, stored) },
    ...subresources?.scale === undefined ? {} : { scale: scaleOf(subresources.scale) },
    table: columnsOf(additionalPrinterColumns),
    deprecation: deprecationOf(spec, stored),
    selectableFields: (object) => Object.fromEntries(paths.map(([name, path]) => [name, textOf(path?.(object)[0])])),
  };
  schemas.set(kind, new Map(served.map((version) => [version.name, version.schema?.openAPIV3Schema])));
  return kind;
}

const schemas = new WeakMap<Kind, ReadonlyMap<string, JSONSchemaProps | undefined>>();

/** The schema of a custom kind's version, as its definition has it: what OpenAPI says of it. */
export function schemaOfVersion(kind: Kind, version: string): JSONSchemaProps | undefined {
  return schemas.get(kind)?.get(version);
}

const textOf = (value: Json | undefined) => value === undefined || value === null ? "" : String(value);

/** What is said of a version that is on its way out: the definition's words, or that a later one is there. */
function deprecationOf(
  { group, names, versions }: CustomResourceDefinition["spec"],
  { name, deprecated, deprecationWarning }: CustomResourceDefinitionVersion,
): string | undefined {
  if (!deprecated) return undefined;
  if (deprecationWarning !== undefined) return deprecationWarning;
  const [latest] = versions.filter((other) => other.served && !other.deprecated)
    .map((other) => other.name).filter((other) => compareVersions(other, name) > 0)
    .sort((a, b) => compareVersions(b, a));
  const said = `${group}/${name} ${names.kind} is deprecated`;
  return latest === undefined ? said : `${said}; use ${group}/${latest} ${names.kind}`;
}

function otherVersion(
  spec: CustomResourceDefinition["spec"],
  version: CustomResourceDefinitionVersion,
): ServedVersion {
  const { name, schema } = version;
  const root = schema?.openAPIV3Schema;
  const shape = shapeOfSchema(root);
  const { validate, validateUpdate } = strategyOf(root ?? {}, version);
  return {
    group: spec.group,
    version: name,
    type: "",
    shape,
    deprecation: deprecationOf(spec, version),
    table: columnsOf(version.additionalPrinterColumns),
    toStored: (object) => object,
    fromStored: (object) => readWith(object, root ?? {}, shape),
    defaults: (object) => applyDefaults(object, root ?? {}),
    validate,
    validateUpdate,
  };
}

/** What is read in a version is what that version's schema makes of it. */
function readWith(object: KubeObject, root: JSONSchemaProps, shape: StructShape): KubeObject {
  const result = draft(object);
  prune(result as unknown as Record<string, unknown>, shape);
  applyDefaults(result, root);
  return result as KubeObject;
}

/**
 * An object that was stored before a definition changed, as the changed one stores it.
 *
 * Kubernetes leaves it as it is, and reads it so.
 */
export function storedAnew(object: KubeObject, kind: Kind): KubeObject {
  const read = readWith(object, schemaOfVersion(kind, kind.version) ?? {}, kind.shape!);
  return { ...read, apiVersion: apiVersionOf(kind) };
}

const asJson = (object: KubeObject) => object as unknown as JsonObject;

function strategyOf(root: JSONSchemaProps, { subresources }: CustomResourceDefinitionVersion): Strategy {
  const hasStatus = subresources?.status !== undefined;
  return {
    names: "subdomain",
    unconditionalUpdate: false,
    defaults: (object) => applyDefaults(object, root),
    prepareForCreate(object) {
      // The status is written through its own subresource.
      if (!hasStatus) return;
      delete (object as unknown as Record<string, unknown>).status;
      // What is read is given its defaults again: a status that has one is there from the beginning.
      applyDefaults(object, root);
    },
    generation: (object, old) => !equalJson(withoutMetadata(object), withoutMetadata(old)),
    validate: (object) => validate(asJson(object), undefined, root, subresources?.scale),
    validateUpdate: (object, old) => validate(asJson(object), asJson(old), root, subresources?.scale),
    warnings: finalizerWarnings,
  };
}

type Scale = NonNullable<CustomResourceDefinitionVersion["subresources"]>["scale"];

function validate(object: JsonObject, old: JsonObject | undefined, root: JSONSchemaProps, scale: Scale): FieldError[] {
  const errors = [
    ...validateValue(object, root, "", old),
    ...scale === undefined ? [] : [...validateScaleSpec(object, scale), ...validateScaleStatus(object, scale)],
    ...validateEmbedded(object, root),
  ];
  // What was wrong already before lists were checked may stay so.
  if (old === undefined || validateListTypes(old, root).length === 0) errors.push(...validateListTypes(object, root));
  return [...errors, ...rulesUnlessBlocked(errors, object, old, root)];
}

/** Errors of the shape, without which a rule could not read the object. */
const BLOCKING: ReadonlySet<FieldError["type"]> = new Set([
  "FieldValueNotSupported",
  "FieldValueRequired",
  "FieldValueTooLong",
  "FieldValueTooMany",
  "FieldValueTypeInvalid",
]);

function rulesUnlessBlocked(
  errors: readonly FieldError[],
  object: JsonObject,
  old: JsonObject | undefined,
  root: JSONSchemaProps,
): FieldError[] {
  if (!errors.some(({ type }) => BLOCKING.has(type))) return validateRules(object, old, root, "", true);
  // Without any rules there is nothing that was not checked.
  if (!hasRules(root)) return [];
  const why = "some validation rules were not checked because the object was invalid; correct the existing errors to " +
    "complete validation";
  return [invalid("<nil>", null, why)];
}

function statusStrategyOf(root: JSONSchemaProps, { subresources }: CustomResourceDefinitionVersion): Kind["status"] {
  return {
    prepareForUpdate(object, old) {
      const { managedFields } = object.metadata;
      object.metadata = { ...old.metadata as Draft<KubeObject>["metadata"] };
      if (managedFields === undefined) delete object.metadata.managedFields;
      else object.metadata.managedFields = managedFields;
    },
    validateUpdate(object, old) {
      const [now, before] = [asJson(object), asJson(old)];
      const schema = root.properties?.status;
      const scale = subresources?.scale;
      const errors = now.status === undefined || schema === undefined
        ? []
        : validateValue(now.status, schema, "status", before.status);
      if (scale !== undefined) errors.push(...validateScaleStatus(now, scale));
      if (validateListTypes(before, root).length === 0) errors.push(...validateListTypes(now, root));
      return [...errors, ...rulesUnlessBlocked(errors, now, before, root)];
    },
  };
}

function withoutMetadata(object: unknown): JsonObject {
  const { metadata: _, ...rest } = object as JsonObject;
  return rest;
}

const STANDARD_FINALIZERS = ["orphan", "foregroundDeletion", "kubernetes"];

function finalizerWarnings({ metadata }: KubeObject, old?: KubeObject): string[] {
  const before = old?.metadata.finalizers ?? [];
  const added = [...new Set(metadata.finalizers ?? [])].filter((name) => !before.includes(name)).sort();
  return added.flatMap((name) => {
    const about = `metadata.finalizers: ${JSON.stringify(name)}`;
    const warnings = qualifiedName(name).map((why) => `${about}: ${why}`);
    if (name.includes("/") || STANDARD_FINALIZERS.includes(name)) return warnings;
    const path = name.includes(".") ? " including a path (/)" : "";
    const advice =
      `prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`;
    return [...warnings, `${about}: ${advice}`];
  });
}
