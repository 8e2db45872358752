/** Which topics and which competencies of the exams the exercises cover. */
import type { Language, Text } from "../cluster/text.ts";
import type { Catalogue } from "./catalogue.ts";
import type { Curricula, Exam } from "./curriculum.ts";

export interface Covered {
  readonly id: string;
  readonly title: Text;
  /** Ids of the exercises. */
  readonly exercises: readonly string[];
}

export interface ExamCoverage {
  readonly exam: Exam;
  readonly domains: readonly {
    readonly id: string;
    readonly title: Text;
    readonly weight: number;
    readonly competencies: readonly Covered[];
  }[];
}

export interface Coverage {
  readonly topics: readonly Covered[];
  readonly exams: readonly ExamCoverage[];
}

export function coverage(
  { topics, exercises }: Pick<Catalogue, "topics" | "exercises">,
  curricula: Curricula,
): Coverage {
  return {
    topics: topics.map(({ id, title }) => ({
      id,
      title,
      exercises: exercises.filter(({ topic }) => topic === id).map((one) => one.id),
    })),
    exams: (["cka", "ckad"] as const).map((exam) => ({
      exam,
      domains: curricula[exam].map(({ id: domain, title, weight, competencies }) => ({
        id: domain,
        title,
        weight,
        competencies: Object.entries(competencies).map(([id, title]) => ({
          id: `${domain}/${id}`,
          title,
          exercises: exercises.filter((one) => one.exam[exam] === `${domain}/${id}`).map((one) => one.id),
        })),
      })),
    })),
  };
}

const HEADINGS: Readonly<Record<"topic" | "competency" | "exercises" | "weight", Text>> = {
  topic: { en: "Topic", ko: "주제" },
  competency: { en: "Competency", ko: "역량" },
  exercises: { en: "Exercises", ko: "연습 문제" },
  weight: { en: "weight", ko: "비중" },
};

/** Markdown: a table of topics, and one for each exam with its domains. What nothing covers has a dash. */
export function coverageMarkdown({ topics, exams }: Coverage, language: Language): string {
  const head = (word: keyof typeof HEADINGS) => HEADINGS[word][language];
  const cell = (ids: readonly string[]) => ids.length === 0 ? "—" : ids.map((id) => `\`${id}\``).join(", ");
  const table = (first: string, rows: readonly Covered[]) =>
    [
      `| ${first} | ${head("exercises")} |`,
      "| --- | --- |",
      ...rows.map(({ title, exercises }) => `| ${title[language]} | ${cell(exercises)} |`),
    ].join("\n");
  return [
    table(head("topic"), topics),
    ...exams.flatMap(({ exam, domains }) => [
      `### ${exam.toUpperCase()}`,
      ...domains.map(({ title, weight, competencies }) =>
        `**${title[language]}** (${head("weight")} ${weight}%)\n\n${table(head("competency"), competencies)}`
      ),
    ]),
  ].join("\n\n");
}
