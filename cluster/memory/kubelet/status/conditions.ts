/**
 * The pod conditions that the kubelet owns.
 *
 * Source: `pkg/kubelet/status/generate.go`.
 */
import type { ContainerStatus, Pod, PodCondition, PodStatus } from "../../kinds/schema/types.ts";
import type { RuntimePod } from "../container.ts";
import { isSidecar } from "../container_refs.ts";
import type { Phase } from "./phase.ts";

/** A condition without its times. */
export type ConditionState = Pick<PodCondition, "type" | "status" | "reason" | "message">;

/** The conditions that the kubelet writes; those of others it leaves as they are. */
export const KUBELET_CONDITIONS: ReadonlySet<string> = new Set([
  "PodReadyToStartContainers",
  "Initialized",
  "Ready",
  "ContainersReady",
  "PodScheduled",
  "AllContainersRestarting",
  "DisruptionTarget",
  "PodResizePending",
  "PodResizeInProgress",
]);

const names = (list: readonly string[]) => `[${list.join(" ")}]`;
const TRUE = { status: "True" } as const;

function terminal(phase: Phase): Omit<ConditionState, "type"> | undefined {
  if (phase === "Failed") return { status: "False", reason: "PodFailed" };
  return phase === "Succeeded" ? { status: "False", reason: "PodCompleted" } : undefined;
}

const problems = (unknown: readonly string[], wrong: readonly string[], what: string) =>
  [
    ...unknown.length > 0 ? [`containers with unknown status: ${names(unknown)}`] : [],
    ...wrong.length > 0 ? [`containers with ${what} status: ${names(wrong)}`] : [],
  ].join(", ");

/** `ContainersReady`: whether all containers and sidecars are. */
export function containersReady(pod: Pod, statuses: readonly ContainerStatus[], phase: Phase): ConditionState {
  const type = "ContainersReady";
  const counted = [...(pod.spec!.initContainers ?? []).filter(isSidecar), ...pod.spec!.containers];
  const statusOf = (name: string) => statuses.find((status) => status.name === name);
  const unknown = counted.filter(({ name }) => statusOf(name) === undefined).map(({ name }) => name);
  const unready = counted.filter(({ name }) => statusOf(name)?.ready === false).map(({ name }) => name);
  const ended = phase === "Succeeded" && unknown.length > 0 ? undefined : terminal(phase);
  if (ended !== undefined) return { type, ...ended };
  const message = problems(unknown, unready, "unready");
  return message === "" ? { type, ...TRUE } : { type, status: "False", reason: "ContainersNotReady", message };
}

/** @param conditions those of others, among which the readiness gates look */
export function ready(pod: Pod, conditions: readonly PodCondition[], containers: ConditionState): ConditionState {
  if (containers.status !== "True") return { ...containers, type: "Ready" };
  const missing = (pod.spec!.readinessGates ?? []).flatMap(({ conditionType }) => {
    const condition = conditions.find(({ type }) => type === conditionType);
    const quoted = JSON.stringify(conditionType);
    if (condition === undefined) return [`corresponding condition of pod readiness gate ${quoted} does not exist.`];
    return condition.status === "True"
      ? []
      : [`the status of pod readiness gate ${quoted} is not "True", but ${condition.status}`];
  });
  if (missing.length === 0) return { type: "Ready", ...TRUE };
  return { type: "Ready", status: "False", reason: "ReadinessGatesNotReady", message: missing.join(", ") };
}

/** `Initialized`: whether all init containers are through, and the sidecars among them started. */
export function initialized(
  pod: Pod,
  statuses: readonly ContainerStatus[],
  phase: Phase,
  previous: readonly PodCondition[],
): ConditionState {
  const type = "Initialized";
  const init = pod.spec!.initContainers ?? [];
  const statusOf = (name: string) => statuses.find((status) => status.name === name);
  const unknown = init.filter(({ name }) => statusOf(name) === undefined).map(({ name }) => name);
  const incomplete = init.filter((container) => {
    const status = statusOf(container.name);
    return status !== undefined && !(isSidecar(container) ? status.started : status.ready);
  }).map(({ name }) => name);
  if (phase === "Succeeded" && unknown.length === 0) return { type, ...TRUE, reason: "PodCompleted" };
  if (hasStarted(pod, statuses)) return { type, ...TRUE };
  const message = problems(unknown, incomplete, "incomplete");
  if (message === "" || previous.some((old) => old.type === type && old.status === "True")) return { type, ...TRUE };
  return { type, status: "False", reason: "ContainersNotInitialized", message };
}

/** Whether all containers are being removed, so that they start anew. */
export const isRestartingAll = ({ conditions }: PodStatus): boolean =>
  conditions?.some(({ type, status }) => type === "AllContainersRestarting" && status === "True") ?? false;

/** @param wanted the containers are to start anew, or were until now */
export function allContainersRestarting(phase: Phase, runtime: RuntimePod, wanted: boolean): ConditionState {
  const type = "AllContainersRestarting";
  const ended = terminal(phase);
  if (ended !== undefined) return { type, ...ended };
  if (!wanted || runtime.containers.length === 0) return { type, status: "False" };
  const message = "container exited with restart policy rule";
  return { type, ...TRUE, reason: "RestartAllContainersStarted", message };
}

/** Whether any of the containers proper has ever run. */
export function hasStarted({ spec }: Pod, statuses: readonly ContainerStatus[]): boolean {
  return spec!.containers.some(({ name }) => {
    const status = statuses.find((status) => status.name === name);
    if (status === undefined) return false;
    const { running, terminated, waiting } = status.state;
    return running !== undefined || terminated !== undefined ||
      (waiting !== undefined && status.lastState.terminated !== undefined);
  });
}
