/**
 * Runs the pods of each Job to their end, and counts them.
 *
 * Source: `pkg/controller/job`.
 */
import { jobs as jobKind, pods as podKind } from "../../api/kind_refs.ts";
import { instant } from "../../api/timestamps.ts";
import type { Job, Pod } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  indexByNamespace,
  isNotFound,
  keyOfObject,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { controlledBy, controllerOf, indexByController, resolveControllerRef } from "../controller_ref.ts";
import { Expectations } from "../expectations.ts";
import { splitKey } from "../../api/informer.ts";
import { indexBySelector, selecting } from "../label_index.ts";
import { isFinished, isManagedElsewhere, isTracked } from "./job_state.ts";
import { releasePod } from "./manage.ts";
import { reconcile } from "./reconcile.ts";
import type { Room } from "./sync.ts";

/** Changes of pods within so many milliseconds are acted upon at once. */
const BATCH = 1000;
const BACKOFF = { first: 1000, longest: 60_000 };

export function startJobController(context: ControllerContext): Controller {
  const { clock, informers } = context;
  const room: Room = {
    context,
    jobs: indexBySelector(indexByNamespace(informers.for<Job>(jobKind)), ({ spec }) => spec.selector),
    pods: indexByController(informers.for<Pod>(podKind)),
    recorder: recorderOf(context, "job-controller"),
    expectations: new Expectations(clock),
    released: new Map(),
    failures: new Map(),
    finished: new Set(),
    requeueAfter: (key, ms) => queue.addAfter(key, Math.max(BATCH, ms)),
  };
  const queue = reconcileQueue(context, (key) => reconcile(room, key), { backoff: BACKOFF });
  const orphans = reconcileQueue(context, (key) => releaseOrphan(room, key));

  room.jobs.on({
    added: (job) => queue.add(keyOfObject(job)),
    updated(job, old) {
      if (isFinished(job)) return releaseAll(room, job, (pod) => orphans.add(keyOfObject(pod)));
      if (job.metadata.generation === old.metadata.generation) queue.addAfter(keyOfObject(job), BATCH);
      else queue.add(keyOfObject(job));
      const { activeDeadlineSeconds } = job.spec;
      const started = instant(job.status?.startTime);
      if (started === undefined || activeDeadlineSeconds === undefined) return;
      if (activeDeadlineSeconds === old.spec.activeDeadlineSeconds) return;
      queue.addAfter(keyOfObject(job), started + activeDeadlineSeconds * 1000 - clock.now());
    },
    deleted(job) {
      room.finished.delete(job.metadata.uid!);
      room.failures.delete(keyOfObject(job));
      queue.add(keyOfObject(job));
      releaseAll(room, job, (pod) => orphans.add(keyOfObject(pod)));
    },
  });
  watchPods(room, (job) => queue.addAfter(keyOfObject(job), BATCH), (pod) => orphans.add(keyOfObject(pod)));
  return {
    stop() {
      queue.stop();
      orphans.stop();
    },
  };
}

/** What a job leaves behind must not wait for it for ever. */
function releaseAll({ pods }: Room, job: Job, release: (pod: Pod) => void): void {
  for (const pod of controlledBy(pods, job, "Job")) if (isTracked(pod)) release(pod);
}

/** Takes the finalizer from a pod that no unfinished job will count. */
async function releaseOrphan(room: Room, key: string): Promise<void> {
  const { namespace, name } = splitKey(key);
  const pod = room.pods.get(namespace, name);
  if (pod === undefined) return;
  const reference = controllerOf(pod);
  if (reference !== undefined) {
    if (reference.kind !== "Job") return;
    const job = resolveControllerRef(room.jobs, namespace, reference);
    if (job !== undefined && (isManagedElsewhere(job) || !isFinished(job))) return;
  }
  try {
    await releasePod({ room }, pod);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

function watchPods(room: Room, add: (job: Job) => void, release: (pod: Pod) => void): void {
  const { jobs, expectations } = room;
  const ownerOf = (pod: Pod) => resolveControllerRef(jobs, pod.metadata.namespace, controllerOf(pod));
  const addSelecting = (pod: Pod) =>
    selecting(jobs, pod.metadata.namespace!, pod.metadata.labels, ({ spec }) => spec.selector).forEach(add);
  const releaseObserved = (job: Job, pod: Pod) => room.released.get(keyOfObject(job))?.delete(pod.metadata.uid!);

  const deleted = (pod: Pod, final: boolean) => {
    const job = ownerOf(pod);
    if (job === undefined || isFinished(job)) {
      if (isTracked(pod) && !final) release(pod);
      return;
    }
    expectations.deletionObserved(keyOfObject(job), keyOfObject(pod));
    if (final || !isTracked(pod)) releaseObserved(job, pod);
    add(job);
  };
  room.pods.on({
    added(pod) {
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod, false);
      if (controllerOf(pod) === undefined) {
        if (isTracked(pod)) release(pod);
        return addSelecting(pod);
      }
      const job = ownerOf(pod);
      if (job === undefined) return;
      expectations.creationObserved(keyOfObject(job));
      add(job);
    },
    updated(pod, old) {
      if (pod.metadata.deletionTimestamp !== undefined) return deleted(pod, false);
      const controllerChanged = !same(controllerOf(pod), controllerOf(old));
      const owners = [controllerChanged ? ownerOf(old) : undefined, ownerOf(pod)];
      for (const job of owners) {
        if (job === undefined) continue;
        if (!isTracked(pod)) releaseObserved(job, pod);
        add(job);
      }
      if (controllerOf(pod) !== undefined) return;
      if (isTracked(pod)) release(pod);
      if (controllerChanged || !same(pod.metadata.labels, old.metadata.labels)) addSelecting(pod);
    },
    deleted: (pod) => deleted(pod, true),
  });
}
