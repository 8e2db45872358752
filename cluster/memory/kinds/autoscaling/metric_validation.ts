/** Errors of what an autoscaler measures. Source: `pkg/apis/autoscaling/validation/validation.go`. */
import { containerResourceName } from "../core/pod/validation/resources.ts";
import { type FieldError, forbidden, invalid, notSupported, required } from "../field_error.ts";
import { check, dns1123Label, pathSegmentName } from "../names.ts";
import { quantitySign } from "../quantity.ts";
import type {
  ContainerResourceMetricSource,
  ExternalMetricSource,
  MetricIdentifier,
  MetricSpec,
  MetricTarget,
  ObjectMetricSource,
  PodsMetricSource,
  ResourceMetricSource,
} from "../schema/types.ts";
import { type ReferenceOptions, validateReference } from "./validation.ts";

const TYPES = ["ContainerResource", "External", "Object", "Pods", "Resource"];
/** The field of each type, in the order in which the server looks at them. */
const FIELDS = ["object", "external", "pods", "resource", "containerResource"] as const;
const fieldOf = (type: string) => FIELDS.find((field) => field.toLowerCase() === type.toLowerCase());

export function validateMetric(metric: MetricSpec, path: string, objects: ReferenceOptions): FieldError[] {
  const { type = "" } = metric;
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(`${path}.type`, "must specify a metric source type"));
  if (!TYPES.includes(type)) errors.push(notSupported(`${path}.type`, type, TYPES));
  const present = FIELDS.filter((field) => metric[field] !== undefined);
  if (present.length > 0) errors.push(...validateSource(metric, present[0], path, objects));
  const expected = TYPES.includes(type) ? fieldOf(type) : undefined;
  if (expected === undefined) errors.push(notSupported(`${path}.type`, type, TYPES));
  else if (metric[expected] === undefined) {
    errors.push(required(`${path}.${expected}`, "must populate information for the given metric source"));
  }
  if (present.length === 1) return errors;
  return errors.concat(
    present.filter((field) => field !== expected)
      .map((field) => forbidden(`${path}.${field}`, "must populate the given metric source only")),
  );
}

function validateSource(metric: MetricSpec, field: typeof FIELDS[number], at: string, objects: ReferenceOptions) {
  const path = `${at}.${field}`;
  switch (field) {
    case "object":
      return validateObject(metric.object!, path, objects);
    case "external":
      return validateExternal(metric.external!, path);
    case "pods":
      return validatePods(metric.pods!, path);
    case "resource":
      return validateResource(metric.resource!, path);
    case "containerResource":
      return validateContainerResource(metric.containerResource!, path);
  }
}

function validateObject(
  { describedObject, metric, target }: ObjectMetricSource,
  path: string,
  objects: ReferenceOptions,
) {
  const errors = [
    ...validateReference(describedObject ?? {}, `${path}.describedObject`, objects),
    ...validateIdentifier(metric ?? {}, `${path}.metric`),
    ...validateTarget(target ?? {}, `${path}.target`),
  ];
  if (target?.value === undefined && target?.averageValue === undefined) {
    errors.push(required(`${path}.target.averageValue`, "must set either a target value or averageValue"));
  }
  return errors;
}

function validateExternal({ metric, target }: ExternalMetricSource, path: string): FieldError[] {
  const errors = [
    ...validateIdentifier(metric ?? {}, `${path}.metric`),
    ...validateTarget(target ?? {}, `${path}.target`),
  ];
  const [value, average] = [target?.value, target?.averageValue];
  if (value === undefined && average === undefined) {
    const message = "must set either a target value for metric or a per-pod target";
    errors.push(required(`${path}.target.averageValue`, message));
  }
  if (value !== undefined && average !== undefined) {
    const message = "may not set both a target value for metric and a per-pod target";
    errors.push(forbidden(`${path}.target.value`, message));
  }
  return errors;
}

function validatePods({ metric, target }: PodsMetricSource, path: string): FieldError[] {
  return [
    ...validateIdentifier(metric ?? {}, `${path}.metric`),
    ...validateTarget(target ?? {}, `${path}.target`),
    ...target?.averageValue === undefined
      ? [required(`${path}.target.averageValue`, "must specify a positive target averageValue")]
      : [],
  ];
}

function validateResource({ name = "", target }: ResourceMetricSource, path: string): FieldError[] {
  return [
    ...name === "" ? [required(`${path}.name`, "must specify a resource name")] : [],
    ...validateUtilization(target ?? {}, `${path}.target`),
  ];
}

function validateContainerResource(source: ContainerResourceMetricSource, path: string): FieldError[] {
  const { name = "", container = "", target } = source;
  return [
    ...name === ""
      ? [required(`${path}.name`, "must specify a resource name")]
      : containerResourceName(name, `${path}.name`),
    ...container === ""
      ? [required(`${path}.container`, "must specify a container")]
      : check(`${path}.container`, container, dns1123Label),
    ...validateUtilization(target ?? {}, `${path}.target`),
  ];
}

function validateUtilization(target: Partial<MetricTarget>, path: string): FieldError[] {
  const errors = validateTarget(target, path);
  const { averageUtilization: utilization, averageValue: value } = target;
  if (utilization === undefined && value === undefined) {
    const message = "must set either a target raw value or a target utilization";
    errors.push(required(`${path}.averageUtilization`, message));
  }
  if (utilization !== undefined && value !== undefined) {
    errors.push(forbidden(`${path}.averageValue`, "may not set both a target raw value and a target utilization"));
  }
  return errors;
}

function validateTarget(target: Partial<MetricTarget>, path: string): FieldError[] {
  const { type = "", averageUtilization } = target;
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(`${path}.type`, "must specify a metric target type"));
  if (!["Utilization", "Value", "AverageValue"].includes(type)) {
    errors.push(invalid(`${path}.type`, type, "must be either Utilization, Value, or AverageValue"));
  }
  for (const field of ["value", "averageValue"] as const) {
    const quantity = target[field];
    if (quantity !== undefined && quantitySign(quantity) !== 1) {
      errors.push(invalid(`${path}.${field}`, quantity, "must be positive"));
    }
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    errors.push(invalid(`${path}.averageUtilization`, averageUtilization, "must be greater than 0"));
  }
  return errors;
}

const validateIdentifier = ({ name = "" }: Partial<MetricIdentifier>, path: string): FieldError[] =>
  name === "" ? [required(`${path}.name`, "must specify a metric name")] : check(`${path}.name`, name, pathSegmentName);
