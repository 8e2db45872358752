/** Which topics and which competencies of the exams the exercises cover. */
import type { Language, Text } from "../cluster/text.ts";
import { verbatim } from "../cluster/text.ts";
import { type Catalogue, lacking } from "./catalogue.ts";
import type { Curricula, Exam } from "./curriculum.ts";

export interface Covered {
  readonly id: string;
  readonly title: Text;
  /** Ids of the exercises that can be checked. */
  readonly exercises: readonly string[];
  /** Exercises and topics that no cluster can check that Drydock knows to drive, and what is missing. */
  readonly notCheckableHere: readonly { readonly name: Text; readonly lacks: readonly string[] }[];
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

/** What of the topics and of each exam's curriculum the exercises practise. */
export function coverage(
  { topics, exercises }: Pick<Catalogue, "topics" | "exercises">,
  curricula: Curricula,
): Coverage {
  const covered = (ofTopic: (topic: Catalogue["topics"][number]) => boolean, of: (entry: Entry) => boolean) => {
    const own = exercises.filter(of);
    return {
      exercises: own.filter(({ requires }) => lacking(requires).length === 0).map(({ id }) => id),
      notCheckableHere: [
        ...own.map(({ id, requires }) => ({ name: verbatim(`\`${id}\``), lacks: lacking(requires) })),
        ...topics.filter(ofTopic).map(({ title, requires }) => ({ name: title, lacks: lacking(requires) })),
      ].filter(({ lacks }) => lacks.length > 0),
    };
  };
  return {
    topics: topics.map(({ id, title }) => ({
      id,
      title,
      ...covered((topic) => topic.id === id, ({ topic }) => topic === id),
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
          ...covered(
            (topic) => topic.exam[exam].includes(`${domain}/${id}`),
            (one) => one.exam[exam] === `${domain}/${id}`,
          ),
        })),
      })),
    })),
  };
}

type Entry = Catalogue["exercises"][number];

const HEADINGS: Readonly<Record<"topic" | "competency" | "exercises" | "weight" | "notCheckableHere", Text>> = {
  topic: { en: "Topic", ko: "주제" },
  competency: { en: "Competency", ko: "역량" },
  exercises: { en: "Exercises", ko: "연습 문제" },
  weight: { en: "weight", ko: "비중" },
  notCheckableHere: { en: "not checkable here", ko: "여기서는 확인 불가" },
};

/**
 * Markdown: a table of topics, and one for each exam with its domains. What nothing covers has a dash; what is only
 * listed says so.
 */
export function coverageMarkdown({ topics, exams }: Coverage, language: Language): string {
  const head = (word: keyof typeof HEADINGS) => HEADINGS[word][language];
  const cell = ({ id: own, exercises, notCheckableHere }: Covered) => {
    const only = notCheckableHere.map(({ name, lacks }) => {
      const isOwn = topics.some(({ id, title }) => id === own && title === name);
      const what = lacks.map((one) => `\`${one}\``).join(", ");
      return `*${head("notCheckableHere")}*${isOwn ? "" : `: ${name[language]}`} (${what})`;
    });
    const all = [...exercises.map((id) => `\`${id}\``), ...only];
    return all.length === 0 ? "—" : all.join(", ");
  };
  const table = (first: string, rows: readonly Covered[]) =>
    [
      `| ${first} | ${head("exercises")} |`,
      "| --- | --- |",
      ...rows.map((row) => `| ${row.title[language]} | ${cell(row)} |`),
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

const [BEGIN, END] = ["<!-- coverage: begin -->", "<!-- coverage: end -->"];

/**
 * A document with the Markdown of {@linkcode coverageMarkdown} between its two markers, in place of what stood there;
 * undefined where it has no markers.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { withCoverage } from "./coverage.ts";
 *
 * const document = "# Read me\n<!-- coverage: begin -->\nold\n<!-- coverage: end -->\n";
 * assert.match(withCoverage(document, "| new |")!, /begin -->\n\n\| new \|\n\n<!-- coverage: end/);
 * ```
 */
export function withCoverage(document: string, markdown: string): string | undefined {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) return undefined;
  return `${document.slice(0, begin + BEGIN.length)}\n\n${markdown}\n\n${document.slice(end)}`;
}
