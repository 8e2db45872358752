/** What an author must say about a new exercise: by options, and on a terminal by answering questions. */
import { Problem } from "../cluster/problem.ts";
import type { Topic } from "../exercises/catalogue.ts";
import { competenciesOf, type Curricula, type Exam } from "../exercises/curriculum.ts";
import type { NewExercise } from "../exercises/scaffold.ts";
import { message, MESSAGES, type Messages } from "./messages/messages.ts";
import type { Output } from "./output.ts";

export interface Given {
  readonly id?: string | undefined;
  readonly topic?: string;
  readonly titleEn?: string;
  readonly titleKo?: string;
  readonly cka?: string;
  readonly ckad?: string;
  readonly difficulty?: number;
  readonly minutes?: number;
}

interface Surroundings {
  readonly topics: readonly Topic[];
  readonly curricula: Curricula;
  readonly out: Output;
  /** Whether there is somebody to ask. */
  readonly asks: boolean;
}

const ID = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * @returns undefined when the author broke off
 * @throws {Problem} `usage` for what is missing with nobody to ask, or unknown
 */
export async function answersFrom(given: Given, surroundings: Surroundings): Promise<NewExercise | undefined> {
  const { topics, curricula, asks } = surroundings;
  refuseUnknown(given, topics, curricula);
  const answers = asks ? await ask(given, surroundings) : given;
  if (answers === undefined) return undefined;
  const { id, topic, titleEn, titleKo, cka, ckad, difficulty = 2, minutes = 6 } = answers;
  if (id === undefined || topic === undefined || titleEn === undefined || titleKo === undefined) {
    const missing = [
      ...id === undefined ? ["ID"] : [],
      ...topic === undefined ? ["--topic"] : [],
      ...titleEn === undefined ? ["--title-en"] : [],
      ...titleKo === undefined ? ["--title-ko"] : [],
    ].join(", ");
    throw new Problem("usage", message(({ author }) => author.new.missing(missing)));
  }
  const exam = { ...cka === undefined ? {} : { cka }, ...ckad === undefined ? {} : { ckad } };
  return { id, topic, title: { en: titleEn, ko: titleKo }, exam, difficulty, minutes };
}

function refuseUnknown({ id, topic, ...exams }: Given, topics: readonly Topic[], curricula: Curricula) {
  const refuse = (choose: (words: Messages["author"]["new"]) => string, known?: readonly string[]) => {
    throw new Problem(
      "usage",
      message(({ author }) => choose(author.new)),
      known && message(({ author }) => author.new.topicsAre(known.join(", "))),
    );
  };
  if (id !== undefined && !ID.test(id)) refuse(({ badId }) => `${id}: ${badId}`);
  const ids = topics.map((one) => one.id);
  if (topic !== undefined && !ids.includes(topic)) refuse(({ unknownTopic }) => unknownTopic(topic), ids);
  for (const exam of ["cka", "ckad"] as const) {
    const given = exams[exam];
    const known = competenciesOf(curricula[exam]);
    if (given === undefined || known.has(given)) continue;
    refuse(({ unknownCompetency }) => unknownCompetency(given), [...known]);
  }
}

/** Asks for what is not given; undefined when the author breaks off. */
async function ask(given: Given, { topics, curricula, out }: Surroundings): Promise<Given | undefined> {
  const { group, intro, select, text } = await import("@clack/prompts");
  const words = MESSAGES[out.language].author.new;
  const line =
    (question: string, asked: string | undefined, bad = (value: string): boolean => value === "") => async () =>
      asked ?? await text({
        message: question,
        validate: (value = "") => bad(value) ? (value === "" ? words.required : words.badId) : undefined,
      });
  const competency = (exam: Exam, question: string) => async () =>
    given[exam] ?? await select({
      message: question,
      options: [
        { value: "", label: words.none },
        ...curricula[exam].flatMap(({ id, competencies }) =>
          Object.entries(competencies).map(([one, title]) => ({ value: `${id}/${one}`, label: out.say(title) }))
        ),
      ],
    });
  intro(words.intro);
  let cancelled = false;
  const answers = await group({
    id: line(words.id, given.id, (value) => !ID.test(value)),
    topic: async () =>
      given.topic ?? await select({
        message: words.topic,
        options: topics.map(({ id, title }) => ({ value: id, label: out.say(title) })),
      }),
    titleEn: line(words.titleEn, given.titleEn),
    titleKo: line(words.titleKo, given.titleKo),
    cka: competency("cka", words.cka),
    ckad: competency("ckad", words.ckad),
    difficulty: async () =>
      given.difficulty ?? await select({
        message: words.difficulty,
        options: [1, 2, 3].map((value) => ({ value, label: "★".repeat(value) })),
      }),
  }, { onCancel: () => void (cancelled = true) });
  if (cancelled) return undefined;
  const { cka, ckad, ...rest } = answers as Required<Given>;
  return { ...given, ...rest, ...cka ? { cka } : {}, ...ckad ? { ckad } : {} };
}
