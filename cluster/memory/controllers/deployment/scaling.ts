/** Scaling: one replica set, the current one as far as the surge allows, or all in proportion. */
import type { Deployment, ReplicaSet } from "../../kinds/schema/types.ts";
import { scaledValue } from "../int_or_percent.ts";
import { countAnnotation, DESIRED_REPLICAS, MAX_REPLICAS, sizeAnnotations } from "./revisions.ts";
import {
  activeOf,
  allOf,
  byCreation,
  bySizeNewer,
  bySizeOlder,
  isRollingUpdate,
  maxSurge,
  replicasOf,
  type Sets,
  sumOfReplicas,
  type Sync,
  writeReplicaSet,
} from "./rollout.ts";

/** How many replicas the current replica set should have, with regard to all that there are. */
export function newReplicas(deployment: Deployment, all: readonly ReplicaSet[], current: ReplicaSet): number {
  const desired = replicasOf(deployment);
  if (!isRollingUpdate(deployment)) return desired;
  const surge = scaledValue(deployment.spec.strategy?.rollingUpdate?.maxSurge, desired, true);
  const room = desired + surge - sumOfReplicas(all);
  if (room <= 0) return replicasOf(current);
  return replicasOf(current) + Math.min(room, desired - replicasOf(current));
}

export interface Scaled {
  readonly scaled: boolean;
  readonly replicaSet: ReplicaSet;
}

/**
 * Gives a replica set its size and the annotations that say what the size was measured by; an event tells of it.
 *
 * @param always also brings the annotations up to date where the size is right
 */
export async function scaleReplicaSet(
  sync: Sync,
  replicaSet: ReplicaSet,
  size: number,
  always = false,
): Promise<Scaled> {
  const { deployment, room: { recorder } } = sync;
  const before = replicasOf(replicaSet);
  const annotations = sizeAnnotations(deployment);
  const annotated = Object.entries(annotations).every(([key, value]) =>
    replicaSet.metadata.annotations?.[key] === value
  );
  if (before === size && (!always || annotated)) return { scaled: false, replicaSet };
  const written = await writeReplicaSet(sync, {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, annotations: { ...replicaSet.metadata.annotations, ...annotations } },
    spec: { ...replicaSet.spec, replicas: size },
  });
  if (before === size) return { scaled: false, replicaSet: written };
  const message = `Scaled ${
    before < size ? "up" : "down"
  } replica set ${written.metadata.name} from ${before} to ${size}`;
  recorder.event(deployment, "Normal", "ScalingReplicaSet", message);
  return { scaled: true, replicaSet: written };
}

/** Whether the deployment was scaled since its replica sets were last sized. */
export function isScalingEvent(deployment: Deployment, sets: Sets): boolean {
  return activeOf(allOf(sets)).some((set) => {
    const desired = countAnnotation(set, DESIRED_REPLICAS);
    return desired !== undefined && desired !== replicasOf(deployment);
  });
}

/**
 * Brings the replica sets to the deployment's size: the only active one, or the current one when it is saturated, or
 * all of them in proportion to their sizes while a rollout is under way.
 */
export async function scale(sync: Sync, sets: Sets): Promise<void> {
  const { deployment } = sync;
  const only = activeOrLatest(sets);
  if (only !== undefined) {
    await scaleReplicaSet(sync, only, replicasOf(deployment));
    return;
  }
  if (isSaturated(deployment, sets.current)) {
    for (const old of activeOf(sets.old)) await scaleReplicaSet(sync, old, 0);
    return;
  }
  if (isRollingUpdate(deployment)) await scaleInProportion(sync, sets);
}

async function scaleInProportion(sync: Sync, sets: Sets): Promise<void> {
  const { deployment } = sync;
  const active = activeOf(allOf(sets));
  const allowed = replicasOf(deployment) > 0 ? replicasOf(deployment) + maxSurge(deployment) : 0;
  const toAdd = allowed - sumOfReplicas(active);
  // The leftover goes to the first: growing, that is the newest of the largest; shrinking, the oldest.
  if (toAdd !== 0) active.sort(toAdd > 0 ? bySizeNewer : bySizeOlder);
  let added = 0;
  const sizes = active.map((set) => {
    const proportion = toAdd === 0 ? 0 : proportionOf(deployment, set, toAdd, added);
    added += proportion;
    return replicasOf(set) + proportion;
  });
  if (toAdd !== 0) sizes[0] = Math.max(0, sizes[0] + toAdd - added);
  for (const [i, set] of active.entries()) await scaleReplicaSet(sync, set, sizes[i], true);
}

/** A replica set's share of the replicas to add (or, below zero, to remove). */
function proportionOf(deployment: Deployment, set: ReplicaSet, toAdd: number, added: number): number {
  if (replicasOf(set) === 0 || toAdd === added) return 0;
  const fraction = fractionOf(deployment, set);
  return toAdd > 0 ? Math.min(fraction, toAdd - added) : Math.max(fraction, toAdd - added);
}

function fractionOf(deployment: Deployment, set: ReplicaSet): number {
  const size = replicasOf(set);
  if (replicasOf(deployment) === 0) return -size;
  const before = countAnnotation(set, MAX_REPLICAS) || deployment.status?.replicas || 0;
  if (before === 0) return 0;
  const after = size * (replicasOf(deployment) + maxSurge(deployment)) / before;
  return Math.round(after) - size;
}

/** The one replica set with replicas, or the latest when none has any; undefined when several have. */
function activeOrLatest(sets: Sets): ReplicaSet | undefined {
  const active = activeOf(allOf(sets));
  if (active.length > 1) return undefined;
  return active[0] ?? sets.current ?? [...sets.old].sort(byCreation).at(-1);
}

/** Whether the current replica set has all the replicas that the deployment wants, available. */
function isSaturated(deployment: Deployment, current: ReplicaSet | undefined): boolean {
  const desired = replicasOf(deployment);
  return current !== undefined && replicasOf(current) === desired &&
    countAnnotation(current, DESIRED_REPLICAS) === desired && (current.status.availableReplicas ?? 0) === desired;
}
