/** The jobs of a CronJob: those that run, those that have ended, and how many of them are kept. */
import { jobs as jobKind } from "../../api/kind_refs.ts";
import type { Client } from "../../api/client.ts";
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Draft } from "../../kinds/object.ts";
import type { CronJob, Job } from "../../kinds/schema/types.ts";
import { conditionOf } from "../conditions.ts";
import { isNotFound, messageOf } from "../controller.ts";

export interface Sync {
  readonly client: Client;
  readonly recorder: EventRecorder;
  /** With the status as it is going to be. */
  readonly cronJob: Draft<CronJob>;
  readonly jobs: readonly Job[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const hasCondition = ({ status }: Job, type: string) => conditionOf(status?.conditions, type)?.status === "True";

/** "Complete" or "Failed" of a job that has ended. */
export const endOf = (job: Job): string | undefined =>
  job.status?.conditions?.find(({ type, status }) => (type === "Complete" || type === "Failed") && status === "True")
    ?.type;

export function dropActive({ status }: Draft<CronJob>, uid: string): boolean {
  const before = status.active ?? [];
  const active = before.filter((reference) => reference.uid !== uid);
  if (active.length === 0) delete status.active;
  else status.active = active;
  return active.length < before.length;
}

/** Deletes the oldest jobs beyond what is to be kept. @returns whether the status changed */
export async function cleanUpFinished(sync: Sync): Promise<boolean> {
  const { cronJob: { spec }, jobs } = sync;
  let changed = false;
  const limits = [["Complete", spec.successfulJobsHistoryLimit], ["Failed", spec.failedJobsHistoryLimit]] as const;
  for (const [type, limit] of limits) {
    if (limit === undefined) continue;
    const ended = jobs.filter((job) => endOf(job) === type).sort(byStart);
    for (const job of ended.slice(0, Math.max(0, ended.length - limit))) {
      changed = await deleteJob(sync, job) || changed;
    }
  }
  return changed;
}

function byStart(a: Job, b: Job): number {
  const [x, y] = [a.status?.startTime, b.status?.startTime];
  if (x !== y) return x === undefined || (y !== undefined && x > y) ? 1 : -1;
  return a.metadata.name! < b.metadata.name! ? -1 : 1;
}

export async function deleteJob({ client, recorder, cronJob }: Sync, { metadata }: Job): Promise<boolean> {
  const about = cronJob as CronJob;
  try {
    await client.delete(jobKind, metadata.namespace, metadata.name!, { propagationPolicy: "Background" });
  } catch (error) {
    recorder.event(about, "Warning", "FailedDelete", `Deleted job: ${messageOf(error)}`);
    return false;
  }
  dropActive(cronJob, metadata.uid!);
  recorder.event(about, "Normal", "SuccessfulDelete", `Deleted job ${metadata.name}`);
  return true;
}

/** Brings the list of active jobs up to date. @returns whether the status changed */
export async function updateActive(sync: Sync): Promise<boolean> {
  const { client, recorder, cronJob, jobs } = sync;
  const about = cronJob as CronJob;
  const { status } = cronJob;
  let changed = false;
  for (const job of jobs) {
    const { uid, name } = job.metadata;
    const active = status.active?.some((reference) => reference.uid === uid) ?? false;
    const end = endOf(job);
    if (end === undefined) {
      if (active) continue;
      recorder.event(
        about,
        "Warning",
        "UnexpectedJob",
        `Saw a job that the controller did not create or forgot: ${name}`,
      );
      continue;
    }
    if (active) {
      dropActive(cronJob, uid!);
      recorder.event(about, "Normal", "SawCompletedJob", `Saw completed job: ${name}, condition: ${end}`);
      changed = true;
    }
    const { completionTime } = job.status!;
    const later = completionTime !== undefined && completionTime > (status.lastSuccessfulTime ?? "");
    if (hasCondition(job, "Complete") && later) {
      status.lastSuccessfulTime = completionTime;
      changed = true;
    }
  }
  const known = new Set(jobs.map(({ metadata }) => metadata.uid));
  for (const { uid, name, namespace } of [...status.active ?? []]) {
    if (known.has(uid)) continue;
    try {
      await client.get(jobKind, namespace, name!);
    } catch (error) {
      if (!isNotFound(error)) throw error;
      recorder.event(about, "Normal", "MissingJob", `Active job went missing: ${name}`);
      dropActive(cronJob, uid!);
      changed = true;
    }
  }
  return changed;
}
