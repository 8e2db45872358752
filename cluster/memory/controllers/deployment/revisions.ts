/**
 * The annotations by which a deployment and its replica sets remember revisions and sizes.
 *
 * Source: `pkg/controller/deployment/util/deployment_util.go`.
 */
import type { Deployment, ReplicaSet } from "../../kinds/schema/types.ts";
import { maxSurge, replicasOf } from "./rollout.ts";

export const REVISION = "deployment.kubernetes.io/revision";
const REVISION_HISTORY = "deployment.kubernetes.io/revision-history";
export const DESIRED_REPLICAS = "deployment.kubernetes.io/desired-replicas";
export const MAX_REPLICAS = "deployment.kubernetes.io/max-replicas";
export const ROLLBACK_TO = "deprecated.deployment.rollback.to";

/** Annotations that belong to either object alone. */
const OWN = new Set([
  "kubectl.kubernetes.io/last-applied-configuration",
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  MAX_REPLICAS,
  ROLLBACK_TO,
]);

/** The longest list of earlier revisions, in characters. */
const HISTORY_LIMIT = 2000;

type Annotations = Readonly<Record<string, string>>;

/** A replica set's revision: 0 without one, undefined when the annotation is no number. */
export function revisionOf({ metadata }: ReplicaSet): number | undefined {
  const text = metadata.annotations?.[REVISION];
  if (text === undefined) return 0;
  return /^[-+]?[0-9]+$/.test(text) ? Number(text) : undefined;
}

export const highestRevision = (sets: readonly ReplicaSet[]): number =>
  Math.max(0, ...sets.map((set) => revisionOf(set) ?? 0));

/** The revision before the highest; 0 when there is none. */
export function lastRevision(sets: readonly ReplicaSet[]): number {
  return sets.map((set) => revisionOf(set) ?? 0).sort((a, b) => b - a)[1] ?? 0;
}

/**
 * The annotations of the deployment's current replica set: the deployment's own, its revision and, where the revision
 * is an earlier one that came back, which numbers it had.
 *
 * @param sizes also those that say how many replicas are wanted
 */
export function currentAnnotations(
  deployment: Deployment,
  replicaSet: { readonly metadata: { readonly annotations?: Annotations } },
  revision: number,
  sizes: boolean,
): Annotations {
  const before = replicaSet.metadata.annotations ?? {};
  const annotations: Record<string, string> = { ...before };
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!OWN.has(key)) annotations[key] = value;
  }
  const old = before[REVISION];
  if (old !== undefined && old !== "" && !/^[-+]?[0-9]+$/.test(old)) return annotations;
  if (Number(old ?? 0) < revision) {
    annotations[REVISION] = String(revision);
    if (old !== undefined) annotations[REVISION_HISTORY] = extendHistory(before[REVISION_HISTORY] ?? "", old);
  }
  return sizes ? { ...annotations, ...sizeAnnotations(deployment) } : annotations;
}

function extendHistory(history: string, revision: string): string {
  if (history === "") return revision;
  const revisions = [...history.split(","), revision];
  while (revisions.join(",").length > HISTORY_LIMIT) revisions.shift();
  return revisions.length === 0 ? history : revisions.join(",");
}

/** How many replicas are wanted, and how many there may be: what a later scaling is measured by. */
export function sizeAnnotations(deployment: Deployment): Annotations {
  const replicas = replicasOf(deployment);
  return { [DESIRED_REPLICAS]: String(replicas), [MAX_REPLICAS]: String(replicas + maxSurge(deployment)) };
}

/** A number from an annotation; undefined when it is not there or none. */
export function countAnnotation({ metadata }: ReplicaSet, key: string): number | undefined {
  const text = metadata.annotations?.[key];
  if (text === undefined || !/^[0-9]+$/.test(text) || Number(text) > 2 ** 31 - 1) return undefined;
  return Number(text);
}

/** The annotations of a deployment that goes back to a replica set: its own, and the others from that set. */
export function rolledBackAnnotations(deployment: Deployment, replicaSet: ReplicaSet): Annotations {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => OWN.has(key));
  const others = Object.entries(replicaSet.metadata.annotations ?? {}).filter(([key]) => !OWN.has(key));
  return Object.fromEntries([...own, ...others]);
}
