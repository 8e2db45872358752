/** What a number of notes came to together. */
import type { Language, Text } from "../../../cluster/text.ts";
import type { NoteReport } from "../check_note.ts";
import type { Counted, Finding } from "../finding.ts";

export interface CheckedNote extends NoteReport {
  /** The note's text, to show the lines. */
  readonly source: string;
}

export function totalOf(
  notes: readonly NoteReport[],
): Counted & { readonly errors: number; readonly warnings: number } {
  const sum = (of: (note: NoteReport) => number) => notes.reduce((total, note) => total + of(note), 0);
  const count = (severity: Finding["severity"]) =>
    sum(({ findings }) => findings.filter((finding) => finding.severity === severity).length);
  return {
    errors: count("error"),
    warnings: count("warning"),
    verified: sum(({ counted }) => counted.verified),
    parsed: sum(({ counted }) => counted.parsed),
    notCheckable: sum(({ counted }) => counted.notCheckable),
  };
}

/** What was found, verified, only read and not checked, in a sentence. */
export function summaryOf(notes: readonly NoteReport[], language: Language): string {
  const { errors, warnings, verified, parsed, notCheckable } = totalOf(notes);
  const text: Text = {
    en: `${notes.length} ${notes.length === 1 ? "note" : "notes"}: ${errors} ${
      errors === 1 ? "error" : "errors"
    }, ${warnings} ${
      warnings === 1 ? "warning" : "warnings"
    }; ${verified} verified on a cluster, ${parsed} only read, ${notCheckable} not checkable here`,
    ko:
      `노트 ${notes.length}개: 오류 ${errors}개, 경고 ${warnings}개. 클러스터에서 검증 ${verified}개, 읽기만 함 ${parsed}개, 여기서 확인할 수 없음 ${notCheckable}개`,
  };
  return text[language];
}
