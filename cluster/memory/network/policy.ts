/**
 * What NetworkPolicies let through.
 *
 * A pod that no policy selects for a direction is open in it; one that is selected gets only what some rule allows. A
 * connection needs both its source's egress and its target's ingress. Replies belong to their connection.
 *
 * Source: https://kubernetes.io/docs/concepts/services-networking/network-policies/
 */
import { labelSelectorMatches } from "../kinds/label_selector.ts";
import type { Namespace, NetworkPolicy, NetworkPolicyPeer, NetworkPolicyPort, Pod } from "../kinds/schema/types.ts";
import type { Peer, Protocol } from "./connection.ts";
import { inRange } from "./ranges.ts";

export interface PolicyView {
  readonly policies: readonly NetworkPolicy[];
  readonly namespaces: readonly Namespace[];
}

export interface PolicedConnection {
  readonly from: Peer;
  /** Where it goes once services' addresses are replaced by their endpoints'. */
  readonly to: Peer;
  readonly port: number;
  /** An echo has no port, and passes where a rule names none. */
  readonly protocol: Protocol | "ICMP";
}

/** Whether the packets arrive; they are dropped otherwise. */
export const allowed = (view: PolicyView, connection: PolicedConnection): boolean =>
  egressAllowed(view, connection) && ingressAllowed(view, connection);

/** Whether they may leave their pod. */
export function egressAllowed(view: PolicyView, { from, to, port, protocol }: PolicedConnection): boolean {
  if (from.pod === undefined || isOwnNode(from, to) || from.ip === to.ip) return true;
  return permits(
    view,
    from.pod,
    "Egress",
    ({ spec }, policy) =>
      spec.egress?.some((rule) =>
        matchesPeer(view, policy, rule.to, to) && matchesPort(rule.ports, to.pod, port, protocol)
      ) ?? false,
  );
}

/** Whether they may enter their target. */
export function ingressAllowed(view: PolicyView, { from, to, port, protocol }: PolicedConnection): boolean {
  if (to.pod === undefined || isOwnNode(to, from) || from.ip === to.ip) return true;
  return permits(
    view,
    to.pod,
    "Ingress",
    ({ spec }, policy) =>
      spec.ingress?.some((rule) =>
        matchesPeer(view, policy, rule.from, from) && matchesPort(rule.ports, to.pod, port, protocol)
      ) ?? false,
  );
}

/** The node of a pod reaches it always, and it the node: probes come from there. */
const isOwnNode = (pod: Peer, other: Peer): boolean =>
  other.pod === undefined && other.node !== undefined && other.node === pod.node;

type Direction = "Ingress" | "Egress";

/** The directions that a policy is about. Not said, it is about ingress, and about egress where it has such rules. */
function directions({ spec }: NetworkPolicy): readonly string[] {
  if (spec.policyTypes !== undefined && spec.policyTypes.length > 0) return spec.policyTypes;
  return spec.egress !== undefined && spec.egress.length > 0 ? ["Ingress", "Egress"] : ["Ingress"];
}

function permits(
  { policies }: PolicyView,
  pod: Pod,
  direction: Direction,
  allows: (policy: NetworkPolicy, namespace: string) => boolean,
): boolean {
  const { namespace = "", labels } = pod.metadata;
  const applying = policies.filter((policy) =>
    policy.metadata.namespace === namespace && directions(policy).includes(direction) &&
    labelSelectorMatches(policy.spec.podSelector, labels)
  );
  return applying.length === 0 || applying.some((policy) => allows(policy, namespace));
}

function matchesPeer(
  { namespaces }: PolicyView,
  policyNamespace: string,
  peers: readonly NetworkPolicyPeer[] | undefined,
  { ip, pod }: Peer,
): boolean {
  // No list, or an empty one, means everybody.
  if (peers === undefined || peers.length === 0) return true;
  return peers.some(({ ipBlock, namespaceSelector, podSelector }) => {
    if (ipBlock !== undefined) {
      return inRange(ipBlock.cidr, ip) && !(ipBlock.except ?? []).some((range) => inRange(range, ip));
    }
    if (pod === undefined) return false;
    const { namespace = "", labels } = pod.metadata;
    if (podSelector !== undefined && !labelSelectorMatches(podSelector, labels)) return false;
    if (namespaceSelector === undefined) return namespace === policyNamespace;
    const found = namespaces.find(({ metadata }) => metadata.name === namespace);
    return found !== undefined && labelSelectorMatches(namespaceSelector, found.metadata.labels);
  });
}

/** @param target whose container ports the names mean */
function matchesPort(
  ports: readonly NetworkPolicyPort[] | undefined,
  target: Pod | undefined,
  port: number,
  protocol: PolicedConnection["protocol"],
): boolean {
  if (ports === undefined || ports.length === 0) return true;
  return ports.some(({ port: wanted, endPort, protocol: wantedProtocol = "TCP" }) => {
    if (wantedProtocol !== protocol) return false;
    if (wanted === undefined) return true;
    if (typeof wanted === "number") return port >= wanted && port <= (endPort ?? wanted);
    return (target?.spec?.containers ?? []).some(({ ports: own = [] }) =>
      own.some((declared) =>
        declared.name === wanted && declared.containerPort === port && (declared.protocol ?? "TCP") === protocol
      )
    );
  });
}
