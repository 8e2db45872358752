/**
 * What has to be done to bring a pod's containers to what its spec asks for. Pure: reads the runtime's state, changes
 * nothing.
 *
 * Source: `pkg/kubelet/kuberuntime/kuberuntime_manager.go` (computePodActions), `kuberuntime_container.go`
 * (computeInitContainerActions).
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import { type Container, latestContainer, type RuntimePod } from "./container.ts";
import { resizeOf } from "./container_resize.ts";
import { callsForRestart, isSidecar, shouldBeRestarted, shouldRestart } from "./container_refs.ts";

export type ProbeResult = "success" | "failure" | "unknown";

/** What the probes say of a container, undefined where none has. */
export interface ProbeResults {
  liveness(id: string): ProbeResult | undefined;
  startup(id: string): ProbeResult | undefined;
}

export type KillReason = "liveness" | "startup" | "changed" | "resize";

/** A container that is forgotten, so that it starts as if for the first time. */
export interface ContainerToReset {
  readonly container: Container;
  /** It still runs. */
  readonly kill: boolean;
}

export interface ContainerToKill {
  readonly container: Container;
  readonly message: string;
  readonly reason: KillReason;
}

export interface PodActions {
  readonly createSandbox: boolean;
  /** All that runs is to be stopped: nothing is left to do for the pod. */
  readonly killPod: boolean;
  readonly kill: readonly ContainerToKill[];
  /** All are to start anew, for one of them ended in such a way. */
  readonly reset: readonly ContainerToReset[];
  readonly ephemeral: readonly ContainerSpec[];
  readonly init: readonly ContainerSpec[];
  readonly start: readonly ContainerSpec[];
}

const NOTHING: PodActions = {
  createSandbox: false,
  killPod: false,
  kill: [],
  reset: [],
  ephemeral: [],
  init: [],
  start: [],
};

/** @param restartingAll the pod's status says that all of its containers are to start anew */
export function computePodActions(
  pod: Pod,
  runtime: RuntimePod,
  probes: ProbeResults,
  restartingAll = false,
): PodActions {
  if (restartingAll) return { ...NOTHING, reset: containersToReset(pod, runtime) };
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec!;
  if (runtime.sandbox?.ready !== true) return withoutSandbox(pod, runtime);
  const ephemeral = ephemeralContainers.filter(({ name }) => latestContainer(runtime, name) === undefined)
    .map((container) => container as ContainerSpec);
  const init = computeInitActions(pod, initContainers, runtime, probes);
  if (init.killPod || !init.initialized) return { ...NOTHING, ...init, ephemeral };
  const kill: ContainerToKill[] = [...init.kill];
  const start: ContainerSpec[] = [];
  let keep = 0;
  for (const container of containers) {
    const last = latestContainer(runtime, container.name);
    if (last?.state !== "running") {
      if (shouldBeRestarted(pod, container, runtime)) start.push(container);
      continue;
    }
    const cause = causeToKill(container, last, probes, "Container");
    if (cause === undefined) {
      keep++;
      continue;
    }
    // A container that still runs is judged by its policy alone, not by its rules.
    const policy = container.restartPolicy ?? pod.spec!.restartPolicy;
    const restart = cause.reason === "changed" || cause.reason === "resize" || policy !== "Never";
    if (restart) start.push(container);
    const says = restart && cause.reason !== "resize" ? `${cause.message}, will be restarted` : cause.message;
    kill.push({ ...cause, container: last, message: says });
  }
  const done = keep === 0 && start.length === 0;
  return { ...NOTHING, killPod: done, kill, ephemeral, init: done ? [] : init.init, start };
}

/** The containers before their init containers, and those last on whose account it is done. */
function containersToReset({ spec }: Pod, { containers }: RuntimePod): readonly ContainerToReset[] {
  const sources: ContainerToReset[] = [];
  const others: ContainerToReset[] = [];
  for (const own of [...spec!.containers, ...spec!.initContainers ?? []]) {
    for (const container of containers.filter(({ name }) => name === own.name)) {
      const list = callsForRestart(own, container) ? sources : others;
      list.push({ container, kill: container.state !== "exited" });
    }
  }
  return [...others, ...sources];
}

