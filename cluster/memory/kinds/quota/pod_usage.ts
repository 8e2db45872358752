/** What a pod counts for: itself, and what its containers request and are limited to, until it has ended. */
import type { Container, Pod, PodAffinityTerm } from "../schema/types.ts";
import { isTerminal } from "../core/pod/phase.ts";
import { qosClass } from "../core/pod/qos.ts";
import { podLimits, podRequests, type ResourceSum } from "../core/pod/resources.ts";
import { formatQuantity } from "../quantity.ts";
import { addResources, type ResourceList } from "./resource_list.ts";
import { matchesSet, type ScopeSelector } from "./usage.ts";

const COMPUTE = ["cpu", "memory", "ephemeral-storage"];

const NAMES = new Set([
  "pods",
  "count/pods",
  ...COMPUTE,
  ...COMPUTE.flatMap((name) => [`requests.${name}`, `limits.${name}`]),
]);

/** Entries of a quota that are about pods: the known ones, huge pages and extended resources. */
export function podQuotaResource(name: string): boolean {
  return NAMES.has(name) || name.startsWith("hugepages-") || name.startsWith("requests.hugepages-") ||
    (name.startsWith("requests.") && name.includes("/") && !name.includes("kubernetes.io/"));
}

/** `now` is in milliseconds: a pod whose deletion is overdue (its node is lost) is no longer counted. */
export function podUsage(pod: Pod, now: number): ResourceList {
  const counted = { "count/pods": "1" };
  if (hasEnded(pod, now)) return counted;
  return addResources(counted, {
    pods: "1",
    ...computeUsage(texts(podRequests(pod.spec)), texts(podLimits(pod.spec))),
  });
}

function texts(sum: ResourceSum): ResourceList {
  return Object.fromEntries(Object.entries(sum).map(([name, quantity]) => [name, formatQuantity(quantity)]));
}

function computeUsage(requests: ResourceList, limits: ResourceList): ResourceList {
  const usage: Record<string, string> = {};
  for (const [name, quantity] of Object.entries(requests)) {
    const isHugePages = name.startsWith("hugepages-");
    if (COMPUTE.includes(name) || isHugePages) usage[name] = quantity;
    if (COMPUTE.includes(name) || isHugePages || name.includes("/")) usage[`requests.${name}`] = quantity;
  }
  for (const name of COMPUTE) if (limits[name] !== undefined) usage[`limits.${name}`] = limits[name];
  return usage;
}

function hasEnded(pod: Pod, now: number): boolean {
  if (isTerminal(pod)) return true;
  const { deletionTimestamp, deletionGracePeriodSeconds } = pod.metadata;
  return deletionTimestamp !== undefined && deletionGracePeriodSeconds !== undefined &&
    now > Date.parse(deletionTimestamp) + deletionGracePeriodSeconds * 1000;
}

export function podMatchesScope(pod: Pod, { scopeName, operator, values = [] }: ScopeSelector): boolean {
  switch (scopeName) {
    case "Terminating":
      return pod.spec.activeDeadlineSeconds !== undefined;
    case "NotTerminating":
      return pod.spec.activeDeadlineSeconds === undefined;
    case "BestEffort":
      return qosClass(pod) === "BestEffort";
    case "NotBestEffort":
      return qosClass(pod) !== "BestEffort";
    case "PriorityClass":
      return matchesSet(pod.spec.priorityClassName, operator, values);
    case "CrossNamespacePodAffinity":
      return usesOtherNamespaces(pod);
    default:
      return false;
  }
}

function usesOtherNamespaces({ spec }: Pod): boolean {
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const terms = [podAffinity, podAntiAffinity].flatMap((affinity): readonly PodAffinityTerm[] => [
    ...affinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [],
    ...(affinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).map(({ podAffinityTerm }) => podAffinityTerm),
  ]);
  return terms.some(({ namespaces = [], namespaceSelector }) =>
    namespaces.length > 0 || namespaceSelector !== undefined
  );
}

/** CPU and memory under a quota must be asked for by every container, or by the pod as a whole. */
const DEMANDED = ["cpu", "memory"].flatMap((name) => [name, `requests.${name}`, `limits.${name}`]);

/** "must specify requests.cpu for: app,sidecar", or undefined when nothing is missing. */
export function podConstraint({ spec }: Pod, resources: readonly string[]): string | undefined {
  if (spec.resources?.requests !== undefined || spec.resources?.limits !== undefined) return undefined;
  const missing = DEMANDED.filter((name) => resources.includes(name)).sort().flatMap((name) => {
    const silent = [...spec.containers, ...spec.initContainers ?? []].filter((container) => !says(container, name));
    return silent.length === 0 ? [] : [`${name} for: ${[...new Set(silent.map(({ name }) => name))].sort().join(",")}`];
  });
  return missing.length === 0 ? undefined : `must specify ${missing.join("; ")}`;
}

function says({ resources }: Container, name: string): boolean {
  return computeUsage(resources?.requests ?? {}, resources?.limits ?? {})[name] !== undefined;
}
