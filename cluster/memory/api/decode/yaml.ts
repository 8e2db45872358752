/**
 * YAML bodies, read as the API server reads them: as YAML 1.1, and turned into JSON before anything else looks.
 *
 * `yes` and `on` are true, 0644 and 0o644 are octal, 1_000 is a number; 1:30 and dates are texts. Map keys become
 * texts and are sorted, so that errors name fields in the order of the alphabet.
 *
 * Source: `sigs.k8s.io/yaml` (`YAMLToJSON`, `YAMLToJSONStrict`) over goyaml.v2.
 */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type ScalarTag } from "yaml";

/** Thrown for a text that is not YAML, with a message in the style of goyaml: "yaml: line 3: …". */
export class MalformedYaml extends Error {
  override readonly name = "MalformedYaml";
}

export interface YamlReading {
  /** JSON text of the first document. */
  readonly json: string;
  /** Duplicate keys, as goyaml words them: `line 3: key "name" already set in map`. */
  readonly duplicates: readonly string[];
}

/** More nodes than this come from aliases that blow a document up. */
const MOST_NODES = 1_000_000;

const OCTAL: ScalarTag = {
  tag: "tag:yaml.org,2002:int",
  default: true,
  test: /^[-+]?0o[0-7_]+$/,
  resolve: (text: string) => {
    const digits = text.replace(/_/g, "");
    const value = parseInt(digits.replace("0o", ""), 8);
    return digits.startsWith("-") ? -Math.abs(value) : value;
  },
};

/** Texts that YAML 1.1 of the library takes for a date, a sexagesimal number or binary data, and goyaml does not. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  "tag:yaml.org,2002:timestamp",
  "tag:yaml.org,2002:binary",
  "tag:yaml.org,2002:set",
  "tag:yaml.org,2002:omap",
  "tag:yaml.org,2002:pairs",
]);

/**
 * @throws {MalformedYaml}
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { readYaml } from "./yaml.ts";
 *
 * assert.equal(readYaml("b: yes\na: 0644\nc: 1:30").json, '{"a":420,"b":true,"c":"1:30"}');
 * assert.deepEqual(readYaml("a: 1\na: 2").duplicates, ['line 2: key "a" already set in map']);
 * ```
 */
export function readYaml(text: string): YamlReading {
  try {
    return read(text);
  } catch (error) {
    // Nested beyond the runtime's stack.
    throw error instanceof RangeError ? new MalformedYaml("yaml: exceeded max depth of 10000") : error;
  }
}

function read(text: string): YamlReading {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    version: "1.1",
    schema: "yaml-1.1",
    merge: true,
    uniqueKeys: false,
    strict: false,
    stringKeys: false,
    logLevel: "silent",
    lineCounter: lines,
    customTags: (tags) => [
      OCTAL,
      ...tags.filter((tag) =>
        typeof tag === "string" || (!LEFT_OUT.has(tag.tag) && (tag as ScalarTag).format !== "TIME")
      ),
    ],
  });
  const [error] = document.errors.filter(({ code }) => code !== "MULTIPLE_DOCS");
  if (error !== undefined) {
    const line = error.linePos?.[0].line;
    throw new MalformedYaml(`yaml: ${line === undefined ? "" : `line ${line}: `}${reason(error.message)}`);
  }
  return plainValue(document, lines);
}

/** The values of a document, as JSON text. */
function plainValue(document: ReturnType<typeof parseDocument>, lines: LineCounter): YamlReading {
  const duplicates: string[] = [];
  /** Anchors that are being read: one that holds itself has no end. */
  const open = new Set<Node>();
  let left = MOST_NODES;

  const plain = (node: Node | null | undefined): unknown => {
    if (--left < 0) throw new MalformedYaml("yaml: document contains excessive aliasing");
    if (isAlias(node)) {
      const target = node.resolve(document);
      if (target === undefined) throw new MalformedYaml(`yaml: unknown anchor '${node.source}' referenced`);
      if (open.has(target)) throw new MalformedYaml(`yaml: anchor '${node.source}' value contains itself`);
      open.add(target);
      const value = plain(target);
      open.delete(target);
      return value;
    }
    if (isScalar(node)) return node.value ?? null;
    if (isSeq(node)) return node.items.map((item) => plain(item as Node));
    return isMap(node) ? map(node) : null;
  };

  const map = (node: Extract<Node, { items: { key: unknown }[] }>): Record<string, unknown> => {
    const entries = new Map<string, unknown>();
    const merged = new Map<string, unknown>();
    for (const pair of (node as unknown as { items: { key: Node; value: Node | null }[] }).items) {
      const key = keyText(isAlias(pair.key) ? pair.key.resolve(document) : pair.key);
      const value = plain(pair.value);
      if (isScalar(pair.key) && pair.key.source === "<<" && pair.key.type === "PLAIN") {
        for (const source of Array.isArray(value) ? [...value].reverse() : [value]) {
          if (typeof source !== "object" || source === null || Array.isArray(source)) {
            throw new MalformedYaml("yaml: map merge requires map or sequence of maps as the value");
          }
          for (const [name, inherited] of Object.entries(source)) merged.set(name, inherited);
        }
        continue;
      }
      if (entries.has(key)) {
        const line = lines.linePos(pair.key.range?.[0] ?? 0).line;
        duplicates.push(`line ${line}: key ${JSON.stringify(key)} already set in map`);
      }
      entries.set(key, value);
    }
    for (const [name, inherited] of merged) if (!entries.has(name)) entries.set(name, inherited);
    return Object.fromEntries([...entries].sort(([a], [b]) => a < b ? -1 : 1));
  };

  return { json: written(plain(document.contents)), duplicates };
}

function keyText(key: Node | undefined): string {
  if (!isScalar(key)) throw new MalformedYaml("yaml: invalid map key: only scalars can be keys in JSON");
  if (key.value === null) throw new MalformedYaml("yaml: unsupported map key of type: %!s(<nil>)");
  return String(key.value);
}

/** goyaml's words for what the library found, by its code or the start of its message. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/^Flow map/, "did not find expected ',' or '}'"],
  [/^Flow sequence/, "did not find expected ',' or ']'"],
  [/^Nested mappings are not allowed/, "mapping values are not allowed in this context"],
  [/^(?:Tabs are not allowed|Plain value cannot start)/, "found character that cannot start any token"],
  [/^Missing closing/, "found unexpected end of stream"],
  [/^Invalid escape sequence/, "found unknown escape character"],
  [/^All mapping items must start at the same column/, "did not find expected key"],
  [/^Implicit (?:map )?keys? need/, "could not find expected ':'"],
  [/^Unresolved alias|^Unexpected/, "did not find expected node content"],
];

function reason(message: string): string {
  return REASONS.find(([pattern]) => pattern.test(message))?.[1] ?? message.split("\n")[0];
}

function written(value: unknown): string {
  return JSON.stringify(value, (_key, item) => {
    if (typeof item === "number" && !Number.isFinite(item)) {
      throw new MalformedYaml(`json: unsupported value: ${Number.isNaN(item) ? "NaN" : item > 0 ? "+Inf" : "-Inf"}`);
    }
    return item;
  }) ?? "null";
}
