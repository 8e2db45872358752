/** When schedules are due. */
import assert from "node:assert/strict";
import { parseSchedule } from "../../cluster/memory/controllers/cronjob/schedule.ts";

/** Thursday. */
const START = Date.UTC(2026, 0, 1);

function times(text: string, count: number, timeZone?: string): string[] {
  const schedule = parseSchedule(text, timeZone);
  const found: string[] = [];
  for (let at: number | undefined = START; found.length < count;) {
    at = schedule.next(at)!;
    found.push(new Date(at).toISOString().slice(5, 16).replace("T", " "));
  }
  return found;
}

Deno.test("a schedule is due by its fields", () => {
  assert.deepEqual(times("*/30 9-17/8 * * *", 4), ["01-01 09:00", "01-01 09:30", "01-01 17:00", "01-01 17:30"]);
  assert.deepEqual(times("0 0 * feb SUN", 2), ["02-01 00:00", "02-08 00:00"]);
  assert.deepEqual(times("@monthly", 2), ["02-01 00:00", "03-01 00:00"]);
});

Deno.test("the day of the month and the day of the week are alternatives", () => {
  assert.deepEqual(times("0 0 13 * 5", 4), ["01-02 00:00", "01-09 00:00", "01-13 00:00", "01-16 00:00"]);
  assert.deepEqual(times("0 0 * * 5", 2), ["01-02 00:00", "01-09 00:00"]);
  assert.deepEqual(times("0 0 13 * ?", 2), ["01-13 00:00", "02-13 00:00"]);
});

Deno.test("a schedule is due in its time zone, its own before the other", () => {
  assert.deepEqual(times("0 9 * * *", 1, "Asia/Seoul"), ["01-02 00:00"]);
  assert.deepEqual(times("CRON_TZ=Europe/Zurich 0 9 * * *", 1, "Asia/Seoul"), ["01-01 08:00"]);
});

Deno.test("a schedule is due every so often, in whole seconds", () => {
  assert.deepEqual(times("@every 1h30m", 2), ["01-01 01:30", "01-01 03:00"]);
  assert.equal(parseSchedule("@every 90s").next(START + 500), START + 90_000);
});

Deno.test("what is no schedule is refused in Kubernetes' words", () => {
  assert.throws(() => parseSchedule("0 25 * * *"), { message: "end of range (25) above maximum (23): 25" });
  assert.throws(() => parseSchedule("@often"), { message: "unrecognized descriptor: @often" });
});
