import assert from "node:assert/strict";
import fc from "fast-check";
import { realClock, virtualClock } from "../cluster/memory/clock.ts";

Deno.test("virtual time jumps from timer to timer, those of one instant in the order in which they were set", async () => {
  const clock = virtualClock({ start: 0 });
  const seen: string[] = [];
  const at = (ms: number, name: string) => clock.after(ms, () => seen.push(`${name}@${clock.now()}`));
  at(20, "c");
  at(10, "a");
  at(10, "b");
  at(30, "never").cancel();
  assert.equal(await clock.settle(), true);
  assert.deepEqual(seen, ["a@10", "b@10", "c@20"]);
  assert.equal(clock.now(), 20);
});

Deno.test("a cluster with nothing but background timers is settled; they run on the way to others", async () => {
  const clock = virtualClock({ start: 0 });
  let beats = 0;
  const beat = () => clock.after(10, () => (beats++, beat()), { background: true });
  beat();
  assert.equal(await clock.settle(), true);
  assert.equal(beats, 0);
  clock.after(35, () => {});
  await clock.settle();
  assert.equal(beats, 3);
  await clock.advance(20);
  assert.deepEqual([beats, clock.now()], [5, 55]);
});

Deno.test("what never ends is not settled within the limit", async () => {
  const clock = virtualClock({ start: 0 });
  const again = () => void clock.after(1000, again);
  again();
  assert.equal(await clock.settle({ limit: 5000 }), false);
  assert.equal(clock.now(), 5000);
});

Deno.test("time waits for work that goes on, however many steps it takes", async () => {
  const clock = virtualClock({ start: 0 });
  const seen: number[] = [];
  clock.soon(() =>
    void clock.track((async () => {
      for (let i = 0; i < 3; i++) await new Promise<void>((resolve) => clock.soon(resolve));
      clock.after(5, () => seen.push(clock.now()));
    })())
  );
  await clock.settle();
  assert.deepEqual(seen, [5]);
});

Deno.test("two who move the time at once never move it back", async () => {
  const clock = virtualClock({ start: 0 });
  const tick = () => void clock.after(10, tick);
  tick();
  let last = 0;
  const look = () => {
    assert.ok(clock.now() >= last, `from ${last} to ${clock.now()}`);
    last = clock.now();
  };
  await Promise.all([
    clock.advance(25).then(look),
    clock.advance(500).then(look),
    clock.settle({ limit: 300 }).then(look),
  ]);
  look();
  assert.equal(last, 500);
});

Deno.test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number) => {
    const clock = virtualClock({ seed });
    return Array.from({ length: 5 }, () => clock.random());
  };
  assert.deepEqual(draw(1), draw(1));
  assert.notDeepEqual(draw(1), draw(2));
});

Deno.test("property: timers fire at their time and in order, whatever is cancelled", async () => {
  await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(100), fc.boolean()), { maxLength: 40 }), async (timers) => {
    const clock = virtualClock({ start: 0 });
    const fired: number[] = [];
    for (const [ms, cancelled] of timers) {
      const timer = clock.after(ms, () => {
        assert.equal(clock.now(), ms);
        fired.push(ms);
      });
      if (cancelled) timer.cancel();
    }
    await clock.settle();
    assert.deepEqual(fired, timers.filter(([, cancelled]) => !cancelled).map(([ms]) => ms).sort((a, b) => a - b));
  }));
});

Deno.test("the world's clock moved forward: timers on the way run in order at their times, later ones come nearer", async () => {
  using clock = realClock();
  const start = clock.now();
  const seen: [string, boolean][] = [];
  const at = (ms: number, name: string) => clock.after(ms, () => seen.push([name, clock.now() - start >= ms]));
  at(3_600_000, "hour");
  at(60_000, "minute");
  at(7_200_000, "later");
  await clock.skip(4_000_000);
  assert.deepEqual(seen, [["minute", true], ["hour", true]]);
  assert.ok(clock.now() - start >= 4_000_000);
  await clock.skip(3_200_001);
  assert.equal(seen.length, 3);
});
