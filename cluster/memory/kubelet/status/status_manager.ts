/**
 * Writes the statuses of a node's pods to the API: only what changed, one write after the other, the newest state each
 * time; and removes a pod that was to be deleted once all of it has ended.
 *
 * Source: `pkg/kubelet/status/status_manager.go`.
 */
import type { Client } from "../../api/client.ts";
import { pods } from "../../api/kind_refs.ts";
import { StatusError } from "../../api/status.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { Clock } from "../../clock.ts";
import { isTerminalPhase } from "../../kinds/core/pod/phase.ts";
import { equalJson } from "../../kinds/json.ts";
import type { Pod, PodCondition, PodStatus } from "../../kinds/schema/types.ts";
import { Disconnected } from "../connection_loss.ts";
import { KUBELET_CONDITIONS } from "./conditions.ts";
import { terminatedStatus } from "./terminated.ts";

export interface StatusManagerOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly report: (error: unknown) => void;
}

/** When a write that failed is made again, in milliseconds. */
const RETRY = 10_000;

/** The status of one pod. */
export class StatusManager {
  #status: PodStatus | undefined;
  #written: PodStatus | undefined;
  #finished = false;
  #writing = false;
  #stopped = false;

  constructor(readonly options: StatusManagerOptions, readonly pod: Pod) {}

  /** What was said last, or what the API had at first. */
  get status(): PodStatus {
    return this.#status ?? this.pod.status ?? {};
  }

  /** @param stopped no container of the pod runs any more */
  set(status: PodStatus, stopped = false): void {
    const old = this.status;
    const now = timestamp(this.options.clock.now());
    const next: PodStatus = {
      ...status,
      conditions: status.conditions?.map((condition) => withTime(condition, old, now)),
      startTime: old.startTime ?? now,
    };
    if (this.#status !== undefined && equalJson(this.#status, next) && !stopped) return;
    this.#status = next;
    this.#write(stopped);
  }

  /** Nothing of the pod is left on the node: it has ended, even if a container of it was never started. */
  finish(isStatic = false): void {
    this.#finished = true;
    this.#status = terminatedStatus(this.pod, this.status, isStatic);
    this.#write(true);
  }

  /** The API can be reached again: it may have missed what was said meanwhile. */
  resend(): void {
    if (this.#status !== undefined) this.#write(this.#stopped);
  }

  #write(stopped: boolean): void {
    if (this.#writing) return;
    this.#writing = true;
    const { clock, report } = this.options;
    this.#stopped = stopped;
    const work = this.#sync(stopped).catch((error) => {
      // What the API could not be told is told when it can be reached again.
      if (error instanceof Disconnected) return;
      report(error);
      clock.after(RETRY, () => this.#write(stopped));
    }).finally(() => {
      this.#writing = false;
    });
    clock.track(work);
  }

  async #sync(stopped: boolean): Promise<void> {
    // What is set while a request is under way is written by the next one.
    do {
      const status = this.#status!;
      const { namespace, name, uid } = this.pod.metadata;
      const { client } = this.options;
      try {
        const current = await client.get(pods, namespace, name!);
        if (current.metadata.uid !== uid) return;
        const merged = merge(current.status ?? {}, status, stopped || this.#finished);
        const written = equalJson(current.status, merged)
          ? current
          : await client.updateStatus(pods, { ...current, status: merged });
        this.#written = status;
        if (
          this.#finished && current.metadata.deletionTimestamp !== undefined && isTerminalPhase(written.status?.phase)
        ) {
          return await client.delete(pods, namespace, name!, { gracePeriodSeconds: 0, preconditions: { uid } });
        }
      } catch (error) {
        if (!(error instanceof StatusError)) throw error;
        if (error.code === 404) return;
        if (error.reason !== "Conflict") throw error;
      }
    } while (this.#written !== this.#status);
  }
}

function withTime(condition: PodCondition, { conditions }: PodStatus, now: string): PodCondition {
  const old = conditions?.find(({ type }) => type === condition.type);
  const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : now;
  return { ...condition, lastTransitionTime };
}

/**
 * The kubelet's view over what the API has: the conditions of others stay, and a pod is not said to have ended while
 * something of it may still run.
 */
function merge(old: PodStatus, status: PodStatus, stopped: boolean): PodStatus {
  const ending = !isTerminalPhase(old.phase) && isTerminalPhase(status.phase);
  const conditions = [
    ...(old.conditions ?? []).filter(({ type }) => !KUBELET_CONDITIONS.has(type) || isForeign(type, status)),
    ...(status.conditions ?? []).filter(({ type }) => KUBELET_CONDITIONS.has(type)),
  ];
  const { phase, reason, message, ...rest } = status;
  const said = ending && !stopped ? pick(old) : pick({ phase, reason, message });
  return {
    ...rest,
    ...said,
    conditions,
    ...old.resourceClaimStatuses === undefined ? {} : { resourceClaimStatuses: old.resourceClaimStatuses },
  };
}

/** The scheduler or another wrote a condition that the kubelet only writes for reasons of its own. */
const isForeign = (type: string, { conditions }: PodStatus) =>
  type === "DisruptionTarget" && !conditions?.some((own) => own.type === type);

const pick = ({ phase, reason, message }: PodStatus) => ({
  ...phase === undefined ? {} : { phase },
  ...message === undefined ? {} : { message },
  ...reason === undefined ? {} : { reason },
});
