/** Proves the exercises that somebody names, or all. */
import type { ReportEntry } from "../checks/reports/report.ts";
import type { Capability } from "../cluster/cluster.ts";
import type { OpenCluster } from "../cluster/open.ts";
import { type Catalogue, findExercise } from "../exercises/catalogue.ts";
import { unusable } from "../exercises/verify.ts";
import { verifyAll, type VerifyAllOptions } from "../exercises/verify_all.ts";

/**
 * Proves the exercises called `ids`, or all, on a cluster that `open` gives when told what they require. An exercise
 * whose files are broken is reported as could not check, after the others.
 *
 * @throws {Problem} `usage` for an unknown id
 */
export async function verifyChosen(
  catalogue: Catalogue,
  ids: readonly string[],
  open: (requires: readonly Capability[]) => Promise<OpenCluster>,
  options: Omit<VerifyAllOptions, "alike">,
): Promise<readonly ReportEntry[]> {
  const chosen = ids.length > 0 ? ids : [...catalogue.exercises.map(({ id }) => id), ...catalogue.broken.keys()];
  // An unknown id is noticed before anything is started.
  const exercises = chosen.filter((id) => !catalogue.broken.has(id)).map((id) => findExercise(catalogue, id));
  const broken = chosen.flatMap((id) => {
    const error = catalogue.broken.get(id);
    return error === undefined ? [] : [unusable(id, error)];
  });

  await using opened = await open(exercises.flatMap(({ requires }) => requires));
  const { cluster, inProcess } = opened;
  const alike = inProcess === undefined ? {} : { alike: inProcess };
  const entries = await verifyAll(exercises, cluster, { ...options, ...alike });
  for (const entry of broken) options.onEntry(entry);
  return [...entries, ...broken];
}
