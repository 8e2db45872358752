/**
 * Deletes jobs some time after they have ended.
 *
 * Source: `pkg/controller/ttlafterfinished`.
 */
import { splitKey } from "../../api/informer.ts";
import { jobs as jobKind } from "../../api/kind_refs.ts";
import { instant } from "../../api/timestamps.ts";
import type { Job } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound, keyOfObject, reconcileQueue } from "../controller.ts";

export function startTtlAfterFinishedController(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const jobs = informers.for<Job>(jobKind);

  /** The milliseconds that a job has left; undefined when it stays. */
  const left = ({ metadata, spec, status }: Job): number | undefined => {
    const { ttlSecondsAfterFinished: ttl } = spec;
    if (metadata.deletionTimestamp !== undefined || ttl === undefined) return undefined;
    const end = status?.conditions?.find(({ type, status }) =>
      (type === "Complete" || type === "Failed") && status === "True"
    );
    return end === undefined ? undefined : instant(end.lastTransitionTime)! + ttl * 1000 - clock.now();
  };
  const add = (job: Job) => {
    const ms = left(job);
    // In the background: a job that has ended and only waits to be forgotten keeps nobody waiting.
    if (ms !== undefined) queue.addAfter(keyOfObject(job), ms, true);
  };
  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    let job = jobs.get(namespace, name);
    if (job === undefined) return;
    if ((left(job) ?? 1) > 0) return add(job);
    try {
      // The time to live may have been changed a moment ago.
      job = await client.get<Job>(jobKind, namespace, name);
      if ((left(job) ?? 1) > 0) return add(job);
      const preconditions = { uid: job.metadata.uid };
      await client.delete(jobKind, namespace, name, { propagationPolicy: "Foreground", preconditions });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  const queue = reconcileQueue(context, reconcile);
  jobs.on({ added: add, updated: (job) => add(job) });
  return queue;
}
