/** The kinds that run containers: pod, and what makes pods. */
import { controllerRevision } from "./apps/controller_revision.ts";
import { daemonSet } from "./apps/daemon_set.ts";
import { deployment } from "./apps/deployment.ts";
import { replicaSet } from "./apps/replica_set.ts";
import { statefulSet } from "./apps/stateful_set.ts";
import { cronJob } from "./batch/cron_job.ts";
import { job } from "./batch/job.ts";
import { pod } from "./core/pod/pod.ts";
import { podTemplate } from "./core/pod_template.ts";
import { replicationController } from "./core/replication_controller.ts";
import type { Kind } from "./kind.ts";

export const workloadKinds: readonly Kind[] = [
  pod,
  podTemplate,
  replicationController,
  controllerRevision,
  daemonSet,
  deployment,
  replicaSet,
  statefulSet,
  cronJob,
  job,
];
