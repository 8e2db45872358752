/** Looks for where a field belongs: misspelt beside its siblings, or well spelt at another depth. */
import { type Shape, shapeOf, typeFacts, typeNames } from "../../cluster/memory/kinds/schema/shape.ts";
import { parseQuantity, QuantityError } from "../../cluster/memory/kinds/quantity.ts";
import { nearestInAnyCase } from "../nearest.ts";
import type { Path } from "../yaml.ts";

const byKind = new Map<string, string>();
for (const name of typeNames) {
  for (const { group, version, kind } of typeFacts(name).kinds ?? []) {
    byKind.set(`${group === "" ? version : `${group}/${version}`} ${kind}`, name);
  }
}

/** The shape of a built-in kind, or undefined for others. */
export function shapeOfKind(apiVersion: string, kind: string): Shape | undefined {
  const name = byKind.get(`${apiVersion} ${kind}`);
  return name === undefined ? undefined : shapeOf(name);
}

/** All API versions that have a kind, the stable ones of the built-in groups. */
export function apiVersionsOf(kind: string): string[] {
  return [...byKind.keys()].filter((key) => key.endsWith(` ${kind}`)).map((key) => key.split(" ")[0]);
}

/** All built-in kinds. */
export const builtInKinds = (): string[] => [...new Set([...byKind.keys()].map((key) => key.split(" ")[1]))];

/** The shape at a path, as far as the path is right; undefined below unknown fields. */
export function shapeAt(root: Shape, path: Path): Shape | undefined {
  let shape: Shape | undefined = root;
  for (const step of path) {
    if (shape === undefined) return undefined;
    if (shape.is === "list" && typeof step === "number") shape = shape.items;
    else if (shape.is === "map") shape = shape.values;
    else if (shape.is === "struct") shape = shape.fields.get(String(step))?.shape;
    else return undefined;
  }
  return shape;
}

/** A sibling's name that is nearly the same. */
export function misspelt(root: Shape, path: Path): string | undefined {
  const parent = shapeAt(root, path.slice(0, -1));
  const word = String(path.at(-1));
  if (parent?.is !== "struct") return undefined;
  return nearestInAnyCase(word, parent.fields.keys());
}

/**
 * The nearest place above or beside where a field of that name, holding such a value, is known.
 *
 * @returns the right path of the field, "spec.template.spec"
 */
export function rightPlace(root: Shape, path: Path, value: unknown): Path | undefined {
  const name = String(path.at(-1));
  for (let depth = path.length - 2; depth >= 0; depth--) {
    const ancestor = path.slice(0, depth);
    const shape = shapeAt(root, ancestor);
    if (shape?.is !== "struct") continue;
    const own = shape.fields.get(name)?.shape;
    if (own !== undefined && fits(own, value)) return [...ancestor, name];
    for (const [sibling, field] of shape.fields) {
      const below = field.shape.is === "struct" ? field.shape.fields.get(name)?.shape : undefined;
      if (below !== undefined && sibling !== path[depth] && fits(below, value)) return [...ancestor, sibling, name];
    }
  }
  // One level deeper than it stands: `containers` right under a pod's root belongs under `spec`.
  const parent = shapeAt(root, path.slice(0, -1));
  if (parent?.is !== "struct") return undefined;
  for (const [child, field] of parent.fields) {
    const below = field.shape.is === "struct" ? field.shape.fields.get(name)?.shape : undefined;
    if (below !== undefined && fits(below, value)) return [...path.slice(0, -1), child, name];
  }
  return undefined;
}

/** Whether a value has the form that a shape asks for, and its fields mostly the names. */
export function fits(shape: Shape, value: unknown): boolean {
  if (value === null || value === undefined || shape.is === "any") return true;
  if (shape.is === "list") return Array.isArray(value) && value.every((item) => fits(shape.items, item));
  const isMap = typeof value === "object" && !Array.isArray(value);
  if (shape.is === "map") return isMap;
  if (shape.is === "scalar") return typeof value !== "object";
  if (!isMap) return false;
  const names = Object.keys(value);
  return names.length === 0 || names.filter((name) => shape.fields.has(name)).length * 2 >= names.length;
}

/** Where the first value stands that is to be a quantity and is none. */
export function misshapenQuantity(shape: Shape, value: unknown, path: Path = []): Path | undefined {
  if (shape.is === "scalar") return shape.type === "quantity" && !isQuantity(value) ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [name, item] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(name) : name;
    const below = shapeAt(shape, [step]);
    const found = below === undefined ? undefined : misshapenQuantity(below, item, [...path, step]);
    if (found !== undefined) return found;
  }
  return undefined;
}

function isQuantity(value: unknown): boolean {
  try {
    parseQuantity(String(value));
    return true;
  } catch (error) {
    if (error instanceof QuantityError) return false;
    throw error;
  }
}
