/**
 * A pod that is said to run already when its node's kubelet first sees it, as after a restart of the kubelet, or when a
 * cluster begins with its system pods running: its containers are taken to be there, as its status says.
 */
import { instant } from "../api/timestamps.ts";
import type { Container as ContainerSpec, ContainerStatus, Pod } from "../kinds/schema/types.ts";
import { ContainerLog } from "./container_log.ts";
import type { Container } from "./container.ts";
import { containerConfig } from "./container_config.ts";
import { runContainer } from "./container_starter.ts";
import { containerdId } from "./ids.ts";
import { fullName } from "./images/registry.ts";
import type { Kubelet } from "./kubelet.ts";
import type { NodeContext } from "./node_context.ts";
import type { PodWorker } from "./pod_worker.ts";

/** @returns whether the pod was running and is now looked after */
export function adoptPod(kubelet: Kubelet, node: NodeContext, pod: Pod): boolean {
  const { status, spec, metadata } = pod;
  if (status?.phase !== "Running" || status.containerStatuses === undefined) return false;
  if (metadata.deletionTimestamp !== undefined) return false;
  const { clock } = node;
  kubelet.adopt(pod, (worker) => {
    const { runtime } = worker;
    const ip = spec!.hostNetwork ? undefined : status.podIP;
    if (ip !== undefined) node.addresses.claim(ip);
    runtime.sandbox = { id: containerdId(clock), ip, ready: true };
    worker.mountVolumes();
    const said = [...status.initContainerStatuses ?? [], ...status.containerStatuses!];
    for (const own of [...spec!.initContainers ?? [], ...spec!.containers]) {
      const status = said.find(({ name }) => name === own.name);
      if (status !== undefined) adoptContainer(worker, own, status);
    }
    worker.adopted();
  });
  return true;
}

function adoptContainer(worker: PodWorker, spec: ContainerSpec, status: ContainerStatus): void {
  const { pod, runtime, volumes, options: { node, relist } } = worker;
  const { clock } = node;
  const image = node.images.registry.find(fullName(spec.image ?? "") ?? "");
  if (image === undefined) return;
  node.images.add(image.name);
  const { running, terminated } = status.state;
  const startedAt = instant((running ?? terminated)?.startedAt) ?? clock.now();
  const container: Container = {
    id: status.containerID?.replace(/^.*:\/\//, "") ?? containerdId(clock),
    name: spec.name,
    restarts: status.restartCount,
    image,
    log: new ContainerLog(() => clock.now()),
    specImage: spec.image ?? "",
    resources: spec.resources,
    state: running === undefined ? "exited" : "running",
    startedAt,
  };
  runtime.containers.push(container);
  if (running === undefined) {
    container.finishedAt = instant(terminated?.finishedAt) ?? startedAt;
    container.exitCode = terminated?.exitCode ?? 0;
    container.reason = terminated?.reason;
    return;
  }
  const changed = () => {
    worker.changed = true;
    relist(worker);
  };
  runContainer(container, containerConfig(spec, image, { node, pod, runtime, volumes }), { node, pod, changed });
  container.startedAt = startedAt;
}
