import assert from "node:assert/strict";
import { eventRecorder } from "../../cluster/memory/api/event_recorder.ts";
import { events } from "../../cluster/memory/api/kind_refs.ts";
import { startHarness } from "../controllers/harness.ts";
import { pod } from "../controllers/objects.ts";

/** Somebody who says something of a pod. */
async function recording() {
  const harness = await startHarness({ names: [] });
  const { client, clock } = harness;
  const report = (error: unknown) => assert.fail(String(error));
  const recorder = eventRecorder({ client, clock, component: "kubelet", host: "node-1", report });
  const subject = { apiVersion: "v1", kind: "Pod", ...pod("web") };
  const say = (reason: string, message: string) => recorder.event(subject, "Warning", reason, message);
  const list = async () => {
    await harness.settle();
    return (await client.list(events)).items;
  };
  return { harness, clock, say, list };
}

Deno.test("the same event is counted", async () => {
  const { harness, clock, say, list } = await recording();
  using _ = harness;
  say("BackOff", "Back-off restarting failed container");
  await clock.advance(10_000);
  say("BackOff", "Back-off restarting failed container");
  const [event, ...others] = await list();
  assert.deepEqual(others, []);
  assert.match(event.metadata.name!, /^web\.[0-9a-f]{16}$/);
  assert.deepEqual(
    [event.count, event.firstTimestamp, event.lastTimestamp],
    [2, "2026-01-01T00:00:00Z", "2026-01-01T00:00:10Z"],
  );
  assert.deepEqual(event.source, { component: "kubelet", host: "node-1" });
  assert.equal(event.reportingComponent, "kubelet");
});

Deno.test("after ten that differ only in their message, the rest are combined", async () => {
  const { harness, say, list } = await recording();
  using _ = harness;
  for (let index = 0; index < 15; index++) say("Failed", `try ${index}`);
  const items = await list();
  const combined = items.filter(({ message }) => message?.startsWith("(combined from similar events): "));
  assert.equal(items.length, 10);
  assert.equal(combined.length, 1);
  assert.equal(combined[0].count, 6);
  assert.deepEqual(combined[0].source, { component: "kubelet", host: "node-1" });
  assert.equal(combined[0].reportingComponent, "");
});

Deno.test("of one object no more is said than twenty-five at once, then one in five minutes", async () => {
  const { harness, clock, say, list } = await recording();
  using _ = harness;
  for (let index = 0; index < 40; index++) say(`Reason${index}`, "message");
  assert.equal((await list()).length, 25);
  await clock.advance(300_000);
  for (let index = 40; index < 50; index++) say(`Reason${index}`, "message");
  assert.equal((await list()).length, 26);
});
