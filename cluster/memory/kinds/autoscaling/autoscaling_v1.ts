/**
 * Autoscalers in autoscaling/v1, which knows no metric but CPU: what it cannot say goes into annotations.
 *
 * Source: `pkg/apis/autoscaling/v1/conversion.go`.
 */
import type { ServedVersion } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type {
  AutoscalingV1HorizontalPodAutoscaler,
  HorizontalPodAutoscaler,
  MetricSpec,
  MetricStatus,
} from "../schema/types.ts";
import { metricSpecFromV1, metricSpecToV1, metricStatusFromV1, metricStatusToV1 } from "./v1_metrics.ts";

const PREFIX = "autoscaling.alpha.kubernetes.io/";
const METRICS = `${PREFIX}metrics`;
const STATUSES = `${PREFIX}current-metrics`;
const BEHAVIOR = `${PREFIX}behavior`;
const CONDITIONS = `${PREFIX}conditions`;
const OURS = [METRICS, STATUSES, BEHAVIOR, CONDITIONS];
const DEFAULT_UTILIZATION = 80;

const cpu = (averageUtilization: number): MetricSpec => ({
  type: "Resource",
  resource: { name: "cpu", target: { type: "Utilization", averageUtilization } },
});

const utilizationOf = ({ type, resource }: MetricSpec): number | undefined =>
  type === "Resource" && resource?.name === "cpu" ? resource.target.averageUtilization : undefined;

/** What an annotation says, undefined when it says nothing that can be read. */
function parsed<T>(text: string | undefined): T | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text) as T;
  } catch {
    return undefined;
  }
}

function toStored(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as AutoscalingV1HorizontalPodAutoscaler;
  const { scaleTargetRef, minReplicas, maxReplicas, targetCPUUtilizationPercentage: percentage } = spec ?? {};
  const annotations = metadata.annotations ?? {};
  const others = parsed<readonly Parameters<typeof metricSpecFromV1>[0][]>(annotations[METRICS]) ?? [];
  const metrics = [...others.map(metricSpecFromV1), ...percentage === undefined ? [] : [cpu(percentage)]];
  const behavior = behaviorFromGo(parsed<GoBehavior>(annotations[BEHAVIOR]) ?? {});
  const statuses = parsed<readonly Parameters<typeof metricStatusFromV1>[0][]>(annotations[STATUSES]) ??
    (status?.currentCPUUtilizationPercentage === undefined ? undefined : [{
      type: "Resource",
      resource: { name: "cpu", currentAverageUtilization: status.currentCPUUtilizationPercentage },
    }]);
  const conditions = parsed<unknown[]>(annotations[CONDITIONS]);
  const { currentCPUUtilizationPercentage: _, ...counts } = status ?? {};
  const rest = Object.entries(annotations).filter(([key]) => !OURS.includes(key));
  const { annotations: __, ...plain } = metadata;
  return {
    apiVersion: "autoscaling/v2",
    kind: object.kind,
    metadata: { ...plain, ...rest.length === 0 ? {} : { annotations: Object.fromEntries(rest) } },
    spec: {
      scaleTargetRef,
      ...minReplicas === undefined ? {} : { minReplicas },
      maxReplicas,
      metrics: metrics.length === 0 ? [cpu(DEFAULT_UTILIZATION)] : metrics,
      ...Object.keys(behavior).length === 0 ? {} : { behavior },
    },
    status: {
      ...counts,
      ...statuses === undefined ? {} : { currentMetrics: statuses.map(metricStatusFromV1) },
      ...conditions === undefined ? {} : { conditions },
    },
  } as KubeObject;
}

