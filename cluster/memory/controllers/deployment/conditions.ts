/** A deployment's conditions, with their reasons. Source: `pkg/controller/deployment/util/deployment_util.go`. */
import { timestamp } from "../../api/timestamps.ts";
import type { DeploymentCondition } from "../../kinds/schema/types.ts";

export const AVAILABLE = "Available";
export const PROGRESSING = "Progressing";
export const REPLICA_FAILURE = "ReplicaFailure";

export const REPLICA_SET_UPDATED = "ReplicaSetUpdated";
export const FAILED_CREATE = "ReplicaSetCreateError";
export const NEW_REPLICA_SET = "NewReplicaSetCreated";
export const FOUND_NEW_REPLICA_SET = "FoundNewReplicaSet";
export const NEW_REPLICA_SET_AVAILABLE = "NewReplicaSetAvailable";
export const TIMED_OUT = "ProgressDeadlineExceeded";
export const PAUSED = "DeploymentPaused";
export const RESUMED = "DeploymentResumed";

/** @param now milliseconds since the epoch */
export function condition(
  now: number,
  type: string,
  status: "True" | "False" | "Unknown",
  reason: string,
  message: string,
): DeploymentCondition {
  const time = timestamp(now);
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message };
}
