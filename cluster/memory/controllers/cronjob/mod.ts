/**
 * Starts jobs when their time has come.
 *
 * Source: `pkg/controller/cronjob`.
 */
import { splitKey } from "../../api/informer.ts";
import { cronJobs as cronJobKind, jobs as jobKind } from "../../api/kind_refs.ts";
import { timeZoneError } from "../../kinds/batch/cron_schedule.ts";
import { draft } from "../../kinds/object.ts";
import type { CronJob, Job } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { type Controller, type ControllerContext, keyOfObject, reconcileQueue, recorderOf } from "../controller.ts";
import { controlledBy, controllerOf, indexByController, resolveControllerRef } from "../controller_ref.ts";
import { untilNext } from "./due.ts";
import { cleanUpFinished, updateActive } from "./history.ts";
import { parseSchedule } from "./schedule.ts";
import { startDue } from "./start_job.ts";

export function startCronJobController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const cronJobs = informers.for<CronJob>(cronJobKind);
  const jobs = indexByController(informers.for<Job>(jobKind));
  const recorder = recorderOf(context, "cronjob-controller");

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const current = cronJobs.get(namespace, name);
    if (current === undefined) return;
    const cronJob = draft(current);
    cronJob.status ??= {};
    const sync = { client, recorder, cronJob, jobs: controlledBy(jobs, current, "CronJob"), now: clock.now() };
    const cleaned = await cleanUpFinished(sync);
    const updated = await updateActive(sync);
    const { changed, requeueAfter } = await startDue(sync);
    if (cleaned || updated || changed) await client.updateStatus(cronJobKind, cronJob as CronJob);
    // In the background: a cluster in which nothing but the time is awaited has settled.
    if (requeueAfter !== undefined) queue.addAfter(key, requeueAfter, true);
  };
  const queue = reconcileQueue(context, reconcile);
  const add = (cronJob: CronJob | undefined) => {
    if (cronJob !== undefined) queue.add(keyOfObject(cronJob));
  };
  cronJobs.on({
    added: add,
    updated(cronJob, old) {
      const { schedule, timeZone } = cronJob.spec;
      if (schedule === old.spec.schedule && timeZone === old.spec.timeZone) return add(cronJob);
      // What the new schedule would have started before now is not made up for.
      try {
        const zone = timeZone !== undefined && timeZoneError(timeZone) === undefined ? timeZone : undefined;
        queue.addAfter(keyOfObject(cronJob), untilNext(cronJob, clock.now(), parseSchedule(schedule, zone)), true);
      } catch {
        const message = `unparseable schedule for cronjob: ${schedule}`;
        recorder.event(cronJob, "Warning", "UnParseableCronJobSchedule", message);
      }
    },
    deleted: add,
  });
  const ownerOf = (job: Job) => resolveControllerRef(cronJobs, job.metadata.namespace, controllerOf(job));
  jobs.on({
    added: (job) => add(ownerOf(job)),
    updated(job, old) {
      if (!same(controllerOf(job), controllerOf(old))) add(ownerOf(old));
      add(ownerOf(job));
    },
    deleted: (job) => add(ownerOf(job)),
  });
  return queue;
}
