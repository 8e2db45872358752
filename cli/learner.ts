/** What the learner's commands share: the exercise that is meant, the cluster, and the record of progress. */
import process from "node:process";
import {
  type Catalogue,
  findExercise,
  loadCatalogue,
  loadExercise,
  SHIPPED_EXERCISES,
} from "../exercises/catalogue.ts";
import { catalogueFolder } from "../exercises/external.ts";
import type { Exercise } from "../exercises/exercise.ts";
import { type Started, started } from "../exercises/lifecycle.ts";
import { type Progress, readProgress } from "../exercises/progress.ts";
import { readImageFolder } from "../checks/images/image_folder.ts";
import { addonsFor } from "../cluster/addons_for.ts";
import type { Capability } from "../cluster/cluster.ts";
import { type OpenCluster, openCluster, type OpenOptions } from "../cluster/open.ts";
import { Problem } from "../cluster/problem.ts";
import { serveArguments, serveCommand } from "./own_command.ts";
import { message } from "./messages/messages.ts";
import type { CommonOptions } from "./options.ts";
import type { Output } from "./output.ts";
import { clustersFolder, imagesFolder, progressFile } from "./paths.ts";

export interface Learner {
  readonly catalogue: Catalogue;
  readonly progress: Progress;
}

/** Reads the exercises, and what has been made of them. */
export async function learner({ exercises }: CommonOptions): Promise<Learner> {
  const [catalogue, progress] = await Promise.all([
    catalogueAsked(exercises),
    readProgress(progressFile()),
  ]);
  return { catalogue, progress };
}

/** The catalogue of `--exercises`: a folder's or an installed npm package's; Drydock's own unless asked. */
async function catalogueAsked(asked: string | undefined): Promise<Catalogue> {
  return await loadCatalogue(asked === undefined ? SHIPPED_EXERCISES : await catalogueFolder(asked, process.cwd()));
}

/**
 * The exercise called `id`, or the current one.
 *
 * @throws {Problem} `usage` when there is none
 */
export async function exerciseMeant({ catalogue, progress }: Learner, id = progress.current): Promise<Exercise> {
  if (id === undefined) {
    throw new Problem(
      "usage",
      message(({ errors }) => errors.noCurrent),
      message(({ errors }) => errors.noCurrentHint),
    );
  }
  return await loadExercise(findExercise(catalogue, id));
}

/** Opens the cluster that the options and the circumstances choose, and says which. */
export async function openFor(
  options: CommonOptions,
  out: Output,
  how: Pick<OpenOptions, "changes" | "signal" | "fresh"> & {
    readonly otherwise: "launch" | "in-process" | "refuse";
    /** What a new cluster must be able to do. */
    readonly requires?: readonly Capability[];
  },
): Promise<OpenCluster> {
  const { context, allowContext } = options;
  const addons = addonsFor(how.requires ?? []);
  const added = addons.length === 0 ? {} : { with: addons };
  const opened = await openCluster({
    clusters: clustersFolder(),
    images: () => readImageFolder(imagesFolder()),
    ...how,
    otherwise: how.otherwise === "launch"
      ? { launch: serveCommand(out.language, serveArguments(added)) }
      : how.otherwise,
    addons,
    ...context === undefined ? {} : { context },
    ...allowContext === undefined ? {} : { allowContext },
  });
  out.note(opened.line);
  return opened;
}

/** @throws {Problem} `usage` when the exercise is not set up on the cluster */
export async function mustBeStarted({ cluster }: OpenCluster, exercise: Exercise): Promise<Started> {
  const begun = await started(cluster, exercise);
  if (begun !== undefined) return begun;
  throw new Problem(
    "usage",
    message(({ errors }) => errors.notStarted(exercise.id)),
    message(({ errors }) => errors.notStartedHint(exercise.id)),
  );
}
