/** What each metric of an autoscaler proposes. Source: `pkg/controller/podautoscaler/horizontal.go` (computeReplicasForMetrics). */
import type { Client } from "../../api/client.ts";
import { formatQuantity, quantityMilliValue, quantityNumber, quantityOf } from "../../kinds/quantity.ts";
import type {
  HorizontalPodAutoscaler,
  LabelSelector,
  MetricSpec,
  MetricStatus,
  MetricTarget,
  MetricValueStatus,
  Pod,
} from "../../kinds/schema/types.ts";
import { messageOf } from "../controller.ts";
import { resourceUsage } from "./metrics.ts";
import { type Answer, replicasForAverage, replicasForUtilization, type Tolerances } from "./replica_calculator.ts";

/** A metric that cannot be had: the reason of the event and the condition, and the words of both. */
export class MetricError extends Error {
  constructor(readonly reason: string, message: string, readonly summary: string) {
    super(message);
  }
}

export interface Input {
  readonly client: Client;
  readonly autoscaler: HorizontalPodAutoscaler;
  /** What the target wants now. */
  readonly replicas: number;
  /** The selector of the target's pods as text, and the pods. */
  readonly selector: string;
  readonly pods: readonly Pod[];
  readonly now: number;
}

export interface Computed {
  readonly replicas: number;
  /** "cpu resource utilization (percentage of request)" */
  readonly name: string;
  readonly status: MetricStatus;
}

/** @throws {MetricError} */
export async function computeMetric(input: Input, metric: MetricSpec): Promise<Computed> {
  const { metadata: { namespace } } = input.autoscaler;
  switch (metric.type) {
    case "Resource": {
      const { name, target } = metric.resource!;
      const failed = (why: string) =>
        new MetricError("FailedGetResourceMetric", why, `failed to get ${name} resource metric value: ${why}`);
      const { answer, what, current } = await resourceReplicas(input, name, undefined, target, failed);
      return { replicas: answer.replicas, name: what, status: { type: "Resource", resource: { name, current } } };
    }
    case "ContainerResource": {
      const { name, target, container } = metric.containerResource!;
      const failed = (why: string) =>
        new MetricError(
          "FailedGetContainerResourceMetric",
          why,
          `failed to get ${container} container metric value: ${why}`,
        );
      const { answer, what, current } = await resourceReplicas(input, name, container, target, failed);
      const status = { type: "ContainerResource", containerResource: { name, container, current } };
      return { replicas: answer.replicas, name: what, status };
    }
    case "Pods": {
      const why = `unable to get metric ${metric.pods!.metric.name}: ${NO_CUSTOM_METRICS}`;
      throw new MetricError("FailedGetPodsMetric", why, `failed to get pods metric value: ${why}`);
    }
    case "Object": {
      const { describedObject: { kind, name }, metric: { name: metricName }, target } = metric.object!;
      const about = `unable to get metric ${metricName}: ${kind} on ${namespace} ${name}/${NO_CUSTOM_METRICS}`;
      const why = target.type === "AverageValue" ? `failed to get ${metricName} object metric: ${about}` : about;
      throw new MetricError("FailedGetObjectMetric", why, `failed to get object metric value: ${why}`);
    }
    case "External": {
      const { metric: { name, selector }, target } = metric.external!;
      const missing = `the server could not find the requested resource (get ${name}.external.metrics.k8s.io)`;
      const fetch = `unable to fetch metrics from external metrics API: ${missing}`;
      const about = `unable to get external metric ${namespace}/${name}/${goSelector(selector)}: ${fetch}`;
      const why = target.averageValue === undefined
        ? `failed to get external metric ${name}: ${about}`
        : `failed to get ${name} external metric: ${about}`;
      throw new MetricError("FailedGetExternalMetric", about, `failed to get ${name} external metric value: ${why}`);
    }
    default: {
      const why = `unknown metric source type ${JSON.stringify(metric.type)}`;
      throw new MetricError("InvalidMetricSourceType", why, why);
    }
  }
}

const NO_CUSTOM_METRICS =
  "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered";

async function resourceReplicas(
  { client, autoscaler, replicas, selector, pods, now }: Input,
  resource: string,
  container: string | undefined,
  target: MetricTarget,
  failed: (why: string) => MetricError,
) {
  const { namespace } = autoscaler.metadata;
  const utilization = target.averageValue === undefined;
  if (utilization && target.averageUtilization === undefined) {
    const neither = "neither an average utilization target nor an average value (usage) target was set";
    throw failed(`invalid resource metric source: ${neither}`);
  }
  let answer: Answer;
  try {
    const usage = await resourceUsage(client, namespace!, selector, resource, container).catch((error) => {
      throw new Error(`unable to get metrics for resource ${resource}: ${messageOf(error)}`);
    });
    const question = { replicas, resource, container, pods, usage, tolerances: tolerancesOf(autoscaler), now };
    answer = utilization
      ? replicasForUtilization(question, target.averageUtilization!)
      : replicasForAverage(question, Number(quantityMilliValue(target.averageValue!)));
  } catch (error) {
    throw failed(`failed to get ${resource} ${utilization ? "utilization" : "usage"}: ${messageOf(error)}`);
  }
  const format = resource === "memory" ? "BinarySI" : "DecimalSI";
  const current: MetricValueStatus = {
    ...answer.utilization === undefined ? {} : { averageUtilization: answer.utilization },
    averageValue: formatQuantity(quantityOf(BigInt(answer.average), format, -3)),
  };
  const kind = container === undefined ? "resource" : "container resource";
  const what = utilization ? `${resource} ${kind} utilization (percentage of request)` : `${resource} resource`;
  return { answer, what, current };
}

/** A tenth, unless the behavior says otherwise. */
function tolerancesOf({ spec: { behavior } }: HorizontalPodAutoscaler): Tolerances {
  const share = (quantity: string | undefined) => quantity === undefined ? 0.1 : quantityNumber(quantity);
  return { down: share(behavior?.scaleDown?.tolerance), up: share(behavior?.scaleUp?.tolerance) };
}

/** A pointer to a LabelSelector as Go's %+v prints it. */
function goSelector(selector: LabelSelector | undefined): string {
  if (selector === undefined) return "nil";
  const labels = Object.entries(selector.matchLabels ?? {}).sort().map(([key, value]) => `${key}: ${value},`).join("");
  return `&LabelSelector{MatchLabels:map[string]string{${labels}},MatchExpressions:[]LabelSelectorRequirement{},}`;
}
