/** The numbers that a rollout keeps to, and the state of one reconciliation. */
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import { deployments, replicaSets as replicaSetKind } from "../../api/kind_refs.ts";
import type { Deployment, DeploymentStatus, Pod, ReplicaSet } from "../../kinds/schema/types.ts";
import type { ControllerContext } from "../controller.ts";
import { scaledValue } from "../int_or_percent.ts";

/** What the parts of the controller share. */
export interface Room {
  readonly context: ControllerContext;
  readonly deployments: Informer<Deployment>;
  readonly replicaSets: Informer<ReplicaSet>;
  readonly pods: Informer<Pod>;
  readonly recorder: EventRecorder;
  /** Looks at the deployment again after `ms` milliseconds, if nothing happens before: is it stuck? */
  readonly checkProgressAfter: (deployment: Deployment, ms: number) => void;
}

/** One reconciliation: the deployment and its replica sets as they were last read or written. */
export interface Sync {
  readonly room: Room;
  deployment: Deployment;
  replicaSets: readonly ReplicaSet[];
}

/** What a sync works on. */
export interface Sets {
  /** The replica set of the deployment's present template, if there is one. */
  readonly current: ReplicaSet | undefined;
  readonly old: readonly ReplicaSet[];
}

export const allOf = ({ current, old }: Sets): readonly ReplicaSet[] => current === undefined ? old : [...old, current];

export const replicasOf = ({ spec }: { readonly spec: { readonly replicas?: number } }): number => spec.replicas ?? 1;

export const sumOfReplicas = (sets: readonly ReplicaSet[]): number =>
  sets.reduce((sum, set) => sum + replicasOf(set), 0);

/** Replica sets that have, or ought to have, pods. */
export const activeOf = (sets: readonly ReplicaSet[]): ReplicaSet[] => sets.filter((set) => replicasOf(set) > 0);

export const isRollingUpdate = ({ spec }: Deployment): boolean => spec.strategy?.type === "RollingUpdate";

/** How many pods there may be above the desired number. */
export function maxSurge(deployment: Deployment): number {
  return isRollingUpdate(deployment) ? fenceposts(deployment).surge : 0;
}

/** How many of the desired pods may be missing. */
export function maxUnavailable(deployment: Deployment): number {
  const replicas = replicasOf(deployment);
  if (!isRollingUpdate(deployment) || replicas === 0) return 0;
  return Math.min(replicas, fenceposts(deployment).unavailable);
}

function fenceposts(deployment: Deployment): { readonly surge: number; readonly unavailable: number } {
  const rolling = deployment.spec.strategy?.rollingUpdate;
  const surge = scaledValue(rolling?.maxSurge, replicasOf(deployment), true);
  const unavailable = scaledValue(rolling?.maxUnavailable, replicasOf(deployment), false);
  // Where both come to nothing by rounding, one pod may be missing, or the rollout would never move.
  return { surge, unavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const MAX_INT32 = 2 ** 31 - 1;
const limited = (value: number | undefined) => value !== undefined && value !== MAX_INT32;

export const hasProgressDeadline = ({ spec }: Deployment): boolean => limited(spec.progressDeadlineSeconds);
export const hasRevisionHistoryLimit = ({ spec }: Deployment): boolean => limited(spec.revisionHistoryLimit);

/** Whether every pod is up to date and available, and no old one is left. */
export function isComplete(deployment: Deployment, status: DeploymentStatus): boolean {
  const replicas = replicasOf(deployment);
  return (status.updatedReplicas ?? 0) === replicas && (status.replicas ?? 0) === replicas &&
    (status.availableReplicas ?? 0) === replicas &&
    (status.observedGeneration ?? 0) >= (deployment.metadata.generation ?? 0);
}

/** Oldest first; by name where they are of one second. */
export function byCreation(a: ReplicaSet, b: ReplicaSet): number {
  const [x, y] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  if (x !== y) return x < y ? -1 : 1;
  return a.metadata.name! < b.metadata.name! ? -1 : 1;
}

/** Largest first; of the same size the older (or the newer) first. */
export const bySizeOlder = (a: ReplicaSet, b: ReplicaSet): number => replicasOf(b) - replicasOf(a) || byCreation(a, b);
export const bySizeNewer = (a: ReplicaSet, b: ReplicaSet): number => replicasOf(b) - replicasOf(a) || byCreation(b, a);

/** Writes the status (and annotations) of the sync's deployment and goes on with what the API made of it. */
export async function writeStatus(sync: Sync, deployment: Deployment): Promise<void> {
  sync.deployment = await sync.room.context.client.updateStatus(deployments, deployment);
}

/** Writes a replica set, and goes on with what the API made of it. */
export async function writeReplicaSet(sync: Sync, replicaSet: ReplicaSet): Promise<ReplicaSet> {
  const written = await sync.room.context.client.update(replicaSetKind, replicaSet);
  const { uid } = written.metadata;
  sync.replicaSets = sync.replicaSets.map((other) => other.metadata.uid === uid ? written : other);
  return written;
}
