/**
 * Lists: order, sums and positions. Source: `k8s.io/apiserver/pkg/cel/library/lists.go` and `cel-go/ext/lists.go`.
 */
import type { Environment } from "@marcbachmann/cel-js";
import { cel } from "../engine.ts";
import { equalValues } from "../equality.ts";
import { failure } from "./failure.ts";

type Ordered = bigint | number | string | boolean | Date;

const compare = (a: Ordered, b: Ordered) => a < b ? -1 : a > b ? 1 : 0;

function extreme(list: readonly Ordered[], name: string, isBetter: (order: number) => boolean): Ordered {
  if (list.length === 0) throw failure(`${name} called on empty list`);
  return list.reduce((best, item) => isBetter(compare(item, best)) ? item : best);
}

function sum(list: readonly (bigint | number)[]): bigint | number {
  return list.reduce((total, item) => (total as number) + (item as number), typeof list[0] === "number" ? 0 : 0n);
}

function flatten(list: readonly unknown[], depth: number): unknown[] {
  return list.flatMap((item) => Array.isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]);
}

function slice(list: readonly unknown[], start: bigint, end: bigint): unknown[] {
  if (start < 0n || end < 0n) throw failure(`cannot slice(${start}, ${end}), negative indexes not supported`);
  if (start > end) throw failure(`cannot slice(${start}, ${end}), start index must be less than or equal to end index`);
  if (end > BigInt(list.length)) throw failure(`cannot slice(${start}, ${end}), list is length ${list.length}`);
  return list.slice(Number(start), Number(end));
}

function distinct(list: readonly unknown[]): unknown[] {
  return list.filter((item, index) => list.findIndex((other) => equalValues(other, item)) === index);
}

export function registerLists(environment: Environment): void {
  const define = (signature: string, handler: (...args: never[]) => unknown) =>
    void environment.registerFunction(signature, handler);
  define(
    "list.isSorted(): bool",
    (list: Ordered[]) => list.every((item, i) => i === 0 || compare(list[i - 1], item) <= 0),
  );
  define("list<A>.min(): A", (list: Ordered[]) => extreme(list, "min", (order) => order < 0));
  define("list<A>.max(): A", (list: Ordered[]) => extreme(list, "max", (order) => order > 0));
  define("list<A>.sum(): A", sum);
  define(
    "list<A>.indexOf(A): int",
    (list: unknown[], item: unknown) => BigInt(list.findIndex((other) => equalValues(other, item))),
  );
  define(
    "list<A>.lastIndexOf(A): int",
    (list: unknown[], item: unknown) => BigInt(list.findLastIndex((other) => equalValues(other, item))),
  );
  define("list.flatten(): list", (list: unknown[]) => flatten(list, 1));
  define("list.flatten(int): list", (list: unknown[], depth: bigint) => flatten(list, Number(depth)));
  define("list<A>.slice(int, int): list<A>", slice);
  define("list<A>.sort(): list<A>", (list: Ordered[]) => [...list].sort(compare));
  define("list<A>.distinct(): list<A>", distinct);
  define("list<A>.reverse(): list<A>", (list: unknown[]) => [...list].reverse());
  define("list<A>.first(): optional<A>", (list: unknown[]) => optionalOf(list[0]));
  define("list<A>.last(): optional<A>", (list: unknown[]) => optionalOf(list.at(-1)));
}

const optionalOf = (value: unknown) => value === undefined ? cel().Optional.none() : cel().Optional.of(value);
