/** Where a learner stands: one plain JSON file. */
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { type CheckResult, outcome, score } from "../checks/verdict.ts";
import { Problem } from "../cluster/problem.ts";

export interface ExerciseProgress {
  /** Times of `drydock check`. */
  readonly attempts: number;
  /** The best so far. */
  readonly points: number;
  readonly passed: boolean;
  /** Indices of the hints that were given. */
  readonly hints: readonly number[];
  readonly sawSolution: boolean;
  /** When it was set up, in ISO 8601. */
  readonly started?: string;
  /** How long it took from then until it passed for the first time. */
  readonly seconds?: number;
}

export interface Progress {
  /** The exercise that commands without an ID mean. */
  readonly current?: string;
  readonly exercises: Readonly<Record<string, ExerciseProgress>>;
}

export const NO_PROGRESS: ExerciseProgress = { attempts: 0, points: 0, passed: false, hints: [], sawSolution: false };

/** @throws {Problem} the file is there but cannot be read */
export async function readProgress(file: string): Promise<Progress> {
  try {
    return { exercises: {}, ...JSON.parse(await readFile(file, "utf8")) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT") return { exercises: {} };
    throw new Problem("unavailable", {
      en: `The progress file ${file} cannot be read: ${code ?? message}`,
      ko: `진도 파일(${file})을 읽을 수 없습니다: ${code ?? message}`,
    }, { en: "Remove it to begin anew.", ko: "처음부터 다시 하려면 이 파일을 지우세요." });
  }
}

/** Replaces the file as a whole, so that an interruption leaves the old one. */
export async function writeProgress(file: string, progress: Progress): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(progress, null, 2) + "\n");
  await rename(`${file}.new`, file);
}

/** The progress with a change of one exercise's. */
export function withExercise(progress: Progress, id: string, change: Partial<ExerciseProgress>): Progress {
  const before = progress.exercises[id] ?? NO_PROGRESS;
  return { ...progress, current: id, exercises: { ...progress.exercises, [id]: { ...before, ...change } } };
}

/**
 * The progress after the work was judged.
 *
 * @param now in milliseconds since the epoch
 */
export function withResults(progress: Progress, id: string, results: readonly CheckResult[], now: number): Progress {
  const before = progress.exercises[id] ?? NO_PROGRESS;
  const passes = outcome(results) === "passed";
  const isFirst = passes && !before.passed && before.started !== undefined;
  return withExercise(progress, id, {
    attempts: before.attempts + 1,
    points: Math.max(before.points, score(results).earned),
    passed: passes || before.passed,
    ...isFirst ? { seconds: Math.round((now - Date.parse(before.started!)) / 1000) } : {},
  });
}

/** The first exercise that is not passed yet, looking onwards from `after` and then from the beginning. */
export function nextExercise<T extends { readonly id: string }>(
  exercises: readonly T[],
  progress: Progress,
  after?: string,
): T | undefined {
  const start = exercises.findIndex(({ id }) => id === after) + 1;
  const inOrder = [...exercises.slice(start), ...exercises.slice(0, start)];
  return inOrder.find(({ id }) => id !== after && progress.exercises[id]?.passed !== true);
}
