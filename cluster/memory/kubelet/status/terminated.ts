/**
 * A pod's last status: nothing of it is left on the node, so that what was not seen to end has ended somehow.
 *
 * Source: `pkg/kubelet/status/status_manager.go` (TerminatePod).
 */
import { isTerminalPhase } from "../../kinds/core/pod/phase.ts";
import type { ContainerStatus, Pod, PodStatus } from "../../kinds/schema/types.ts";
import { isSidecar } from "../container_refs.ts";

const LOST = {
  reason: "ContainerStatusUnknown",
  message: "The container could not be located when the pod was terminated",
  exitCode: 137,
};

/** @param isStatic the phase of a static pod is left as it is */
export function terminatedStatus(pod: Pod, status: PodStatus, isStatic: boolean): PodStatus {
  const { containerStatuses, initContainerStatuses, phase } = status;
  return {
    ...status,
    ...isTerminalPhase(phase) || isStatic ? {} : { phase: "Failed" },
    ...containerStatuses === undefined || !wasInitialized(pod, status)
      ? {}
      : { containerStatuses: containerStatuses.map(lost) },
    ...initContainerStatuses === undefined ? {} : { initContainerStatuses: lostInit(initContainerStatuses) },
  };
}

const lost = (status: ContainerStatus): ContainerStatus =>
  status.state.terminated === undefined ? { ...status, state: { terminated: LOST } } : status;

const hasRun = ({ state, lastState }: ContainerStatus) =>
  state.waiting === undefined || lastState.terminated !== undefined;

/** Those that were never tried stay as they are; the first one always was. */
function lostInit(statuses: readonly ContainerStatus[]): readonly ContainerStatus[] {
  const last = Math.max(0, statuses.findLastIndex(hasRun));
  return statuses.map((status, i) => i <= last ? lost(status) : status);
}

/** Whether the init containers had done their work. */
function wasInitialized({ spec }: Pod, { containerStatuses = [], initContainerStatuses = [] }: PodStatus): boolean {
  const init = spec!.initContainers ?? [];
  if (init.length === 0 || containerStatuses.some(hasRun)) return true;
  const [container, status] = [init.at(-1)!, initContainerStatuses.at(-1)];
  if (status === undefined) return false;
  if (isSidecar(container)) return status.state.running !== undefined && status.started === true;
  return (status.state.terminated ?? status.lastState.terminated)?.exitCode === 0;
}
