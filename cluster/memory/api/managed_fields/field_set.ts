/**
 * A set of fields of an object, as a tree of path elements, and its encoding as FieldsV1.
 *
 * A path element is kept as FieldsV1 writes it: `f:replicas` (a field or a map's entry), `k:{"name":"app"}` (an item of
 * a list by its keys), `v:"x"` (an item of a set), `i:0`. Source: `sigs.k8s.io/structured-merge-diff/fieldpath`.
 */
import type { Json, JsonObject } from "../../kinds/json.ts";
import { Recent } from "../recent.ts";

export interface FieldNode {
  /** The field itself is in the set, not only something below it. */
  readonly member: boolean;
  readonly children: FieldSet;
}

export type FieldSet = ReadonlyMap<string, FieldNode>;
export type Path = readonly string[];

export const EMPTY: FieldSet = new Map();

/** The set that holds these paths, in the encoding of path elements: `fieldSet(["f:spec", "f:replicas"])`. */
export function fieldSet(...paths: readonly Path[]): FieldSet {
  const builder = new FieldSetBuilder();
  for (const path of paths) builder.add(path);
  return builder.set;
}

interface Growing extends FieldNode {
  member: boolean;
  readonly children: Map<string, Growing>;
}

/** Collects paths into a set. */
export class FieldSetBuilder {
  readonly #root = new Map<string, Growing>();

  get set(): FieldSet {
    return this.#root;
  }

  /** Adds one field; the empty path, the whole object, belongs to nobody. */
  add(path: Path): void {
    let children = this.#root;
    let node: Growing | undefined;
    for (const element of path) {
      node = children.get(element);
      if (node === undefined) children.set(element, node = { member: false, children: new Map() });
      children = node.children;
    }
    if (node !== undefined) node.member = true;
  }
}

export function has(set: FieldSet, path: Path): boolean {
  let children = set;
  let node: FieldNode | undefined;
  for (const element of path) {
    node = children.get(element);
    if (node === undefined) return false;
    children = node.children;
  }
  return node?.member ?? false;
}

/** The fields below one element. */
export function below(set: FieldSet, element: string): FieldSet {
  return set.get(element)?.children ?? EMPTY;
}

/** The fields of both; `a` itself when it has all of `b`. */
export function union(a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0) return b;
  if (b.size === 0 || a === b) return a;
  let result: Map<string, FieldNode> | undefined;
  for (const [element, right] of b) {
    const left = a.get(element);
    if (left === undefined) {
      (result ??= new Map(a)).set(element, right);
      continue;
    }
    const children = union(left.children, right.children);
    const member = left.member || right.member;
    if (member === left.member && children === left.children) continue;
    (result ??= new Map(a)).set(element, { member, children });
  }
  return result ?? a;
}

export function intersection(a: FieldSet, b: FieldSet): FieldSet {
  const result = new Map<string, FieldNode>();
  if (a.size === 0 || b.size === 0) return result;
  for (const [element, left] of a) {
    const right = b.get(element);
    if (right === undefined) continue;
    const node = { member: left.member && right.member, children: intersection(left.children, right.children) };
    if (node.member || node.children.size > 0) result.set(element, node);
  }
  return result;
}

/** The fields of `a` that are not in `b`; `a` itself when `b` has none of them. */
export function difference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, false);
}

/** As {@linkcode difference}, but a field of `b` takes everything below it away too. */
export function recursiveDifference(a: FieldSet, b: FieldSet): FieldSet {
  return without(a, b, true);
}

function without(a: FieldSet, b: FieldSet, recursive: boolean): FieldSet {
  if (a.size === 0 || b.size === 0) return a;
  let result: Map<string, FieldNode> | undefined;
  for (const [element, left] of a) {
    const right = b.get(element);
    if (right === undefined) continue;
    const children = recursive && right.member ? EMPTY : without(left.children, right.children, recursive);
    const member = left.member && !right.member;
    if (member === left.member && children === left.children) continue;
    result ??= new Map(a);
    if (member || children.size > 0) result.set(element, { member, children });
    else result.delete(element);
  }
  return result ?? a;
}

/** Calls `visit` for every field of the set: at each level first the fields there, then those below, sorted. */
export function forEachPath(set: FieldSet, visit: (path: Path) => void, prefix: Path = []): void {
  const elements = sorted(set);
  for (const [element, { member }] of elements) if (member) visit([...prefix, element]);
  for (const [element, { children }] of elements) forEachPath(children, visit, [...prefix, element]);
}

/** How messages write a path: `.spec.containers[name="app"].image`. */
export function pathText(path: Path): string {
  return path.map(elementText).join("");
}

