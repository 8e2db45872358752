/** Lints what a folder holds: a whole catalogue, or one exercise of one. */
import { stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Issue } from "../checks/content_error.ts";
import { loadCatalogue } from "./catalogue.ts";
import type { Curricula } from "./curriculum.ts";
import { lintCatalogue } from "./lint.ts";

export interface Linted {
  /** How many exercises were looked at. */
  readonly exercises: number;
  readonly issues: readonly Issue[];
}

/** @throws {Problem} no catalogue is there, and none two folders above */
export async function lintFolder(folder: string, curricula: Curricula): Promise<Linted> {
  const own = resolve(folder);
  if (!await isFile(join(own, "exercise.yaml"))) {
    const catalogue = await loadCatalogue(own);
    return {
      exercises: catalogue.exercises.length + catalogue.broken.size,
      issues: await lintCatalogue(catalogue, curricula),
    };
  }
  const catalogue = await loadCatalogue(dirname(dirname(own)));
  const broken = catalogue.broken.get(basename(own));
  return {
    exercises: 1,
    issues: broken === undefined ? await lintCatalogue(catalogue, curricula, [own]) : broken.issues,
  };
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
