/**
 * Watching: every change of the objects that a selection is about, from a revision on.
 *
 * An object whose change brings it into the selection is ADDED, one that leaves it is DELETED.
 * Source: `k8s.io/apiserver/pkg/storage/cacher` (cache_watcher.go, cacher.go).
 */
import type { KubeObject } from "../../kinds/object.ts";
import { type Change, StoreError, type Watch } from "../../store/store.ts";
import { expired } from "../status.ts";
import { type Call, type Core, keyOf } from "./call.ts";
import { exactly, type Selection, selects, selectsAll } from "./selection.ts";

export interface Selected {
  readonly type: "ADDED" | "MODIFIED" | "DELETED";
  /** The stored object; of a deletion, its last state in the selection with the deletion's revision. */
  readonly object: KubeObject;
  readonly previous?: KubeObject;
}

/**
 * Calls `listener` for every change after revision `since`, the remembered ones before this returns.
 *
 * @throws {StatusError} 410 when the changes since then are forgotten
 */
export function watch(
  { store }: Core,
  call: Pick<Call, "served" | "namespace">,
  selection: Selection,
  since: number,
  listener: (selected: Selected) => void,
): Watch {
  const { bucket, kind } = call.served;
  const judge = selectedBy(call, selection);
  try {
    return store.watch<KubeObject>(bucket, (change) => {
      // A watch from a revision that is yet to come waits for it.
      if (change.entry.revision <= since) return;
      const selected = judge(change);
      if (selected !== undefined) listener(selected);
    }, Math.min(since, store.revision));
  } catch (error) {
    if (error instanceof StoreError && error.reason === "expired") throw expired(error.message);
    throw error;
  }

  function selectedBy({ namespace }: Pick<Call, "namespace">, selection: Selection) {
    const all = selectsAll(selection);
    const name = exactly(selection, "metadata.name");
    const home = namespace || (kind.namespaced && exactly(selection, "metadata.namespace")) || "";
    const prefix = home === "" ? "" : `${home}/`;
    const key = name !== undefined && (home !== "" || !kind.namespaced) ? keyOf(home, name) : undefined;
    return ({ type, entry, previous }: Change<KubeObject>): Selected | undefined => {
      if (key === undefined ? !entry.key.startsWith(prefix) : entry.key !== key) return undefined;
      const { object } = entry;
      if (all) return { type, object, previous: previous?.object };
      const now = type !== "DELETED" && selects(selection, kind, object);
      const before = previous !== undefined && selects(selection, kind, previous.object);
      if (now) return { type: before ? "MODIFIED" : "ADDED", object, previous: before ? previous.object : undefined };
      if (!before) return undefined;
      return { type: "DELETED", object: lastSelected(object, previous.object), previous: previous.object };
    };
  }
}

const lastStates = new WeakMap<KubeObject, KubeObject>();

/** An object as it was before it left the selection, at the revision at which it did. */
function lastSelected(object: KubeObject, previous: KubeObject): KubeObject {
  let last = lastStates.get(object);
  if (last === undefined) {
    last = { ...previous, metadata: { ...previous.metadata, resourceVersion: object.metadata.resourceVersion } };
    lastStates.set(object, last);
  }
  return last;
}
