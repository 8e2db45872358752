/**
 * What the scheduler reads from a pod, worked out once for the pod's life in the cache.
 *
 * Source: `pkg/scheduler/framework/types.go` (PodInfo).
 */
import { keyOf } from "../../api/informer.ts";
import { type Labels, type Selector, selectorMatches, selectorOf } from "../../kinds/label_selector.ts";
import type { LabelSelector, Pod, PodAffinityTerm, WeightedPodAffinityTerm } from "../../kinds/schema/types.ts";
import { type Amounts, NON_ZERO_REQUESTS, podRequests } from "../helper/resources.ts";

/** The labels of a namespace; an unknown one has none. */
export type NamespaceLabels = (namespace: string) => Labels;

/** A term of pod affinity or anti-affinity, its selectors ready to be asked. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: Selector | undefined;
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: Selector | undefined;
}

export interface WeightedAffinityTerm {
  readonly weight: number;
  readonly term: AffinityTerm;
}

/** A port of the node that a pod takes for itself. */
export interface HostPort {
  readonly ip: string;
  readonly protocol: string;
  readonly port: number;
}

export interface PodInfo {
  readonly pod: Pod;
  /** "namespace/name" */
  readonly key: string;
  readonly namespace: string;
  readonly priority: number;
  readonly requests: Amounts;
  /** CPU and memory as scoring counts them: something even where nothing is asked for. */
  readonly nonZero: { readonly cpu: number; readonly memory: number };
  readonly hostPorts: readonly HostPort[];
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedAffinityTerm[];
  readonly preferredAntiAffinity: readonly WeightedAffinityTerm[];
}

const NONE: readonly never[] = [];

export function podInfo(pod: Pod): PodInfo {
  const spec = pod.spec!;
  const { podAffinity, podAntiAffinity } = spec.affinity ?? {};
  const term = (from: PodAffinityTerm) => affinityTerm(pod, from);
  const weighted = ({ weight, podAffinityTerm }: WeightedPodAffinityTerm) => ({ weight, term: term(podAffinityTerm) });
  const nonZero = podRequests(pod, { missing: NON_ZERO_REQUESTS });
  return {
    pod,
    key: keyOf(pod.metadata.namespace, pod.metadata.name!),
    namespace: pod.metadata.namespace!,
    priority: spec.priority ?? 0,
    requests: podRequests(pod),
    nonZero: { cpu: nonZero.cpu ?? 0, memory: nonZero.memory ?? 0 },
    hostPorts: hostPorts(pod),
    requiredAffinity: podAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.map(term) ?? NONE,
    requiredAntiAffinity: podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.map(term) ?? NONE,
    preferredAffinity: podAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.map(weighted) ?? NONE,
    preferredAntiAffinity: podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution?.map(weighted) ?? NONE,
  };
}

/** Terms may name labels whose values are taken from the pod itself. */
function withOwnLabels(pod: Pod, selector: LabelSelector | undefined, term: PodAffinityTerm) {
  const labels = pod.metadata.labels ?? {};
  const expressions = (keys: readonly string[] | undefined, operator: string) =>
    (keys ?? []).filter((key) => key in labels).map((key) => ({ key, operator, values: [labels[key]] }));
  const own = [...expressions(term.matchLabelKeys, "In"), ...expressions(term.mismatchLabelKeys, "NotIn")];
  if (selector === undefined || own.length === 0) return selector;
  return { ...selector, matchExpressions: [...selector.matchExpressions ?? [], ...own] };
}

function affinityTerm(pod: Pod, term: PodAffinityTerm): AffinityTerm {
  const everywhere = term.namespaceSelector !== undefined;
  const namespaces = term.namespaces?.length ? term.namespaces : everywhere ? [] : [pod.metadata.namespace!];
  return {
    topologyKey: term.topologyKey,
    selector: selectorOf(withOwnLabels(pod, term.labelSelector, term)),
    namespaces: new Set(namespaces),
    namespaceSelector: everywhere ? selectorOf(term.namespaceSelector) : undefined,
  };
}

/** Whether a pod is one that a term speaks of. */
export function affinityTermMatches(term: AffinityTerm, pod: Pod, labelsOf: NamespaceLabels): boolean {
  if (term.selector === undefined || !selectorMatches(term.selector, pod.metadata.labels)) return false;
  const namespace = pod.metadata.namespace!;
  return term.namespaces.has(namespace) ||
    (term.namespaceSelector !== undefined && selectorMatches(term.namespaceSelector, labelsOf(namespace)));
}

function hostPorts({ spec }: Pod): readonly HostPort[] {
  const ports: HostPort[] = [];
  const sidecars = spec!.initContainers?.filter((container) => container.restartPolicy === "Always") ?? NONE;
  for (const { ports: own } of [...spec!.containers, ...sidecars]) {
    for (const { hostPort, hostIP, protocol } of own ?? NONE) {
      if (hostPort) ports.push({ ip: hostIP || "0.0.0.0", protocol: protocol || "TCP", port: hostPort });
    }
  }
  return ports.length === 0 ? NONE : ports;
}

/** Two pods cannot both have a port of a node, unless on addresses of their own. */
export function hostPortsConflict(wanted: HostPort, taken: HostPort): boolean {
  return wanted.port === taken.port && wanted.protocol === taken.protocol &&
    (wanted.ip === taken.ip || wanted.ip === "0.0.0.0" || taken.ip === "0.0.0.0");
}
