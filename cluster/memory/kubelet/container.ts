/**
 * Containers and sandboxes of one node as its container runtime keeps them: what was created, runs and has ended.
 *
 * Source: the CRI (`k8s.io/cri-api`), and containerd for the words.
 */
import type { ResourceRequirements } from "../kinds/schema/types.ts";
import type { ContainerLog } from "./container_log.ts";
import type { FoundImage } from "./images/registry.ts";
import type { ContainerProcess } from "./runtime/runtime.ts";

/** One start of one container. Times are milliseconds of the clock. */
export interface Container {
  /** 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  /** How many times the container had been started before. */
  readonly restarts: number;
  readonly image: FoundImage;
  readonly log: ContainerLog;
  /** What the pod's spec said when it was created: another image makes another container. */
  readonly specImage: string;
  /** What it may use, as set last. */
  resources: ResourceRequirements | undefined;
  state: "created" | "running" | "exited";
  startedAt?: number;
  finishedAt?: number;
  exitCode?: number;
  /** "Completed", "Error", "OOMKilled", "StartError". */
  reason?: string;
  message?: string;
  process?: ContainerProcess;
}

/** The pod's place on the node: its network. */
export interface Sandbox {
  readonly id: string;
  /** Undefined on the host's network. */
  readonly ip: string | undefined;
  ready: boolean;
  /** The process that the pod's containers have above theirs, where they share them. */
  pause?: ContainerProcess;
}

/** All that the runtime has of a pod; the newest containers first. */
export interface RuntimePod {
  sandbox: Sandbox | undefined;
  readonly containers: Container[];
  /** How often containers that were removed had been started again, by name: their logs stay until the pod is gone. */
  readonly removed: Map<string, number>;
}

/** The newest container of a name. */
export const latestContainer = ({ containers }: RuntimePod, name: string): Container | undefined =>
  containers.find((container) => container.name === name);

/** The containers of a pod whose process runs. */
export const runningContainers = ({ containers }: RuntimePod): readonly Container[] =>
  containers.filter(({ state }) => state === "running");

/** The newest of each container's runs that have ended, by name. */
export function latestEnded({ containers }: RuntimePod): ReadonlyMap<string, Container> {
  const ended = containers.filter(({ state }) => state === "exited");
  return new Map(ended.toReversed().map((container) => [container.name, container]));
}

/** Forgets all but the latest of the containers of a name that have ended. */
export function forgetDead({ containers }: RuntimePod): void {
  const seen = new Set<string>();
  for (let i = 0; i < containers.length; i++) {
    const { name, state } = containers[i];
    if (state !== "exited") continue;
    if (seen.has(name)) containers.splice(i--, 1);
    seen.add(name);
  }
}
