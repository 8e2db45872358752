/** The proof of an exercise as a report has it: files that cannot be used are reported, not thrown. */
import { join } from "node:path";
import { ContentError } from "../checks/content_error.ts";
import type { ReportEntry } from "../checks/reports/report.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { type Entry, loadExercise } from "./catalogue.ts";
import { mutate } from "./mutate.ts";
import { type Proof, prove } from "./prove.ts";

export interface VerifyOptions {
  readonly signal?: AbortSignal;
  /** Whether each check is shown to fail, too. */
  readonly mutate?: boolean;
}

const OUTCOMES: Readonly<Record<Proof["verdict"], NonNullable<ReportEntry["outcome"]>>> = {
  "passed": "passed",
  "failed": "not-passed",
  "could-not-check": "could-not-check",
  "not-checkable-here": "not-checkable-here",
};

export async function verify(
  entry: Entry,
  cluster: Cluster,
  { mutate: mutates = false, ...options }: VerifyOptions = {},
): Promise<ReportEntry> {
  const { id, title, folder } = entry;
  try {
    const exercise = await loadExercise(entry);
    const { verdict, trouble, results, standing } = await prove(cluster, exercise, { ...options, keep: mutates });
    const vacuous = standing === undefined ? [] : await mutate(cluster, exercise, { ...options, standing });
    const outcome = vacuous.length > 0 ? "not-passed" : OUTCOMES[verdict];
    return { id, title, results, trouble: [...trouble, ...vacuous], outcome, file: join(folder, "exercise.yaml") };
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    return unusable(id, error);
  }
}

/** What is reported of an exercise that cannot be read. */
export const unusable = (id: string, { text }: ContentError): ReportEntry => ({
  id,
  title: { en: id, ko: id },
  results: [],
  trouble: [text],
  outcome: "could-not-check",
});
