/** Creates and deletes a Job's pods. Source: `pkg/controller/job/job_controller.go` (manageJob). */
import { jobs as jobKind, pods as podKind } from "../../api/kind_refs.ts";
import type { Container, Job, Pod, PodTemplateSpec } from "../../kinds/schema/types.ts";
import { aggregate, isNamespaceTerminating, isNotFound, keyOfObject } from "../controller.ts";
import { newControllerRef } from "../controller_ref.ts";
import { createPod, deletePod, podFromTemplate, slowStartBatch } from "../pod_control.ts";
import { byUsefulness } from "../pod_ranking.ts";
import { isReady, isTerminating } from "../pod_state.ts";
import { remaining, remainingForIndex } from "./backoff.ts";
import { firstFree, merge, withIndexes } from "./intervals.ts";
import {
  COMPLETION_INDEX,
  failureAnnotations,
  hasLimitPerIndex,
  indexOf,
  isIndexed,
  isSuspended,
  isTracked,
  replacesOnlyFailed,
  TRACKING,
} from "./job_state.ts";
import type { Sync } from "./sync.ts";

/** The most pods that one reconciliation creates or deletes. */
const BURST = 500;

export interface Managed {
  /** How many pods are active after it. */
  readonly active: number;
  readonly error?: unknown;
}

export async function manageJob(sync: Sync): Promise<Managed> {
  const job = sync.job as Job;
  const { activePods, room } = sync;
  const active = activePods.length;
  if (isSuspended(job)) return await removePods(sync, podsToRemove(job, activePods, active));
  const parallelism = job.spec.parallelism ?? 1;
  const { completions } = job.spec;
  const wanted = completions === undefined
    ? (sync.succeeded > 0 ? active : parallelism)
    : Math.max(0, Math.min(parallelism, completions - sync.succeeded));
  const surplus = podsToRemove(job, activePods, Math.max(0, active - wanted)).slice(0, BURST);
  if (surplus.length > 0) return await removePods(sync, surplus);

  const missing = Math.min(BURST, wanted - active - (replacesOnlyFailed(job) ? sync.terminating : 0));
  if (missing <= 0) return { active };
  const now = room.context.clock.now();
  const wait = hasLimitPerIndex(job) ? 0 : remaining(sync.failures, now);
  if (wait > 0) {
    room.requeueAfter(sync.key, wait);
    return { active: 0 };
  }
  if (!isIndexed(job)) return await addPods(sync, Array.from({ length: missing }, () => undefined));
  const free = freeIndexes(sync, missing);
  const waits = free.map((index) =>
    hasLimitPerIndex(job) ? remainingForIndex(sync.delayedDeletion.get(index), now) : 0
  );
  const due = free.filter((_, i) => waits[i] === 0);
  if (due.length === 0 && waits.length > 0) {
    room.requeueAfter(sync.key, Math.min(...waits));
    return { active: 0 };
  }
  return await addPods(sync, due);
}

function freeIndexes(sync: Sync, count: number): number[] {
  const job = sync.job as Job;
  const indexes = (pods: readonly Pod[]) => pods.flatMap((pod) => indexOf(job, pod) ?? []);
  let taken = withIndexes(sync.succeededIndexes, indexes(sync.activePods));
  if (replacesOnlyFailed(job)) taken = withIndexes(taken, indexes(sync.pods.filter(isTerminating)));
  if (sync.failedIndexes !== undefined) taken = merge(taken, sync.failedIndexes);
  return firstFree(taken, count, job.spec.completions ?? 0);
}

async function addPods(sync: Sync, indexes: readonly (number | undefined)[]): Promise<Managed> {
  const { room: { context: { client }, recorder, expectations }, key } = sync;
  const job = sync.job as Job;
  expectations.expectCreations(key, indexes.length);
  const reference = newControllerRef(job, jobKind);
  const { successes, error } = await slowStartBatch(indexes.length, async (i) => {
    const pod = podFromTemplate(templateFor(sync, indexes[i]), job, reference);
    const named = indexes[i] === undefined
      ? pod
      : { ...pod, metadata: { ...pod.metadata, generateName: prefix(job, indexes[i]!) } };
    try {
      await createPod({ client, recorder }, job, named);
    } catch (error) {
      if (!isNamespaceTerminating(error)) throw error;
    }
  });
  for (let i = successes; i < indexes.length; i++) expectations.creationObserved(key);
  return { active: sync.activePods.length + successes, error };
}

/** "name-3-", cut so that the server finds room for what it adds. */
function prefix({ metadata }: Job, index: number): string {
  const end = `-${index}-`;
  return `${metadata.name!.slice(0, 58 - end.length)}${end}`;
}

