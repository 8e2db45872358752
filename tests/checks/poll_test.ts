import assert from "node:assert/strict";
import { poll } from "../../checks/poll.ts";

function someTime() {
  let time = 0;
  const pauses: number[] = [];
  return {
    pauses,
    now: () => time,
    pass(ms: number) {
      pauses.push(ms);
      time += ms;
      return Promise.resolve(false);
    },
  };
}

Deno.test("poll looks at once, then often, then less often the longer it lasts", async () => {
  const time = someTime();
  assert.equal(await poll(time, { limit: 1000 }, () => Promise.resolve(true)), true);
  assert.deepEqual(time.pauses, []);
  assert.equal(await poll(time, { limit: 60_000 }, () => Promise.resolve(time.now() >= 2000)), true);
  assert.deepEqual(time.pauses, [250, 250, 250, 250, 250, 312, 390, 488]);
});

Deno.test("poll gives up at its limit, not after it", async () => {
  const time = someTime();
  let looks = 0;
  assert.equal(await poll(time, { limit: 10_000 }, () => Promise.resolve(++looks < 0)), false);
  assert.equal(time.now(), 10_000);
  assert.equal(looks, time.pauses.length + 1);
});
