/** What is different between two states of an object, in few words. */
import type { KubeObject } from "../kinds/object.ts";

/** Fields that change with every write, or say nothing to a person. */
const SILENT = /^(apiVersion|kind|metadata\.(managedFields|resourceVersion|uid|creationTimestamp|generation|selfLink))/;

/** More than this is told as a number. */
const MOST = 12;
const LONGEST = 80;

/**
 * The fields that were set, changed or removed: `spec.nodeName: node01`. Of a new object, what makes it what it is.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { changes } from "./changes.ts";
 *
 * const before = { metadata: { name: "web" }, spec: { replicas: 1 } };
 * const after = { metadata: { name: "web" }, spec: { replicas: 3 } };
 * assert.deepEqual(changes(after, before), ["spec.replicas: 3"]);
 * ```
 */
export function changes(object: KubeObject, previous: KubeObject | undefined): string[] {
  if (previous === undefined) return [];
  const found: string[] = [];
  compare("", previous, object, found);
  const told = found.slice(0, MOST);
  return found.length > MOST ? [...told, `… (+${found.length - MOST})`] : told;
}

function compare(path: string, before: unknown, after: unknown, found: string[]): void {
  if (before === after || SILENT.test(path)) return;
  const keyed = listKey(before) ?? listKey(after);
  if (keyed !== undefined) return compareKeyed(path, before as Item[] ?? [], after as Item[] ?? [], keyed, found);
  if (isMap(before) && isMap(after)) {
    for (const name of new Set([...Object.keys(before), ...Object.keys(after)])) {
      compare(path === "" ? name : `${path}.${name}`, before[name], after[name], found);
    }
    return;
  }
  const text = JSON.stringify(after);
  if (text === JSON.stringify(before)) return;
  if (after === undefined) found.push(`${path} –`);
  else if (isMap(after) && before === undefined) {
    for (const [name, value] of Object.entries(after)) compare(`${path}.${name}`, undefined, value, found);
  } else found.push(`${path}: ${short(typeof after === "string" ? after : text)}`);
}

type Item = Readonly<Record<string, unknown>>;

/** Lists whose items have names are compared name by name. */
function listKey(value: unknown): "type" | "name" | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  return (["type", "name"] as const).find((key) => value.every((item) => isMap(item) && typeof item[key] === "string"));
}

function compareKeyed(
  path: string,
  before: readonly Item[],
  after: readonly Item[],
  key: "type" | "name",
  found: string[],
) {
  const names = new Set([...before, ...after].map((item) => String(item[key])));
  for (const name of names) {
    const of = (list: readonly Item[]) => list.find((item) => item[key] === name);
    const [old, now] = [of(before), of(after)];
    // Of a condition, the verdict is what people look for.
    if (key === "type" && now !== undefined) {
      if (old?.status !== now.status) found.push(`${name}: ${now.status}${now.reason ? ` (${now.reason})` : ""}`);
    } else compare(`${path}[${name}]`, old, now, found);
  }
}

const isMap = (value: unknown): value is Item => typeof value === "object" && value !== null && !Array.isArray(value);

const short = (text: string): string => text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