function templateFor({ job: draft, delayedDeletion }: Sync, index: number | undefined): PodTemplateSpec {
  const job = draft as Job;
  const { metadata = {}, spec } = job.spec.template;
  const finalizers = metadata.finalizers?.includes(TRACKING)
    ? metadata.finalizers
    : [...metadata.finalizers ?? [], TRACKING];
  if (index === undefined) return { metadata: { ...metadata, finalizers }, spec };
  const failures = hasLimitPerIndex(job) ? failureAnnotations(job, delayedDeletion.get(index)) : {};
  return {
    metadata: {
      ...metadata,
      finalizers,
      annotations: { ...metadata.annotations, [COMPLETION_INDEX]: String(index), ...failures },
      labels: { ...metadata.labels, [COMPLETION_INDEX]: String(index) },
    },
    spec: {
      ...spec,
      hostname: `${job.metadata.name}-${index}`,
      containers: spec.containers.map(withIndexVariable),
      ...spec.initContainers === undefined ? {} : { initContainers: spec.initContainers.map(withIndexVariable) },
    },
  };
}

const INDEX_VARIABLE = "JOB_COMPLETION_INDEX";

function withIndexVariable(container: Container): Container {
  if (container.env?.some(({ name }) => name === INDEX_VARIABLE)) return container;
  const valueFrom = { fieldRef: { apiVersion: "v1", fieldPath: `metadata.labels['${COMPLETION_INDEX}']` } };
  return { ...container, env: [...container.env ?? [], { name: INDEX_VARIABLE, valueFrom }] };
}

/** At least `count` of the active pods: with indexes, all that are there twice or beyond the completions. */
function podsToRemove(job: Job, active: readonly Pod[], count: number): Pod[] {
  const remove: Pod[] = [];
  const left: Pod[] = [];
  const groups = new Map<number | undefined, Pod[]>();
  for (const pod of active) {
    const index = isIndexed(job) ? indexOf(job, pod) : -1;
    groups.set(index, [...groups.get(index) ?? [], pod]);
  }
  for (const [index, pods] of groups) {
    if (index === undefined) remove.push(...pods);
    else if (index === -1) left.push(...pods);
    else {
      const sorted = pods.sort(byUsefulness);
      remove.push(...sorted.slice(0, -1));
      left.push(sorted.at(-1)!);
    }
  }
  if (remove.length < count) remove.push(...left.sort(byUsefulness).slice(0, count - remove.length));
  return remove;
}

/** Deletes pods that are not going to be counted. */
async function removePods(sync: Sync, pods: readonly Pod[]): Promise<Managed> {
  const { room: { context: { client }, recorder, expectations }, key } = sync;
  const job = sync.job as Job;
  expectations.expectDeletions(key, pods.map(keyOfObject));
  const errors: unknown[] = [];
  let removed = pods.length;
  for (const pod of pods) {
    try {
      await releasePod(sync, pod);
      await deletePod({ client, recorder }, job, pod.metadata.name!);
    } catch (error) {
      expectations.deletionObserved(key, keyOfObject(pod));
      if (!isNotFound(error)) {
        removed--;
        errors.push(error);
      }
    }
    if (isReady(pod)) sync.ready--;
  }
  sync.terminating += removed;
  return { active: sync.activePods.length - removed, error: aggregate(errors) };
}

/** Takes the finalizer from a pod: it may go. */
export async function releasePod({ room: { context: { client } } }: Pick<Sync, "room">, pod: Pod): Promise<void> {
  if (!isTracked(pod)) return;
  const { namespace, name } = pod.metadata;
  const body = { metadata: { "$deleteFromPrimitiveList/finalizers": [TRACKING] } };
  await client.patch(podKind, namespace, name!, { type: "strategic", body });
}

/** Deletes the pods of a job that has come to its end; their finalizers go when they have been counted. */
export async function deleteActivePods(sync: Sync): Promise<Managed & { readonly deleted: number }> {
  const { room: { context: { client }, recorder }, activePods } = sync;
  const errors: unknown[] = [];
  let deleted = activePods.length;
  for (const pod of activePods) {
    try {
      await deletePod({ client, recorder }, sync.job as Job, pod.metadata.name!);
    } catch (error) {
      if (!isNotFound(error)) {
        deleted--;
        errors.push(error);
      }
    }
    if (isReady(pod)) sync.ready--;
  }
  sync.terminating += deleted;
  return { active: activePods.length - deleted, deleted, error: aggregate(errors) };
}
