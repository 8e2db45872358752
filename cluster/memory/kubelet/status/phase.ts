/**
 * A pod's phase, by the states of its containers.
 *
 * Source: `pkg/kubelet/kubelet_pods.go` (getPhase).
 */
import type { Container, ContainerStatus, Pod } from "../../kinds/schema/types.ts";
import { isSidecar, shouldRestart } from "../container_refs.ts";
import { RESTARTING_ALL } from "./container_statuses.ts";

export type Phase = "Pending" | "Running" | "Succeeded" | "Failed";

/** Removed by the kubelet itself, to start anew. */
const wasReset = ({ state, lastState }: ContainerStatus) =>
  (state.terminated ?? lastState.terminated)?.reason === RESTARTING_ALL;

/** The exit code of a container that is not running, of the last time that it was. */
const exitCode = ({ state, lastState }: ContainerStatus) => (state.terminated ?? lastState.terminated)?.exitCode;

/**
 * @param statuses of all containers, init containers included
 * @param terminal the pod is being stopped for good: nothing will be started again
 * @param initialized a container has been started, so that the init phase is over
 */
export function podPhase(
  pod: Pod,
  statuses: readonly ContainerStatus[],
  { terminal, initialized, isStatic }: { terminal: boolean; initialized: boolean; isStatic: boolean },
): Phase {
  const { initContainers = [], containers } = pod.spec!;
  const byName = new Map(statuses.map((status) => [status.name, status]));
  const init = countInit(pod, initContainers.filter((container) => !isSidecar(container)), byName);
  if (init.failed > 0) return "Failed";
  const sidecars = countSidecars(initContainers.filter(isSidecar), byName);
  const main = countMain(pod, containers, byName);
  const [running, waiting, unknown] = [
    sidecars.running + main.running,
    sidecars.waiting + main.waiting,
    sidecars.unknown + main.unknown,
  ];
  if (init.pending > 0 || (sidecars.pending > 0 && !initialized) || waiting > 0) return "Pending";
  if (unknown > 0) return "Pending";
  if (running > 0) return "Running";
  if (main.stopped === 0) return "Pending";
  const ended = main.stopped === main.succeeded ? "Succeeded" : "Failed";
  if (terminal && !isStatic) return ended;
  return main.stopped === main.stoppedForGood ? ended : "Running";
}

type Statuses = ReadonlyMap<string, ContainerStatus>;

function countInit(pod: Pod, containers: readonly Container[], statuses: Statuses) {
  let [pending, failed] = [0, 0];
  for (const container of containers) {
    const status = statuses.get(container.name);
    const code = status === undefined || status.state.running !== undefined ? undefined : exitCode(status);
    if (code === undefined) pending++;
    else if (code !== 0 && !wasReset(status!) && !shouldRestart(pod, container, code)) failed++;
  }
  return { pending, failed };
}

function countSidecars(containers: readonly Container[], statuses: Statuses) {
  const counts = { pending: 0, running: 0, waiting: 0, unknown: 0 };
  for (const { name } of containers) {
    const status = statuses.get(name);
    if (status === undefined) counts.unknown++;
    else if (status.state.running !== undefined) {
      if (!status.started) counts.pending++;
      counts.running++;
    } else if (status.state.waiting !== undefined && status.lastState.terminated === undefined) {
      counts.pending++;
      counts.waiting++;
    }
  }
  return counts;
}

function countMain(pod: Pod, containers: readonly Container[], statuses: Statuses) {
  const counts = { running: 0, waiting: 0, unknown: 0, stopped: 0, stoppedForGood: 0, succeeded: 0 };
  for (const container of containers) {
    const status = statuses.get(container.name);
    const code = status === undefined ? undefined : exitCode(status);
    if (status === undefined) counts.unknown++;
    else if (status.state.running !== undefined) counts.running++;
    else if (code === undefined) counts.waiting++;
    else {
      counts.stopped++;
      if (!wasReset(status) && !shouldRestart(pod, container, code)) counts.stoppedForGood++;
      if (status.state.terminated?.exitCode === 0) counts.succeeded++;
    }
  }
  return counts;
}
