import assert from "node:assert/strict";
import { cronJobs, jobs } from "../../cluster/memory/api/kind_refs.ts";
import type { Pod } from "../../cluster/memory/kinds/schema/types.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";
import { cronJob } from "./objects.ts";

const MINUTE = 60_000;
const merge = (body: unknown) => ({ type: "merge" as const, body });
const names = async ({ client }: Harness) => (await client.list(jobs)).items.map(({ metadata }) => metadata.name);

/** The virtual clock begins on 2026-01-01 at 00:00. */
const FIRST = Date.UTC(2026, 0, 1) / MINUTE;

async function started(
  schedule: string,
  more: Parameters<typeof cronJob>[2] = {},
  phase: (pod: Pod) => string = () => "Succeeded",
): Promise<Harness> {
  const harness = await startHarness({ phase });
  await harness.client.create(cronJobs, cronJob("tick", schedule, more));
  return harness;
}

Deno.test("a job a minute, named after its minute; three are kept", async () => {
  using harness = await started("* * * * *");
  await harness.clock.advance(MINUTE + 500);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 1}`]);
  await harness.clock.advance(4 * MINUTE + 5000);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 3}`, `tick-${FIRST + 4}`, `tick-${FIRST + 5}`]);
  const { status } = await harness.client.get(cronJobs, "default", "tick");
  assert.equal(status?.lastScheduleTime, "2026-01-01T00:05:00Z");
  assert.ok(status?.lastSuccessfulTime);
  const events = (await harness.events()).filter((event) => event.includes("CronJob/tick"));
  assert.deepEqual(events.slice(0, 2), [
    `Normal SuccessfulCreate CronJob/tick: Created job tick-${FIRST + 1}`,
    `Normal SawCompletedJob CronJob/tick: Saw completed job: tick-${FIRST + 1}, condition: Complete`,
  ]);
  assert.deepEqual(harness.reports, []);
});

Deno.test("hours are those of the time zone", async () => {
  using harness = await started("30 2 * * *", { timeZone: "Europe/Zurich" });
  await harness.clock.advance(89 * MINUTE);
  assert.deepEqual(await names(harness), []);
  await harness.clock.advance(2 * MINUTE);
  // 02:30 in Zurich is 01:30 in winter.
  assert.deepEqual(await names(harness), [`tick-${FIRST + 90}`]);
});

Deno.test("Forbid waits for the job that runs", async () => {
  using harness = await started("* * * * *", { concurrencyPolicy: "Forbid" }, () => "Running");
  await harness.clock.advance(3 * MINUTE + 500);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 1}`]);
  assert.ok((await harness.events()).some((event) =>
    event.startsWith(
      "Normal JobAlreadyActive CronJob/tick: Not starting job because prior execution is running and concurrency " +
        "policy is Forbid",
    )
  ));
});

Deno.test("Replace stops the job that runs", async () => {
  using harness = await started("* * * * *", { concurrencyPolicy: "Replace" }, () => "Running");
  await harness.clock.advance(2 * MINUTE + 5000);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 2}`]);
});

Deno.test("Allow lets several run", async () => {
  using harness = await started("* * * * *", {}, () => "Running");
  await harness.clock.advance(2 * MINUTE + 500);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 1}`, `tick-${FIRST + 2}`]);
  const { status } = await harness.client.get(cronJobs, "default", "tick");
  assert.deepEqual(status?.active?.map(({ name }) => name), [`tick-${FIRST + 1}`, `tick-${FIRST + 2}`]);
});

Deno.test("a suspended one runs nothing; resumed, it runs what it missed last", async () => {
  using harness = await started("* * * * *", { suspend: true });
  await harness.clock.advance(3 * MINUTE + 30_000);
  assert.deepEqual(await names(harness), []);
  await harness.client.patch(cronJobs, "default", "tick", merge({ spec: { suspend: false } }));
  await harness.clock.advance(1000);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 3}`]);
});

Deno.test("what is later than its deadline is not started", async () => {
  using harness = await started("* * * * *", { suspend: true, startingDeadlineSeconds: 10 });
  await harness.clock.advance(3 * MINUTE + 30_000);
  await harness.client.patch(cronJobs, "default", "tick", merge({ spec: { suspend: false } }));
  await harness.clock.advance(1000);
  assert.deepEqual(await names(harness), []);
  await harness.clock.advance(MINUTE);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 4}`]);
});

Deno.test("an hour of jobs leaves no more than the history", async () => {
  using harness = await started("* * * * *");
  await harness.clock.advance(60 * MINUTE + 5000);
  assert.equal((await names(harness)).length, 3);
  assert.equal((await harness.pods()).length, 3);
});

Deno.test("a schedule that never comes is told of, and nothing is started", async () => {
  using harness = await started("0 0 31 2 *");
  await harness.settle();
  const message = "invalid schedule: 0 0 31 2 * : time difference between two schedules is less than 1 second";
  assert.deepEqual(await harness.events(), [`Warning InvalidSchedule CronJob/tick: ${message}`]);
  await harness.client.patch(cronJobs, "default", "tick", merge({ spec: { schedule: "* * * * *" } }));
  await harness.clock.advance(MINUTE + 500);
  assert.deepEqual(await names(harness), [`tick-${FIRST + 1}`]);
});
