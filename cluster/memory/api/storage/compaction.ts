/**
 * The history of the store is kept for five to ten minutes: who asks for changes from before that begins anew.
 *
 * Source: `k8s.io/apiserver/pkg/storage/etcd3/compact.go`.
 */
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";

/** Milliseconds. */
const INTERVAL = 5 * 60_000;

/** Makes the store forget, every five minutes, what was written before the time before. */
export function compactHistory(store: Store, clock: Clock): void {
  let revision = store.revision;
  const wait = () =>
    void clock.after(INTERVAL, () => {
      store.compact(revision);
      revision = store.revision;
      wait();
    }, { background: true });
  wait();
}
