/** Hints, one by one; some depend on the state of the learner's work. */
import { refIn } from "../checks/criteria/criterion.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Text } from "../cluster/text.ts";
import type { Exercise, Hint } from "./exercise.ts";

/** A hint and its place among the exercise's hints. */
export interface GivenHint {
  readonly index: number;
  readonly text: Text;
}

/** The first hint that was not shown yet and that fits the cluster's state; undefined when there is none left. */
export async function nextHint(
  cluster: Cluster,
  { hints, namespace }: Pick<Exercise, "hints" | "namespace">,
  shown: readonly number[],
): Promise<GivenHint | undefined> {
  for (const [index, hint] of hints.entries()) {
    if (shown.includes(index) || !await fits(cluster, hint, namespace)) continue;
    return { index, text: hint.text };
  }
  return undefined;
}

async function fits(cluster: Cluster, { when }: Hint, namespace: string): Promise<boolean> {
  if (when === undefined) return true;
  const object = await cluster.objects.get(refIn({ objects: cluster.objects, namespace }, when.of));
  return object !== undefined && when.condition.unmet({ object }).length === 0;
}