function withoutSandbox(pod: Pod, runtime: RuntimePod): PodActions {
  const { containers, initContainers = [], restartPolicy } = pod.spec!;
  const again = runtime.sandbox !== undefined;
  if (again && restartPolicy === "Never" && runtime.containers.length > 0) return { ...NOTHING, killPod: true };
  const succeeded = ({ name }: ContainerSpec) => {
    const last = latestContainer(runtime, name);
    return last?.state === "exited" && last.exitCode === 0;
  };
  const isOnce = (container: ContainerSpec) => (container.restartPolicy ?? restartPolicy) === "OnFailure";
  const start = containers.filter((container) => !isOnce(container) || !succeeded(container));
  const initialized = containers.some(({ name }) => latestContainer(runtime, name) !== undefined);
  if (start.length === 0 && initialized) return { ...NOTHING, killPod: true };
  const first = initContainers.slice(0, 1);
  return { ...NOTHING, createSandbox: true, killPod: true, init: first, start: first.length > 0 ? [] : start };
}

function causeToKill(spec: ContainerSpec, running: Container, probes: ProbeResults, what: string) {
  if (spec.image !== running.specImage) {
    return { message: `${what} ${spec.name} definition changed`, reason: "changed" } as const;
  }
  if (probes.liveness(running.id) === "failure") {
    return { message: `${what} ${spec.name} failed liveness probe`, reason: "liveness" } as const;
  }
  if (probes.startup(running.id) === "failure") {
    return { message: `${what} ${spec.name} failed startup probe`, reason: "startup" } as const;
  }
  if (resizeOf(spec, running) === "restart") {
    return { message: `Container ${spec.name} resize requires restart`, reason: "resize" } as const;
  }
  return undefined;
}

interface InitActions {
  /** All init containers have done their work: the containers may run. */
  readonly initialized: boolean;
  readonly killPod: boolean;
  readonly kill: readonly ContainerToKill[];
  readonly init: readonly ContainerSpec[];
}

/** Goes from the last init container to the first, for the last one that was started tells how far the pod has come. */
function computeInitActions(
  pod: Pod,
  specs: readonly ContainerSpec[],
  runtime: RuntimePod,
  probes: ProbeResults,
): InitActions {
  if (specs.length === 0) return { initialized: true, killPod: false, kill: [], init: [] };
  const isUp = (state: string | undefined) => state === "created" || state === "running";
  let initialized = pod.spec!.containers.some(({ name }) => isUp(latestContainer(runtime, name)?.state));
  let previously = initialized;
  const kill: ContainerToKill[] = [];
  const init: ContainerSpec[] = [];
  for (let i = specs.length - 1; i >= 0; i--) {
    const spec = specs[i];
    const last = latestContainer(runtime, spec.name);
    if (last === undefined) {
      if (previously && isSidecar(spec)) init.push(spec);
      continue;
    }
    if (previously && !isSidecar(spec)) continue;
    const done = () => {
      if (i === specs.length - 1) initialized = true;
      else if (!previously) init.push(specs[i + 1]);
    };
    if (last.state === "created") init.push(spec);
    else if (last.state === "exited") {
      if (isSidecar(spec)) init.push(spec);
      else if (last.exitCode === 0) done();
      else if (shouldRestart(pod, spec, last.exitCode!)) init.push(spec);
      else return { initialized: false, killPod: true, kill: [], init: [] };
    } else if (isSidecar(spec)) {
      const started = spec.startupProbe === undefined ? "success" : probes.startup(last.id);
      const cause = causeToKill(spec, last, probes, "Init container");
      if (started === "success") done();
      if (cause !== undefined) {
        kill.push({ ...cause, container: last });
        init.push(spec);
      }
    }
    previously = true;
  }
  if (!previously) init.push(specs[0]);
  return { initialized, killPod: false, kill, init: init.reverse() };
}
