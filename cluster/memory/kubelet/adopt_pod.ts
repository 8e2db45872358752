/**
 * A pod that is said to run already when its node's kubelet first sees it, as after a restart of the kubelet, or when a
 * cluster begins with its system pods running: its containers are taken to be there, as its status says.
 */
import { instant } from "../api/timestamps.ts";
import type { Container as ContainerSpec, ContainerStatus, Pod } from "../kinds/schema/types.ts";
import { ContainerLog } from "./container_log.ts";
import type { Container } from "./container.ts";
import { containerdId } from "./ids.ts";
import { findImage, fullName } from "./images/registry.ts";
import type { Kubelet } from "./kubelet.ts";
import type { NodeContext } from "./node_context.ts";
import { adoptProcess } from "./adopt_process.ts";

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
    const createdAt = instant(status.startTime) ?? clock.now();
    runtime.sandbox = { id: containerdId(clock), createdAt, ip, ready: true };
    const specs = [...spec!.initContainers ?? [], ...spec!.containers];
    for (const own of specs) {
      const said = [...status.initContainerStatuses ?? [], ...status.containerStatuses!]
        .find(({ name }) => name === own.name);
      const container = said === undefined ? undefined : adoptContainer(node, pod, own, said, () => {
        worker.changed = true;
        worker.options.relist(worker);
      });
      if (container !== undefined) runtime.containers.push(container);
    }
    worker.adopted();
  });
  return true;
}

function adoptContainer(
  node: NodeContext,
  pod: Pod,
  spec: ContainerSpec,
  { state, restartCount, containerID }: ContainerStatus,
  changed: () => void,
): Container | undefined {
  const { clock } = node;
  const image = findImage(fullName(spec.image ?? "") ?? "");
  if (image === undefined) return undefined;
  node.images.add(image.name);
  const { running, terminated } = state;
  const startedAt = instant((running ?? terminated)?.startedAt) ?? clock.now();
  const container: Container = {
    id: containerID?.replace(/^.*:\/\//, "") ?? containerdId(clock),
    name: spec.name,
    restarts: restartCount,
    image,
    log: new ContainerLog(() => clock.now()),
    createdAt: startedAt,
    specImage: spec.image ?? "",
    resources: spec.resources,
    state: running === undefined ? "exited" : "running",
    startedAt,
  };
  if (terminated !== undefined) {
    container.finishedAt = instant(terminated.finishedAt) ?? startedAt;
    container.exitCode = terminated.exitCode;
    container.reason = terminated.reason;
  } else adoptProcess(node, pod, spec, container, changed);
  return container;
}
