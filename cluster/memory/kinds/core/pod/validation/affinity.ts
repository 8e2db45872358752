/** Which nodes, and which pods beside it, a pod wants. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, required } from "../../../field_error.ts";
import { validateLabelSelector } from "../../../label_selector.ts";
import { check, dns1123Label, dns1123Subdomain, labelValue, qualifiedName } from "../../../names.ts";
import type {
  Affinity,
  NodeAffinity,
  NodeSelector,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
} from "../../../schema/types.ts";
import { validateMatchLabelKeys } from "./match_label_keys.ts";
import type { PodOptions } from "./options.ts";

const REQUIRED = "requiredDuringSchedulingIgnoredDuringExecution";
const PREFERRED = "preferredDuringSchedulingIgnoredDuringExecution";

export function validateAffinity(affinity: Affinity | undefined, path: string, options: PodOptions): FieldError[] {
  if (!affinity) return [];
  return [
    ...validateNodeAffinity(affinity.nodeAffinity, child(path, "nodeAffinity"), options),
    ...validatePodAffinity(affinity.podAffinity, child(path, "podAffinity"), options),
    ...validatePodAffinity(affinity.podAntiAffinity, child(path, "podAntiAffinity"), options),
  ];
}

function validateNodeAffinity(affinity: NodeAffinity | undefined, path: string, options: PodOptions): FieldError[] {
  const errors: FieldError[] = [];
  const needed = affinity?.[REQUIRED];
  if (needed) errors.push(...validateNodeSelector(needed, child(path, REQUIRED), options.anyNodeAffinityValue));
  for (const [i, { weight, preference }] of (affinity?.[PREFERRED] ?? []).entries()) {
    const at = child(path, PREFERRED, i);
    errors.push(
      ...validateWeight(weight, at),
      ...validateNodeSelectorTerm(preference ?? {}, child(at, "preference"), true),
    );
  }
  return errors;
}

/** @param anyValue whether values that no label can have pass */
export function validateNodeSelector(selector: NodeSelector, path: string, anyValue = false) {
  const terms = selector.nodeSelectorTerms ?? [];
  const at = child(path, "nodeSelectorTerms");
  if (terms.length === 0) return [required(at, "must have at least one node selector term")];
  return terms.flatMap((term, i) => validateNodeSelectorTerm(term, child(at, i), anyValue));
}

function validateNodeSelectorTerm(term: NodeSelectorTerm, path: string, anyValue: boolean): FieldError[] {
  return [
    ...(term.matchExpressions ?? []).flatMap((it, i) =>
      labelRequirement(it, child(path, "matchExpressions", i), anyValue)
    ),
    ...(term.matchFields ?? []).flatMap((it, i) => fieldRequirement(it, child(path, "matchFields", i))),
  ];
}

function labelRequirement(
  { key = "", operator = "", values = [] }: NodeSelectorRequirement,
  path: string,
  anyValue: boolean,
): FieldError[] {
  const errors: FieldError[] = [];
  const at = child(path, "values");
  switch (operator) {
    case "In":
    case "NotIn":
      if (values.length === 0) errors.push(required(at, "must be specified when `operator` is 'In' or 'NotIn'"));
      break;
    case "Exists":
    case "DoesNotExist":
      if (values.length > 0) {
        errors.push(forbidden(at, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"));
      }
      break;
    case "Gt":
    case "Lt":
      if (values.length !== 1) {
        errors.push(required(at, "must be specified single value when `operator` is 'Lt' or 'Gt'"));
      }
      break;
    default:
      errors.push(invalid(child(path, "operator"), operator, "not a valid selector operator"));
  }
  errors.push(...check(child(path, "key"), key, qualifiedName));
  if (!anyValue) values.forEach((value, i) => errors.push(...check(child(at, i), value, labelValue)));
  return errors;
}

/** Of a node's fields, only its name can be selected. */
function fieldRequirement({ key = "", operator = "", values = [] }: NodeSelectorRequirement, path: string) {
  const errors: FieldError[] = [];
  if (operator !== "In" && operator !== "NotIn") {
    errors.push(invalid(child(path, "operator"), operator, "not a valid selector operator"));
  } else if (values.length !== 1) {
    const message = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector";
    errors.push(required(child(path, "values"), message));
  }
  if (key !== "metadata.name") errors.push(invalid(child(path, "key"), key, "not a valid field selector key"));
  else values.forEach((value, i) => errors.push(...check(child(path, "values", i), value, dns1123Subdomain)));
  return errors;
}

const validateWeight = (weight: number, path: string): FieldError[] =>
  weight > 0 && weight <= 100 ? [] : [invalid(child(path, "weight"), weight ?? 0, "must be in the range 1-100")];

function validatePodAffinity(affinity: PodAffinity | undefined, path: string, options: PodOptions): FieldError[] {
  return [
    ...(affinity?.[REQUIRED] ?? []).flatMap((term, i) => validatePodTerm(term, child(path, REQUIRED, i), options)),
    ...(affinity?.[PREFERRED] ?? []).flatMap(({ weight, podAffinityTerm }, i) => {
      const at = child(path, PREFERRED, i);
      return [
        ...validateWeight(weight, at),
        ...validatePodTerm(podAffinityTerm, child(at, "podAffinityTerm"), options),
      ];
    }),
  ];
}

function validatePodTerm(term: PodAffinityTerm, path: string, { anySelectorValue: anyValue }: PodOptions) {
  const { labelSelector, namespaceSelector, namespaces = [], matchLabelKeys, mismatchLabelKeys } = term;
  const { topologyKey = "" } = term;
  const keyAt = child(path, "topologyKey");
  return [
    ...validateLabelSelector(labelSelector, child(path, "labelSelector"), { anyValue }),
    ...validateLabelSelector(namespaceSelector, child(path, "namespaceSelector"), { anyValue }),
    ...namespaces.flatMap((name) => check(child(path, "namespace"), name, dns1123Label)),
    ...validateMatchLabelKeys(matchLabelKeys, mismatchLabelKeys, labelSelector, path),
    ...topologyKey === "" ? [required(keyAt, "can not be empty")] : [],
    ...check(keyAt, topologyKey, qualifiedName),
  ];
}
