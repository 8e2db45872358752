/** On which nodes a DaemonSet's pod belongs. Source: `pkg/controller/daemon/daemon_controller.go`, `daemon/util`. */
import type {
  DaemonSet,
  Node,
  NodeSelector,
  Pod,
  PodSpec,
  PodTemplateSpec,
  Toleration,
} from "../../kinds/schema/types.ts";
import { requiredNodeAffinityMatches } from "../../scheduler/helper/node_affinity.ts";
import { DO_NOT_SCHEDULE, untolerated } from "../../scheduler/helper/tolerations.ts";

export interface Verdict {
  readonly shouldRun: boolean;
  /** A pod that is there may stay, though a new one would not be put there. */
  readonly shouldContinue: boolean;
}

/** @param spec the pod's, with the tolerations of a daemon */
export function verdictFor(spec: PodSpec, node: Node): Verdict {
  const fits = (!spec.nodeName || spec.nodeName === node.metadata.name) && requiredNodeAffinityMatches(spec, node);
  if (!fits) return { shouldRun: false, shouldContinue: false };
  const { taints } = node.spec ?? {};
  if (untolerated(taints, spec.tolerations, DO_NOT_SCHEDULE) === undefined) {
    return { shouldRun: true, shouldContinue: true };
  }
  return { shouldRun: false, shouldContinue: untolerated(taints, spec.tolerations, ["NoExecute"]) === undefined };
}

const exists = (key: string, effect: string): Toleration => ({
  key: `node.kubernetes.io/${key}`,
  operator: "Exists",
  effect,
});

/** Daemons stay when a node is in trouble: they may be what helps it. */
const DAEMON_TOLERATIONS: readonly Toleration[] = [
  exists("not-ready", "NoExecute"),
  exists("unreachable", "NoExecute"),
  exists("disk-pressure", "NoSchedule"),
  exists("memory-pressure", "NoSchedule"),
  exists("pid-pressure", "NoSchedule"),
  exists("unschedulable", "NoSchedule"),
];

const specs = new WeakMap<PodSpec, PodSpec>();

/** The template's pod with the tolerations of a daemon. */
export function daemonSpec({ spec: { template } }: DaemonSet): PodSpec {
  const spec = template.spec;
  let tolerating = specs.get(spec);
  if (tolerating === undefined) {
    const network = spec.hostNetwork ? [exists("network-unavailable", "NoSchedule")] : [];
    const tolerations = [...DAEMON_TOLERATIONS, ...network].reduce(withToleration, spec.tolerations ?? []);
    specs.set(spec, tolerating = { ...spec, tolerations });
  }
  return tolerating;
}

function withToleration(tolerations: readonly Toleration[], added: Toleration): readonly Toleration[] {
  const isSame = ({ key, effect, operator, value }: Toleration) =>
    key === added.key && effect === added.effect && operator === added.operator && (value ?? "") === "";
  if (!tolerations.some(isSame)) return [...tolerations, added];
  return tolerations.map((toleration) => isSame(toleration) ? added : toleration);
}

export const GENERATION = "deprecated.daemonset.template.generation";
export const REVISION_HASH = "controller-revision-hash";
const GENERATION_LABEL = "pod-template-generation";

function templateGeneration({ metadata }: DaemonSet): string | undefined {
  const text = metadata.annotations?.[GENERATION];
  return text !== undefined && /^-?[0-9]+$/.test(text) ? text : undefined;
}

/** The template of the pod for one node: the scheduler binds it there and nowhere else. */
export function templateFor(daemonSet: DaemonSet, hash: string, node: string): PodTemplateSpec {
  const { template } = daemonSet.spec;
  const spec = daemonSpec(daemonSet);
  const generation = templateGeneration(daemonSet);
  const labels = {
    ...template.metadata?.labels,
    ...generation === undefined ? {} : { [GENERATION_LABEL]: generation },
    [REVISION_HASH]: hash,
  };
  const matchFields = [{ key: "metadata.name", operator: "In", values: [node] }];
  const required: NodeSelector = { nodeSelectorTerms: [{ matchFields }] };
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: required,
  };
  return {
    ...template,
    metadata: { ...template.metadata, labels },
    spec: { ...spec, affinity: { ...spec.affinity, nodeAffinity } },
  };
}

/** The node that a pod is on or meant for. */
export function targetNode({ spec }: Pod): string | undefined {
  if (spec.nodeName) return spec.nodeName;
  const terms = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? [];
  for (const { matchFields = [] } of terms) {
    for (const { key, operator, values } of matchFields) {
      if (key === "metadata.name" && operator === "In") return values?.length === 1 ? values[0] : undefined;
    }
  }
  return undefined;
}

/** Whether a pod is of the DaemonSet's present template. */
export function isUpdated({ metadata: { labels } }: Pod, daemonSet: DaemonSet, hash: string): boolean {
  const generation = templateGeneration(daemonSet);
  return labels?.[REVISION_HASH] === hash || (generation !== undefined && labels?.[GENERATION_LABEL] === generation);
}
