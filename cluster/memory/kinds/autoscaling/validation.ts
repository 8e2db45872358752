/** Errors of a HorizontalPodAutoscaler. Source: `pkg/apis/autoscaling/validation/validation.go`. */
import { type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { check, pathSegmentName } from "../names.ts";
import { quantitySign } from "../quantity.ts";
import type {
  CrossVersionObjectReference,
  HorizontalPodAutoscaler,
  HPAScalingPolicy,
  HPAScalingRules,
} from "../schema/types.ts";
import { validateMetric } from "./metric_validation.ts";

/** Seconds. */
const LONGEST_PERIOD = 1800;
const LONGEST_WINDOW = 3600;
const SELECT_POLICIES = ["Disabled", "Max", "Min"];

export interface ReferenceOptions {
  /** References of the core group, "v1": a ReplicationController. */
  readonly coreGroup?: boolean;
  /** Versions that are none: stored before they were checked. */
  readonly anyVersion?: boolean;
}

/** @param old the state before, for an update: what was wrong there may stay */
export function validateAutoscaler({ spec }: HorizontalPodAutoscaler, old?: HorizontalPodAutoscaler): FieldError[] {
  const { minReplicas, maxReplicas = 0, scaleTargetRef: target, metrics = [], behavior } = spec ?? {};
  const lowest = old?.spec?.minReplicas === 0 ? 0 : 1;
  const errors: FieldError[] = [];
  if (minReplicas !== undefined && minReplicas < lowest) {
    errors.push(invalid("spec.minReplicas", minReplicas, `must be greater than or equal to ${lowest}`));
  }
  if (maxReplicas === 0) errors.push(required("spec.maxReplicas", "must be set and greater than 0"));
  else if (maxReplicas < 0) {
    errors.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than or equal to 1"));
  }
  if (minReplicas !== undefined && maxReplicas < minReplicas) {
    errors.push(invalid("spec.maxReplicas", maxReplicas, "must be greater than or equal to `minReplicas`"));
  }
  const before = old?.spec?.scaleTargetRef;
  const same = before !== undefined && before.apiVersion === target?.apiVersion && before.kind === target?.kind;
  const coreGroup = target?.kind === "ReplicationController";
  errors.push(...validateReference(target ?? {}, "spec.scaleTargetRef", { anyVersion: same, coreGroup }));
  const objects = { coreGroup: true, anyVersion: hasWrongObjectVersion(old) };
  metrics.forEach((metric, i) => errors.push(...validateMetric(metric, `spec.metrics[${i}]`, objects)));
  if (minReplicas === 0 && !metrics.some(({ type }) => type === "Object" || type === "External")) {
    const message = "must specify at least one Object or External metric to support scaling to zero replicas";
    errors.push(forbidden("spec.metrics", message));
  }
  if (behavior?.scaleUp) errors.push(...validateRules(behavior.scaleUp, "spec.behavior.scaleUp"));
  if (behavior?.scaleDown) errors.push(...validateRules(behavior.scaleDown, "spec.behavior.scaleDown"));
  return errors;
}

const hasWrongObjectVersion = (old: HorizontalPodAutoscaler | undefined): boolean =>
  (old?.spec?.metrics ?? []).some(({ object }) =>
    object && versionError(object.describedObject.apiVersion ?? "", true) !== undefined
  );

/** Errors of a reference to an object in some version. */
export function validateReference(
  { kind = "", name = "", apiVersion = "" }: Partial<CrossVersionObjectReference>,
  path: string,
  { coreGroup = false, anyVersion = false }: ReferenceOptions,
): FieldError[] {
  const version = anyVersion ? undefined : versionError(apiVersion, coreGroup);
  return [
    ...kind === "" ? [required(`${path}.kind`)] : check(`${path}.kind`, kind, pathSegmentName),
    ...name === "" ? [required(`${path}.name`)] : check(`${path}.name`, name, pathSegmentName),
    ...version === undefined ? [] : [invalid(`${path}.apiVersion`, apiVersion, version)],
  ];
}

function versionError(apiVersion: string, coreGroup: boolean): string | undefined {
  const parts = apiVersion.split("/");
  if (parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`;
  const group = parts.length === 2 ? parts[0] : "";
  return group === "" && !coreGroup ? "apiVersion must specify API group" : undefined;
}

function validateRules(rules: HPAScalingRules, path: string): FieldError[] {
  const { stabilizationWindowSeconds: window, selectPolicy, policies, tolerance } = rules;
  const errors: FieldError[] = [];
  const windowAt = `${path}.stabilizationWindowSeconds`;
  if (window !== undefined && window < 0) {
    errors.push(invalid(windowAt, window, "must be greater than or equal to zero"));
  }
  if (window !== undefined && window > LONGEST_WINDOW) {
    errors.push(invalid(windowAt, window, `must be less than or equal to ${LONGEST_WINDOW}`));
  }
  if (selectPolicy !== undefined && !SELECT_POLICIES.includes(selectPolicy)) {
    errors.push(notSupported(`${path}.selectPolicy`, selectPolicy, SELECT_POLICIES));
  }
  if (!policies?.length) errors.push(required(`${path}.policies`, "must specify at least one Policy"));
  (policies ?? []).forEach((policy, i) => errors.push(...validatePolicy(policy, `${path}.policies[${i}]`)));
  if (tolerance !== undefined && quantitySign(tolerance) < 0) {
    errors.push(invalid(`${path}.tolerance`, tolerance, "must be greater than or equal to 0"));
  }
  return errors;
}

function validatePolicy({ type = "", value = 0, periodSeconds = 0 }: HPAScalingPolicy, path: string): FieldError[] {
  const longest = `must be less than or equal to ${LONGEST_PERIOD}`;
  return [
    ...type === "Pods" || type === "Percent" ? [] : [notSupported(`${path}.type`, type, ["Percent", "Pods"])],
    ...value > 0 ? [] : [invalid(`${path}.value`, value, "must be greater than zero")],
    ...periodSeconds > 0 ? [] : [invalid(`${path}.periodSeconds`, periodSeconds, "must be greater than zero")],
    ...periodSeconds > LONGEST_PERIOD ? [invalid(`${path}.periodSeconds`, periodSeconds, longest)] : [],
  ];
}
