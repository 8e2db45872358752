/** CSIStorageCapacity. Source: `pkg/registry/storage/csistoragecapacity` and `pkg/apis/storage/validation`. */
import { type FieldError, invalid } from "../field_error.ts";
import { equalJson } from "../json.ts";
import { defineKind } from "../kind.ts";
import { validateLabelSelector } from "../label_selector.ts";
import { check, dns1123Subdomain } from "../names.ts";
import { labelDeprecation } from "../node_label_deprecation.ts";
import { immutable } from "../object_meta.ts";
import { quantitySign } from "../quantity.ts";
import type { CSIStorageCapacity } from "../schema/types.ts";

export const csiStorageCapacity = defineKind<CSIStorageCapacity>({
  group: "storage.k8s.io",
  version: "v1",
  kind: "CSIStorageCapacity",
  plural: "csistoragecapacities",
  singular: "csistoragecapacity",
  namespaced: true,
  type: "storage.v1.CSIStorageCapacity",
  strategy: {
    names: "subdomain",
    generation: false,
    unconditionalUpdate: false,
    validate: (capacity) => validate(capacity),
    validateUpdate: (capacity, old) => [
      ...validate(capacity, validateLabelSelector(old.nodeTopology, "").length > 0),
      ...equalJson(capacity.nodeTopology, old.nodeTopology)
        ? []
        : [immutable("nodeTopology", capacity.nodeTopology ?? null)],
      ...capacity.storageClassName === old.storageClassName
        ? []
        : [immutable("storageClassName", capacity.storageClassName)],
    ],
    warnings,
  },
});

function validate(object: CSIStorageCapacity, anyValue = false): FieldError[] {
  const { nodeTopology, storageClassName = "", capacity } = object;
  return [
    ...validateLabelSelector(nodeTopology, "nodeTopology", { anyValue }),
    ...check("storageClassName", storageClassName, dns1123Subdomain),
    ...capacity !== undefined && quantitySign(capacity) < 0
      ? [invalid("capacity", capacity, "must be greater than or equal to 0")]
      : [],
  ];
}

/** Labels of nodes that have newer names. */
function warnings({ nodeTopology }: CSIStorageCapacity): string[] {
  const told = (path: string, key: string, is: string) => {
    const deprecation = labelDeprecation(key);
    return deprecation === undefined ? [] : [`nodeTopology.${path}: ${is}${deprecation}`];
  };
  return [
    ...(nodeTopology?.matchExpressions ?? []).flatMap(({ key }, i) =>
      told(`matchExpressions[${i}].key`, key, `${key} is `)
    ),
    ...Object.keys(nodeTopology?.matchLabels ?? {}).flatMap((key) => told(`matchLabels.${key}`, key, "")),
  ];
}
