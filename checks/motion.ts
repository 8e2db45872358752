/**
 * Whether a namespace is still on its way somewhere, so that a check which does not hold yet may hold soon.
 *
 * At rest are: pods that are ready, finished, or stuck in a state that they do not leave by themselves, a readiness probe
 * that keeps failing among them; workloads whose controller has seen the latest spec and has no replicas left to add or
 * remove.
 */
import type { ApiObject, Cluster, KindName, ObjectClient } from "../cluster/cluster.ts";

/** Reasons with which a container waits for a person, not for time. */
export const STUCK: ReadonlySet<string> = new Set([
  "CrashLoopBackOff",
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PostStartHookError",
]);

/** Reasons with which the scheduler leaves a pod until something else changes. */
const NOT_SCHEDULED = new Set(["Unschedulable", "SchedulingGated"]);

const WORKLOADS: readonly KindName[] = [
  { apiVersion: "v1", kind: "ReplicationController" },
  { apiVersion: "apps/v1", kind: "ReplicaSet" },
  { apiVersion: "apps/v1", kind: "Deployment" },
];

/** Whether anything in the namespace is still moving. */
export async function isMoving(objects: ObjectClient, namespace: string): Promise<boolean> {
  const pods = await objects.list({ apiVersion: "v1", kind: "Pod", namespace });
  const moving = pods.filter(podMoves);
  if (!moving.every(runs) || moving.length > 0 && !await areRefused(objects, namespace, moving)) return true;
  const workloads = await Promise.all(WORKLOADS.map((kind) => objects.list({ ...kind, namespace })));
  return workloads.flat().some(workloadMoves);
}

interface ContainerStatus {
  readonly ready?: boolean;
  readonly state?: { readonly waiting?: { readonly reason?: string }; readonly running?: object };
}

interface PodStatus extends Conditions {
  readonly phase?: string;
  readonly initContainerStatuses?: readonly ContainerStatus[];
  readonly containerStatuses?: readonly ContainerStatus[];
}

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
}

function podMoves(pod: ApiObject): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return true;
  const status = pod.status as PodStatus;
  if (status.phase === "Succeeded" || status.phase === "Failed") return false;
  const is = (type: string) => status.conditions?.find((condition) => condition.type === type);
  if (is("Ready")?.status === "True") return false;
  if (NOT_SCHEDULED.has(is("PodScheduled")?.reason ?? "")) return false;
  // One init container that is stuck holds up all that come after it.
  const containers = [...status.initContainerStatuses ?? [], ...status.containerStatuses ?? []];
  return !containers.some(({ state }) => STUCK.has(state?.waiting?.reason ?? ""));
}

/** Whether all containers of a pod run, though it is not ready. */
function runs({ metadata, status }: ApiObject): boolean {
  const { containerStatuses = [] } = (status ?? {}) as PodStatus;
  return metadata.deletionTimestamp === undefined && containerStatuses.length > 0 &&
    containerStatuses.every(({ state }) => state?.running !== undefined);
}

interface UnhealthyEvent {
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly involvedObject?: { readonly uid?: string };
}

/** Whether the readiness probes of these pods have failed as often as they must before they count. */
async function areRefused(objects: ObjectClient, namespace: string, pods: readonly ApiObject[]): Promise<boolean> {
  const events = await objects.list({ apiVersion: "v1", kind: "Event", namespace }) as readonly UnhealthyEvent[];
  return pods.every(({ metadata, spec }) => {
    const { containers = [] } = spec as { readonly containers?: readonly { readonly readinessProbe?: Probe }[] };
    const needed = containers.flatMap(({ readinessProbe: probe }) => probe ? [probe.failureThreshold ?? 3] : []);
    const failures = events
      .filter(({ reason, message, involvedObject }) =>
        reason === "Unhealthy" && involvedObject?.uid === metadata.uid && message?.startsWith("Readiness probe")
      )
      .reduce((sum, { count = 1 }) => sum + count, 0);
    return needed.length > 0 && failures >= Math.max(...needed);
  });
}

interface Probe {
  readonly failureThreshold?: number;
}

function workloadMoves(workload: ApiObject): boolean {
  if (workload.metadata.deletionTimestamp !== undefined) return true;
  const { replicas: wanted = 1 } = workload.spec as { readonly replicas?: number };
  const status = (workload.status ?? {}) as Conditions & {
    readonly observedGeneration?: number;
    readonly replicas?: number;
  };
  if ((status.observedGeneration ?? 0) < (workload.metadata.generation as number ?? 0)) return true;
  const refused = status.conditions?.some(({ type, status }) => type === "ReplicaFailure" && status === "True");
  // A Deployment's replicas are its ReplicaSets'.
  return workload.kind !== "Deployment" && refused !== true && (status.replicas ?? 0) !== wanted;
}

/** Milliseconds between two looks. */
const LOOK_INTERVAL = 250;

/**
 * Waits until a namespace is at rest, at most `limit` milliseconds.
 *
 * @returns whether it is
 */
export async function waitForRest(
  cluster: Cluster,
  namespace: string,
  { limit = 60_000, signal }: { readonly limit?: number; readonly signal?: AbortSignal } = {},
): Promise<boolean> {
  const end = cluster.now() + limit;
  while (await isMoving(cluster.objects, namespace)) {
    if (cluster.now() >= end) return false;
    // What nothing will change any more is at rest, whatever it looks like.
    if (await cluster.pass(LOOK_INTERVAL, signal)) return true;
  }
  return true;
}
