/** Spoils a finished solution once for each check: that check must notice, and only it. A check that cannot fail is worth nothing. */
import { mismatchText } from "../checks/reports/mismatch_text.ts";
import type { CheckResult } from "../checks/verdict.ts";
import { ApiError, type Cluster } from "../cluster/cluster.ts";
import { Problem } from "../cluster/problem.ts";
import { type Text, verbatim } from "../cluster/text.ts";
import type { Exercise } from "./exercise.ts";
import { remove, setUp, type Started } from "./lifecycle.ts";
import { judge } from "./prove.ts";
import { runSteps } from "./run_steps.ts";

interface Options {
  readonly signal?: AbortSignal;
}

export interface MutateOptions extends Options {
  /** The exercise as it stands solved, for the first check to be spoiled; else it is solved anew for that one, too. */
  readonly standing?: Started;
}

/** What is wrong with the exercise's checks; empty when each of them notices what is spoiled for it. */
export async function mutate(
  cluster: Cluster,
  exercise: Exercise,
  { standing, ...options }: MutateOptions = {},
): Promise<readonly Text[]> {
  const trouble: Text[] = [];
  let solved = standing;
  try {
    for (const { id } of exercise.checks) {
      options.signal?.throwIfAborted();
      if ((exercise.spoiled.get(id) ?? []).length === 0) {
        trouble.push({
          en: `spoiled.yaml says nothing for the check ${id}`,
          ko: `spoiled.yaml에 확인 항목 ${id}에 대한 내용이 없습니다`,
        });
        continue;
      }
      const begun = solved ?? await solve(cluster, exercise, options);
      solved = undefined;
      trouble.push(...unnoticed(id, await spoil(cluster, exercise, begun, id, options)));
    }
  } catch (error) {
    if (error instanceof Problem) trouble.push(error.text);
    else if (error instanceof ApiError) trouble.push(verbatim(error.message));
    else throw error;
  } finally {
    await remove(cluster, exercise);
  }
  return trouble;
}

/** Solves the exercise, spoils it for one check, and judges it. The exercise stays set up. */
export async function judgeSpoiled(
  cluster: Cluster,
  exercise: Exercise,
  check: string,
  options: Options = {},
): Promise<readonly CheckResult[]> {
  return await spoil(cluster, exercise, await solve(cluster, exercise, options), check, options);
}

const scopeOf = ({ namespace, id }: Exercise, { signal }: Options) => ({
  namespace,
  exercise: id,
  ...signal === undefined ? {} : { signal },
});

async function solve(cluster: Cluster, exercise: Exercise, options: Options): Promise<Started> {
  const scope = scopeOf(exercise, options);
  const begun = await setUp(cluster, exercise, scope);
  await runSteps(cluster, exercise.solution, scope);
  return begun;
}

async function spoil(cluster: Cluster, exercise: Exercise, begun: Started, check: string, options: Options) {
  const scope = scopeOf(exercise, options);
  await runSteps(cluster, exercise.spoiled.get(check)!, scope);
  return await judge(cluster, exercise, begun, scope);
}

function unnoticed(id: string, results: readonly CheckResult[]): readonly Text[] {
  return results.flatMap((result): readonly Text[] => {
    const { check, verdict } = result;
    if (check.id === id) {
      return verdict !== "passed" ? [] : [{
        en: `the check ${id} does not notice a solution that was spoiled for it`,
        ko: `일부러 망친 풀이를 알아채지 못하는 확인 항목: ${id}`,
      }];
    }
    if (verdict === "passed" || verdict === "not-checkable-here") return [];
    const why = (language: keyof Text) => result.mismatches.map((one) => mismatchText(one, language)).join("; ");
    return [{
      en: `the check ${check.id} fails too when the solution is spoiled for ${id}: ${why("en")}`,
      ko: `${id}에 맞춰 풀이를 망쳤을 때 확인 항목 ${check.id}도 실패합니다: ${why("ko")}`,
    }];
  });
}
