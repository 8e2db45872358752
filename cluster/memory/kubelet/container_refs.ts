/** Names and rules of a pod's containers, as the kubelet's parts share them. */
import { isSidecar } from "../kinds/core/pod/resources.ts";
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import { type Container, latestContainer, type RuntimePod } from "./container.ts";

/** "web_default(6f0b…)": how the kubelet names a pod in messages. */
export const podFormat = ({ metadata: { name, namespace, uid } }: Pod): string => `${name}_${namespace}(${uid})`;

/** The spec of a container of any sort. */
export function containerSpec({ spec }: Pod, name: string): ContainerSpec | undefined {
  const all = [...spec!.containers, ...spec!.initContainers ?? [], ...spec!.ephemeralContainers ?? []];
  return all.find((container) => container.name === name) as ContainerSpec | undefined;
}

/** "spec.containers{app}": the part of the pod that an event is about. */
export function containerFieldPath({ spec }: Pod, name: string): string | undefined {
  for (const field of ["containers", "initContainers", "ephemeralContainers"] as const) {
    if (spec![field]?.some((container) => container.name === name)) return `spec.${field}{${name}}`;
  }
  return undefined;
}

/** Whether a container that ended with `code` is to be started again, by its own rules or the pod's. */
export function shouldRestart(pod: Pod, container: ContainerSpec, code: number): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    if (exitCodes === undefined) continue;
    const listed = exitCodes.values?.includes(code) ?? false;
    if (listed === (exitCodes.operator === "In")) return action === "Restart" || action === "RestartAllContainers";
  }
  const policy = container.restartPolicy ?? pod.spec!.restartPolicy ?? "Always";
  return policy === "Always" || (policy === "OnFailure" && code !== 0);
}

/** Whether a container is to be (re)started, by the state of its last start. */
export function shouldBeRestarted(pod: Pod, container: ContainerSpec, runtime: RuntimePod): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return false;
  const last: Container | undefined = latestContainer(runtime, container.name);
  if (last === undefined) return true;
  if (last.state === "running") return false;
  if (last.state === "created") return true;
  return shouldRestart(pod, container, last.exitCode ?? 0);
}

/** Whether a container that has ended may ever run again in this pod. */
export function mayComeBack(pod: Pod, container: ContainerSpec, runtime: RuntimePod): boolean {
  const last = latestContainer(runtime, container.name);
  return last?.state !== "exited" || shouldRestart(pod, container, last.exitCode ?? 0);
}

export { isSidecar };