/** How messages write one element of a path. */
export function elementText(element: string): string {
  const content = element.slice(2);
  switch (element[0]) {
    case "f":
      return `.${content}`;
    case "k":
      return `[${
        Object.entries(JSON.parse(content) as JsonObject).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
          .join(",")
      }]`;
    case "v":
      return `[=${content}]`;
    default:
      return `[${content}]`;
  }
}

/** Sets by the FieldsV1 that hold them, and the other way round: neither ever changes. */
const decoded = new WeakMap<object, FieldSet>();
const encodedSets = new WeakMap<FieldSet, JsonObject>();

/**
 * The set that a FieldsV1 holds. A second call costs nothing.
 *
 * @throws {Error} for what is no FieldsV1
 */
export function decodeFields(fields: unknown): FieldSet {
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) throw new Error("fields are no object");
  const known = decoded.get(fields);
  if (known !== undefined) return known;
  const set = decodeLevel(fields as JsonObject);
  decoded.set(fields, set);
  return set;
}

function decodeLevel(fields: JsonObject): FieldSet {
  const set = new Map<string, FieldNode>();
  for (const [element, below] of Object.entries(fields)) {
    if (element === ".") continue;
    if (!/^[fkvi]:/.test(element)) throw new Error(`unknown path element ${JSON.stringify(element)}`);
    if (typeof below !== "object" || below === null || Array.isArray(below)) throw new Error(`${element} is no object`);
    const children = decodeLevel(below as JsonObject);
    set.set(canonical(element), { member: "." in below || children.size === 0, children });
  }
  return set;
}

/** The element with its keys in order and no spaces, as the server writes it. */
function canonical(element: string): string {
  const content = element.slice(2);
  if (element[0] === "k") return keyElement(JSON.parse(content) as JsonObject);
  return element[0] === "v" ? `v:${JSON.stringify(JSON.parse(content))}` : element;
}

/** The element of a list's item with these keys. */
export function keyElement(keys: Readonly<Record<string, Json>>): string {
  const names = Object.keys(keys);
  if (names.length === 1) return `k:${JSON.stringify(keys)}`;
  return `k:${JSON.stringify(Object.fromEntries(names.sort().map((name) => [name, keys[name]])))}`;
}

/** FieldsV1 by their text. What a component writes of one object it writes of the next, and both may share it. */
const encoded = new Recent<JsonObject>(1000);

/** FieldsV1 of a set, in the server's order: the object that was made for the same fields before, if that was lately. */
export function encodeFields(set: FieldSet): JsonObject {
  let fields = encodedSets.get(set);
  if (fields !== undefined) return fields;
  fields = encodeLevel(set, false);
  const text = JSON.stringify(fields);
  const known = encoded.get(text);
  if (known === undefined) {
    decoded.set(fields, set);
    encoded.set(text, fields);
  }
  fields = known ?? fields;
  encodedSets.set(set, fields);
  return fields;
}

function encodeLevel(set: FieldSet, self: boolean): JsonObject {
  const fields: Record<string, Json> = self ? { ".": {} } : {};
  for (const [element, { member, children }] of sorted(set)) {
    fields[element] = children.size === 0 ? {} : encodeLevel(children, member);
  }
  return fields;
}

function sorted(set: FieldSet): [string, FieldNode][] {
  const elements = [...set];
  return elements.length < 2 ? elements : elements.sort(([a], [b]) => compareElements(a, b));
}

const KINDS = "fkvi";

/** Fields before keys before values before indexes; keys by what they hold, the rest as text. */
function compareElements(a: string, b: string): number {
  if (a[0] !== b[0]) return KINDS.indexOf(a[0]) - KINDS.indexOf(b[0]);
  if (a[0] === "f") return a < b ? -1 : 1;
  const [left, right] = [JSON.parse(a.slice(2)) as Json, JSON.parse(b.slice(2)) as Json];
  if (a[0] === "k") return compareKeys(left as JsonObject, right as JsonObject);
  return compareScalars(left, right);
}

function compareKeys(a: JsonObject, b: JsonObject): number {
  const [left, right] = [Object.entries(a), Object.entries(b)];
  for (let i = 0; i < left.length && i < right.length; i++) {
    if (left[i][0] !== right[i][0]) return left[i][0] < right[i][0] ? -1 : 1;
    const order = compareScalars(left[i][1], right[i][1]);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

const TYPES = ["number", "string", "boolean", "object"];

function compareScalars(a: Json, b: Json): number {
  if (typeof a !== typeof b) return TYPES.indexOf(typeof a) - TYPES.indexOf(typeof b);
  if (a === b || a === null || b === null) return 0;
  return a < b ? -1 : 1;
}
