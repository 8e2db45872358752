/** StorageClass. Source: `pkg/registry/storage/storageclass` and `pkg/apis/storage/{v1,validation}`. */
import { duplicate, type FieldError, notSupported, required } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { check, qualifiedName } from "../names.ts";
import { labelDeprecation } from "../node_label_deprecation.ts";
import { immutable, metadataErrors } from "../object_meta.ts";
import type { StorageClass, TopologySelectorTerm } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";
import { validateParameters, validateProvisioner } from "./parameters.ts";

const BINDING_MODES = ["Immediate", "WaitForFirstConsumer"];
const DEFAULT_CLASS = [
  "storageclass.kubernetes.io/is-default-class",
  "storageclass.beta.kubernetes.io/is-default-class",
];

export const storageClass = defineKind<StorageClass>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "StorageClass",
  plural: "storageclasses",
  singular: "storageclass",
  shortNames: ["sc"],
  namespaced: false,
  type: "storage.v1.StorageClass",
  strategy: {
    names: "subdomain",
    returnsDeleted: true,
    generation: false,
    defaults(storageClass) {
      storageClass.reclaimPolicy ??= "Delete";
      storageClass.volumeBindingMode ??= "Immediate";
    },
    validate,
    validateUpdate: (storageClass, old) => [
      ...validate(storageClass),
      ...metadataErrors(storageClass),
      ...validateChange(storageClass, old),
    ],
    warnings: ({ allowedTopologies = [] }) =>
      allowedTopologies.flatMap(({ matchLabelExpressions = [] }, i) =>
        matchLabelExpressions.flatMap(({ key }, j) => {
          const deprecation = labelDeprecation(key);
          const path = `allowedTopologies[${i}].matchLabelExpressions[${j}].key`;
          return deprecation === undefined ? [] : [`${path}: ${key} is ${deprecation}`];
        })
      ),
  },
  table: tableOf("storage.v1.StorageClass", (storageClass, now) => [
    (storageClass.metadata.name ?? "") + (isDefaultClass(storageClass) ? " (default)" : ""),
    storageClass.provisioner,
    storageClass.reclaimPolicy ?? "Delete",
    storageClass.volumeBindingMode ?? "Immediate",
    storageClass.allowVolumeExpansion ?? false,
    age(storageClass.metadata.creationTimestamp, now),
  ]),
});

/** Whether claims that name no class get this one. */
export const isDefaultClass = ({ metadata }: StorageClass): boolean =>
  DEFAULT_CLASS.some((annotation) => metadata.annotations?.[annotation] === "true");

function validate(storageClass: StorageClass): FieldError[] {
  const { provisioner = "", parameters, reclaimPolicy, volumeBindingMode: mode, allowedTopologies } = storageClass;
  const errors = [...validateProvisioner(provisioner, "provisioner"), ...validateParameters(parameters)];
  if (reclaimPolicy && reclaimPolicy !== "Delete" && reclaimPolicy !== "Retain") {
    errors.push(notSupported("reclaimPolicy", reclaimPolicy, ["Delete", "Retain"]));
  }
  if (mode === undefined) errors.push(required("volumeBindingMode"));
  else if (!BINDING_MODES.includes(mode)) errors.push(notSupported("volumeBindingMode", mode, BINDING_MODES));
  return [...errors, ...validateTopologies(allowedTopologies ?? [])];
}

function validateTopologies(terms: readonly TopologySelectorTerm[]): FieldError[] {
  const seen: Readonly<Record<string, readonly string[]>>[] = [];
  return terms.flatMap(({ matchLabelExpressions = [] }, i) => {
    const path = `allowedTopologies[${i}].matchLabelExpressions`;
    const values: Record<string, readonly string[]> = {};
    const errors = matchLabelExpressions.flatMap(({ key = "", values: given }, j) => {
      const at = `${path}[${j}]`;
      const list = given ?? [];
      const repeated = list.flatMap((value, k) =>
        list.indexOf(value) < k ? [duplicate(`${at}.values[${k}]`, value)] : []
      );
      const again = Object.hasOwn(values, key) ? [duplicate(`${at}.key`, key)] : [];
      values[key] = [...new Set(list)].sort();
      return [
        ...list.length === 0 ? [required(`${at}.values`)] : [],
        ...repeated,
        ...check(`${at}.key`, key, qualifiedName),
        ...again,
      ];
    });
    // Kubernetes finds a term without expressions among those that it has not looked at yet.
    const empty = Object.keys(values).length === 0;
    if (empty || seen.some((other) => equalJson(other, values))) errors.push(duplicate(path, ""));
    seen.push(values);
    return errors;
  });
}

const FIXED = [["parameters", {}], ["provisioner", ""], ["reclaimPolicy", ""], ["volumeBindingMode", ""]] as const;

const validateChange = (storageClass: StorageClass, old: StorageClass): FieldError[] =>
  FIXED.flatMap(([field, empty]) =>
    equalJson(storageClass[field] ?? empty, old[field] ?? empty)
      ? []
      : [immutable(field, storageClass[field] ?? (field === "parameters" ? null : empty))]
  );
