/** One look at one autoscaler. Source: `pkg/controller/podautoscaler/horizontal.go` (reconcileAutoscaler). */
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import { horizontalPodAutoscalers as autoscalerKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import { parseLabelSelector, selectorMatches } from "../../kinds/label_selector.ts";
import type {
  HorizontalPodAutoscaler,
  HorizontalPodAutoscalerCondition,
  HorizontalPodAutoscalerStatus,
  MetricStatus,
  Pod,
} from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { type ControllerContext, inNamespace, messageOf } from "../controller.ts";
import { type Computed, computeMetric, MetricError } from "./compute.ts";
import type { ScaleHistory } from "./normalize.ts";
import { findTarget, type Target } from "./target.ts";

export interface Room {
  readonly context: ControllerContext;
  readonly recorder: EventRecorder;
  readonly pods: Informer<Pod>;
  readonly autoscalers: Informer<HorizontalPodAutoscaler>;
  readonly history: ScaleHistory;
}

/** The conditions as they are going to be. */
class Conditions {
  constructor(readonly list: HorizontalPodAutoscalerCondition[], readonly now: string) {}

  set(type: string, status: string, reason: string, message: string): void {
    const index = this.list.findIndex((condition) => condition.type === type);
    const current = this.list[index];
    const lastTransitionTime = current?.status === status ? current.lastTransitionTime : this.now;
    const condition = { type, status, lastTransitionTime, reason, message };
    if (index < 0) this.list.push(condition);
    else this.list[index] = condition;
  }
}

export async function reconcile(room: Room, autoscaler: HorizontalPodAutoscaler): Promise<void> {
  const { context: { client, clock, options }, recorder, history } = room;
  const now = clock.now();
  const conditions = new Conditions([...autoscaler.status?.conditions ?? []], timestamp(now));
  const warn = (reason: string, message: string) => recorder.event(autoscaler, "Warning", reason, message);
  const write = async (status: Omit<HorizontalPodAutoscalerStatus, "conditions">) => {
    const next = { ...status, conditions: conditions.list };
    if (same(autoscaler.status, next)) return;
    try {
      await client.updateStatus(autoscalerKind, { ...autoscaler, status: next });
    } catch (error) {
      warn("FailedUpdateStatus", messageOf(error));
      throw new Error(`failed to update status for ${autoscaler.metadata.name}: ${messageOf(error)}`);
    }
  };
  const { conditions: _, ...before } = autoscaler.status ?? { desiredReplicas: 0 };

  let target: Target;
  try {
    target = await findTarget(client, options.resources?.() ?? [], autoscaler);
  } catch (error) {
    warn("FailedGetScale", messageOf(error));
    const message = `the HPA controller was unable to get the target's current scale: ${messageOf(error)}`;
    conditions.set("AbleToScale", "False", "FailedGetScale", message);
    return await write(before);
  }
  const able = "the HPA controller was able to get the target's current scale";
  conditions.set("AbleToScale", "True", "SucceededGetScale", able);
  const current = target.replicas;
  history.begin(current, now);

  const decision = await decide(room, autoscaler, target, conditions, now);
  const { metrics } = decision;
  const status = (desiredReplicas: number) => ({
    ...before,
    currentReplicas: current,
    desiredReplicas,
    currentMetrics: metrics,
  });
  if (decision.replicas === undefined) {
    await write(status(before.desiredReplicas));
    return warn("FailedComputeMetricsReplicas", decision.failure!);
  }
  const { replicas, reason } = decision;
  if (replicas === current) return await write(status(current));
  try {
    await target.scaleTo(replicas);
  } catch (error) {
    const why = messageOf(error);
    warn("FailedRescale", `New size: ${replicas}; reason: ${reason}; error: ${why}`);
    const message = `the HPA controller was unable to update the target scale: ${why}`;
    conditions.set("AbleToScale", "False", "FailedUpdateScale", message);
    return await write(status(before.desiredReplicas));
  }
  const done = `the HPA controller was able to update the target scale to ${replicas}`;
  conditions.set("AbleToScale", "True", "SucceededRescale", done);
  recorder.event(autoscaler, "Normal", "SuccessfulRescale", `New size: ${replicas}; reason: ${reason}`);
  history.scaled(current, replicas, now);
  await write({ ...status(replicas), lastScaleTime: timestamp(now) });
}

interface Decision {
  /** Undefined when it cannot be told, and `failure` says why. */
  readonly replicas?: number;
  readonly reason: string;
  readonly metrics?: readonly MetricStatus[];
  readonly failure?: string;
}

async function decide(
  room: Room,
  autoscaler: HorizontalPodAutoscaler,
  target: Target,
  conditions: Conditions,
  now: number,
): Promise<Decision> {
  const { minReplicas: min = 1, maxReplicas: max, behavior } = autoscaler.spec;
  const current = target.replicas;
  if (current === 0) {
    const message = "scaling is disabled since the replica count of the target is zero";
    conditions.set("ScalingActive", "False", "ScalingDisabled", message);
    return { replicas: 0, reason: "" };
  }
  if (current > max) return { replicas: max, reason: "Current number of replicas above Spec.MaxReplicas" };
  if (current < min) return { replicas: min, reason: "Current number of replicas below Spec.MinReplicas" };
  const computed = await compute(room, autoscaler, target, conditions, now);
  if (computed.best === undefined) return { reason: "", metrics: computed.metrics, failure: computed.failure };
  const desired = computed.best.replicas;
  const verdict = room.history.normalize({ current, desired, min, max, behavior, now });
  const { stabilized, limited } = verdict;
  conditions.set("AbleToScale", "True", stabilized.reason, stabilized.message);
  conditions.set("ScalingLimited", limited.status, limited.reason, limited.message);
  const reason = desired > current ? `${computed.best.name} above target` : "All metrics below target";
  return { replicas: verdict.replicas, reason, metrics: computed.metrics };
}

async function compute(
  room: Room,
  autoscaler: HorizontalPodAutoscaler,
  target: Target,
  conditions: Conditions,
  now: number,
) {
  const { context: { client }, recorder } = room;
  const selected = selectPods(room, autoscaler, target, conditions);
  if (typeof selected === "string") return { metrics: undefined, failure: selected };
  const metrics: MetricStatus[] = [];
  const failures: MetricError[] = [];
  let best: Computed | undefined;
  const input = { client, autoscaler, replicas: target.replicas, selector: target.selector, pods: selected, now };
  for (const metric of autoscaler.spec.metrics ?? []) {
    try {
      const computed = await computeMetric(input, metric);
      metrics.push(computed.status);
      if (best === undefined || computed.replicas > best.replicas) best = computed;
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      recorder.event(autoscaler, "Warning", error.reason, error.message);
      metrics.push({ type: "" });
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first !== undefined) {
    const count = `${failures.length} invalid out of ${autoscaler.spec.metrics!.length}`;
    const failure = `invalid metrics (${count}), first error is: ${first.summary}`;
    // A metric that is missing might have asked for more: without it nothing is made smaller.
    if (best === undefined || best.replicas < target.replicas) {
      const message = `the HPA was unable to compute the replica count: ${first.message}`;
      conditions.set("ScalingActive", "False", first.reason, message);
      return { metrics, failure };
    }
  }
  const message = `the HPA was able to successfully calculate a replica count from ${best?.name ?? ""}`;
  conditions.set("ScalingActive", "True", "ValidMetricFound", message);
  return { best, metrics };
}

/** The target's pods; a text when they are not for this autoscaler alone. */
function selectPods(
  { pods, autoscalers, recorder }: Room,
  autoscaler: HorizontalPodAutoscaler,
  { selector }: Target,
  conditions: Conditions,
): Pod[] | string {
  const refuse = (reason: string, message: string, said = message, conditionReason = reason) => {
    recorder.event(autoscaler, "Warning", reason, message);
    conditions.set("ScalingActive", "False", conditionReason, said);
    return message;
  };
  if (selector === "") {
    const said = "the HPA target's scale is missing a selector";
    return refuse("SelectorRequired", "selector is required", said, "InvalidSelector");
  }
  const parsed = parseLabelSelector(selector);
  const { namespace, name } = autoscaler.metadata;
  const selected = inNamespace(pods, namespace!).filter(({ metadata }) => selectorMatches(parsed, metadata.labels));
  const target = ({ spec: { scaleTargetRef: { kind, name } } }: HorizontalPodAutoscaler) => `${kind}/${name}`;
  const others = autoscalers.list(namespace).filter((other) =>
    other.metadata.name !== name && target(other) === target(autoscaler)
  );
  if (others.length === 0 || selected.length === 0) return selected;
  const names = [...others, autoscaler].map(({ metadata }) => `${namespace}/${metadata.name}`).sort().join(" ");
  return refuse("AmbiguousSelector", `pods by selector ${selector} are controlled by multiple HPAs: [${names}]`);
}
