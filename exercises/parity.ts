/** Whether an exercise gets the same verdicts on two clusters. */
import type { Verdict } from "../checks/verdict.ts";
import type { Cluster } from "../cluster/cluster.ts";
import type { Text } from "../cluster/text.ts";
import type { Exercise } from "./exercise.ts";
import { type Proof, type ProofVerdict, prove, type ProveOptions } from "./prove.ts";

export interface ParityRow {
  readonly id: string;
  readonly differs: boolean;
  /** The memory cluster's, and the other's. */
  readonly verdicts: readonly [ProofVerdict, ProofVerdict];
  /** The checks whose verdicts differ; undefined where a check was not come to. */
  readonly checks: readonly { readonly id: string; readonly verdicts: readonly [Verdict?, Verdict?] }[];
  readonly trouble: readonly [readonly Text[], readonly Text[]];
}

/** Proves the exercise on both clusters, one after the other. */
export async function comparison(
  memory: Cluster,
  other: Cluster,
  exercise: Exercise,
  options: ProveOptions = {},
): Promise<ParityRow> {
  const [one, two] = [await prove(memory, exercise, options), await prove(other, exercise, options)];
  return compare(exercise.id, one, two);
}

/** Two proofs of the same exercise, side by side. */
export function compare(
  id: string,
  one: Pick<Proof, "verdict" | "results" | "trouble">,
  two: Pick<Proof, "verdict" | "results" | "trouble">,
): ParityRow {
  const verdictOf = ({ results }: Pick<Proof, "results">, check: string) =>
    results.find((result) => result.check.id === check)?.verdict;
  const ids = new Set([...one.results, ...two.results].map(({ check }) => check.id));
  const checks = [...ids]
    .map((check) => ({ id: check, verdicts: [verdictOf(one, check), verdictOf(two, check)] as const }))
    .filter(({ verdicts: [first, second] }) => first !== second);
  return {
    id,
    differs: one.verdict !== two.verdict || checks.length > 0,
    verdicts: [one.verdict, two.verdict],
    checks,
    trouble: [one.trouble, two.trouble],
  };
}

/** Differences first. */
export function inOrder(rows: readonly ParityRow[]): readonly ParityRow[] {
  return rows.toSorted((a, b) => Number(b.differs) - Number(a.differs));
}
