/** Waiting for something on a cluster by looking again and again. */
import type { Cluster } from "../cluster/cluster.ts";

/** Milliseconds of the cluster's time. */
const SHORTEST_PAUSE = 250;
/** A pause is this share of the time that one has waited: what takes long is looked at less often. */
const SHARE = 1 / 4;

export interface PollOptions {
  /** For how long, in milliseconds of the cluster's time. */
  readonly limit: number;
  readonly signal?: AbortSignal;
}

/**
 * Looks until `look` says true, at once and then after each pause.
 *
 * @returns whether it did within the limit
 */
export async function poll(
  cluster: Pick<Cluster, "now" | "pass">,
  { limit, signal }: PollOptions,
  look: () => Promise<boolean>,
): Promise<boolean> {
  const begin = cluster.now();
  while (!await look()) {
    const waited = cluster.now() - begin;
    if (waited >= limit) return false;
    await cluster.pass(Math.min(Math.max(SHORTEST_PAUSE, Math.floor(waited * SHARE)), limit - waited), signal);
  }
  return true;
}
