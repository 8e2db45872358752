/**
 * Reads YAML as kubectl does, and remembers where each value stands.
 *
 * kubectl reads YAML 1.1 without timestamps and without base-60 numbers: `yes` is true, `0644` is 420, `1:30` and
 * `2026-01-01` are text. Source: sigs.k8s.io/yaml over go.yaml.in/yaml/v2.
 */
import { isCollection, isPair, isScalar, LineCounter, parseAllDocuments, type ScalarTag, type Tags } from "yaml";
import type { Document, Node } from "yaml";
import { verbatim } from "../cluster/text.ts";
import { ContentError, type Issue } from "./content_error.ts";

/** Field names and list indices from the document's root to a value. */
export type Path = readonly (string | number)[];

export interface Position {
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

/** One document of a YAML file as plain JSON values, with the place of each. */
export interface YamlDocument {
  readonly file: string;
  readonly value: unknown;
  /** Where the value at `path` stands; where it is not there, its nearest parent. */
  locate(path: Path): Position;
  /** Where the key of the field at `path` stands. */
  locateKey(path: Path): Position;
}

/** Go also reads `0o644`, which YAML 1.1 did not have. */
const GO_OCTAL: ScalarTag = {
  identify: () => false,
  default: true,
  tag: "tag:yaml.org,2002:int",
  test: /^[-+]?0o[0-7]+$/,
  resolve: (text) => Number.parseInt(text.replace("0o", ""), 8),
};

function kubectlTags(tags: Tags): Tags {
  const kept = tags.filter((tag) =>
    typeof tag === "string" ||
    (tag.tag !== "tag:yaml.org,2002:timestamp" && !("format" in tag && tag.format === "TIME"))
  );
  return [GO_OCTAL, ...kept];
}

/**
 * Reads all documents of a YAML text; empty ones are left out.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const [document] = readYaml("mode: 0644\nenabled: yes\nat: 1:30\n", "example.yaml");
 * assert.deepEqual(document.value, { mode: 420, enabled: true, at: "1:30" });
 * assert.deepEqual(document.locate(["enabled"]), { line: 2, column: 10 });
 * ```
 *
 * @param file named in errors
 * @throws {ContentError} with every syntax error of the text
 */
export function readYaml(text: string, file: string): readonly YamlDocument[] {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    version: "1.1",
    customTags: kubectlTags,
    lineCounter: lines,
    prettyErrors: false,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  const position = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const issues: Issue[] = documents.flatMap((document) =>
    document.errors.map((error) => ({ file, ...position(error.pos[0]), text: verbatim(`YAML: ${error.message}`) }))
  );
  if (issues.length > 0) throw new ContentError(issues);

  return documents.filter((document) => document.contents !== null && !isEmpty(document)).map((document) => ({
    file,
    value: valueOf(
      document,
      (text) => new ContentError([{ file, line: 1, column: 1, text: verbatim(`YAML: ${text}`) }]),
    ),
    locate: (path) => position(nodeAt(document, path)?.range?.[0] ?? 0),
    locateKey: (path) => position(keyAt(document, path)?.range?.[0] ?? nodeAt(document, path)?.range?.[0] ?? 0),
  }));
}

/** Aliases of aliases can stand for more than any memory holds; the library refuses these. */
function valueOf(document: Document, problem: (text: string) => ContentError): unknown {
  try {
    return document.toJS();
  } catch (error) {
    if (error instanceof ReferenceError) throw problem(error.message);
    throw error;
  }
}

function isEmpty(document: Document): boolean {
  return isScalar(document.contents) && document.contents.value === null;
}

function nodeAt(document: Document, path: Path): Node | undefined {
  for (let length = path.length; length >= 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if (node !== null && typeof node === "object" && "range" in node) return node as Node;
  }
  return undefined;
}

function keyAt(document: Document, path: Path): Node | undefined {
  const parent = document.getIn(path.slice(0, -1), true);
  if (!isCollection(parent)) return undefined;
  const last = path[path.length - 1];
  for (const item of parent.items) {
    if (isPair(item) && isScalar(item.key) && item.key.value === last) return item.key;
  }
  return undefined;
}
