/** Proves many exercises: one after the other on one cluster, or on several clusters of this process at once. */
import { availableParallelism } from "node:os";
import type { ReportEntry } from "../checks/reports/report.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { InProcessOptions } from "../cluster/in_process.ts";
import type { Entry } from "./catalogue.ts";
import { verify } from "./verify.ts";
import { verifyThread } from "./verify_thread.ts";

/** To start another cluster takes as long as to prove about so many exercises. */
const SHARE = 10;
/** Each cluster takes some hundred megabytes. */
const MOST_CLUSTERS = 4;

export interface VerifyAllOptions {
  readonly signal: AbortSignal;
  /** Whether each check is shown to fail, too. */
  readonly mutate: boolean;
  /** How the cluster was started, where it is in this process: others like it then take a share. */
  readonly alike?: InProcessOptions;
  /** Called in the order of the exercises, as soon as one and those before it have their results. */
  readonly onEntry: (entry: ReportEntry) => void;
}

export async function verifyAll(
  exercises: readonly Entry[],
  cluster: Cluster,
  { signal, mutate, alike, onEntry }: VerifyAllOptions,
): Promise<readonly ReportEntry[]> {
  const entries: ReportEntry[] = [];
  let next = 0;
  let told = 0;
  const work = async (verifyOne: (entry: Entry) => Promise<ReportEntry>) => {
    try {
      while (next < exercises.length) {
        signal.throwIfAborted();
        const at = next++;
        entries[at] = await verifyOne(exercises[at]);
        while (entries[told] !== undefined) onEntry(entries[told++]);
      }
    } catch (error) {
      // The others end with what they have in hand.
      next = exercises.length;
      throw error;
    }
  };
  await using threads = new AsyncDisposableStack();
  const works = [work((entry) => verify(entry, cluster, { signal, mutate }))];
  if (alike !== undefined) {
    const clusters = Math.min(availableParallelism(), MOST_CLUSTERS, Math.ceil(exercises.length / SHARE));
    while (works.length < clusters) {
      const thread = threads.use(verifyThread({ cluster: alike, mutate }));
      works.push(work(({ folder }) => thread.verify(folder, signal)));
    }
  }
  for (const result of await Promise.allSettled(works)) if (result.status === "rejected") throw result.reason;
  return entries;
}
