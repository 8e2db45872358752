/** Checks the values in a piece of a manifest: text where a number belongs, words that a field does not know. */
import type { Field, Shape } from "../../cluster/memory/kinds/schema/shape.ts";
import { nearestInAnyCase } from "../nearest.ts";
import type { Path } from "../yaml.ts";
import type { Finding } from "./finding.ts";
import { writeInstead } from "./mends.ts";
import { describe } from "./refusals/paths.ts";
import type { NoteDocument } from "./yaml_documents.ts";

interface Problem {
  readonly path: Path;
  readonly value: string | number | boolean;
  /** What the field takes. */
  readonly takes: "a number" | "text" | "true or false" | readonly string[];
}

/** @param shapes those of all types that the piece may be of: only what is wrong in each of them is told */
export function fragmentValues(document: NoteDocument, shapes: readonly Shape[]): Finding[] {
  const [first = [], ...others] = shapes.map((shape) => problemsOf(shape, document.value, [], undefined));
  return first
    .filter(({ path }) => others.every((problems) => problems.some((other) => describe(other.path) === describe(path))))
    .map((problem) => finding(document, problem));
}

function problemsOf(shape: Shape, value: unknown, path: Path, field: Field | undefined): Problem[] {
  if (Array.isArray(value)) {
    if (shape.is !== "list") return [];
    return value.flatMap((item, i) => problemsOf(shape.items, item, [...path, i], undefined));
  }
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, item]) => {
      const own = shape.is === "struct" ? shape.fields.get(name) : undefined;
      const below = shape.is === "map" ? shape.values : own?.shape;
      return below === undefined ? [] : problemsOf(below, item, [...path, name], own);
    });
  }
  if (shape.is !== "scalar" || !isPlain(value)) return [];
  const takes = problemOf(shape.type, value, field);
  return takes === undefined ? [] : [{ path, value, takes }];
}

const isPlain = (value: unknown): value is string | number | boolean =>
  ["string", "number", "boolean"].includes(typeof value);

function problemOf(
  type: string,
  value: string | number | boolean,
  field: Field | undefined,
): Problem["takes"] | undefined {
  if (typeof value !== "string") {
    if (type === "string") return "text";
    return type === "bool" && typeof value === "number" ? "true or false" : undefined;
  }
  // Words may stand for any value ("replicas: <n>"); a number in quotes is one that was meant as such.
  if (/^int(32|64)$/.test(type)) return /^\d+$/.test(value) ? "a number" : undefined;
  if (type === "bool") return /^(true|false)$/.test(value) ? "true or false" : undefined;
  const { enum: known } = field ?? {};
  if (known === undefined || known.includes(value) || !/^[A-Za-z]{3,}$/.test(value)) return undefined;
  return nearestInAnyCase(value, known) === undefined ? undefined : known;
}

const KOREAN = { "a number": "숫자", text: "문자열(따옴표로 감쌈)", "true or false": "true 또는 false" } as const;

function finding(document: NoteDocument, { path, value, takes }: Problem): Finding {
  const place = document.locate(path);
  const name = describe(path);
  if (typeof takes === "string") {
    const of = takes === "text" ? "text (in quotes)" : takes;
    return {
      ...place,
      rule: "wrong-type",
      severity: "error",
      message: `${name}: ${JSON.stringify(value)} has another type than the field`,
      explanation: { en: `${name} takes ${of}.`, ko: `${name}에 쓸 수 있는 값: ${KOREAN[takes]}.` },
    };
  }
  const meant = nearestInAnyCase(String(value), takes)!;
  return {
    ...place,
    rule: "invalid-value",
    severity: "error",
    message: `${name}: Unsupported value: ${JSON.stringify(value)}: supported values: ${takes.join(", ")}`,
    explanation: {
      en: `${name} takes one of ${takes.join(", ")}.`,
      ko: `${name}에는 ${takes.join(", ")} 중 하나를 쓸 수 있습니다.`,
    },
    mend: writeInstead(meant, { ...place, length: String(value).length }),
  };
}
