/** Watches what the checks of an exercise look at. */
import type { Cluster, ObjectQuery } from "../cluster/cluster.ts";
import { ANSWERS } from "../checks/criteria/answer.ts";
import type { Exercise } from "./exercise.ts";

/** Milliseconds until a watch that ended, or that the cluster refused, is tried again. */
const AGAIN = 2000;

/**
 * Calls `onChange` whenever something changes that may matter to the exercise, until `signal` is aborted. A kind that
 * the cluster does not have yet is asked for again: its definition may come.
 */
export async function watchWork(
  cluster: Cluster,
  exercise: Pick<Exercise, "checks" | "namespace">,
  onChange: () => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    watchedKinds(exercise).map(async (query) => {
      while (!signal.aborted) {
        await cluster.objects.watch(query, onChange, signal).catch(() => {}); // The checks say what is wrong.
        await cluster.pass(AGAIN, signal).catch(() => {}); // Aborted.
      }
    }),
  );
}

/** The kinds of the checks' targets, and pods, through which everything shows. Each once. */
export function watchedKinds({ checks, namespace }: Pick<Exercise, "checks" | "namespace">): readonly ObjectQuery[] {
  const queries = [
    { apiVersion: "v1", kind: "Pod", namespace },
    ...checks.some(({ criterion }) => criterion.question !== undefined)
      ? [{ apiVersion: ANSWERS.apiVersion, kind: ANSWERS.kind, namespace }]
      : [],
    ...checks.flatMap(({ criterion }) => criterion.targets).map((target) => ({
      apiVersion: target.apiVersion,
      kind: target.kind,
      namespace: target.namespace ?? namespace,
    })),
  ];
  return [...new Map(queries.map((query) => [JSON.stringify(query), query])).values()];
}
