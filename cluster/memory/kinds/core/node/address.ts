/** Where a node is reached. */
import type { Node } from "../../schema/types.ts";

/** The first address of a type, "InternalIP"; undefined where the node has none, or is not there. */
export const nodeAddress = (node: Node | undefined, type: string): string | undefined =>
  node?.status?.addresses?.find((address) => address.type === type)?.address;
