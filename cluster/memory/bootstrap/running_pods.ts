/**
 * Pods that run from the beginning: created, placed and said to be ready in one go, for nobody wants to wait until a
 * new cluster's own pods have started. Their kubelets take them over as they would after a restart.
 */
import type { Client } from "../api/client.ts";
import { pods } from "../api/kind_refs.ts";
import { timestamp } from "../api/timestamps.ts";
import type { Clock } from "../clock.ts";
import type { Partially } from "../kinds/object.ts";
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import type { Container, RuntimePod } from "../kubelet/container.ts";
import { ContainerLog } from "../kubelet/container_log.ts";
import { containerdId } from "../kubelet/ids.ts";
import { findImage, fullName } from "../kubelet/images/registry.ts";
import { podStatus } from "../kubelet/status/pod_status.ts";

export interface Place {
  readonly node: string;
  readonly hostIP: string;
  /** Of the pod; none on the host's network. */
  readonly ip?: string;
}

/** Creates a pod on a node, running and ready. */
export async function createRunningPod(client: Client, clock: Clock, pod: Partially<Pod>, place: Place): Promise<Pod> {
  const { node: nodeName, hostIP } = place;
  const created = await client.create<Pod>(pods, { ...pod, spec: { ...pod.spec, nodeName } });
  const { spec } = created;
  const now = clock.now();
  const init = (spec!.initContainers ?? []).map((container) => containerOf(clock, container, now, true));
  const running = spec!.containers.map((container) => containerOf(clock, container, now, false));
  const ip = spec!.hostNetwork ? undefined : place.ip;
  const runtime: RuntimePod = {
    sandbox: { id: containerdId(clock), ip, ready: true },
    containers: [...running, ...init],
    removed: new Map(),
  };
  const status = podStatus(created, {
    runtime,
    previous: created.status ?? {},
    failures: new Map(),
    probes: { started: () => true, ready: () => true },
    hostIP,
    terminal: false,
    isStatic: false,
  });
  const since = timestamp(now);
  const conditions = status.conditions?.map((condition) => ({ ...condition, lastTransitionTime: since }));
  return await client.updateStatus(pods, { ...created, status: { ...status, conditions, startTime: since } });
}

function containerOf(clock: Clock, spec: ContainerSpec, now: number, done: boolean): Container {
  const image = findImage(fullName(spec.image!)!);
  if (image === undefined) throw new Error(`no image ${spec.image}`);
  return {
    id: containerdId(clock),
    name: spec.name,
    restarts: 0,
    image,
    log: new ContainerLog(() => clock.now()),
    specImage: spec.image!,
    resources: spec.resources,
    state: done ? "exited" : "running",
    startedAt: now,
    ...done ? { finishedAt: now, exitCode: 0, reason: "Completed" } : {},
  };
}
