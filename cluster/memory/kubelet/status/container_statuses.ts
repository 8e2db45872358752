/**
 * What a pod's status says of its containers.
 *
 * Source: `pkg/kubelet/kubelet_pods.go` (convertToAPIContainerStatuses).
 */
import { timestamp } from "../../api/timestamps.ts";
import type {
  Container as ContainerSpec,
  ContainerState,
  ContainerStatus,
  Pod,
  VolumeMountStatus,
} from "../../kinds/schema/types.ts";
import { type Container, latestContainer, type RuntimePod } from "../container.ts";
import { shouldBeRestarted } from "../container_refs.ts";
import { containerUser } from "../container_user.ts";

/** Why a container could not be started the last time that it was tried. */
export interface StartFailure {
  readonly reason: string;
  readonly message: string;
}

export interface ContainerStatusesOptions {
  readonly runtime: RuntimePod;
  readonly previous: readonly ContainerStatus[];
  /** By container name. */
  readonly failures: ReadonlyMap<string, StartFailure>;
  readonly init: boolean;
  /** Containers that are no longer there were removed, to start anew. */
  readonly restartingAll: boolean;
}

/** Why a container is not there that was removed to start anew. */
export const RESTARTING_ALL = "RestartingAllContainers";
const REMOVED = {
  reason: RESTARTING_ALL,
  message: "The container is removed because RestartAllContainers in place",
};

/** As the status has it. */
export const containerId = ({ id }: Container): string => `containerd://${id}`;

function volumeMounts({ volumeMounts }: ContainerSpec): readonly VolumeMountStatus[] | undefined {
  return volumeMounts?.map(({ name, mountPath, readOnly, recursiveReadOnly }) => ({
    name,
    mountPath,
    ...readOnly !== true
      ? {}
      : { readOnly, recursiveReadOnly: isRecursive(recursiveReadOnly) ? "Enabled" : "Disabled" },
  }));
}

const isRecursive = (asked: string | undefined) => asked === "Enabled" || asked === "IfPossible";

function stateOf(container: Container): ContainerState {
  const startedAt = container.startedAt === undefined ? undefined : timestamp(container.startedAt);
  switch (container.state) {
    case "created":
      return { waiting: {} };
    case "running":
      return { running: { startedAt } };
    case "exited":
      return {
        terminated: {
          exitCode: container.exitCode!,
          reason: container.reason,
          ...container.message ? { message: container.message } : {},
          startedAt,
          finishedAt: timestamp(container.finishedAt!),
          containerID: containerId(container),
        },
      };
  }
}

/** The statuses in the order of their names; init containers' in the order in which they run. */
export function containerStatuses(
  pod: Pod,
  specs: readonly ContainerSpec[],
  { runtime, previous, failures, init, restartingAll }: ContainerStatusesOptions,
): readonly ContainerStatus[] {
  const waiting = { reason: pod.spec!.initContainers?.length ? "PodInitializing" : "ContainerCreating" };
  const statuses = specs.map((spec): ContainerStatus => {
    const old = previous.find(({ name }) => name === spec.name);
    const status = fromRuntime(pod, spec, runtime, old) ?? removed(spec, restartingAll ? old : undefined) ??
      notCreated(spec, old, { waiting });
    return withFailure(pod, spec, status, { runtime, failures, init });
  });
  return init ? statuses : statuses.sort((a, b) => a.name < b.name ? -1 : 1);
}

function fromRuntime(
  pod: Pod,
  spec: ContainerSpec,
  { containers }: RuntimePod,
  old: ContainerStatus | undefined,
): ContainerStatus | undefined {
  const [latest, before] = containers.filter(({ name }) => name === spec.name);
  if (latest === undefined) return undefined;
  const mounts = old?.volumeMounts ?? volumeMounts(spec);
  const { uid, gid, groups } = containerUser(spec, pod, latest.image.image);
  const lastState = before === undefined ? lastStateOf(latest, old) : stateOf(before);
  return {
    name: spec.name,
    state: stateOf(latest),
    lastState,
    ready: false,
    restartCount: latest.restarts,
    image: latest.image.name,
    imageID: latest.image.digest,
    containerID: containerId(latest),
    // Ephemeral containers have no resources to be resized.
    resources: latest.state === "running" ? latest.resources ?? {} : spec.resources ?? {},
    ...spec.resources?.requests === undefined ? {} : { allocatedResources: spec.resources.requests },
    ...mounts === undefined ? {} : { volumeMounts: mounts },
    user: { linux: { uid, gid, supplementalGroups: [...new Set([gid, ...groups])] } },
  };
}

/** How the container ended before, where the runtime no longer knows it. */
function lastStateOf(latest: Container, old: ContainerStatus | undefined): ContainerState {
  if (old === undefined) return {};
  const { terminated } = old.state;
  return terminated !== undefined && old.containerID !== containerId(latest) ? { terminated } : old.lastState;
}

function removed(spec: ContainerSpec, old: ContainerStatus | undefined): ContainerStatus | undefined {
  if (old === undefined || old.state.waiting !== undefined) return undefined;
  return {
    ...notCreated(spec, { ...old, state: {} }, { waiting: REMOVED }),
    lastState: { terminated: { ...REMOVED, exitCode: 137 } },
    restartCount: old.restartCount + 1,
  };
}

function notCreated(spec: ContainerSpec, old: ContainerStatus | undefined, state: ContainerState): ContainerStatus {
  if (old?.state.terminated !== undefined) return old;
  const mounts = volumeMounts(spec);
  return {
    name: spec.name,
    state,
    lastState: old?.lastState ?? {},
    ready: false,
    restartCount: old?.restartCount ?? 0,
    image: spec.image ?? "",
    imageID: "",
    ...mounts === undefined ? {} : { volumeMounts: mounts },
  };
}

/** A container that is to be started and could not be waits, for the reason that was found. */
function withFailure(
  pod: Pod,
  spec: ContainerSpec,
  status: ContainerStatus,
  { runtime, failures, init }: Pick<ContainerStatusesOptions, "runtime" | "failures" | "init">,
): ContainerStatus {
  const latest = latestContainer(runtime, spec.name);
  if (init && latest?.state === "exited" && latest.exitCode === 0) return status;
  const failure = failures.get(spec.name);
  if (failure === undefined || !shouldBeRestarted(pod, spec, runtime)) return status;
  const lastState = status.state.terminated === undefined ? status.lastState : status.state;
  const { reason, message } = failure;
  return { ...status, lastState, state: { waiting: { reason, ...message === "" ? {} : { message } } } };
}
