import assert from "node:assert/strict";
import { WorkQueue } from "../../cluster/memory/api/work_queue.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";

const START = Date.UTC(2026, 0, 1);

Deno.test("a key waits once, however often it is added", async () => {
  const clock = virtualClock();
  const done: string[] = [];
  const queue = new WorkQueue(clock, (key) => Promise.resolve(void done.push(key)), { report: () => {} });
  for (const key of ["a", "b", "a", "a"]) queue.add(key);
  await clock.quiet();
  assert.deepEqual(done, ["a", "b"]);
});

Deno.test("a key that is added while it is worked on is worked on again, and never twice at a time", async () => {
  const clock = virtualClock();
  let [running, most, times] = [0, 0, 0];
  const queue: WorkQueue = new WorkQueue(clock, async (key) => {
    most = Math.max(most, ++running);
    if (++times === 1) queue.add(key);
    await Promise.resolve();
    running--;
  }, { report: () => {} });
  queue.add("a");
  await clock.quiet();
  assert.deepEqual([times, most], [2, 1]);
});

Deno.test("failures come back with growing delays, and are forgotten by a success", async () => {
  const clock = virtualClock();
  const at: number[] = [];
  const reported: unknown[] = [];
  const queue = new WorkQueue(clock, () => {
    at.push(clock.now() - START);
    return at.length < 5 ? Promise.reject(new Error("no")) : Promise.resolve();
  }, { report: (_key, error) => reported.push(error), backoff: { first: 10, longest: 60 } });
  queue.add("a");
  await clock.settle();
  assert.deepEqual(at, [0, 10, 30, 70, 130]);
  assert.equal(reported.length, 4);
});

Deno.test("the earliest of several delays counts", async () => {
  const clock = virtualClock();
  const at: number[] = [];
  const queue = new WorkQueue(clock, () => Promise.resolve(void at.push(clock.now() - START)), { report: () => {} });
  queue.addAfter("a", 500);
  queue.addAfter("a", 100);
  queue.addAfter("a", 300);
  await clock.settle();
  assert.deepEqual(at, [100]);
  queue.addAfter("b", 100);
  queue.stop();
  await clock.settle();
  assert.equal(at.length, 1);
});
