/** What was probably typed where YAML cannot be read: a tab, a colon without its space, a line that is indented too far. */
import type { Finding } from "./finding.ts";
import type { CodeLine } from "./markdown.ts";
import { type NoteDocument, type Place, readYamlBlock, type YamlProblem } from "./yaml_documents.ts";

const KEY = /^(\s*)((?:- )*)[A-Za-z][\w./-]*:(?=\s|$)/;

/** A finding for a problem, at the place of the slip where that can be told. */
export function yamlFinding(problem: YamlProblem, lines: readonly CodeLine[]): Finding {
  const at = lines.findIndex(({ line }) => line === problem.line);
  const slip = tab(lines, at) ?? missingSpace(lines[at]) ?? tooDeep(lines, at);
  const { line, column, text } = problem;
  return {
    line,
    column,
    rule: "yaml-syntax",
    severity: "error",
    message: text.en,
    explanation: { en: "This is not YAML that kubectl can read.", ko: "kubectl이 읽을 수 있는 YAML이 아닙니다." },
    ...slip,
  };
}

type Slip = Pick<Finding, "line" | "column" | "explanation" | "mend">;

/** One that stands near: the reader stumbles a line before or after it. */
function tab(lines: readonly CodeLine[], at: number): Slip | undefined {
  const found = lines.slice(Math.max(0, at - 1), at + 3).find(({ text }) => /^ *\t/.test(text));
  if (found === undefined) return undefined;
  const { line, column } = found;
  return {
    line,
    column,
    explanation: {
      en: "YAML is indented with spaces, never with tabs.",
      ko: "YAML은 탭이 아니라 공백으로 들여씁니다.",
    },
    mend: { text: { en: "Write spaces in place of the tab.", ko: "탭을 공백으로 바꾸세요." } },
  };
}

/** `nodePort:30008` */
function missingSpace(found: CodeLine | undefined): Slip | undefined {
  const before = /^\s*(?:- )*[A-Za-z]\w*:(?=[^\s:/])/.exec(found?.text ?? "")?.[0];
  if (found === undefined || before === undefined) return undefined;
  const place = { line: found.line, column: found.column + before.length };
  return {
    ...place,
    explanation: { en: "A space must follow the colon.", ko: "콜론 뒤에는 공백이 있어야 합니다." },
    mend: {
      text: { en: "Write a space after the colon.", ko: "콜론 뒤에 공백을 넣으세요." },
      edit: { ...place, length: 0, replacement: " " },
    },
  };
}

/** A field below another one's value that is indented further than it. */
function tooDeep(lines: readonly CodeLine[], at: number): Slip | undefined {
  const [above, below] = [lines[at], lines[at + 1]];
  const [field, space, dashes] = KEY.exec(above?.text ?? "") ?? [];
  const [, further] = KEY.exec(below?.text ?? "") ?? [];
  if (field === undefined || further === undefined || above.text.slice(field.length).trim() === "") return undefined;
  const wanted = space.length + dashes.length;
  if (further.length <= wanted) return undefined;
  return {
    line: below.line,
    column: below.column + further.length,
    explanation: {
      en: "This line is indented further than the field above it, which has a value already.",
      ko: "이미 값이 있는 윗줄의 필드보다 더 깊게 들여썼습니다.",
    },
    mend: {
      text: { en: "Indent it like the line above.", ko: "윗줄과 같은 깊이로 들여쓰세요." },
      edit: { line: below.line, column: below.column, length: further.length, replacement: " ".repeat(wanted) },
    },
  };
}

/** The documents as they are once the slips are mended; places are still those of the note. */
export function readMended(lines: readonly CodeLine[], findings: readonly Finding[]): NoteDocument[] {
  const edits = findings.map(({ mend }) => mend?.edit).filter((edit) => edit !== undefined);
  const mended = lines.map((one) => {
    const edit = edits.find(({ line }) => line === one.line);
    if (edit === undefined) return one;
    const start = edit.column - one.column;
    return { ...one, text: one.text.slice(0, start) + edit.replacement + one.text.slice(start + edit.length) };
  });
  const inNote = ({ line, column }: Place): Place => {
    const edit = edits.find((one) => one.line === line && one.column <= column);
    return { line, column: edit === undefined ? column : column - edit.replacement.length + edit.length };
  };
  return readYamlBlock(mended).documents.map((document) => ({
    ...document,
    locate: (path) => inNote(document.locate(path)),
    locateKey: (path) => inNote(document.locateKey(path)),
  }));
}
