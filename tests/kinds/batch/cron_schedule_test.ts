import assert from "node:assert/strict";
import fc from "fast-check";
import { parseCronSchedule, timeZoneError } from "../../../cluster/memory/kinds/batch/cron_schedule.ts";

const fields = (text: string) => {
  const schedule = parseCronSchedule(text);
  assert.ok("fields" in schedule);
  return schedule.fields;
};

Deno.test("reads numbers, ranges, steps and names", () => {
  const { minutes, hours, daysOfMonth, months, daysOfWeek, ...any } = fields("*/20 9-17/4 1,15 jan-MAR mon");
  assert.deepEqual([...minutes], [0, 20, 40]);
  assert.deepEqual([...hours], [9, 13, 17]);
  assert.deepEqual([...daysOfMonth], [1, 15]);
  assert.deepEqual([...months], [1, 2, 3]);
  assert.deepEqual([...daysOfWeek], [1]);
  assert.deepEqual(any, { anyDayOfMonth: false, anyDayOfWeek: false });
  assert.deepEqual([...fields("50/5 * * * *").minutes], [50, 55]);
  assert.equal(fields("0 0 * * 1").anyDayOfMonth, true);
});

Deno.test("reads descriptors and intervals", () => {
  assert.deepEqual(parseCronSchedule("@daily"), parseCronSchedule("0 0 * * *"));
  assert.deepEqual(parseCronSchedule("@every 1h30m"), { every: 5_400_000 });
  assert.equal(parseCronSchedule("TZ=Asia/Seoul 0 3 * * *").timeZone, "Asia/Seoul");
});

Deno.test("says what is wrong as Kubernetes does", () => {
  const cases: Readonly<Record<string, string>> = {
    "": "empty spec string",
    "* * * *": "expected exactly 5 fields, found 4: [* * * *]",
    "60 * * * *": "end of range (60) above maximum (59): 60",
    "* * 0 * *": "beginning of range (0) below minimum (1): 0",
    "* * * * 7": "end of range (7) above maximum (6): 7",
    "5-1 * * * *": "beginning of range (5) beyond end of range (1): 5-1",
    "*/0 * * * *": "step of range should be a positive number: */0",
    "1-2-3 * * * *": "too many hyphens: 1-2-3",
    "1/2/3 * * * *": "too many slashes: 1/2/3",
    "x * * * *": 'failed to parse int from x: strconv.Atoi: parsing "x": invalid syntax',
    "-5 * * * *": 'failed to parse int from : strconv.Atoi: parsing "": invalid syntax',
    "@often": "unrecognized descriptor: @often",
    "@every 5": 'failed to parse duration @every 5: time: missing unit in duration "5"',
    "@every 5x": 'failed to parse duration @every 5x: time: unknown unit "x" in duration "5x"',
    "TZ=Nowhere/Land * * * * *": "provided bad location Nowhere/Land: unknown time zone Nowhere/Land",
    "TZ=0": "invalid schedule format: runtime error: slice bounds out of range [:-1]",
  };
  for (const [text, message] of Object.entries(cases)) {
    assert.throws(() => parseCronSchedule(text), { name: "CronError", message }, text);
  }
});

Deno.test("knows time zones by their exact names", () => {
  assert.equal(timeZoneError("Asia/Seoul"), undefined);
  assert.equal(timeZoneError("asia/seoul"), "unknown time zone asia/seoul");
  assert.equal(timeZoneError("+09:00"), "unknown time zone +09:00");
  assert.equal(timeZoneError("../etc"), "time: invalid location name");
});

Deno.test("any text is a schedule or an error of ours", () => {
  const part = fc.stringMatching(/^[0-9*?,/a-z-]{0,6}$/);
  fc.assert(fc.property(fc.array(part, { minLength: 4, maxLength: 6 }), (parts) => {
    try {
      parseCronSchedule(parts.join(" "));
    } catch (error) {
      assert.equal((error as Error).name, "CronError");
    }
  }));
});
