/**
 * Gives running containers other resources than they have.
 *
 * Source: `pkg/kubelet/kuberuntime/kuberuntime_manager.go` (computePodResizeAction, doPodResizeAction).
 */
import type { Container as ContainerSpec, Pod, ResourceRequirements } from "../kinds/schema/types.ts";
import { amount } from "../scheduler/helper/resources.ts";
import { type Container, runningContainers, type RuntimePod } from "./container.ts";
import { memoryOf } from "./eviction/usage.ts";
import type { Limits } from "./runtime/runtime.ts";

/** What a container may use by its spec. */
export function limitsOf(resources: ResourceRequirements | undefined): Limits {
  const { memory, cpu } = resources?.limits ?? {};
  return {
    ...memory === undefined ? {} : { memory: amount("memory", memory) },
    ...cpu === undefined ? {} : { cpu: amount("cpu", cpu) },
  };
}

/** Whether a running container has other resources than it should, and whether that takes a new start. */
export function resizeOf(spec: ContainerSpec, { resources }: Container): "none" | "in place" | "restart" {
  const changed = ["cpu", "memory"].filter((name) =>
    (["requests", "limits"] as const).some((kind) => spec.resources?.[kind]?.[name] !== resources?.[kind]?.[name])
  );
  if (changed.length === 0) return "none";
  const restarts = spec.resizePolicy?.some(({ resourceName, restartPolicy }) =>
    restartPolicy === "RestartContainer" && changed.includes(resourceName)
  );
  return restarts ? "restart" : "in place";
}

/** @returns whether any container was changed, or why none can be */
export function resizeInPlace(
  pod: Pod,
  runtime: RuntimePod,
): { readonly changed: boolean; readonly problem?: string } {
  const running = runningContainers(runtime);
  const due = [...pod.spec!.containers, ...pod.spec!.initContainers ?? []].flatMap((spec) => {
    const container = running.find(({ name }) => name === spec.name);
    return container !== undefined && resizeOf(spec, container) === "in place" ? [{ spec, container }] : [];
  });
  if (due.length === 0) return { changed: false };
  const problem = memoryProblem(pod, running, due);
  if (problem !== undefined) return { changed: false, problem };
  for (const { spec, container } of due) {
    container.resources = spec.resources;
    container.process?.resize(limitsOf(spec.resources));
  }
  return { changed: true };
}

interface Due {
  readonly spec: ContainerSpec;
  readonly container: Container;
}

const memoryLimit = (resources: ResourceRequirements | undefined) => limitsOf(resources).memory;

/** No memory is taken away that is in use. */
function memoryProblem(pod: Pod, running: readonly Container[], due: readonly Due[]): string | undefined {
  const used = running.reduce((sum, container) => sum + memoryOf(container), 0);
  const total = (limits: readonly (number | undefined)[]) =>
    limits.includes(undefined) ? Infinity : limits.reduce<number>((sum, limit) => sum + limit!, 0);
  const main = pod.spec!.containers;
  const wanted = total(main.map(({ resources }) => memoryLimit(resources)));
  const current = total(main.map(({ name }) => memoryLimit(running.find((one) => one.name === name)?.resources)));
  const problems = wanted < current && used >= wanted
    ? [`attempting to set pod memory limit (${wanted}) below current usage (${used})`]
    : [];
  for (const { spec, container } of due) {
    const limit = memoryLimit(spec.resources);
    if (limit === undefined || limit >= (memoryLimit(container.resources) ?? Infinity)) continue;
    if (memoryOf(container) < limit) continue;
    const name = JSON.stringify(spec.name);
    problems.push(`attempting to set container ${name} memory limit (${limit}) below current usage (${used})`);
  }
  if (problems.length === 0) return undefined;
  const all = problems.length === 1 ? problems[0] : `[${problems.join(", ")}]`;
  return `cannot decrease memory limits: ${all}`;
}
