import assert from "node:assert/strict";
import { age, firstThree, humanDuration, tableOf } from "../../cluster/memory/kinds/table.ts";

Deno.test("durations are shown with two or three figures", () => {
  // From k8s.io/apimachinery/pkg/util/duration/duration_test.go.
  const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];
  const cases: readonly (readonly [number, string])[] = [
    [-2 * second, "<invalid>"],
    [-1500, "0s"],
    [0, "0s"],
    [second - 1, "0s"],
    [70 * second, "70s"],
    [3 * minute + 20 * second, "3m20s"],
    [9 * minute, "9m"],
    [10 * minute + 5 * second, "10m"],
    [3 * hour, "3h"],
    [7 * hour + 59 * minute, "7h59m"],
    [47 * hour, "47h"],
    [2 * day, "2d"],
    [4 * day + 3 * hour, "4d3h"],
    [700 * day, "700d"],
    [2 * 365 * day + 1 * day, "2y1d"],
    [9 * 365 * day, "9y"],
  ];
  for (const [ms, text] of cases) assert.equal(humanDuration(ms), text);
});

Deno.test("a time that is not there has no age", () => assert.equal(age(undefined, 0), "<unknown>"));

Deno.test("a list shows its first three", () => {
  assert.equal(firstThree(["a", "b", "c", "d", "e"], "<none>"), "a,b,c + 2 more...");
  assert.equal(firstThree([], "<none>"), "<none>");
});

Deno.test("a table of no known type is a mistake", () => assert.throws(() => tableOf("core.v1.Nothing", () => [])));
