/** Explains what strict decoding refuses: fields that nothing has, and fields that stand twice. */
import type { Path } from "../../yaml.ts";
import { parseFieldPath } from "../field_path.ts";
import type { Finding } from "../finding.ts";
import { writeInstead } from "../mends.ts";
import { fits, misspelt, rightPlace, shapeAt, shapeOfKind } from "../schema_search.ts";
import type { NoteDocument } from "../yaml_documents.ts";
import { describe, valueAt } from "./paths.ts";

/** Where a field belongs that stands elsewhere, or under another name. */
export interface Repair {
  readonly from: Path;
  readonly to: Path;
}

export interface Strict {
  readonly findings: readonly Finding[];
  readonly repairs: readonly Repair[];
}

/** @param text `unknown field "spec.x", duplicate field "spec.y"` */
export function strictErrors(text: string, document: NoteDocument): Strict {
  const findings: Finding[] = [];
  const repairs: Repair[] = [];
  for (const [, what, field] of text.matchAll(/(unknown|duplicate) field "([^"]+)"/g)) {
    const path = parseFieldPath(field);
    const base = {
      ...document.locateKey(path),
      severity: "error",
      message: `${what} field ${JSON.stringify(field)}`,
    } as const;
    if (what === "duplicate") {
      findings.push({
        ...base,
        rule: "duplicate-field",
        explanation: {
          en: `${String(path.at(-1))} is here twice; only the last one would count.`,
          ko: `${String(path.at(-1))} 필드가 두 번 나옵니다. 마지막 것만 적용됩니다.`,
        },
      });
      continue;
    }
    const { to, ...said } = unknownField(path, document);
    findings.push({ ...base, rule: "unknown-field", ...said });
    if (to !== undefined) repairs.push({ from: path, to });
  }
  return { findings, repairs };
}

interface UnknownField extends Pick<Finding, "explanation" | "mend"> {
  readonly to?: Path;
}

function unknownField(path: Path, document: NoteDocument): UnknownField {
  const name = String(path.at(-1));
  const { apiVersion, kind } = document.value as { apiVersion: string; kind: string };
  const root = shapeOfKind(apiVersion, kind);
  const parent = path.length === 1 ? kind : describe(path.slice(0, -1));
  const plain = { en: `${parent} has no field ${name}.`, ko: `${parent}에는 ${name} 필드가 없습니다.` };
  if (root === undefined) return { explanation: plain };
  const value = valueAt(document.value, path);
  const meant = misspelt(root, path);
  if (meant !== undefined && fits(shapeAt(root, [...path.slice(0, -1), meant])!, value)) {
    return {
      explanation: plain,
      mend: writeInstead(meant, { ...document.locateKey(path), length: name.length }),
      to: [...path.slice(0, -1), meant],
    };
  }
  const place = rightPlace(root, path, value);
  if (place === undefined) return { explanation: plain };
  const right = describe(place);
  return {
    explanation: {
      en: `${name} is at the wrong depth: it belongs at ${right}.`,
      ko: `${name} 필드의 들여쓰기가 잘못되었습니다. ${right} 위치에 있어야 합니다.`,
    },
    mend: {
      text: {
        en: `Indent ${name} so that it is ${right}.`,
        ko: `${name} 필드가 ${right} 위치에 오도록 들여쓰기를 고치세요.`,
      },
    },
    to: place,
  };
}

/**
 * The document as it is with its fields where they belong, so that the server can judge the rest of it; what it says is
 * still found where it stands in the note.
 */
export function repaired(document: NoteDocument, repairs: readonly Repair[]): NoteDocument | undefined {
  const value = structuredClone(document.value) as Record<string, unknown>;
  for (const { from, to } of repairs) {
    const moved = valueAt(value, from);
    const old = valueAt(value, from.slice(0, -1)) as Record<string, unknown> | undefined;
    const parent = to.slice(0, -1).reduce<unknown>(below, value) as Record<string, unknown> | undefined;
    const name = String(to.at(-1));
    if (old === undefined || parent === undefined || name in parent) return undefined;
    delete old[String(from.at(-1))];
    parent[name] = moved;
  }
  const original = (path: Path): Path => {
    const moved = repairs.find(({ to }) => to.every((step, i) => path[i] === step));
    return moved === undefined ? path : [...moved.from, ...path.slice(moved.to.length)];
  };
  return {
    ...document,
    value,
    locate: (path) => document.locate(original(path)),
    locateKey: (path) => document.locateKey(original(path)),
  };
}

/** What is at a step of a path; a map is made where nothing is. */
function below(current: unknown, step: string | number): unknown {
  if (typeof current !== "object" || current === null) return undefined;
  const fields = current as Record<string | number, unknown>;
  return fields[step] ??= {};
}
