/**
 * Cuts a block into YAML documents and makes what people leave out or leave open readable: elisions, placeholders, two
 * manifests one below the other.
 */
import type { Text } from "../../cluster/text.ts";
import { ContentError } from "../content_error.ts";
import { type Path, readYaml } from "../yaml.ts";
import type { CodeLine } from "./markdown.ts";

export interface NoteDocument {
  readonly value: unknown;
  /** Something was left out (`...`): what is missing is no mistake. */
  readonly partial: boolean;
  readonly lines: readonly CodeLine[];
  /** Where the value at `path` stands in the note; where it is not there, its nearest parent. */
  locate(path: Path): Place;
  /** Where the key at `path` stands in the note. */
  locateKey(path: Path): Place;
}

export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface YamlProblem extends Place {
  readonly text: Text;
}

export interface YamlBlock {
  readonly documents: readonly NoteDocument[];
  readonly problems: readonly YamlProblem[];
}

const ELISION = /^(\s*)(?:#\s*)?(?:\.{3,}|…+|⋮|:)\s*$/;
const TEMPLATE = /\{\{[^{}]*\}\}/g;

/** The documents that can be read; the others are problems. */
export function readYamlBlock(lines: readonly CodeLine[]): YamlBlock {
  const documents: NoteDocument[] = [];
  const problems: YamlProblem[] = [];
  for (const part of split(lines)) {
    try {
      documents.push(...readPart(part));
    } catch (error) {
      if (!(error instanceof ContentError)) throw error;
      problems.push(...error.issues.map(({ line, column, text }) => ({ ...placeOf(part, line, column), text })));
    }
  }
  return { documents, problems };
}

/** At `---`, and before an `apiVersion` or `kind` at the margin that the document has already. */
function split(lines: readonly CodeLine[]): CodeLine[][] {
  const parts: CodeLine[][] = [[]];
  let seen = new Set<string>();
  for (const line of lines) {
    const key = /^(apiVersion|kind):/.exec(line.text)?.[1];
    if (/^---(\s|$)/.test(line.text) || (key !== undefined && seen.has(key))) {
      parts.push([]);
      seen = new Set();
    }
    if (key !== undefined) seen.add(key);
    if (!/^---\s*$/.test(line.text)) parts.at(-1)!.push(line);
  }
  return parts.filter((part) => part.some(({ text }) => text.trim() !== "" && !text.trim().startsWith("#")));
}

function readPart(lines: readonly CodeLine[]): NoteDocument[] {
  const partial = lines.some(({ text }) => ELISION.test(text));
  const text = lines.map(({ text }) => readable(text)).join("\n");
  return readYaml(text, "").map((document) => ({
    value: document.value,
    partial,
    lines,
    locate: (path) => at(document.locate(path)),
    locateKey: (path) => at(document.locateKey(path)),
  }));

  function at({ line, column }: Place): Place {
    return placeOf(lines, line, column);
  }
}

/** Elisions become comments, and templates text, of the same length. */
function readable(text: string): string {
  const elision = ELISION.exec(text);
  if (elision !== null) return `${elision[1]}#`;
  return text.replace(TEMPLATE, (template) => "x".repeat(template.length));
}

function placeOf(lines: readonly CodeLine[], line: number, column: number): Place {
  const found = lines[Math.min(line, lines.length) - 1];
  return { line: found.line, column: found.column + column - 1 };
}
