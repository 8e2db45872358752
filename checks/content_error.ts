/** What is wrong with a file that somebody wrote, said with its place. */
import { Problem } from "../cluster/problem.ts";
import { type Text, verbatim } from "../cluster/text.ts";

export interface Issue {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** The field, as "checks[0].points". */
  readonly field?: string;
  readonly text: Text;
}

/** "exercise.yaml:12:5: checks[0].points: must be …" in one language. */
export function formatIssue({ file, line, column, field, text }: Issue, language: keyof Text): string {
  return `${file}:${line}:${column}: ${field === undefined ? "" : `${field}: `}${text[language]}`;
}

/** A file's content cannot be used; every issue of the file is in it, not only the first. */
export class ContentError extends Problem {
  constructor(readonly issues: readonly Issue[]) {
    const all = (language: keyof Text) => issues.map((issue) => formatIssue(issue, language)).join("\n");
    super("unavailable", issues.length === 0 ? verbatim("") : { en: all("en"), ko: all("ko") });
  }
}
