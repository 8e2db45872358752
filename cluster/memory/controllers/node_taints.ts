/** Taints on nodes. Source: `pkg/controller/controller_utils.go` (AddOrUpdateTaintOnNode, RemoveTaintOffNode). */
import type { Client } from "../api/client.ts";
import { nodes } from "../api/kind_refs.ts";
import { timestamp } from "../api/timestamps.ts";
import type { Clock } from "../clock.ts";
import type { Node, Taint } from "../kinds/schema/types.ts";
import { isConflict, isNotFound } from "./controller.ts";

export type TaintKey = Pick<Taint, "key" | "effect">;

export const isTaint = (taint: TaintKey, other: TaintKey): boolean =>
  taint.key === other.key && taint.effect === other.effect;

export const hasTaint = ({ spec }: Node, taint: TaintKey): boolean =>
  spec?.taints?.some((other) => isTaint(other, taint)) === true;

/** How often a write that met another one is tried again. */
const TRIES = 5;

/** Adds taints to a node and removes others, in one write; none where nothing is to be done. */
export async function changeTaints(
  client: Client,
  clock: Clock,
  name: string,
  add: readonly TaintKey[],
  remove: readonly TaintKey[],
): Promise<void> {
  for (let tries = 1;; tries++) {
    try {
      const node = await client.get<Node>(nodes, undefined, name);
      const before = node.spec?.taints ?? [];
      const kept = before.filter((taint) => !remove.some((other) => isTaint(other, taint)));
      const added = add.filter((taint) => !kept.some((other) => isTaint(other, taint)))
        .map((taint) => ({ ...taint, timeAdded: timestamp(clock.now()) }));
      if (kept.length === before.length && added.length === 0) return;
      const taints = [...kept, ...added];
      const { resourceVersion } = node.metadata;
      const body = { metadata: { resourceVersion }, spec: { taints: taints.length === 0 ? null : taints } };
      await client.patch(nodes, undefined, name, { type: "merge", body });
      return;
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error) || tries === TRIES) throw error;
    }
  }
}