function fromStored(object: KubeObject): KubeObject {
  const { metadata, spec, status } = object as HorizontalPodAutoscaler;
  const { metrics = [], behavior, scaleTargetRef, minReplicas, maxReplicas } = spec ?? {};
  const percentage = metrics.map(utilizationOf).find((number) => number !== undefined);
  const others = metrics.filter((metric) => utilizationOf(metric) === undefined);
  const { currentMetrics: given, conditions = [], ...counts } = status ?? {};
  const currentMetrics = given ?? [];
  const added = {
    ...others.length === 0 ? {} : { [METRICS]: JSON.stringify(others.map(metricSpecToV1)) },
    ...currentMetrics.length === 0 ? {} : { [STATUSES]: JSON.stringify(currentMetrics.map(metricStatusToV1)) },
    ...behavior === undefined ? {} : { [BEHAVIOR]: JSON.stringify(behaviorInGo(behavior)) },
    ...conditions.length === 0 ? {} : { [CONDITIONS]: JSON.stringify(conditions) },
  };
  const annotations = { ...metadata.annotations, ...added };
  const current = currentUtilization(currentMetrics);
  return {
    apiVersion: "autoscaling/v1",
    kind: object.kind,
    metadata: { ...metadata, ...Object.keys(annotations).length === 0 ? {} : { annotations } },
    spec: {
      scaleTargetRef,
      ...minReplicas === undefined ? {} : { minReplicas },
      maxReplicas,
      ...percentage === undefined ? {} : { targetCPUUtilizationPercentage: percentage },
    },
    status: {
      currentReplicas: 0,
      ...counts,
      ...current === undefined ? {} : { currentCPUUtilizationPercentage: current },
    },
  } as KubeObject;
}

const currentUtilization = (statuses: readonly MetricStatus[]): number | undefined =>
  statuses.find(({ type, resource }) => type === "Resource" && resource?.name === "cpu")?.resource?.current
    .averageUtilization;

type Behavior = NonNullable<HorizontalPodAutoscaler["spec"]["behavior"]>;

interface GoRules {
  readonly StabilizationWindowSeconds?: number | null;
  readonly SelectPolicy?: string | null;
  readonly Policies?:
    | readonly { readonly Type: string; readonly Value: number; readonly PeriodSeconds: number }[]
    | null;
  readonly Tolerance?: string | null;
}

interface GoBehavior {
  readonly ScaleUp?: GoRules | null;
  readonly ScaleDown?: GoRules | null;
}

function behaviorFromGo({ ScaleUp, ScaleDown }: GoBehavior): Behavior {
  const rules = (from: GoRules): NonNullable<Behavior["scaleUp"]> => ({
    ...from.StabilizationWindowSeconds == null ? {} : { stabilizationWindowSeconds: from.StabilizationWindowSeconds },
    ...from.SelectPolicy == null ? {} : { selectPolicy: from.SelectPolicy },
    ...from.Policies == null ? {} : {
      policies: from.Policies.map(({ Type, Value, PeriodSeconds }) => ({
        type: Type,
        value: Value,
        periodSeconds: PeriodSeconds,
      })),
    },
    ...from.Tolerance == null ? {} : { tolerance: from.Tolerance },
  });
  return { ...ScaleUp ? { scaleUp: rules(ScaleUp) } : {}, ...ScaleDown ? { scaleDown: rules(ScaleDown) } : {} };
}

/** The behaviour as Go writes its own type, which the annotation holds. */
function behaviorInGo({ scaleUp, scaleDown }: Behavior) {
  const rules = (from: Behavior["scaleUp"]) =>
    from === undefined ? null : {
      StabilizationWindowSeconds: from.stabilizationWindowSeconds ?? null,
      SelectPolicy: from.selectPolicy ?? null,
      Policies: (from.policies ?? []).map(({ type, value, periodSeconds }) => ({
        Type: type,
        Value: value,
        PeriodSeconds: periodSeconds,
      })),
      Tolerance: from.tolerance ?? null,
    };
  return { ScaleUp: rules(scaleUp), ScaleDown: rules(scaleDown) };
}

export const autoscalingV1: ServedVersion = {
  group: "autoscaling",
  version: "v1",
  type: "autoscaling.v1.HorizontalPodAutoscaler",
  toStored,
  fromStored,
};
