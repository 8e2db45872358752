/**
 * Events are forgotten an hour after they were last written, as by a kube-apiserver whose `--event-ttl` nobody changed:
 * etcd holds each with a lease that every write renews.
 */
import type { Clock, Timer } from "../../clock.ts";
import type { Store } from "../../store/store.ts";

/** How long an event is kept after its last write, in milliseconds. */
export const EVENT_TTL = 60 * 60_000;

/** Events that expire within this time of each other go together, in milliseconds. */
const SWEEP = 30_000;

/** Deletes the events of `bucket` as they expire, for as long as the store lives. */
export function expireEvents(store: Store, clock: Clock, bucket = "events"): void {
  /** When each event expires, the soonest first: what is written again moves to the end. */
  const expiries = new Map<string, number>();
  let timer: Timer | undefined;

  const sweep = () => {
    timer = undefined;
    for (const [key, expiry] of expiries) {
      if (expiry > clock.now()) return wait(expiry);
      store.delete(bucket, key);
    }
  };
  const wait = (expiry: number) => {
    timer ??= clock.after(Math.max(expiry - clock.now(), SWEEP), sweep, { background: true });
  };
  const note = (key: string) => {
    const expiry = clock.now() + EVENT_TTL;
    expiries.delete(key);
    expiries.set(key, expiry);
    wait(expiry);
  };

  for (const { key } of store.list(bucket)) note(key);
  store.watch(bucket, ({ type, entry }) => {
    if (type === "DELETED") expiries.delete(entry.key);
    else note(entry.key);
  });
}
