/**
 * CustomResourceDefinition: a kind that a user adds.
 *
 * Source: `k8s.io/apiextensions-apiserver/pkg/{apis/apiextensions/v1/defaults.go,registry/customresourcedefinition}`.
 */
import { loadCel } from "../cel/engine.ts";
import { defineKind } from "../kind.ts";
import { dns1123Subdomain } from "../names.ts";
import type { Draft } from "../object.ts";
import type { CustomResourceDefinition } from "../schema/types.ts";
import {
  validateDefinition,
  validateDefinitionUpdate,
  validateNames,
} from "./custom_resource_definition_validation.ts";
import { isKnownFormat } from "./formats.ts";
import { type JSONSchemaProps, someSchema } from "./json_schema.ts";

/** Holds a definition back until its objects are gone. */
export const CLEANUP_FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

function defaults({ spec, status }: Draft<CustomResourceDefinition>): void {
  if (spec === undefined) return;
  const { names } = spec;
  if (names?.kind) {
    names.singular ||= names.kind.toLowerCase();
    names.listKind ||= `${names.kind}List`;
  }
  spec.conversion ??= { strategy: "None" };
  const service = spec.conversion.webhook?.clientConfig?.service;
  if (service !== undefined) service.port ??= 443;
  const stored = spec.versions?.find(({ storage }) => storage)?.name;
  if (status !== undefined && stored !== undefined && !status.storedVersions?.length) status.storedVersions = [stored];
}

/** The version that objects are stored in from now on joins those that may still be there. */
function noteStoredVersion(definition: Draft<CustomResourceDefinition>): void {
  const stored = definition.spec.versions?.find(({ storage }) => storage)?.name;
  const { status } = definition;
  status.storedVersions ??= [];
  if (stored !== undefined && !status.storedVersions.includes(stored)) status.storedVersions.push(stored);
}

function unknownFormats({ spec }: CustomResourceDefinition): string[] {
  const found: string[] = [];
  const distinct = new Set(spec.versions.map(({ schema }) => JSON.stringify(schema)));
  for (const text of distinct) {
    const schema = text === undefined
      ? undefined
      : (JSON.parse(text) as { openAPIV3Schema?: JSONSchemaProps }).openAPIV3Schema;
    if (schema === undefined) continue;
    someSchema(schema, (inner) => {
      if (inner.format && !isKnownFormat(inner.format, inner.type)) found.push(inner.format);
      return false;
    });
  }
  return found;
}

export const customResourceDefinition = defineKind<CustomResourceDefinition>({
  group: "apiextensions.k8s.io",
  version: "v1",
  kind: "CustomResourceDefinition",
  plural: "customresourcedefinitions",
  singular: "customresourcedefinition",
  shortNames: ["crd", "crds"],
  categories: ["api-extensions"],
  namespaced: false,
  type: "apiextensions.v1.CustomResourceDefinition",
  load: loadCel,
  strategy: {
    names: (name, _prefix, { spec }) => [
      ...dns1123Subdomain(name),
      ...name === `${spec.names?.plural ?? ""}.${spec.group ?? ""}` ? [] : ['must be spec.names.plural+"."+spec.group'],
    ],
    metadata: "generic",
    unconditionalUpdate: false,
    defaults,
    prepareForCreate(definition) {
      // What is always written is filled in when the object is encoded.
      definition.status = {} as typeof definition.status;
      noteStoredVersion(definition);
    },
    prepareForUpdate: (definition) => noteStoredVersion(definition),
    validate: validateDefinition,
    validateUpdate: validateDefinitionUpdate,
    warnings(definition, old) {
      const before = old === undefined ? [] : unknownFormats(old);
      return unknownFormats(definition).filter((format) => !before.includes(format))
        .map((format) => `unrecognized format ${JSON.stringify(format)}`);
    },
  },
  status: {
    validateUpdate: ({ status }) => validateNames(status?.acceptedNames, "status.acceptedNames"),
  },
  table: {
    columns: [
      { name: "Name", type: "string", format: "name", description: "Name must be unique within a namespace." },
      {
        name: "Created At",
        type: "date",
        description: "CreationTimestamp is a timestamp representing the server time when this object was created.",
      },
    ],
    cells: ({ metadata }) => [metadata.name ?? "", metadata.creationTimestamp ?? null],
  },
});
