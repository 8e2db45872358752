/** PriorityClass. Source: `pkg/registry/scheduling/priorityclass` and `pkg/apis/scheduling/{v1,validation}`. */
import { systemPriorityClasses } from "../bootstrap/priority_classes.ts";
import { type FieldError, forbidden, notSupported, required } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import { immutable } from "../object_meta.ts";
import type { PriorityClass } from "../schema/types.ts";
import { age, tableOf } from "../table.ts";

/** What a user's class may have at most; above are the system's. */
const HIGHEST = 1_000_000_000;
const POLICIES = ["PreemptLowerPriority", "Never"];

export const priorityClass = defineKind<PriorityClass>({
  group: "scheduling.k8s.io",
  version: "v1",
  kind: "PriorityClass",
  plural: "priorityclasses",
  singular: "priorityclass",
  shortNames: ["pc"],
  namespaced: false,
  type: "scheduling.v1.PriorityClass",
  strategy: {
    names: "subdomain",
    // It is 1 and stays 1: what would be counted cannot change.
    generation: false,
    defaults: (priorityClass) => void (priorityClass.preemptionPolicy ??= "PreemptLowerPriority"),
    prepareForCreate: ({ metadata }) => void (metadata.generation = 1),
    validate,
    validateUpdate: (object, old) => [
      ...(object.value ?? 0) === (old.value ?? 0) ? [] : [forbidden("value", "may not be changed in an update.")],
      ...object.preemptionPolicy === old.preemptionPolicy
        ? []
        : [immutable("preemptionPolicy", object.preemptionPolicy ?? null)],
    ],
  },
  table: tableOf("scheduling.v1.PriorityClass", (object, now) => [
    object.metadata.name ?? "",
    object.value ?? 0,
    object.globalDefault ?? false,
    age(object.metadata.creationTimestamp, now),
    object.preemptionPolicy ?? "",
  ]),
});

function validate(object: PriorityClass): FieldError[] {
  const { value = 0, preemptionPolicy: policy } = object;
  const errors: FieldError[] = [];
  if (object.metadata.name?.startsWith("system-")) {
    const wrong = systemClassError(object);
    if (wrong !== undefined) {
      const message = "priority class names with 'system-' prefix are reserved for system use only. error: ";
      errors.push(forbidden("metadata.name", message + wrong));
    }
  } else if (value > HIGHEST) {
    errors.push(forbidden("value", `maximum allowed value of a user defined priority is ${HIGHEST}`));
  }
  if (policy === "") errors.push(required("preemptionPolicy"));
  else if (policy !== undefined && !POLICIES.includes(policy)) {
    errors.push(notSupported("preemptionPolicy", policy, POLICIES));
  }
  return errors;
}

function systemClassError({ metadata, value = 0, globalDefault = false }: PriorityClass): string | undefined {
  const known = systemPriorityClasses().find((known) => known.metadata.name === metadata.name);
  if (known === undefined) return `${metadata.name} is not a known system priority class`;
  if (known.value !== value) return `value of ${metadata.name} PriorityClass must be ${known.value}`;
  return globalDefault ? `globalDefault of ${metadata.name} PriorityClass must be false` : undefined;
}
