/** Metrics as autoscaling/v1 writes them in annotations. Source: `pkg/apis/autoscaling/v1/conversion.go`. */
import type { CrossVersionObjectReference, LabelSelector, MetricSpec, MetricStatus } from "../schema/types.ts";

/** One metric with the fields of all its types, by the names that v1 has for them. */
interface V1Metric {
  readonly type: string;
  readonly object?: V1Source;
  readonly pods?: V1Source;
  readonly resource?: V1Source;
  readonly containerResource?: V1Source;
  readonly external?: V1Source;
}

interface V1Source {
  readonly target?: CrossVersionObjectReference;
  readonly name?: string;
  readonly container?: string;
  readonly metricName?: string;
  readonly selector?: LabelSelector;
  readonly metricSelector?: LabelSelector;
  readonly targetValue?: string;
  readonly averageValue?: string;
  readonly targetAverageValue?: string;
  readonly targetAverageUtilization?: number;
  readonly currentValue?: string;
  readonly currentAverageValue?: string;
  readonly currentAverageUtilization?: number;
}

/** Without the fields that are not set; Go's zero quantity is "0". */
const clean = <T extends object>(source: T): T =>
  Object.fromEntries(Object.entries(source).filter(([, value]) => value !== undefined)) as T;
const nonZero = (quantity: string | undefined) => quantity === "0" ? undefined : quantity;

export function metricSpecToV1({ type, object, pods, resource, containerResource, external }: MetricSpec): V1Metric {
  return clean<V1Metric>({
    type,
    object: object && clean<V1Source>({
      target: object.describedObject,
      metricName: object.metric.name,
      targetValue: object.target.value ?? "0",
      selector: object.metric.selector,
      averageValue: object.target.averageValue,
    }),
    pods: pods && clean<V1Source>({
      metricName: pods.metric.name,
      targetAverageValue: pods.target.averageValue,
      selector: pods.metric.selector,
    }),
    resource: resource && clean<V1Source>({
      name: resource.name,
      targetAverageUtilization: resource.target.averageUtilization,
      targetAverageValue: resource.target.averageValue,
    }),
    containerResource: containerResource && clean<V1Source>({
      name: containerResource.name,
      targetAverageUtilization: containerResource.target.averageUtilization,
      targetAverageValue: containerResource.target.averageValue,
      container: containerResource.container,
    }),
    external: external && clean<V1Source>({
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      targetValue: external.target.value,
      targetAverageValue: external.target.averageValue,
    }),
  });
}

const metricOf = (name: string | undefined, selector: LabelSelector | undefined) =>
  clean({ name: name ?? "", selector });

/** The target of a source: by utilization, by an average for each pod, or by a value. */
function targetOf(source: V1Source) {
  const averageValue = source.averageValue ?? nonZero(source.targetAverageValue);
  const value = nonZero(source.targetValue);
  const averageUtilization = source.targetAverageUtilization;
  const type = averageUtilization !== undefined ? "Utilization" : averageValue !== undefined ? "AverageValue" : "Value";
  return clean({ type, value, averageValue, averageUtilization });
}

export function metricSpecFromV1(metric: V1Metric): MetricSpec {
  const { type, object, pods, resource, containerResource, external } = metric;
  return clean<MetricSpec>({
    type,
    object: object && {
      describedObject: object.target!,
      metric: metricOf(object.metricName, object.selector),
      target: targetOf(object),
    },
    pods: pods && { metric: metricOf(pods.metricName, pods.selector), target: targetOf(pods) },
    resource: resource && { name: resource.name!, target: targetOf(resource) },
    containerResource: containerResource && {
      name: containerResource.name!,
      container: containerResource.container!,
      target: targetOf(containerResource),
    },
    external: external && {
      metric: metricOf(external.metricName, external.metricSelector),
      target: targetOf(external),
    },
  });
}

export function metricStatusToV1(
  { type, object, pods, resource, containerResource, external }: MetricStatus,
): V1Metric {
  return clean<V1Metric>({
    type,
    object: object && clean<V1Source>({
      target: object.describedObject,
      metricName: object.metric.name,
      currentValue: object.current.value ?? "0",
      selector: object.metric.selector,
      averageValue: object.current.averageValue,
    }),
    pods: pods && clean<V1Source>({
      metricName: pods.metric.name,
      currentAverageValue: pods.current.averageValue ?? "0",
      selector: pods.metric.selector,
    }),
    resource: resource && clean<V1Source>({
      name: resource.name,
      currentAverageUtilization: resource.current.averageUtilization,
      currentAverageValue: resource.current.averageValue ?? "0",
    }),
    containerResource: containerResource && clean<V1Source>({
      name: containerResource.name,
      currentAverageUtilization: containerResource.current.averageUtilization,
      currentAverageValue: containerResource.current.averageValue ?? "0",
      container: containerResource.container,
    }),
    external: external && clean<V1Source>({
      metricName: external.metric.name,
      metricSelector: external.metric.selector,
      currentValue: external.current.value ?? "0",
      currentAverageValue: external.current.averageValue,
    }),
  });
}

const currentOf = (source: V1Source) =>
  clean({
    value: nonZero(source.currentValue),
    averageValue: source.averageValue ?? nonZero(source.currentAverageValue),
    averageUtilization: source.currentAverageUtilization,
  });

export function metricStatusFromV1(metric: V1Metric): MetricStatus {
  const { type, object, pods, resource, containerResource, external } = metric;
  return clean<MetricStatus>({
    type,
    object: object && {
      describedObject: object.target!,
      metric: metricOf(object.metricName, object.selector),
      current: currentOf(object),
    },
    pods: pods && { metric: metricOf(pods.metricName, pods.selector), current: currentOf(pods) },
    resource: resource && { name: resource.name!, current: currentOf(resource) },
    containerResource: containerResource && {
      name: containerResource.name!,
      container: containerResource.container!,
      current: currentOf(containerResource),
    },
    external: external && {
      metric: metricOf(external.metricName, external.metricSelector),
      current: currentOf(external),
    },
  });
}
