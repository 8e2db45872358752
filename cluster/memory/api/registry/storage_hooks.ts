/**
 * What the storage of a resource does beyond its kind: addresses and ports are allocated, names reserved.
 *
 * Source: BeginCreate, BeginUpdate and AfterDelete of `k8s.io/apiserver/pkg/registry/generic/registry/store.go`.
 */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { Call, Core } from "./call.ts";

/** Ends what a hook began: what it took is kept, or given back when the write did not happen. */
export type Finish = (written: boolean) => void;

export interface StorageHooks {
  /** Before a new object is validated. May complete it, and refuse it by throwing a StatusError. */
  beginCreate?(object: Draft<KubeObject>, call: Call): Finish;
  /** Before a change is validated. */
  beginUpdate?(object: Draft<KubeObject>, old: KubeObject, call: Call): Finish;
  /**
   * When an object is to be deleted: fills in what says so.
   * @param now milliseconds since the epoch
   * @returns whether the object waits for something beyond its finalizers
   */
  beginDelete?(object: Draft<KubeObject>, now: number): boolean;
  /** After an object is gone. */
  afterDelete?(object: KubeObject, call: Call): void;
  /** Answers a creation in place of the store: a review is never kept. The object is the hook's own. */
  respond?(object: KubeObject, call: Call, core: Core): KubeObject | Promise<KubeObject>;
  /** The objects of a resource that is never stored, as they are now: its metrics. */
  objects?(): readonly KubeObject[];
  /** Whether an object whose last finalizer went is deleted by that update; yes unless said. */
  deletesDuringUpdate?(object: KubeObject): boolean;
}
