import assert from "node:assert/strict";
import { virtualClock } from "../../cluster/memory/clock.ts";
import { timePump } from "../../cluster/time_pump.ts";

Deno.test("virtual time passes while work waits for it, also for works at the same time", async () => {
  const clock = virtualClock({ start: 0 });
  const whileTimePasses = timePump(clock);
  const sleep = (ms: number) => whileTimePasses(() => clock.sleep(ms).then(() => ms));
  assert.deepEqual(await Promise.all([sleep(10), sleep(3000)]), [10, 3000]);
  assert.ok(clock.now() >= 3000);
});

Deno.test("work that begins in the very moment in which the pump stops is not left to wait for ever", async () => {
  for (let gap = 0; gap < 8; gap++) {
    let steps = 0;
    let step = Promise.withResolvers<boolean>();
    const whileTimePasses = timePump({
      now: () => 0,
      advance: () => Promise.resolve(),
      settle() {
        steps++;
        step = Promise.withResolvers();
        return step.promise;
      },
    });
    const stepped = async (count: number) => {
      for (let turn = 0; steps < count; turn++) {
        assert.ok(turn < 200, `no step ${count}, ${gap} microtasks after the last`);
        await new Promise((resolve) => setTimeout(resolve, 1));
      }
    };
    const first = Promise.withResolvers<void>();
    const work = whileTimePasses(() => first.promise);
    await stepped(1);
    first.resolve();
    await work;
    step.resolve(false);
    for (let i = 0; i < gap; i++) await Promise.resolve();
    const second = Promise.withResolvers<void>();
    const more = whileTimePasses(() => second.promise);
    await stepped(2);
    second.resolve();
    await more;
    step.resolve(false);
  }
});

Deno.test("time jumps to what the work waits for, and goes on through a steady state", async () => {
  const clock = virtualClock({ start: 0 });
  const whileTimePasses = timePump(clock);
  await whileTimePasses(() => clock.sleep(20_000));
  assert.equal(clock.now(), 20_000);
  await whileTimePasses(() => clock.sleep(200, { background: true }));
  assert.equal(clock.now(), 20_200);
});
