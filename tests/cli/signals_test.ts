import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { overdue } from "../../cli/signals.ts";

Deno.test("a command that does not end after the signal is waited for no longer than its grace", async () => {
  const ending = new AbortController();
  const never = Promise.withResolvers<string>();
  const ended = Promise.race([never.promise, overdue(ending.signal, 1)]);
  assert.equal(await Promise.race([ended, delay(5, "goes on")]), "goes on");
  ending.abort(new Error("by SIGTERM"));
  // The timer of the grace does not hold the program; here the test has to.
  const held = setTimeout(() => {}, 1000);
  await assert.rejects(ended, /by SIGTERM/);
  clearTimeout(held);
});
