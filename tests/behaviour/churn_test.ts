/** After an hour of churn a cluster holds no more than before: neither objects nor timers nor watches. */
import assert from "node:assert/strict";
import { type VirtualClock, virtualClock } from "../../cluster/memory/clock.ts";
import { beginChurn, churn, ROUND } from "./churn.ts";
import { type VirtualCluster, virtualCluster } from "./virtual_cluster.ts";

/** A clock that knows how many of its timers are still to come. */
function countingClock(): { readonly clock: VirtualClock; readonly timers: () => number } {
  const inner = virtualClock();
  const live = new Set<object>();
  const clock: VirtualClock = {
    ...inner,
    after(ms, task, options) {
      const token = {};
      live.add(token);
      const timer = inner.after(ms, () => {
        live.delete(token);
        task();
      }, options);
      return {
        cancel() {
          live.delete(token);
          timer.cancel();
        },
      };
    },
    sleep: (ms, options) => new Promise((resolve) => void clock.after(ms, resolve, options)),
  };
  return { clock, timers: () => live.size };
}

async function objects({ api, client }: VirtualCluster): Promise<Readonly<Record<string, number>>> {
  const kinds = api.kinds.kinds().filter(({ verbs }) => verbs?.includes("list") ?? true);
  const counts = kinds.map(async (kind) => [kind.plural, (await client.list(kind)).items.length] as const);
  return Object.fromEntries(await Promise.all(counts));
}

Deno.test("an hour of churn leaves nothing behind", async () => {
  const { clock, timers } = countingClock();
  using cluster = await virtualCluster({ clock });
  await beginChurn(cluster);
  let round = 0;
  const hour = async () => {
    for (const end = round + 60 / ROUND; round < end; round++) await churn(cluster, round);
    return { objects: await objects(cluster), timers: timers() };
  };
  // Events live for an hour: after that, as many go as come.
  await hour();
  const before = await hour();
  const after = await hour();
  const { events } = before.objects;
  assert.ok(events > 50, `${events} events`);
  assert.ok(Math.abs(after.objects.events - events) < 5, `${after.objects.events} events after ${events}`);
  assert.deepEqual({ ...after, objects: { ...after.objects, events } }, before);
  // Controllers may meet what is on its way out, and say so; anything else is a defect.
  const unexpected = cluster.reports.filter((report) =>
    !/being terminated|not found|has been modified|items still remain/.test(report)
  );
  assert.deepEqual(unexpected, []);
});
