/** RuntimeClass. Source: `pkg/registry/node/runtimeclass` and `pkg/apis/node/validation`. */
import { validateOverhead } from "../core/pod/validation/resources.ts";
import { podOptions } from "../core/pod/validation/options.ts";
import { validateTolerations } from "../core/pod/validation/tolerations.ts";
import { defaultResourceList } from "../core/pod/defaults.ts";
import { duplicate, type FieldError, required } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import { check, dns1123Label } from "../names.ts";
import { labelDeprecation } from "../node_label_deprecation.ts";
import { immutable, validateLabels } from "../object_meta.ts";
import type { RuntimeClass, Toleration } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

export const runtimeClass = defineKind<RuntimeClass>({
  group: "node.k8s.io",
  version: "v1",
  kind: "RuntimeClass",
  plural: "runtimeclasses",
  singular: "runtimeclass",
  namespaced: false,
  type: "node.v1.RuntimeClass",
  strategy: {
    names: "subdomain",
    metadata: "generic",
    generation: false,
    unconditionalUpdate: false,
    defaults: ({ overhead }) => void (overhead?.podFixed && defaultResourceList(overhead.podFixed)),
    validate,
    validateUpdate: (object, old) => [
      ...validate(object),
      ...object.handler === old.handler ? [] : [immutable("handler", object.handler ?? "")],
    ],
    warnings: ({ scheduling }) =>
      Object.keys(scheduling?.nodeSelector ?? {}).flatMap((key) => {
        const deprecation = labelDeprecation(key);
        return deprecation === undefined ? [] : [`scheduling.nodeSelector: ${deprecation}`];
      }),
  },
  table: tableOf("node.v1.RuntimeClass", ({ metadata, handler }, now) => [
    metadata.name ?? "",
    handler,
    age(metadata.creationTimestamp, now),
  ]),
});

function validate({ handler = "", overhead, scheduling }: RuntimeClass): FieldError[] {
  const options = podOptions(false);
  return [
    ...handler === "" ? [required("handler")] : check("handler", handler, dns1123Label),
    ...overhead ? validateOverhead(overhead.podFixed ?? {}, "overhead", options) : [],
    ...validateLabels(scheduling?.nodeSelector, "scheduling.nodeSelector"),
    ...validateUniqueTolerations(scheduling?.tolerations ?? [], "scheduling.tolerations"),
  ];
}

function validateUniqueTolerations(tolerations: readonly Toleration[], path: string): FieldError[] {
  const keyOf = ({ key = "", operator = "", value = "", effect = "" }: Toleration) =>
    JSON.stringify([key, operator, value, effect]);
  const keys = tolerations.map(keyOf);
  return [
    ...validateTolerations(tolerations, path, podOptions(false)),
    ...tolerations.flatMap(({ key = "", operator = "", value = "", effect = "", tolerationSeconds }, i) =>
      keys.indexOf(keys[i]) === i ? [] : [duplicate(`${path}[${i}]`, {
        Key: key,
        Operator: operator,
        Value: value,
        Effect: effect,
        TolerationSeconds: tolerationSeconds ?? null,
      })]
    ),
  ];
}
