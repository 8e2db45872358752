/**
 * Nodes that a pod asks for by labels or name: nodeSelector, required and preferred node affinity.
 *
 * Source: `pkg/scheduler/framework/plugins/nodeaffinity`.
 */
import type { Node, PreferredSchedulingTerm } from "../../kinds/schema/types.ts";
import { definePlugin, normalizeScores, unresolvable } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod_info.ts";
import { preferredNodeAffinityScore, requiredNodeAffinityMatches } from "../helper/node_affinity.ts";

const REFUSAL = unresolvable("node(s) didn't match Pod's node affinity/selector");

/** The nodes that the pod's terms name, where every term names some: a DaemonSet's pod names exactly one. */
function namedNodes({ pod }: PodInfo): ReadonlySet<string> | undefined {
  const terms = pod.spec!.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
  if (terms === undefined || terms.length === 0) return undefined;
  const names = new Set<string>();
  for (const { matchFields = [] } of terms) {
    const lists = matchFields.filter(({ key, operator }) => key === "metadata.name" && operator === "In");
    if (lists.length === 0) return undefined;
    const [first, ...others] = lists.map(({ values = [] }) => values);
    for (const name of first) if (others.every((list) => list.includes(name))) names.add(name);
  }
  return names;
}

export const nodeAffinity = definePlugin<undefined, readonly PreferredSchedulingTerm[]>({
  name: "NodeAffinity",
  weight: 2,
  preFilter(pod) {
    const { nodeSelector, affinity } = pod.pod.spec!;
    const required = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution;
    if (required === undefined && nodeSelector === undefined) return "skip";
    const nodes = namedNodes(pod);
    if (nodes?.size === 0) return { refusal: unresolvable("pod affinity terms conflict") };
    return { state: undefined, nodes };
  },
  filter: ({ pod }, { node }) => requiredNodeAffinityMatches(pod.spec!, node) ? undefined : REFUSAL,
  preScore: ({ pod }) => pod.spec!.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? "skip",
  score: (_pod, { node }, terms) => preferredNodeAffinityScore(terms, node),
  normalize: (scores) => normalizeScores(scores, false),
  mayHelp({ resource, action, object, previous }, { pod }) {
    if (resource !== "Node" || action === "delete") return false;
    return requiredNodeAffinityMatches(pod.spec!, object as Node) &&
      (previous === undefined || !requiredNodeAffinityMatches(pod.spec!, previous as Node));
  },
});
