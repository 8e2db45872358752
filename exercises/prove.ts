/**
 * Proves an exercise on a cluster: as set up it fails, and keeps failing while the cluster settles; its solution breaks
 * no safeguard on the way and passes every check.
 */
import type { Check } from "../checks/check.ts";
import { runChecks } from "../checks/run.ts";
import { type CheckResult, type Outcome, outcome } from "../checks/verdict.ts";
import { isMoving } from "../checks/motion.ts";
import { ApiError, type Cluster } from "../cluster/cluster.ts";
import { Problem } from "../cluster/problem.ts";
import { type Text, verbatim } from "../cluster/text.ts";
import type { Exercise } from "./exercise.ts";
import { remove, setUp, type Started } from "./lifecycle.ts";
import { runSteps, StepError } from "./run_steps.ts";
import type { Step } from "./steps.ts";

export type ProofVerdict = "passed" | "failed" | "could-not-check" | "not-checkable-here";

export interface Proof {
  readonly exercise: Pick<Exercise, "id" | "title" | "topic" | "folder">;
  readonly verdict: ProofVerdict;
  /** Why it is not proved: what is wrong with the exercise or with the cluster. */
  readonly trouble: readonly Text[];
  /** What the checks gave after the solution; empty when it did not come that far. */
  readonly results: readonly CheckResult[];
  /** The exercise as it stands there solved, where it was to be kept and passed. */
  readonly standing?: Started;
}

export interface ProveOptions {
  readonly signal?: AbortSignal;
  /** Steps that solve the exercise; its own solution unless said. */
  readonly solution?: readonly Step[];
  /** Whether an exercise that passed is left as it stands, for whom goes on with it. */
  readonly keep?: boolean;
}

/** For how long an exercise is watched after its setup, in milliseconds of the cluster's time. */
const WATCH = 5000;
const WATCH_INTERVAL = 500;
/** For how long at most, where it does not come to rest: no one knows of a real cluster that it never will. */
const LONGEST_WATCH = 45_000;

/** Sets the exercise up, fails it, solves it, passes it, and takes it away again unless it is to be kept. */
export async function prove(cluster: Cluster, exercise: Exercise, options: ProveOptions = {}): Promise<Proof> {
  const { id, title, topic, folder, requires } = exercise;
  const subject = { id, title, topic, folder };
  const missing = requires.filter((capability) => !cluster.capabilities.has(capability));
  if (missing.length > 0) {
    return {
      exercise: subject,
      verdict: "not-checkable-here",
      results: [],
      trouble: [{
        en: `the cluster lacks: ${missing.join(", ")}`,
        ko: `이 클러스터에 없는 기능: ${missing.join(", ")}`,
      }],
    };
  }
  const { begun, ...judged } = await judgedProof(cluster, exercise, options);
  if (options.signal?.aborted) return { exercise: subject, ...judged };
  if (options.keep && judged.verdict === "passed") return { exercise: subject, ...judged, standing: begun! };
  try {
    await remove(cluster, exercise, options);
    return { exercise: subject, ...judged };
  } catch (error) {
    const { verdict, trouble } = failure(error);
    return {
      exercise: subject,
      verdict: judged.verdict === "passed" ? verdict : judged.verdict,
      trouble: [...judged.trouble, ...trouble],
      results: judged.results,
    };
  }
}

const PROOF_VERDICTS: Readonly<Record<Outcome, ProofVerdict>> = {
  "passed": "passed",
  "not-passed": "failed",
  "could-not-check": "could-not-check",
};

/** Everything but the taking away. */
async function judgedProof(
  cluster: Cluster,
  exercise: Exercise,
  options: ProveOptions,
): Promise<Pick<Proof, "verdict" | "trouble" | "results"> & { readonly begun?: Started }> {
  try {
    const { trouble, results, begun } = await setUpAndSolve(cluster, exercise, options);
    return { verdict: trouble.length > 0 ? "failed" : PROOF_VERDICTS[outcome(results)], trouble, results, begun };
  } catch (error) {
    return { ...failure(error), results: [] };
  }
}

/** A step that cannot be done is the exercise's fault; what else the cluster refuses is not. Defects are not hidden. */
function failure(error: unknown): Pick<Proof, "verdict" | "trouble"> {
  if (error instanceof StepError) return { verdict: "failed", trouble: [error.text] };
  if (error instanceof Problem) return { verdict: "could-not-check", trouble: [error.text] };
  if (error instanceof ApiError) return { verdict: "could-not-check", trouble: [verbatim(error.message)] };
  throw error;
}

async function setUpAndSolve(cluster: Cluster, exercise: Exercise, options: ProveOptions) {
  const { namespace, checks } = exercise;
  const begun = await setUp(cluster, exercise, options);
  const trouble: Text[] = [...await watchItFail(cluster, exercise, options)];

  const safeguards = checks.filter(({ role }) => role === "safeguard");
  await runSteps(cluster, options.solution ?? exercise.solution, {
    namespace,
    exercise: exercise.id,
    ...options.signal === undefined ? {} : { signal: options.signal },
    async afterStep(step) {
      for (const id of await failing(cluster, safeguards, namespace)) {
        trouble.push({
          en: `the solution breaks the safeguard ${id} at ${step.source.file}:${step.source.line}`,
          ko: `정답이 ${step.source.file}:${step.source.line}에서 깨뜨리는 보호 조건: ${id}`,
        });
      }
    },
  });
  return { begun, trouble, results: await judge(cluster, exercise, begun, options) };
}

/** Judges the exercise as it stands. */
export function judge(
  cluster: Cluster,
  { checks, namespace }: Pick<Exercise, "checks" | "namespace">,
  { originals }: Started,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<readonly CheckResult[]> {
  return runChecks(cluster, checks, { namespace, originals, ...signal === undefined ? {} : { signal } });
}

/** Watches until the cluster is at rest (and a while longer): no objective may hold, every safeguard must. */
async function watchItFail(cluster: Cluster, exercise: Exercise, { signal }: ProveOptions): Promise<readonly Text[]> {
  const { checks, namespace } = exercise;
  const objectives = checks.filter(({ role }) => role === "objective");
  const begin = cluster.now();
  let settled = false;
  while (true) {
    const failed = await failing(cluster, objectives, namespace);
    if (failed.length < objectives.length) {
      return objectives.filter(({ id }) => !failed.includes(id)).map(({ id }) => ({
        en: `the check ${id} holds before anything was done`,
        ko: `아무 작업도 하지 않았는데 통과하는 확인 항목: ${id}`,
      }));
    }
    const watched = cluster.now() - begin;
    if (settled || watched >= LONGEST_WATCH) break;
    if (watched >= WATCH && !await isMoving(cluster.objects, namespace)) break;
    settled = await cluster.pass(WATCH_INTERVAL, signal);
  }
  const broken = await failing(cluster, checks.filter(({ role }) => role === "safeguard"), namespace);
  return broken.map((id) => ({
    en: `the safeguard ${id} does not hold at the start`,
    ko: `시작할 때부터 성립하지 않는 보호 조건: ${id}`,
  }));
}

/** The ids of the checks that do not hold at this moment. */
async function failing(cluster: Cluster, checks: readonly Check[], namespace: string): Promise<readonly string[]> {
  const scope = { objects: cluster.objects, namespace };
  const looks = await Promise.all(checks.map(async ({ id, criterion }) => ({
    id,
    holds: (await criterion.evaluate(scope)).length === 0,
  })));
  return looks.filter(({ holds }) => !holds).map(({ id }) => id);
}
