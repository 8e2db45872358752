/** Arithmetic of resource lists, `{ cpu: "500m", memory: "1Gi" }`. */
import {
  addQuantities,
  compareQuantities,
  formatQuantity,
  parseQuantity,
  quantitySign,
  subtractQuantities,
} from "../quantity.ts";

export type ResourceList = Readonly<Record<string, string>>;

export function addResources(a: ResourceList, b: ResourceList): ResourceList {
  const sum: Record<string, string> = { ...a };
  for (const [name, quantity] of Object.entries(b)) {
    sum[name] = sum[name] === undefined ? quantity : formatQuantity(addQuantities(sum[name], quantity));
  }
  return sum;
}

/** `a - b`, nothing below zero. */
export function subtractResources(a: ResourceList, b: ResourceList): ResourceList {
  const rest: Record<string, string> = {};
  for (const [name, quantity] of Object.entries(a)) {
    const left = b[name] === undefined ? parseQuantity(quantity) : subtractQuantities(quantity, b[name]);
    rest[name] = quantitySign(left) < 0 ? "0" : formatQuantity(left);
  }
  for (const name of Object.keys(b)) rest[name] ??= "0";
  return rest;
}

export function pickResources(list: ResourceList, names: Iterable<string>): ResourceList {
  const wanted = new Set(names);
  return Object.fromEntries(Object.entries(list).filter(([name]) => wanted.has(name)));
}

/** The resources of which `list` has more than `limits` allows. */
export function exceeding(list: ResourceList, limits: ResourceList): string[] {
  return Object.keys(list).filter((name) =>
    limits[name] !== undefined && compareQuantities(list[name], limits[name]) > 0
  );
}

export function withoutZeros(list: ResourceList): ResourceList {
  return Object.fromEntries(Object.entries(list).filter(([, quantity]) => quantitySign(parseQuantity(quantity)) !== 0));
}

/** "cpu=1,pods=2", by name. */
export function describeResources(list: ResourceList): string {
  return Object.keys(list).sort().map((name) => `${name}=${list[name]}`).join(",");
}
