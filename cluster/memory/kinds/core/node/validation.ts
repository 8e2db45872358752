/** Errors of a Node. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, forbidden, invalid, notSupported, required } from "../../field_error.ts";
import { parseCidr, validateCidr } from "../../ip_address.ts";
import { check, labelValue, qualifiedName } from "../../names.ts";
import type { Node, Taint } from "../../schema/types.ts";
import { validateResourceQuantity } from "../pod/validation/resources.ts";

const EFFECTS = ["NoSchedule", "PreferNoSchedule", "NoExecute"];

export function validateNode(node: Node): FieldError[] {
  const { spec = {}, status } = node;
  const swap = (status?.nodeInfo as { readonly swap?: { readonly capacity?: number } } | undefined)?.swap?.capacity;
  return [
    ...validateTaints(spec.taints, "metadata.taints"),
    ...validateStatusResources(node),
    ...swap !== undefined && swap <= 0
      ? [invalid("metadata.nodeSwapStatus.capacity", swap, "must be greater than 0")]
      : [],
    ...validateDeclaredFeatures(node),
    ...validatePodCidrs(spec.podCIDRs ?? []),
  ];
}

/** Errors of a change of a node or its status. */
export function validateNodeChange(node: Node, old: Node): FieldError[] {
  const errors = [...validateStatusResources(node), ...validateDeclaredFeatures(node)];
  const addresses = (node.status?.addresses ?? []).map(({ type, address }) => JSON.stringify([type, address]));
  addresses.forEach((key, i) => {
    if (addresses.indexOf(key) === i) return;
    const { type, address } = node.status!.addresses![i];
    errors.push(duplicate(`status.addresses[${i}]`, { Type: type, Address: address }));
  });
  const [ranges, before] = [node.spec?.podCIDRs ?? [], old.spec?.podCIDRs ?? []];
  if (before.length > 0) {
    const message = 'node updates may not change podCIDR except from "" to valid';
    const wrong = before.length !== ranges.length ? 1 : before.filter((range, i) => range !== ranges[i]).length;
    for (let i = 0; i < wrong; i++) errors.push(forbidden("spec.podCIDRs", message));
  }
  if (old.spec?.providerID && old.spec.providerID !== node.spec?.providerID) {
    errors.push(forbidden("spec.providerID", 'node updates may not change providerID except from "" to valid'));
  }
  errors.push(...validateTaints(node.spec?.taints, "metadata.taints"));
  if ((node.spec?.externalID ?? "") !== (old.spec?.externalID ?? "")) {
    errors.push(forbidden("spec.externalID", "may not be updated"));
  }
  return errors;
}

/** Taints are unique by key and effect. The path says metadata: so does the server. */
function validateTaints(taints: readonly Taint[] = [], path: string): FieldError[] {
  const seen = new Set<string>();
  return taints.flatMap(({ key = "", value = "", effect = "", timeAdded }, i) => {
    const at = child(path, i);
    const errors = check(child(at, "key"), key, qualifiedName);
    const wrong = labelValue(value);
    if (wrong.length > 0) errors.push(invalid(child(at, "value"), value, wrong.join(";")));
    if (effect === "") errors.push(required(child(at, "effect")));
    else if (!EFFECTS.includes(effect)) errors.push(notSupported(child(at, "effect"), effect, EFFECTS));
    if (seen.has(`${effect}/${key}`)) {
      const error = duplicate(at, { Key: key, Value: value, Effect: effect, TimeAdded: timeAdded ?? null });
      errors.push({ ...error, message: `${error.message}: taints must be unique by key and effect pair` });
    }
    seen.add(`${effect}/${key}`);
    return errors;
  });
}

const validateStatusResources = ({ status }: Node): FieldError[] =>
  (["capacity", "allocatable"] as const).flatMap((field) =>
    Object.entries(status?.[field] ?? {}).flatMap(([name, quantity]) =>
      validateResourceQuantity(name, quantity, `status.${field}.${name}`)
    )
  );

const FEATURE = /^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/;

function validateDeclaredFeatures({ status }: Node): FieldError[] {
  const features = status?.declaredFeatures ?? [];
  return features.flatMap((feature, i) => {
    const path = `status.declaredFeatures[${i}]`;
    const errors: FieldError[] = [];
    if (feature.length > 253) {
      const message = `invalid feature name ${JSON.stringify(feature)}: must be no more than 253 characters`;
      errors.push(invalid(path, feature, message));
    } else if (!FEATURE.test(feature)) {
      errors.push(invalid(
        path,
        feature,
        `invalid feature name ${
          JSON.stringify(feature)
        }: must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes`,
      ));
    }
    const next = features[i + 1];
    if (next === undefined) return errors;
    const after = `status.declaredFeatures[${i + 1}]`;
    if (feature === next) errors.push(duplicate(after, next));
    else if (feature > next) errors.push(invalid(after, next, "list must be sorted alphabetically"));
    return errors;
  });
}

function validatePodCidrs(ranges: readonly string[]): FieldError[] {
  const errors = ranges.flatMap((range, i) => validateCidr(`spec.podCIDRs[${i}]`, range));
  if (ranges.length < 2 || errors.length > 0) return errors;
  const families = new Set(ranges.map((range) => parseCidr(range)!.address.family));
  if (families.size === 2 && ranges.length === 2) return errors;
  return [invalid("spec.podCIDRs", ranges, "may specify no more than one CIDR for each IP family")];
}
