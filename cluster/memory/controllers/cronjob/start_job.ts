/** Starts the job that a CronJob is due for. Source: `pkg/controller/cronjob/cronjob_controllerv2.go` (syncCronJob). */
import { referenceTo } from "../../api/event_recorder.ts";
import { cronJobs as cronJobKind, jobs as jobKind } from "../../api/kind_refs.ts";
import { instant, timestamp } from "../../api/timestamps.ts";
import { timeZoneError } from "../../kinds/batch/cron_schedule.ts";
import type { Draft } from "../../kinds/object.ts";
import type { CronJob, Job, ObjectReference } from "../../kinds/schema/types.ts";
import { isAlreadyExists, isNamespaceTerminating, messageOf } from "../controller.ts";
import { isControlledBy, newControllerRef } from "../controller_ref.ts";
import { mostRecent, untilNext } from "./due.ts";
import { deleteJob, type Sync } from "./history.ts";
import { inTimeZone, parseSchedule, type Schedule } from "./schedule.ts";

const SCHEDULED_TIME = "batch.kubernetes.io/cronjob-scheduled-timestamp";

export interface Outcome {
  /** Whether the status changed. */
  readonly changed: boolean;
  /** Milliseconds until the next time of the schedule. */
  readonly requeueAfter?: number;
}

export async function startDue(sync: Sync): Promise<Outcome> {
  const { recorder, now } = sync;
  const about = sync.cronJob as CronJob;
  const { spec, status } = about;
  const { schedule: text, timeZone } = spec;
  const warn = (reason: string, message: string) => recorder.event(about, "Warning", reason, message);
  if (about.metadata.deletionTimestamp !== undefined) return { changed: false };
  if (timeZone !== undefined && timeZoneError(timeZone) !== undefined) {
    warn("UnknownTimeZone", `invalid timeZone: ${JSON.stringify(timeZone)}: unknown time zone ${timeZone}`);
    return { changed: false };
  }
  if (spec.suspend === true) return { changed: false };
  if (text.includes("TZ")) {
    const more = "see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/ for more details";
    warn(
      "UnsupportedSchedule",
      `CRON_TZ or TZ used in schedule ${JSON.stringify(text)} is not officially supported, ${more}`,
    );
  }
  let schedule: Schedule;
  try {
    schedule = parseSchedule(text, timeZone);
  } catch (error) {
    warn("UnparseableSchedule", `unparseable schedule: ${JSON.stringify(text)} : ${messageOf(error)}`);
    return { changed: false };
  }
  const wait = (): Outcome => ({ changed: false, requeueAfter: untilNext(about, now, schedule) });
  let time: number | undefined;
  try {
    const due = mostRecent(about, now, schedule, true);
    time = due.time;
    if (time !== undefined && due.missed === "many") {
      const advice = "Set or decrease .spec.startingDeadlineSeconds or check clock skew";
      warn("TooManyMissedTimes", `too many missed start times. ${advice}`);
    }
  } catch (error) {
    warn("InvalidSchedule", `invalid schedule: ${text} : ${messageOf(error)}`);
    return { changed: false };
  }
  if (time === undefined) return wait();
  if (spec.startingDeadlineSeconds !== undefined && time + spec.startingDeadlineSeconds * 1000 < now) {
    warn("MissSchedule", `Missed scheduled time to start a job: ${rfc1123(time)}`);
    return wait();
  }
  const name = `${about.metadata.name}-${Math.floor(time / 60_000)}`;
  const processed = status?.active?.some((active) => active.name === name) ||
    instant(status?.lastScheduleTime) === time;
  if (processed) return wait();
  if (spec.concurrencyPolicy === "Forbid" && (status?.active ?? []).length > 0) {
    const message = "Not starting job because prior execution is running and concurrency policy is Forbid";
    recorder.event(about, "Normal", "JobAlreadyActive", message);
    return wait();
  }
  let changed = false;
  if (spec.concurrencyPolicy === "Replace") changed = await replaceActive(sync);
  const started = await createJob(sync, name, time);
  if (!started) return { changed };
  return { changed: true, requeueAfter: untilNext(sync.cronJob as CronJob, now, schedule) };
}

async function replaceActive(sync: Sync): Promise<boolean> {
  const { client, recorder, cronJob } = sync;
  const active = [...cronJob.status.active ?? []];
  for (const { namespace, name } of active) {
    let job: Job;
    try {
      job = await client.get<Job>(jobKind, namespace, name!);
    } catch (error) {
      recorder.event(cronJob as CronJob, "Warning", "FailedGet", `Get job: ${messageOf(error)}`);
      throw error;
    }
    if (!await deleteJob(sync, job)) throw new Error(`could not replace job ${namespace}/${name}`);
  }
  return active.length > 0;
}

/** Creates the job and notes it. @returns whether it was new to the CronJob */
async function createJob({ client, recorder, cronJob }: Sync, name: string, time: number): Promise<boolean> {
  const about = cronJob as CronJob;
  const { jobTemplate, timeZone } = about.spec;
  const { labels, annotations } = jobTemplate.metadata ?? {};
  let job: Job;
  try {
    job = await client.create<Job>(jobKind, {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: {
        name,
        namespace: about.metadata.namespace,
        ...labels === undefined ? {} : { labels },
        annotations: { ...annotations, [SCHEDULED_TIME]: inTimeZone(time, timeZone ?? "UTC") },
        ownerReferences: [newControllerRef(about, cronJobKind)],
      },
      spec: jobTemplate.spec,
    });
    recorder.event(about, "Normal", "SuccessfulCreate", `Created job ${name}`);
  } catch (error) {
    if (isNamespaceTerminating(error)) throw error;
    if (!isAlreadyExists(error)) {
      recorder.event(about, "Warning", "FailedCreate", `Error creating job: ${messageOf(error)}`);
      throw error;
    }
    job = await client.get<Job>(jobKind, about.metadata.namespace, name);
    const known = about.status?.active?.some(({ uid }) => uid === job.metadata.uid);
    if (!isControlledBy(job, about) || known) return false;
  }
  const reference = { ...referenceTo(job), apiVersion: "batch/v1", kind: "Job" };
  cronJob.status.active = [...cronJob.status.active ?? [], reference as Draft<ObjectReference>];
  cronJob.status.lastScheduleTime = timestamp(time);
  return true;
}

/** "Mon, 02 Jan 2006 15:04:05 +0000" */
const rfc1123 = (ms: number) => new Date(ms).toUTCString().replace("GMT", "+0000");
