/** The order in which pods are tried, and when they are tried again. */
import assert from "node:assert/strict";
import { virtualClock } from "../../cluster/memory/clock.ts";
import { numFeasibleNodesToFind } from "../../cluster/memory/scheduler/algorithm.ts";
import { podInfo } from "../../cluster/memory/scheduler/framework/pod_info.ts";
import { type QueuedPod, SchedulingQueue } from "../../cluster/memory/scheduler/queue.ts";
import { pod } from "./snapshot.ts";

function queue() {
  const clock = virtualClock();
  let woken = 0;
  const queue = new SchedulingQueue(clock, () => void woken++);
  return { clock, queue, woken: () => woken };
}

const info = (name: string, priority = 0) => podInfo(pod(name, { priority }));
const names = (queue: SchedulingQueue) => {
  const found: string[] = [];
  for (let next = queue.pop(); next !== undefined; next = queue.pop()) found.push(next.info.pod.metadata.name!);
  return found;
};
const refused = (pod: QueuedPod): QueuedPod => ({ ...pod, rejectedBy: new Set(["NodeResourcesFit"]) });
const failed = (pod: QueuedPod): QueuedPod => ({ ...pod, rejectedBy: new Set() });

Deno.test("queue: the more important pod first, then the one that came first", async () => {
  const { clock, queue: waiting } = queue();
  waiting.add(info("a"));
  waiting.add(info("b"));
  await clock.advance(1);
  waiting.add(info("c", 10));
  waiting.add(info("d", -10));
  assert.deepEqual(names(waiting), ["c", "a", "b", "d"]);
  waiting.stop();
});

Deno.test("queue: a refused pod waits until something changes, and then need not wait any longer", () => {
  const { queue: waiting } = queue();
  waiting.add(info("a"));
  waiting.addUnschedulable(refused(waiting.pop()!));
  assert.deepEqual(names(waiting), []);
  waiting.wakeUp(({ rejectedBy }) => rejectedBy.has("TaintToleration"));
  assert.deepEqual(names(waiting), []);
  waiting.wakeUp(({ rejectedBy }) => rejectedBy.has("NodeResourcesFit"));
  // Its delay is not over, but nobody else is waiting.
  assert.deepEqual(names(waiting), ["a"]);
  waiting.stop();
});

Deno.test("queue: a pod whose delay is not over lets others go first", async () => {
  const { clock, queue: waiting } = queue();
  waiting.add(info("a"));
  waiting.addUnschedulable(refused(waiting.pop()!));
  await clock.advance(1);
  waiting.add(info("b"));
  waiting.wakeUp(() => true);
  assert.deepEqual(names(waiting), ["b", "a"]);
  waiting.stop();
});

Deno.test("queue: after errors the delays double, up to ten seconds", async () => {
  const { clock, queue: waiting } = queue();
  waiting.add(info("a"));
  const delays: number[] = [];
  for (let tried = waiting.pop()!; delays.length < 6;) {
    waiting.addUnschedulable(failed(tried));
    const start = clock.now();
    let next: QueuedPod | undefined;
    while ((next = waiting.pop()) === undefined) await clock.advance(100);
    delays.push((clock.now() - start) / 1000);
    tried = next;
  }
  assert.deepEqual(delays, [1, 2, 4, 8, 10, 10]);
  waiting.stop();
});

Deno.test("queue: a pod that nothing woke is tried again after five minutes", async () => {
  const { clock, queue: waiting } = queue();
  waiting.add(info("a"));
  waiting.addUnschedulable(refused(waiting.pop()!));
  await clock.advance(5 * 60_000);
  assert.deepEqual(names(waiting), []);
  await clock.advance(60_000);
  assert.deepEqual(names(waiting), ["a"]);
  waiting.stop();
});

Deno.test("queue: a thousand pods leave in the order of their importance", () => {
  const { clock, queue: waiting } = queue();
  const priorities = Array.from({ length: 1000 }, () => Math.floor(clock.random() * 50));
  priorities.forEach((priority, i) => waiting.add(info(`p${i}`, priority)));
  for (let i = 0; i < 1000; i += 3) waiting.remove(`default/p${i}`);
  const left: number[] = [];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) left.push(next.info.priority);
  assert.deepEqual(left, priorities.filter((_, i) => i % 3 !== 0).sort((a, b) => b - a));
  waiting.stop();
});

Deno.test("algorithm: fewer nodes are looked at where there are many", () => {
  assert.deepEqual([10, 100, 200, 1000, 5000, 10_000].map((nodes) => numFeasibleNodesToFind(nodes)), [
    10,
    100,
    100,
    420,
    500,
    500,
  ]);
  assert.equal(numFeasibleNodesToFind(1000, 70), 700);
});
