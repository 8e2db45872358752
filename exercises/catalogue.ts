/** The catalogue: finds exercises on disk and reads them. */
import { readdir, readFile } from "node:fs/promises";
import { basename, dirname, join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { ContentError } from "../checks/content_error.ts";
import { nearest } from "../checks/nearest.ts";
import {
  complain,
  fields,
  inside,
  list,
  oneOf,
  optional,
  readShape,
  type Shape,
  string,
  text,
} from "../checks/shape.ts";
import { readYaml } from "../checks/yaml.ts";
import { CAPABILITIES, type Capability } from "../cluster/cluster.ts";
import { Problem } from "../cluster/problem.ts";
import { type Text, verbatim } from "../cluster/text.ts";
import { type Exercise, type ExerciseHeader, exerciseHeader } from "./exercise.ts";
import { readSpoiled, readSteps } from "./steps.ts";

export interface Topic {
  readonly id: string;
  readonly title: Text;
  /** What its tasks need: where that is not there, the topic is listed without tasks. */
  readonly requires: readonly Requirement[];
  /** Competencies of the exams that it stands for as long as it has no exercises. */
  readonly exam: { readonly cka: readonly string[]; readonly ckad: readonly string[] };
}

/** What a cluster must offer, or a program that the learner must have. */
export type Requirement = Capability | "helm" | "image-builder";

/** What a memory cluster has, or can be given. */
const OFFERED: ReadonlySet<Requirement> = new Set(["virtual-time", "gateway-api"]);

/**
 * What of these no cluster offers that Drydock knows to drive, so that a task which needs it is not checkable here.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(lacking(["virtual-time", "node-shell"]), ["node-shell"]);
 * ```
 */
export function lacking(requires: readonly Requirement[]): readonly Requirement[] {
  return requires.filter((one) => !OFFERED.has(one));
}

/** An exercise that was found; its other files are read by {@linkcode loadExercise}. */
export type Entry = ExerciseHeader & { readonly folder: string };

export interface Catalogue {
  readonly topics: readonly Topic[];
  /** In the order in which one learns: by topic, then from easy and short to hard and long. */
  readonly exercises: readonly Entry[];
  /** Exercises whose exercise.yaml cannot be used, by id (the folder's name). */
  readonly broken: ReadonlyMap<string, ContentError>;
}

/** The exercises that come with Drydock. */
export const SHIPPED_EXERCISES: string = fileURLToPath(new URL(".", import.meta.url));

const competencies = list(string());
const topic: Shape<Topic> = (place) => {
  const reading = fields({
    id: string(),
    title: text,
    requires: optional(list(oneOf(...CAPABILITIES, "helm", "image-builder"))),
    exam: optional(fields({ cka: optional(competencies), ckad: optional(competencies) })),
  })(place);
  if (reading === undefined) return undefined;
  const { requires = [], exam: { cka = [], ckad = [] } = {}, ...rest } = reading;
  return { ...rest, requires, exam: { cka, ckad } };
};
const topics = fields({ topics: list(topic) });

/**
 * Reads topics.yaml and every `TOPIC/ID/exercise.yaml` under `folder`.
 *
 * @throws {Problem} the folder or its topics.yaml cannot be read
 */
export async function loadCatalogue(folder = SHIPPED_EXERCISES): Promise<Catalogue> {
  const topicsFile = join(folder, "topics.yaml");
  const [document] = readYaml(await read(topicsFile), shownPath(topicsFile));
  const known = readShape(document ?? readYaml("{}", shownPath(topicsFile))[0], topics).topics;

  const broken = new Map<string, ContentError>();
  const entries: Entry[] = [];
  for (const topic of await subfolders(folder)) {
    for (const id of await subfolders(join(folder, topic))) {
      const exerciseFolder = join(folder, topic, id);
      try {
        entries.push(await readEntry(exerciseFolder));
      } catch (error) {
        if (!(error instanceof ContentError)) throw error;
        broken.set(id, error);
      }
    }
  }
  const rank = (entry: Entry) => known.findIndex(({ id }) => id === entry.topic);
  entries.sort((a, b) =>
    rank(a) - rank(b) || a.difficulty - b.difficulty || a.minutes - b.minutes || a.id.localeCompare(b.id)
  );
  return { topics: known, exercises: entries, broken };
}

/**
 * The exercise called `id`.
 *
 * @throws {Problem} `usage` when there is none (with what was probably meant), {@linkcode ContentError} when it is broken
 */
export function findExercise(catalogue: Catalogue, id: string): Entry {
  const found = catalogue.exercises.find((entry) => entry.id === id);
  if (found !== undefined) return found;
  const broken = catalogue.broken.get(id);
  if (broken !== undefined) throw broken;
  const meant = nearest(id, catalogue.exercises.map((entry) => entry.id));
  throw new Problem(
    "usage",
    { en: `There is no exercise ${id}.`, ko: `그런 연습 문제는 없습니다: ${id}` },
    meant === undefined
      ? { en: "`drydock list` shows all of them.", ko: "`drydock list`로 전체 목록을 볼 수 있습니다." }
      : { en: `Did you mean ${meant}?`, ko: `혹시 ${meant}인가요?` },
  );
}

/**
 * Reads the rest of an exercise's folder.
 *
 * @throws {ContentError} a file is missing or cannot be used
 */
export async function loadExercise(entry: Entry): Promise<Exercise> {
  const file = (name: string) => join(entry.folder, name);
  return {
    ...entry,
    task: { en: (await read(file("task.en.md"))).trim(), ko: (await read(file("task.ko.md"))).trim() },
    setup: readSteps(await read(file("setup.yaml"), ""), shownPath(file("setup.yaml"))),
    solution: readSteps(await read(file("solution.yaml")), shownPath(file("solution.yaml"))),
    script: await read(file("solution.sh")),
    spoiled: readSpoiled(await read(file("spoiled.yaml"), ""), shownPath(file("spoiled.yaml"))),
  };
}

/** @throws {ContentError} exercise.yaml is missing or cannot be used */
export async function readEntry(folder: string): Promise<Entry> {
  const file = join(folder, "exercise.yaml");
  const text = await read(file);
  const [document] = readYaml(text === "" ? "{}" : text, shownPath(file));
  // The folder says what an exercise is called and what it is about; the file must agree.
  const agreeing: Shape<ExerciseHeader> = (place) => {
    const header = exerciseHeader(place);
    if (header === undefined) return undefined;
    for (const [field, name] of [["id", basename(folder)], ["topic", basename(dirname(folder))]] as const) {
      if (header[field] === name) continue;
      complain(inside(place, field), {
        en: `is ${header[field]}, but the folder says ${name}`,
        ko: `현재 값은 ${header[field]}이지만 폴더 이름은 ${name}입니다`,
      });
    }
    return header;
  };
  return { ...readShape(document, agreeing), folder };
}

async function subfolders(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map(({ name }) => name).sort();
}

/** A file's text; `otherwise` where it does not exist. */
async function read(file: string, otherwise?: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" && otherwise !== undefined) return otherwise;
    throw new ContentError([{
      file: shownPath(file),
      line: 1,
      column: 1,
      text: code === "ENOENT" ? { en: "is missing", ko: "파일이 없습니다" } : verbatim(code ?? message),
    }]);
  }
}

/** A path as a person would type it from here. */
export function shownPath(file: string): string {
  const near = relative(process.cwd(), file);
  return near.startsWith("..") ? file : near;
}
