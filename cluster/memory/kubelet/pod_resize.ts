/**
 * Resizing a pod that runs: what its spec asks for is granted when the node has room, and then given to its containers,
 * in place or by starting them anew.
 *
 * Source: `pkg/kubelet/allocation`, `pkg/kubelet/kuberuntime` (computePodResizeAction), `pkg/kubelet/events/resize.go`.
 */
import type { EventRecorder } from "../api/event_recorder.ts";
import { equalJson } from "../kinds/json.ts";
import type { Container as ContainerSpec, Pod, PodCondition, ResourceRequirements } from "../kinds/schema/types.ts";
import type { Rejection } from "./admission.ts";

/** The resources that a pod was granted. */
export class PodAllocation {
  #granted: ReadonlyMap<string, ResourceRequirements | undefined>;
  #pending: (Rejection & { readonly generation: number | undefined }) | undefined;
  #inProgress: { readonly generation: number | undefined; readonly problem?: string } | undefined;

  constructor(pod: Pod) {
    this.#granted = resourcesOf(pod);
  }

  /** The pod with the resources that it was granted, for what the kubelet does and says. */
  grantedPod(pod: Pod): Pod {
    if (this.#pending === undefined) return pod;
    const granted = (container: ContainerSpec): ContainerSpec => ({
      ...container,
      resources: this.#granted.get(container.name) ?? {},
    });
    const { containers, initContainers } = pod.spec!;
    const init = initContainers === undefined ? {} : { initContainers: initContainers.map(granted) };
    const whole = this.#granted.get("");
    const shared = whole === undefined ? {} : { resources: whole };
    return { ...pod, spec: { ...pod.spec!, containers: containers.map(granted), ...init, ...shared } };
  }

  /** Grants what the spec asks for, if the node has room. @param admit says why it has none */
  update(pod: Pod, admit: () => Rejection | undefined, recorder: EventRecorder): void {
    const wanted = resourcesOf(pod);
    const { generation } = pod.metadata;
    if ([...wanted].every(([name, resources]) => equalJson(resources ?? {}, this.#granted.get(name) ?? {}))) {
      this.#pending = undefined;
      return;
    }
    const rejection = admit();
    if (rejection === undefined) {
      this.#granted = wanted;
      this.#pending = undefined;
      this.#inProgress = { generation };
      recorder.event(pod, "Normal", "ResizeStarted", `Pod resize started: ${summary(pod, generation)}`);
      return;
    }
    const known = this.#pending?.generation === generation;
    this.#pending = { ...rejection, generation };
    if (known) return;
    const { reason, message } = rejection;
    recorder.event(pod, "Warning", "ResizeDeferred", `Pod resize ${reason}: ${summary(pod, generation, message)}`);
  }

  /** All containers have what they were granted. */
  complete(pod: Pod, recorder: EventRecorder): void {
    if (this.#inProgress === undefined) return;
    const { generation } = this.#inProgress;
    this.#inProgress = undefined;
    recorder.event(pod, "Normal", "ResizeCompleted", `Pod resize completed: ${summary(pod, generation)}`);
  }

  /** What was granted cannot be given at the moment. */
  fail(pod: Pod, problem: string, recorder: EventRecorder): void {
    const { generation = pod.metadata.generation } = this.#inProgress ?? {};
    if (this.#inProgress?.problem === problem) return;
    this.#inProgress = { generation, problem };
    recorder.event(pod, "Warning", "ResizeError", `Pod resize error: ${summary(pod, generation, problem)}`);
  }

  get conditions(): readonly PodCondition[] {
    const conditions: PodCondition[] = [];
    if (this.#pending !== undefined) {
      const { message, generation } = this.#pending;
      const pending = { type: "PodResizePending", status: "True", reason: "Deferred", message };
      conditions.push({ ...pending, observedGeneration: generation });
    }
    if (this.#inProgress !== undefined) {
      const { generation, problem } = this.#inProgress;
      const why = problem === undefined ? {} : { reason: "Error", message: problem };
      conditions.push({ type: "PodResizeInProgress", status: "True", ...why, observedGeneration: generation });
    }
    return conditions;
  }
}

/** By container; those of the pod as a whole under no name. */
const resourcesOf = ({ spec }: Pod): ReadonlyMap<string, ResourceRequirements | undefined> =>
  new Map([
    ...[...spec!.initContainers ?? [], ...spec!.containers].map(({ name, resources }) => [name, resources] as const),
    ...spec!.resources === undefined ? [] : [["", spec!.resources] as const],
  ]);

/** What is asked for, as the events tell it. */
function summary({ spec }: Pod, generation: number | undefined, error?: string): string {
  const list = (containers: readonly ContainerSpec[]) =>
    containers.map(({ name, resources: { limits, requests } = {} }) => ({ name, resources: { limits, requests } }));
  return JSON.stringify({
    ...spec!.initContainers?.length ? { initContainers: list(spec!.initContainers) } : {},
    containers: list(spec!.containers),
    generation,
    ...error === undefined ? {} : { error },
  });
}
