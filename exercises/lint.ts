/** Looks at exercises without a cluster: everything that an author can have forgotten, with file and line. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ContentError, type Issue } from "../checks/content_error.ts";
import type { Text } from "../cluster/text.ts";
import { type Catalogue, type Entry, loadExercise, shownPath } from "./catalogue.ts";
import { competenciesOf, type Curricula } from "./curriculum.ts";
import type { Exercise } from "./exercise.ts";
import { quoted } from "./quoted.ts";

/** The issues of all exercises of a catalogue, or of those in `folders` alone. */
export async function lintCatalogue(
  catalogue: Catalogue,
  curricula: Curricula,
  folders?: readonly string[],
): Promise<readonly Issue[]> {
  const issues: Issue[] = folders === undefined ? [...catalogue.broken.values()].flatMap((error) => error.issues) : [];
  for (const entry of catalogue.exercises) {
    if (folders !== undefined && !folders.includes(entry.folder)) continue;
    issues.push(...await lintEntry(entry, catalogue, curricula));
  }
  return issues;
}

async function lintEntry(entry: Entry, catalogue: Catalogue, curricula: Curricula): Promise<readonly Issue[]> {
  try {
    const exercise = await loadExercise(entry);
    return [
      ...lintHeader(exercise, catalogue, curricula),
      ...lintTasks(exercise, await readFile(join(entry.folder, "exercise.yaml"), "utf8")),
      ...lintProof(exercise),
      ...lintSentences(exercise),
    ];
  } catch (error) {
    if (error instanceof ContentError) return error.issues;
    throw error;
  }
}

function issue({ folder }: Pick<Exercise, "folder">, file: string, text: Text, field?: string): Issue {
  return { file: shownPath(join(folder, file)), line: 1, column: 1, ...field === undefined ? {} : { field }, text };
}

function lintHeader(exercise: Exercise, { topics, exercises }: Catalogue, curricula: Curricula): readonly Issue[] {
  const { id, topic, exam, hints } = exercise;
  const at = (field: string, text: Text) => issue(exercise, "exercise.yaml", text, field);
  const exams = (["cka", "ckad"] as const).flatMap((name) => {
    const given = exam[name];
    if (given === undefined || competenciesOf(curricula[name]).has(given)) return [];
    return [at(`exam.${name}`, {
      en: `${given} is no competency of the curriculum`,
      ko: `커리큘럼에 없는 역량입니다: ${given}`,
    })];
  });
  return [
    ...exams,
    ...topics.some((one) => one.id === topic)
      ? []
      : [at("topic", { en: `${topic} is not in topics.yaml`, ko: `topics.yaml에 없는 주제입니다: ${topic}` })],
    ...exercises.filter((one) => one.id === id).length === 1
      ? []
      : [at("id", { en: `${id} stands for another exercise too`, ko: `다른 연습 문제도 쓰고 있는 ID입니다: ${id}` })],
    ...exam.cka ?? exam.ckad
      ? []
      : [at("exam", { en: "names no competency of an exam", ko: "시험 역량이 하나도 없습니다" })],
    ...hints.length > 0 ? [] : [at("hints", { en: "there is no hint", ko: "힌트가 없습니다" })],
  ];
}

/** Every name that a check uses: a learner cannot guess it. */
export function namesUsed(
  { checks, namespace, creates, changes }: Exercise,
  exerciseYaml: string,
): ReadonlySet<string> {
  const targets = checks.flatMap(({ criterion }) => criterion.targets);
  // What happens outside of the exercise's namespace is named instead of it.
  const isInside = targets.some((target) => target.namespace === undefined);
  const written = exerciseYaml.slice(exerciseYaml.indexOf("\nchecks:"));
  return new Set([
    ...creates.length === 0 && isInside ? [namespace] : [],
    ...[...creates, ...changes].map(({ name }) => name),
    ...targets.flatMap(({ name, namespace }) => [name, namespace]),
    ...checks.flatMap(({ criterion: { question } }) => question === undefined ? [] : [question]),
    ...[...written.matchAll(/image: "([^"]+)"/g)].map((match) => match[1]),
  ].filter((name) => name !== undefined));
}

function lintTasks(exercise: Exercise, exerciseYaml: string): readonly Issue[] {
  const { task } = exercise;
  const missing = (["en", "ko"] as const).flatMap((language) =>
    [...namesUsed(exercise, exerciseYaml)].filter((name) => !task[language].includes(name)).map((name) =>
      issue(exercise, `task.${language}.md`, {
        en: `does not say ${name}, which a check uses`,
        ko: `확인 항목이 쓰는 값이 과제에 없습니다: ${name}`,
      })
    )
  );
  const [en, ko] = [quoted(task.en), quoted(task.ko)];
  const onlyIn = (one: ReadonlySet<string>, other: ReadonlySet<string>) => [...one].filter((name) => !other.has(name));
  return [
    ...missing,
    ...onlyIn(en, ko).map((name) =>
      issue(exercise, "task.ko.md", {
        en: `does not quote ${name}, which task.en.md does`,
        ko: `task.en.md에 있는 코드가 없습니다: \`${name}\``,
      })
    ),
    ...onlyIn(ko, en).map((name) =>
      issue(exercise, "task.en.md", {
        en: `does not quote ${name}, which task.ko.md does`,
        ko: `task.ko.md에 있는 코드가 없습니다: \`${name}\``,
      })
    ),
  ];
}

function lintProof(exercise: Exercise): readonly Issue[] {
  const ids = exercise.checks.map(({ id }) => id);
  const spoiled = [...exercise.spoiled.keys()];
  const inSpoiled = (text: Text) => issue(exercise, "spoiled.yaml", text);
  return [
    ...ids.filter((id) => !spoiled.includes(id)).map((id) =>
      inSpoiled({ en: `has no steps for the check ${id}`, ko: `확인 항목 ${id}에 대한 단계가 없습니다` })
    ),
    ...spoiled.filter((id) => !ids.includes(id)).map((id) =>
      inSpoiled({ en: `has steps for ${id}, which is no check`, ko: `없는 확인 항목에 대한 단계가 있습니다: ${id}` })
    ),
    ...exercise.solution.length > 0
      ? []
      : [issue(exercise, "solution.yaml", { en: "has no steps", ko: "단계가 없습니다" })],
    ...exercise.script.trim() !== "" ? [] : [issue(exercise, "solution.sh", { en: "is empty", ko: "비어 있습니다" })],
  ];
}

function lintSentences(exercise: Exercise): readonly Issue[] {
  const { title, hints, checks, task } = exercise;
  const sentences: readonly (readonly [string, Text])[] = [
    ["title", title],
    ...hints.map(({ text }, i) => [`hints[${i}]`, text] as const),
    ...checks.map(({ title }, i) => [`checks[${i}].title`, title] as const),
  ];
  const isKorean = (text: string) => /[가-힣]/.test(text);
  return [
    ...sentences.flatMap(([field, { en, ko }]) => [
      ...isKorean(en)
        ? [
          issue(exercise, "exercise.yaml", { en: "the English is Korean", ko: "영어 자리에 한국어가 있습니다" }, field),
        ]
        : [],
      ...isKorean(ko) || (/^[A-Z]/.test(ko) && en !== ko)
        ? []
        : [issue(exercise, "exercise.yaml", { en: "the Korean is missing", ko: "한국어 문장이 없습니다" }, field)],
    ]),
    ...isKorean(task.ko) ? [] : [issue(exercise, "task.ko.md", { en: "is not in Korean", ko: "한국어가 아닙니다" })],
  ];
}
