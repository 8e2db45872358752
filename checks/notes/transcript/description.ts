/** Reads what `kubectl describe` prints: objects of named fields, nested by their indentation. */
import type { CodeLine } from "../markdown.ts";

export interface DescribedField {
  /** The names above it and its own: ["Containers", "web", "Image"]. */
  readonly path: readonly string[];
  /** What stands behind the name, and in the lines below that have no name: the labels of an object. */
  readonly values: readonly string[];
  readonly line: CodeLine;
}

export interface DescribedObject {
  readonly fields: readonly DescribedField[];
}

/** "  Host Port:     0/TCP"; not "node.kubernetes.io/not-ready:NoExecute". */
const FIELD = /^(\s*)([A-Za-z0-9][\w./()-]*(?: [\w./()-]+){0,4}):(?:\s+(\S.*))?$/;

const UNDERLINE = /^\s*[-=]{3,}(\s+-+)*\s*$/;

/** Every object begins with its name. */
export function readDescription(lines: readonly CodeLine[]): DescribedObject[] {
  const starts = lines.flatMap(({ text }, i) => /^Name:\s/.test(text) ? [i] : []);
  return starts.map((start, i) => ({ fields: readFields(lines.slice(start, starts[i + 1])) }));
}

function readFields(lines: readonly CodeLine[]): DescribedField[] {
  const fields: (DescribedField & { readonly values: string[] })[] = [];
  const open: { readonly name: string; readonly indent: number }[] = [];
  for (const [i, line] of lines.entries()) {
    if (line.text.trim() === "" || UNDERLINE.test(line.text)) continue;
    const under = lines[i - 1];
    // "Data" and its "====", and the keys of a ConfigMap with "----" below.
    const isHead = UNDERLINE.test(lines[i + 1]?.text ?? "") && !/\s{2,}/.test(line.text.trim());
    const [, space, name, value] = (isHead ? /^(\s*)(.*?):?$/ : FIELD).exec(line.text) ?? [];
    const row = /^(\S+)(?:\s{2,}\S+)*\s{2,}(\S+)$/.exec(line.text);
    if (name === undefined && row !== null) {
      // A table at the margin, as quotas have it: what is used changes, what is allowed stands last.
      open.splice(0, Infinity, { name: row[1], indent: 0 });
      fields.push({ path: [row[1]], values: [row[2]], line });
      continue;
    }
    if (name === undefined || (under !== undefined && /^-{3,}$/.test(under.text.trim()) && !isHead)) {
      fields.at(-1)?.values.push(line.text.trim());
      continue;
    }
    while (open.length > 0 && open.at(-1)!.indent >= space.length) open.pop();
    open.push({ name, indent: space.length });
    fields.push({ path: open.map((one) => one.name), values: value === undefined ? [] : [value.trim()], line });
  }
  return fields;
}
