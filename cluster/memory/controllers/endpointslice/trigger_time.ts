/**
 * When what changed a Service's endpoints happened, for whoever measures how long it takes until the network knows.
 *
 * Source: `k8s.io/endpointslice/util/trigger_time_tracker.go`.
 */
import type { Pod, Service } from "../../kinds/schema/types.ts";
import { keyOfObject } from "../controller.ts";
import { podCondition } from "../pod_state.ts";

export const TRIGGER_TIME = "endpoints.kubernetes.io/last-change-trigger-time";

export class TriggerTimes {
  readonly #known = new Map<string, { readonly service: string; readonly pods: ReadonlyMap<string, string> }>();

  /** The earliest change since the last call, "2026-01-01T00:00:00Z"; undefined when nothing new happened. */
  next(service: Service, pods: readonly Pod[]): string | undefined {
    const key = keyOfObject(service);
    const before = this.#known.get(key);
    const created = service.metadata.creationTimestamp ?? "";
    const readyTimes = new Map<string, string>();
    const changes: string[] = [];
    for (const pod of pods) {
      const time = podCondition(pod, "Ready")?.lastTransitionTime;
      if (time === undefined) continue;
      readyTimes.set(pod.metadata.name!, time);
      if (time > (before?.pods.get(pod.metadata.name!) ?? "")) changes.push(time);
    }
    if (created > (before?.service ?? "")) changes.push(created);
    this.#known.set(key, { service: created, pods: readyTimes });
    return before === undefined ? created : changes.sort()[0];
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}

/** The annotations with the trigger time, or without one when nothing triggered. */
export function withTriggerTime(annotations: Readonly<Record<string, string>> = {}, time: string | undefined) {
  const { [TRIGGER_TIME]: _, ...others } = annotations;
  return time === undefined ? others : { ...others, [TRIGGER_TIME]: time };
}
