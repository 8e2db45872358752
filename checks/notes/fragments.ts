/**
 * Checks a piece of a manifest that does not say its kind: which type has such fields, and which of them are slips.
 *
 * A field is only called wrong when everything around it fits a type and the field is nearly one of that type's.
 */
import { type Shape, shapeOf, typeNames } from "../../cluster/memory/kinds/schema/shape.ts";
import type { Path } from "../yaml.ts";
import type { Finding } from "./finding.ts";
import { writeInstead } from "./mends.ts";
import { fragmentValues } from "./fragment_values.ts";
import { misspelt } from "./schema_search.ts";
import type { NoteDocument } from "./yaml_documents.ts";

interface Reading {
  readonly known: number;
  readonly unknown: readonly Path[];
}

interface Candidate {
  readonly type: string;
  readonly shape: Shape;
  readonly reading: Reading;
}

export interface FragmentResult {
  /** The type that the fields are of, "core.v1.PodSpec"; undefined where that is not clear. */
  readonly type?: string;
  readonly findings: readonly Finding[];
}

/** Slips in one fragment beyond which it is something else than a manifest. */
const MOST_SLIPS = 2;

/** No findings where it is not clear of which type the piece is. */
export function checkFragment(document: NoteDocument): FragmentResult {
  const value = document.value;
  if (typeof value !== "object" || value === null) return { findings: [] };
  let best: Candidate | undefined;
  // Several types may have the same fields: what is said of a value holds for all of them.
  let equals: Candidate[] = [];
  for (const type of typeNames) {
    const shape = Array.isArray(value) ? listOf(shapeOf(type)) : shapeOf(type);
    const reading = read(shape, value, []);
    if (reading.known === 0) continue;
    const candidate = { type, shape, reading };
    if (best === undefined || isBetter(reading, best.reading)) [best, equals] = [candidate, [candidate]];
    else if (!isBetter(best.reading, reading)) equals.push(candidate);
  }
  if (best === undefined) return { findings: [] };
  const { type, shape, reading: { known, unknown } } = best;
  if (unknown.length === 0) return { type, findings: fragmentValues(document, equals.map(({ shape }) => shape)) };
  const slips = unknown.map((path) => ({ path, meant: misspelt(shape, path) }));
  // A field that is written with other capitals only can be nothing else.
  const isCase = slips.every(({ path, meant }) => String(path.at(-1)).toLowerCase() === meant?.toLowerCase());
  const isClear = (known > unknown.length || (isCase && known === unknown.length)) && unknown.length <= MOST_SLIPS &&
    slips.every(({ meant }) => meant !== undefined);
  return isClear ? { type, findings: slips.map(({ path, meant }) => slip(document, path, meant!)) } : { findings: [] };
}

const listOf = (items: Shape): Shape => ({ is: "list", items, listType: "atomic", listMapKeys: [] });

const isBetter = (a: Reading, b: Reading): boolean =>
  a.unknown.length !== b.unknown.length ? a.unknown.length < b.unknown.length : a.known > b.known;

/** Counts the fields that a shape knows, and lists those that it does not; below these nothing is counted. */
function read(shape: Shape, value: unknown, path: Path): Reading {
  if (value === null || typeof value !== "object") return { known: 0, unknown: isScalar(shape) ? [] : [path] };
  if (shape.is === "any") return { known: 0, unknown: [] };
  if (Array.isArray(value)) {
    return shape.is === "list"
      ? sum(value.map((item, i) => read(shape.items, item, [...path, i])))
      : { known: 0, unknown: [path] };
  }
  const entries = Object.entries(value);
  if (shape.is === "map") return sum(entries.map(([key, item]) => read(shape.values, item, [...path, key])));
  if (shape.is !== "struct") return { known: 0, unknown: [path] };
  return sum(entries.map(([key, item]) => {
    const field = shape.fields.get(key);
    if (field === undefined) return { known: 0, unknown: [[...path, key]] };
    // An empty field, and a value of another form, say nothing about the name.
    const below = item === null ? { known: 0, unknown: [] } : read(field.shape, item, [...path, key]);
    return { known: below.known + 1, unknown: below.unknown };
  }));
}

const isScalar = ({ is }: Shape): boolean => is === "scalar" || is === "any";

function sum(readings: readonly Reading[]): Reading {
  return {
    known: readings.reduce((total, { known }) => total + known, 0),
    unknown: readings.flatMap(({ unknown }) => unknown),
  };
}

function slip(document: NoteDocument, path: Path, meant: string): Finding {
  const name = String(path.at(-1));
  const place = document.locateKey(path);
  return {
    ...place,
    rule: "unknown-field",
    severity: "error",
    message: `unknown field ${JSON.stringify(name)}`,
    explanation: { en: `Nothing has a field ${name} here.`, ko: `이 자리에 ${name} 필드는 없습니다.` },
    mend: writeInstead(meant, { ...place, length: name.length }),
  };
}
