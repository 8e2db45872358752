import assert from "node:assert/strict";
import { EVENT_TTL, expireEvents } from "../../../cluster/memory/api/storage/event_expiry.ts";
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { Store } from "../../../cluster/memory/store/store.ts";

const MINUTE = 60_000;

Deno.test("event expiry: an event goes an hour after its last write, and is told as deleted", async () => {
  const clock = virtualClock();
  const store = new Store();
  store.create("events", "default/kept-before", { metadata: {} });
  expireEvents(store, clock);
  store.create("events", "default/once", { metadata: {} });
  store.create("events", "default/again", { metadata: {} });
  store.create("events", "default/deleted", { metadata: {} });
  const deleted: string[] = [];
  store.watch("events", ({ type, entry }) => {
    if (type === "DELETED") deleted.push(entry.key);
  });
  await clock.advance(EVENT_TTL - MINUTE);
  assert.deepEqual(deleted, []);
  store.update("events", "default/again", { metadata: {} });
  store.delete("events", "default/deleted");
  deleted.length = 0;
  await clock.advance(2 * MINUTE);
  assert.deepEqual(deleted.sort(), ["default/kept-before", "default/once"]);
  await clock.advance(EVENT_TTL);
  assert.equal(store.count("events"), 0);
});

Deno.test("event expiry: waiting for it keeps no cluster from settling", async () => {
  const clock = virtualClock();
  const store = new Store();
  expireEvents(store, clock);
  store.create("events", "default/once", { metadata: {} });
  const before = clock.now();
  assert.ok(await clock.settle());
  assert.equal(clock.now(), before);
});
