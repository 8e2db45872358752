/** Proves one exercise after the other on one cluster. */
import type { ReportEntry } from "../checks/reports/report.ts";
import type { Capability } from "../cluster/cluster.ts";
import type { OpenCluster } from "../cluster/open.ts";
import { type Catalogue, findExercise, loadExercise } from "../exercises/catalogue.ts";
import { ContentError } from "../checks/content_error.ts";
import { mutate } from "../exercises/mutate.ts";
import { type Proof, prove } from "../exercises/prove.ts";
import { join } from "node:path";

export interface VerifyOptions {
  readonly signal: AbortSignal;
  /** Whether each check is shown to fail, too. */
  readonly mutate?: boolean;
  /** Called as soon as an exercise has its result. */
  readonly onEntry: (entry: ReportEntry) => void;
}

const OUTCOMES: Readonly<Record<Proof["verdict"], NonNullable<ReportEntry["outcome"]>>> = {
  "passed": "passed",
  "failed": "not-passed",
  "could-not-check": "could-not-check",
  "not-checkable-here": "not-checkable-here",
};

/**
 * Proves the exercises called `ids`, or all, on a cluster that `open` gives when told what they require. An exercise whose files are broken is reported as could not check.
 *
 * @throws {Problem} `usage` for an unknown id
 */
export async function verifyAll(
  catalogue: Catalogue,
  ids: readonly string[],
  open: (requires: readonly Capability[]) => Promise<OpenCluster>,
  { signal, mutate = false, onEntry }: VerifyOptions,
): Promise<readonly ReportEntry[]> {
  const chosen = ids.length > 0 ? ids : [...catalogue.exercises.map(({ id }) => id), ...catalogue.broken.keys()];
  // An unknown id is noticed before anything is started.
  for (const id of chosen) if (!catalogue.broken.has(id)) findExercise(catalogue, id);

  const requires = catalogue.exercises.filter(({ id }) => chosen.includes(id)).flatMap(({ requires }) => requires);
  await using opened = await open(requires);
  const entries: ReportEntry[] = [];
  for (const id of chosen) {
    signal.throwIfAborted();
    const entry = await proveOne(catalogue, id, opened, { signal, mutate });
    entries.push(entry);
    onEntry(entry);
  }
  return entries;
}

async function proveOne(
  catalogue: Catalogue,
  id: string,
  { cluster }: OpenCluster,
  { signal, mutate: mutates }: Required<Pick<VerifyOptions, "signal" | "mutate">>,
): Promise<ReportEntry> {
  try {
    const exercise = await loadExercise(findExercise(catalogue, id));
    const { title, folder } = exercise;
    const { verdict, trouble, results, standing } = await prove(cluster, exercise, { signal, keep: mutates });
    const file = join(folder, "exercise.yaml");
    const vacuous = standing === undefined ? [] : await mutate(cluster, exercise, { signal, standing });
    const outcome = vacuous.length > 0 ? "not-passed" : OUTCOMES[verdict];
    return { id, title, results, trouble: [...trouble, ...vacuous], outcome, file };
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return { id, title: { en: id, ko: id }, results: [], trouble: [error.text], outcome: "could-not-check" };
  }
}
