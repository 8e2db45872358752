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

/** What the first of a container's rules that fits its exit code says: "Restart", "RestartAllContainers". */
function ruleFor({ restartPolicyRules = [] }: ContainerSpec, code: number): string | undefined {
  return restartPolicyRules.find(({ exitCodes }) =>
    exitCodes !== undefined && (exitCodes.values?.includes(code) ?? false) === (exitCodes.operator === "In")
  )?.action;
}

/** Whether a container that ended with `code` is to be started again, by its own rules or the pod's. */
export function shouldRestart(pod: Pod, container: ContainerSpec, code: number): boolean {
  if (ruleFor(container, code) !== undefined) return true;
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

const allOf = ({ spec }: Pod): readonly ContainerSpec[] => [...spec!.initContainers ?? [], ...spec!.containers];

/** Whether the end of some container of the pod may make all of them start anew. */
export const mayRestartAll = (pod: Pod): boolean =>
  allOf(pod).some(({ restartPolicyRules = [] }) =>
    restartPolicyRules.some(({ action }) => action === "RestartAllContainers")
  );

/** Whether a container has ended so that all of the pod are to start anew. */
export function callsForRestart(container: ContainerSpec, last: Container | undefined): boolean {
  return last?.state === "exited" && ruleFor(container, last.exitCode ?? 0) === "RestartAllContainers";
}

/** The same of any of the pod's. */
export const restartsAll = (pod: Pod, runtime: RuntimePod): boolean =>
  allOf(pod).some((container) => callsForRestart(container, latestContainer(runtime, container.name)));

/** Whether a container that has ended may ever run again in this pod. */
export function mayComeBack(pod: Pod, container: ContainerSpec, runtime: RuntimePod): boolean {
  const last = latestContainer(runtime, container.name);
  return last?.state !== "exited" || mayRestartAll(pod) || shouldRestart(pod, container, last.exitCode ?? 0);
}

export { isSidecar };
