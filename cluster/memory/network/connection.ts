/** What the parts of the network say of a connection: who it comes from, and how it ends. */
import { isTerminal } from "../kinds/core/pod/phase.ts";
import type { Pod } from "../kinds/schema/types.ts";

export type Protocol = "TCP" | "UDP" | "SCTP";

/** Where packets come from or go to. */
export interface Peer {
  readonly ip: string;
  /** The pod that has the address for itself; a pod in its host's network is the node. */
  readonly pod?: Pod;
  /** The node that it is, or that its pod runs on; undefined outside of the cluster. */
  readonly node?: string;
}

/** Something that listens: a container's port. */
export interface Listening {
  readonly pod: Pod;
  readonly container: string;
  readonly ip: string;
  readonly port: number;
  /** Who the listener sees as its client: behind a node's port that is the node. */
  readonly client: string;
}

/**
 * How an attempt to connect ends. Refused is answered at once, by a machine that listens not or by a service without
 * endpoints; when packets are dropped, or nobody has the address, the client waits until it gives up.
 */
export type Attempt =
  | { readonly outcome: "connected"; readonly to: Listening }
  | { readonly outcome: "refused" | "timed out" | "unknown host" };

/** Whether a pod has its node's addresses and no own ones. */
export const isHostNetwork = ({ spec }: Pod): boolean => spec?.hostNetwork === true;

/** Whether a pod has its addresses: one that has ended has lost them. */
export const holdsAddress = (pod: Pod): boolean => !isTerminal(pod);

/** A pod as a {@linkcode Peer}. */
export function peerOf(pod: Pod): Peer {
  const [ip, node] = [pod.status?.podIP ?? "", pod.spec?.nodeName];
  return isHostNetwork(pod) ? { ip, node } : { ip, node, pod };
}

/** Whether an address never leaves its machine. */
export const isLoopback = (ip: string): boolean => ip === "::1" || ip.startsWith("127.");
