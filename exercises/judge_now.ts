/** Judges an exercise as it stands this moment: for those who look again at the next change anyway. */
import { runChecks } from "../checks/run.ts";
import type { CheckResult } from "../checks/verdict.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Exercise } from "./exercise.ts";
import type { Started } from "./lifecycle.ts";

/** As `judge` does, but waits for nothing except a `hold`. */
export function judgeNow(
  cluster: Cluster,
  { checks, namespace }: Pick<Exercise, "checks" | "namespace">,
  { originals }: Started,
): Promise<readonly CheckResult[]> {
  const impatient = checks.map(({ within: _, ...check }) => check);
  return runChecks(cluster, impatient, { namespace, originals, patience: 0 });
}
