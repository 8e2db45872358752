/**
 * A pod's status as the kubelet computes it, from the pod, what runs of it, and what was said before. Pure.
 *
 * Source: `pkg/kubelet/kubelet_pods.go` (generateAPIPodStatus).
 */
import { isTerminalPhase } from "../../kinds/core/pod/phase.ts";
import { computeQos } from "../../kinds/core/pod/qos.ts";
import { isSidecar, podLimits, podRequests, type ResourceSum } from "../../kinds/core/pod/resources.ts";
import { formatQuantity } from "../../kinds/quantity.ts";
import type {
  Container as ContainerSpec,
  ContainerStatus,
  Pod,
  PodCondition,
  PodStatus,
  ResourceRequirements,
} from "../../kinds/schema/types.ts";
import type { RuntimePod } from "../container.ts";
import { mayRestartAll, restartsAll } from "../container_refs.ts";
import {
  allContainersRestarting,
  type ConditionState,
  containersReady,
  hasStarted,
  initialized,
  isRestartingAll,
  KUBELET_CONDITIONS,
  ready,
} from "./conditions.ts";
import { containerStatuses, type StartFailure } from "./container_statuses.ts";
import { podPhase } from "./phase.ts";

/** What the probes have found of a running container. */
export interface ProbeState {
  started(status: ContainerStatus): boolean;
  ready(status: ContainerStatus): boolean;
}

export interface PodStatusOptions {
  readonly runtime: RuntimePod;
  /** What the kubelet said last, or what the API has where it has said nothing yet. */
  readonly previous: PodStatus;
  readonly failures: ReadonlyMap<string, StartFailure>;
  readonly probes: ProbeState;
  readonly hostIP: string;
  /** Nothing will be started again. */
  readonly terminal: boolean;
  readonly isStatic: boolean;
  /** The kubelet ends the pod for a reason of its own: eviction, a deadline. */
  readonly ended?: { readonly reason: string; readonly message: string };
  /** Conditions beside those computed here: of a resize, of a disruption. */
  readonly conditions?: readonly PodCondition[];
}

/** The whole status of a pod, from what runs of it and what was said before. */
export function podStatus(pod: Pod, options: PodStatusOptions): PodStatus {
  const { runtime, previous, failures, probes, hostIP, terminal, isStatic, ended } = options;
  const spec = pod.spec!;
  const restartingAll = isRestartingAll(previous) || restartsAll(pod, runtime);
  const statuses = (
    specs: readonly ContainerSpec[] | undefined,
    old: PodStatus["containerStatuses"],
    init: boolean,
  ) => {
    const found = containerStatuses(pod, specs ?? [], { runtime, previous: old ?? [], failures, init, restartingAll });
    return found.map((status, i) => probed(status, init ? specs![i] : undefined, probes));
  };
  const containers = statuses(spec.containers, previous.containerStatuses, false);
  const init = statuses(spec.initContainers, previous.initContainerStatuses, true);
  // Nobody asks ephemeral containers how they are: they are never ready.
  const ephemeral = containerStatuses(pod, (spec.ephemeralContainers ?? []) as readonly ContainerSpec[], {
    runtime,
    previous: previous.ephemeralContainerStatuses ?? [],
    failures,
    init: false,
    restartingAll: false,
  });
  const all = [...init, ...containers];
  let phase = podPhase(pod, all, { terminal, initialized: hasStarted(pod, all), isStatic });
  if (isTerminalPhase(previous.phase)) phase = previous.phase;
  let { reason, message } = phase === previous.phase ? previous : {};
  if (ended !== undefined) [phase, reason, message] = ["Failed", ended.reason, ended.message];

  const others = (pod.status?.conditions ?? []).filter(({ type }) => !KUBELET_CONDITIONS.has(type));
  const disruption = previous.conditions?.filter(({ type }) => type === "DisruptionTarget") ?? [];
  const extra = options.conditions ?? [];
  const kept = [...others, ...extra, ...disruption.filter(({ type }) => !extra.some((own) => own.type === type))];
  const readyContainers = containersReady(pod, all, phase);
  const own: ConditionState[] = [
    { type: "PodReadyToStartContainers", status: runtime.sandbox?.ready === true ? "True" : "False" },
    initialized(pod, all, phase, previous.conditions ?? []),
    ready(pod, kept, readyContainers),
    readyContainers,
    { type: "PodScheduled", status: "True" },
  ];
  const observedGeneration = pod.metadata.generation;
  const ip = runtime.sandbox?.ip ?? (spec.hostNetwork ? hostIP : previous.podIP);
  return {
    ...observedGeneration === undefined ? {} : { observedGeneration },
    phase,
    conditions: [
      ...kept,
      ...own.map((condition) => ({ ...condition, observedGeneration })),
      ...mayRestartAll(pod) ? [allContainersRestarting(phase, runtime, restartingAll)] : [],
    ],
    ...message === undefined ? {} : { message },
    ...reason === undefined ? {} : { reason },
    ...previous.nominatedNodeName === undefined ? {} : { nominatedNodeName: previous.nominatedNodeName },
    hostIP,
    hostIPs: [{ ip: hostIP }],
    ...ip ? { podIP: ip, podIPs: [{ ip }] } : {},
    ...init.length === 0 ? {} : { initContainerStatuses: init },
    containerStatuses: containers,
    qosClass: computeQos(spec),
    ...ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral },
    ...allocated(pod, runtime),
  };
}

function probed(status: ContainerStatus, initSpec: ContainerSpec | undefined, probes: ProbeState): ContainerStatus {
  const started = status.state.running !== undefined && probes.started(status);
  if (initSpec !== undefined && !isSidecar(initSpec)) {
    return { ...status, started, ready: status.state.terminated?.exitCode === 0 };
  }
  return { ...status, started, ready: started && probes.ready(status) };
}

const texts = (sum: ResourceSum) =>
  Object.fromEntries(Object.entries(sum).map(([name, quantity]) => [name, formatQuantity(quantity)]));

/** What the pod as a whole has been given. */
function allocated({ spec, status }: Pod, runtime: RuntimePod): Pick<PodStatus, "resources" | "allocatedResources"> {
  const requests = texts(podRequests(spec!));
  const limits = texts(podLimits(spec!));
  // Of a pod that runs, the rest is read from its control group, which does not know this: it stays as first said.
  const memory = status?.phase === "Running" ? status.resources?.requests?.memory : undefined;
  const resources: ResourceRequirements = {
    ...Object.keys(limits).length === 0 || isGivenUp(status, runtime) ? {} : { limits },
    ...Object.keys(requests).length === 0
      ? {}
      : { requests: { ...requests, ...memory === undefined ? {} : { memory } } },
  };
  return { resources, ...Object.keys(requests).length === 0 ? {} : { allocatedResources: requests } };
}

/** The limits were the control group's, which is gone with the last container of a pod that ran. */
const isGivenUp = (status: PodStatus | undefined, { containers }: RuntimePod) =>
  status?.phase === "Running" && containers.every(({ state }) => state === "exited");
