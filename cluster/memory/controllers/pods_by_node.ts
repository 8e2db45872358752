/** Pods found by the node that they are on. */
import type { Informer } from "../api/informer.ts";
import type { Pod } from "../kinds/schema/types.ts";

const NODE = "node";

export const indexByNode = (pods: Informer<Pod>): Informer<Pod> =>
  pods.index(NODE, ({ spec }) => spec.nodeName ? [spec.nodeName] : []);

/** The pods on a node, ended ones among them. */
export const podsOn = (pods: Informer<Pod>, node: string): Pod[] => pods.by(NODE, node);
