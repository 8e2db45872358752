/** The kinds that run containers: pods, and what makes pods. */
import { controllerRevisions } from "./apps/controller_revision.ts";
import { daemonSets } from "./apps/daemon_set.ts";
import { deployments } from "./apps/deployment.ts";
import { replicaSets } from "./apps/replica_set.ts";
import { statefulSets } from "./apps/stateful_set.ts";
import { pods } from "./core/pod/pod.ts";
import { podTemplates } from "./core/pod_template.ts";
import { replicationControllers } from "./core/replication_controller.ts";
import type { Kind } from "./kind.ts";

export const workloadKinds: readonly Kind[] = [
  pods,
  podTemplates,
  replicationControllers,
  controllerRevisions,
  daemonSets,
  deployments,
  replicaSets,
  statefulSets,
];
