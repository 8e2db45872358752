/**
 * The probes of one pod's containers, and what they know.
 *
 * Source: `pkg/kubelet/prober/prober_manager.go`.
 */
import type { Container as ContainerSpec, ContainerStatus, Pod } from "../../kinds/schema/types.ts";
import type { Container, RuntimePod } from "../container.ts";
import { isSidecar } from "../container_refs.ts";
import type { NodeContext } from "../node_context.ts";
import type { ProbeResult, ProbeResults } from "../pod_actions.ts";
import type { ProbeState } from "../status/pod_status.ts";
import { type ProbeType, ProbeWorker } from "./probe_worker.ts";

export interface PodProbesOptions {
  readonly node: NodeContext;
  readonly pod: () => Pod;
  readonly runtime: RuntimePod;
  /** Called when a container becomes ready, started or unhealthy, or is so no longer. */
  readonly changed: () => void;
}

const ID_PREFIX = "containerd://";

/** Has a {@linkcode ProbeWorker} for each probe of each container. */
export class PodProbes implements ProbeResults, ProbeState {
  readonly #workers = new Map<string, ProbeWorker>();

  constructor(readonly options: PodProbesOptions) {}

  /** Begins to ask the containers that have probes. */
  start(): void {
    this.#addAll();
    for (const worker of this.#workers.values()) worker.start();
  }

  #addAll(): void {
    const { spec } = this.options.pod();
    for (const container of [...spec!.containers, ...(spec!.initContainers ?? []).filter(isSidecar)]) {
      this.#add("Startup", container, container.startupProbe);
      this.#add("Readiness", container, container.readinessProbe);
      this.#add("Liveness", container, container.livenessProbe);
    }
  }

  /** Begins to ask containers that are known to be well. */
  adopt(containers: readonly Container[]): void {
    this.#addAll();
    for (const { id, name, state } of containers) {
      if (state !== "running") continue;
      for (const type of ["Startup", "Readiness", "Liveness"]) this.#workers.get(`${type}/${name}`)?.assume(id);
    }
  }

  stop(): void {
    for (const worker of this.#workers.values()) worker.stop();
    this.#workers.clear();
  }

  liveness(id: string): ProbeResult | undefined {
    return this.#result("Liveness", id);
  }

  startup(id: string): ProbeResult | undefined {
    return this.#result("Startup", id);
  }

  started({ name, containerID = "" }: ContainerStatus): boolean {
    const worker = this.#workers.get(`Startup/${name}`);
    return worker === undefined || worker.result(containerID.slice(ID_PREFIX.length)) === "success";
  }

  ready({ name, containerID = "" }: ContainerStatus): boolean {
    const worker = this.#workers.get(`Readiness/${name}`);
    if (worker === undefined) return true;
    const result = worker.result(containerID.slice(ID_PREFIX.length));
    // Not asked yet: there is no need to wait for the next time.
    if (result === undefined || result === "failure") worker.trigger();
    return result === "success";
  }

  #result(type: ProbeType, id: string): ProbeResult | undefined {
    for (const [key, worker] of this.#workers) {
      const result = key.startsWith(`${type}/`) ? worker.result(id) : undefined;
      if (result !== undefined) return result;
    }
    return undefined;
  }

  #add(type: ProbeType, spec: ContainerSpec, probe: ContainerSpec["startupProbe"]): void {
    const key = `${type}/${spec.name}`;
    if (probe === undefined || this.#workers.has(key)) return;
    const started = ({ id }: Container) =>
      !this.#workers.has(`Startup/${spec.name}`) || this.#workers.get(`Startup/${spec.name}`)!.result(id) === "success";
    this.#workers.set(key, new ProbeWorker(type, probe, { ...this.options, spec, started }));
  }
}
