/** How many replicas a resource's usage asks for. Source: `pkg/controller/podautoscaler/replica_calculator.go`. */
import { instant } from "../../api/timestamps.ts";
import { quantityMilliValue } from "../../kinds/quantity.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import { podCondition } from "../pod_state.ts";
import type { Sample } from "./metrics.ts";

/** Milliseconds in which a pod's start may cost more than its work. */
const CPU_INITIALIZATION = 5 * 60_000;
/** Milliseconds in which a pod that was never ready is taken for one that is about to be. */
const INITIAL_READINESS = 30_000;

export interface Tolerances {
  /** Shares: 0.1 lets usage be a tenth off its target. */
  readonly down: number;
  readonly up: number;
}

export interface Question {
  readonly replicas: number;
  readonly resource: string;
  readonly container?: string;
  readonly pods: readonly Pod[];
  readonly usage: Map<string, Sample>;
  readonly tolerances: Tolerances;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Answer {
  readonly replicas: number;
  /** The average of a pod, in thousandths of the unit. */
  readonly average: number;
  /** The share of what is requested, in percent. */
  readonly utilization?: number;
}

/** @param target percent of what the pods request. @throws when it cannot be told */
export function replicasForUtilization(question: Question, target: number): Answer {
  const requests = new Map(question.pods.map((pod) => [pod.metadata.name!, requestOf(pod, question)]));
  const groups = group(question);
  const measure = (usage: ReadonlyMap<string, number>) => {
    const names = [...usage.keys()].filter((name) => requests.has(name));
    const total = names.reduce((sum, name) => sum + usage.get(name)!, 0);
    const requested = names.reduce((sum, name) => sum + requests.get(name)!, 0);
    if (requested === 0) throw new Error("no metrics returned matched known pods");
    const utilization = Math.trunc(total * 100 / requested);
    return { ratio: utilization / target, utilization, average: Math.trunc(total / names.length) };
  };
  const first = measure(groups.usage);
  // What is missing is taken to use what it requests, or nothing: whichever speaks against a change.
  const fallback = (name: string) => Math.trunc(requests.get(name)! * Math.max(100, target) / 100);
  const replicas = propose(question, groups, first.ratio, fallback, (usage) => measure(usage).ratio);
  return { replicas, average: first.average, utilization: first.utilization };
}

/** @param target the average of a pod, in thousandths of the unit. @throws when it cannot be told */
export function replicasForAverage(question: Question, target: number): Answer {
  const groups = group(question);
  const measure = (usage: ReadonlyMap<string, number>) => {
    const average = Math.trunc([...usage.values()].reduce((sum, value) => sum + value, 0) / usage.size);
    return { ratio: average / target, average };
  };
  const first = measure(groups.usage);
  const replicas = propose(question, groups, first.ratio, () => target, (usage) => measure(usage).ratio);
  return { replicas, average: first.average };
}

interface Groups {
  readonly ready: number;
  readonly usage: Map<string, number>;
  readonly missing: readonly string[];
  readonly unready: readonly string[];
}

function group({ pods, usage: samples, resource, now }: Question): Groups {
  if (pods.length === 0) throw new Error("no pods returned by selector while calculating replica count");
  const usage = new Map<string, number>();
  const missing: string[] = [];
  const unready: string[] = [];
  const known = new Set(pods.map(({ metadata }) => metadata.name!));
  for (const [name, { value }] of samples) if (!known.has(name)) usage.set(name, value);
  for (const pod of pods) {
    const name = pod.metadata.name!;
    const sample = samples.get(name);
    if (pod.metadata.deletionTimestamp !== undefined || pod.status?.phase === "Failed") continue;
    if (pod.status?.phase === "Pending") unready.push(name);
    else if (sample === undefined) missing.push(name);
    else if (resource === "cpu" && isStarting(pod, sample, now)) unready.push(name);
    else usage.set(name, sample.value);
  }
  if (usage.size === 0) throw new Error("did not receive metrics for targeted pods (pods might be unready)");
  return { ready: [...usage.keys()].filter((name) => known.has(name)).length, usage, missing, unready };
}

function isStarting(pod: Pod, { at, window }: Sample, now: number): boolean {
  const ready = podCondition(pod, "Ready");
  const started = instant(pod.status?.startTime);
  if (ready === undefined || started === undefined) return true;
  const changed = instant(ready.lastTransitionTime) ?? 0;
  if (started + CPU_INITIALIZATION > now) return ready.status === "False" || at < changed + window;
  return ready.status === "False" && started + INITIAL_READINESS > changed;
}

function propose(
  { replicas, tolerances }: Question,
  { ready, usage, missing, unready }: Groups,
  ratio: number,
  fallback: (name: string) => number,
  measure: (usage: ReadonlyMap<string, number>) => number,
): number {
  const within = (value: number) => 1 - tolerances.down <= value && value <= 1 + tolerances.up;
  const upWithUnready = unready.length > 0 && ratio > 1;
  if (!upWithUnready && missing.length === 0) return within(ratio) ? replicas : Math.ceil(ratio * ready);
  const assumed = new Map(usage);
  if (ratio !== 1) { for (const name of missing) assumed.set(name, ratio < 1 ? fallback(name) : 0); }
  if (upWithUnready) { for (const name of unready) assumed.set(name, 0); }
  const again = measure(assumed);
  if (within(again) || (ratio < 1 && again > 1) || (ratio > 1 && again < 1)) return replicas;
  const proposal = Math.ceil(again * assumed.size);
  const against = (again < 1 && proposal > replicas) || (again > 1 && proposal < replicas);
  return against ? replicas : proposal;
}

/** What a pod, or one of its containers, requests, in thousandths. @throws when it does not say */
function requestOf({ metadata, spec }: Pod, { resource, container }: Question): number {
  const whole = spec.resources?.requests;
  if (whole !== undefined && Object.keys(whole).length > 0 && container === undefined) {
    if (whole[resource] === undefined) {
      throw new Error(`missing pod-level request for ${resource} in Pod ${metadata.name}`);
    }
    return Number(quantityMilliValue(whole[resource]));
  }
  const sidecars = spec.initContainers?.filter(({ restartPolicy }) => restartPolicy === "Always") ?? [];
  const counted = [...spec.containers, ...sidecars].filter(({ name }) => container === undefined || name === container);
  if (counted.length === 0) throw new Error(`container ${container} not found in Pod ${metadata.name}`);
  return counted.reduce((sum, { name, resources }) => {
    const request = resources?.requests?.[resource];
    if (request === undefined) {
      throw new Error(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`);
    }
    return sum + Number(quantityMilliValue(request));
  }, 0);
}
