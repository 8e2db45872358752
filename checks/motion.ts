/**
 * Whether a namespace is still on its way somewhere, so that a check which does not hold yet may hold soon.
 *
 * At rest are: pods that are ready, finished, or stuck in a state that they do not leave by themselves; workloads whose
 * controller has seen the latest spec and has no replicas left to add or remove.
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
  if (pods.some(podMoves)) return true;
  const workloads = await Promise.all(WORKLOADS.map((kind) => objects.list({ ...kind, namespace })));
  return workloads.flat().some(workloadMoves);
}

interface ContainerStatus {
  readonly ready?: boolean;
  readonly state?: { readonly waiting?: { readonly reason?: string } };
}

interface Conditions {
  readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
}

function podMoves(pod: ApiObject): boolean {
  if (pod.metadata.deletionTimestamp !== undefined) return true;
  const status = pod.status as
    & Conditions
    & { readonly phase?: string }
    & Readonly<Partial<Record<"initContainerStatuses" | "containerStatuses", readonly ContainerStatus[]>>>;
  if (status.phase === "Succeeded" || status.phase === "Failed") return false;
  const is = (type: string) => status.conditions?.find((condition) => condition.type === type);
  if (is("Ready")?.status === "True") return false;
  if (NOT_SCHEDULED.has(is("PodScheduled")?.reason ?? "")) return false;
  // One init container that is stuck holds up all that come after it.
  const containers = [...status.initContainerStatuses ?? [], ...status.containerStatuses ?? []];
  return !containers.some(({ state }) => STUCK.has(state?.waiting?.reason ?? ""));
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
