/** Lists as sets. Source: `cel-go/ext/sets.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { equalValues } from "../equality.ts";
import { registerNamespace } from "./namespace.ts";

type List = readonly unknown[];

const has = (list: List, item: unknown) => list.some((other) => equalValues(other, item));
const contains = (list: List, part: List) => part.every((item) => has(list, item));

export function registerSets(environment: Environment): void {
  registerNamespace(environment, "sets", {
    "contains(list, list): bool": contains,
    "equivalent(list, list): bool": (a: List, b: List) => contains(a, b) && contains(b, a),
    "intersects(list, list): bool": (a: List, b: List) => a.some((item) => has(b, item)),
  });
}
