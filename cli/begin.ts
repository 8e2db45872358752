/** Begins an exercise: what `start`, `next` and `reset` have in common. */
import type { Cluster } from "../cluster/cluster.ts";
import type { Exercise } from "../exercises/exercise.ts";
import { remove, setUp, started } from "../exercises/lifecycle.ts";
import { readProgress, withExercise, writeProgress } from "../exercises/progress.ts";
import { kubectlSetup } from "./kubectl_setup.ts";
import type { Messages } from "./messages/messages.ts";
import type { Output } from "./output.ts";
import { progressFile } from "./paths.ts";
import { taskText } from "./task_text.ts";

export interface BeginOptions {
  /** Whether an exercise that is set up already is set up anew. */
  readonly anew?: boolean;
  readonly signal: AbortSignal;
}

/** Sets the exercise up, unless it is, makes it the current one, and shows the task and how to work on it. */
export async function beginExercise(
  cluster: Cluster,
  exercise: Exercise,
  out: Output,
  { start: words }: Messages,
  { anew = false, signal }: BeginOptions,
): Promise<void> {
  await prepareExercise(cluster, exercise, { anew, signal });
  const { id, title, task, namespace } = exercise;
  const commands = kubectlSetup(cluster.kubeconfig, namespace);
  out.data({ id, title, task, namespace, kubeconfig: cluster.kubeconfig, commands });
  out.line(taskText(exercise, out));
  out.line(words.work);
  for (const command of commands) out.line(`  ${command}`);
  out.line();
  out.line(words.then);
}

/** Sets the exercise up, unless it is, and makes it the current one. Says nothing. */
export async function prepareExercise(
  cluster: Cluster,
  exercise: Exercise,
  { anew = false, signal }: BeginOptions,
): Promise<void> {
  const isNew = anew || await started(cluster, exercise) === undefined;
  if (isNew) {
    try {
      await setUp(cluster, exercise, { signal });
    } catch (error) {
      // Interrupted half way: nothing stays behind.
      if (signal.aborted) await remove(cluster, exercise).catch(() => {});
      throw error;
    }
  }
  const file = progressFile();
  const change = isNew ? { started: new Date().toISOString() } : {};
  await writeProgress(file, withExercise(await readProgress(file), exercise.id, change));
}
