/** The state of one reconciliation of a Job. */
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import type { Draft } from "../../kinds/object.ts";
import type { Job, JobCondition, Pod } from "../../kinds/schema/types.ts";
import type { ControllerContext } from "../controller.ts";
import type { Expectations } from "../expectations.ts";
import type { Failures } from "./backoff.ts";
import type { Intervals } from "./intervals.ts";
import { indexOf, isIndexed, isTracked } from "./job_state.ts";

export interface Room {
  readonly context: ControllerContext;
  readonly jobs: Informer<Job>;
  readonly pods: Informer<Pod>;
  readonly recorder: EventRecorder;
  readonly expectations: Expectations;
  /** By job: uids of pods whose finalizer was removed, while the informer still shows it. */
  readonly released: Map<string, Set<string>>;
  /** By job: failures since the last success. */
  readonly failures: Map<string, Failures>;
  /** Uids of jobs that were marked as finished, while the informer still shows them unfinished. */
  readonly finished: Set<string>;
  readonly requeueAfter: (key: string, ms: number) => void;
}

export interface Sync {
  readonly room: Room;
  readonly key: string;
  /** With the status as it is going to be. */
  job: Draft<Job>;
  readonly pods: readonly Pod[];
  readonly activePods: readonly Pod[];
  /** Uids that the status has noted and not counted. */
  readonly uncounted: { readonly succeeded: ReadonlySet<string>; readonly failed: ReadonlySet<string> };
  /** Uids of pods whose finalizer is gone, though the view does not show it. */
  readonly released: ReadonlySet<string>;
  ready: number;
  terminating: number;
  succeeded: number;
  failed: number;
  failures: Failures;
  /** What ends the job. */
  finished: JobCondition | undefined;
  previousIndexes: Intervals;
  succeededIndexes: Intervals;
  failedIndexes: Intervals | undefined;
  /** By index: the failed pod that stays until it is replaced, because it knows how often its index failed. */
  delayedDeletion: ReadonlyMap<number, Pod>;
}

/** Pods that count: tracked, not counted yet, and with an index where the job has some. */
export function countable({ job, pods, released }: Sync, counted: ReadonlySet<string>): Pod[] {
  return pods.filter((pod) =>
    isTracked(pod) && !counted.has(pod.metadata.uid!) && !released.has(pod.metadata.uid!) &&
    (!isIndexed(job as Job) || indexOf(job as Job, pod) !== undefined)
  );
}
