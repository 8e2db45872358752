/** Compares what `kubectl explain` prints: the kind, and the types of fields. */
import type { Finding } from "../finding.ts";
import type { CodeLine } from "../markdown.ts";
import { differs, leadsTo, misspeltName } from "./shown.ts";

/** "FIELD: nodeName <string>", "RESOURCE: containers <[]Object>", "  image	<string> -required-" */
const FIELD = /^(?:FIELD:|RESOURCE:)?\s*([a-zA-Z][\w$]*)\s+<([^<>]+)>/;

export function explainedFindings(shown: readonly CodeLine[], stdout: string): Finding[] {
  const lines = stdout.split("\n");
  const real = new Map(lines.flatMap((text) => {
    const [, name, type] = FIELD.exec(text) ?? [];
    return name === undefined ? [] : [[name, type] as const];
  }));
  const realKind = kindOf(lines);
  return shown.flatMap((line) => {
    const kind = kindOf([line.text]);
    if (kind !== undefined && realKind !== undefined && kind !== realKind) {
      return [leadsTo(line, "KIND", kind, realKind)];
    }
    const [, name, type] = FIELD.exec(line.text) ?? [];
    if (name === undefined) return [];
    const realType = real.get(name);
    if (realType === undefined) return misspelt(line, name, real.keys());
    return formOf(type) === formOf(realType) ? [] : [leadsTo(line, name, `<${type}>`, `<${realType}>`)];
  });
}

const kindOf = (lines: readonly string[]): string | undefined =>
  lines.map((text) => /^KIND:\s+(\S+)/.exec(text)?.[1]).find((kind) => kind !== undefined);

function misspelt(line: CodeLine, name: string, known: Iterable<string>): Finding[] {
  // Older versions had other fields: only what is nearly one of today's is sure to be a slip.
  const meant = misspeltName(name, known);
  if (meant === undefined) return [];
  return [differs(line, line.text.indexOf(name), `${name} is no field here`, {
    en: `kubectl explains no field ${name} here: it is ${meant}.`,
    ko: `여기에 ${name} 필드는 없습니다. ${meant}입니다.`,
  })];
}

/** Older versions call every structure an Object. */
function formOf(type: string): string {
  return type.replace(/[A-Za-z]+$/, (name) => /^(string|integer|boolean|number)$/.test(name) ? name : "Object");
}
