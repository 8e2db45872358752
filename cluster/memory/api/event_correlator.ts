/**
 * What keeps a component from flooding the API with events: the same event is counted, similar ones are combined, and
 * an object of which too much is said is not spoken of for a while.
 *
 * Source: `k8s.io/client-go/tools/record/events_cache.go`.
 */
import type { Clock } from "../clock.ts";
import type { Event } from "../kinds/schema/types.ts";
import { Recent } from "./recent.ts";
import { timestamp } from "./timestamps.ts";

/** Entries of each memory. */
const MEMORY = 4096;
/** So many different messages of a reason within the interval are combined into one event. */
const SIMILAR = 10;
/** Milliseconds. */
const SIMILAR_INTERVAL = 600_000;
/** Events about an object that may come at once, and the milliseconds after which one more may. */
const BURST = 25;
const REFILL = 300_000;

interface Observation {
  readonly count: number;
  readonly firstTimestamp?: string;
  readonly name: string;
}

export class EventCorrelator {
  readonly #observed = new Recent<Observation>(MEMORY);
  readonly #similar = new Recent<{ messages: Set<string>; at: number }>(MEMORY);
  readonly #budgets = new Recent<{ tokens: number; at: number }>(MEMORY);

  constructor(readonly clock: Clock) {}

  /** The event to write (count above 1: over the one of that name), or undefined when it should be dropped. */
  correlate(event: Event): Event | undefined {
    const { event: combined, key } = this.#combine(event);
    const observed = this.#count(combined, key);
    return this.#withinBudget(observed) ? observed : undefined;
  }

  /** Takes note of what the server made of the event. */
  wrote({ metadata, count, firstTimestamp, ...event }: Event): void {
    const key = exactKey({ metadata, ...event });
    this.#observed.set(key, { count: count ?? 1, firstTimestamp, name: metadata.name! });
  }

  #combine(event: Event): { event: Event; key: string } {
    const now = this.clock.now();
    const key = similarKey(event);
    let record = this.#similar.get(key);
    if (record === undefined || now - record.at > SIMILAR_INTERVAL) record = { messages: new Set(), at: now };
    record.messages.add(event.message ?? "");
    record.at = now;
    this.#similar.set(key, record);
    if (record.messages.size < SIMILAR) return { event, key: exactKey(event) };
    const [oldest] = record.messages;
    record.messages.delete(oldest);
    const time = timestamp(now);
    // It is put together anew, and who reports it is forgotten but for its source.
    const { reportingComponent: _component, reportingInstance: _instance, ...rest } = event;
    const message = `(combined from similar events): ${event.message}`;
    return { event: { ...rest, message, count: 1, firstTimestamp: time, lastTimestamp: time }, key };
  }

  #count(event: Event, key: string): Event {
    const last = this.#observed.get(key);
    const counted = last === undefined ? event : {
      ...event,
      metadata: { ...event.metadata, name: last.name },
      firstTimestamp: last.firstTimestamp,
      count: last.count + 1,
    };
    const { count = 1, firstTimestamp, metadata } = counted;
    this.#observed.set(key, { count, firstTimestamp, name: metadata.name! });
    return counted;
  }

  #withinBudget(event: Event): boolean {
    const key = sourceKey(event);
    const now = this.clock.now();
    const budget = this.#budgets.get(key) ?? { tokens: BURST, at: now };
    const tokens = Math.min(BURST, budget.tokens + (now - budget.at) / REFILL);
    const within = tokens >= 1;
    this.#budgets.set(key, { tokens: within ? tokens - 1 : tokens, at: now });
    return within;
  }
}

function sourceKey({ source, involvedObject: about, type }: Event): string {
  return [source.component, source.host, about.kind, about.namespace, about.name, about.uid, about.apiVersion, type]
    .join("\n");
}

function similarKey(event: Event): string {
  return [sourceKey(event), event.reason, event.reportingComponent, event.reportingInstance].join("\n");
}

function exactKey(event: Event): string {
  return [sourceKey(event), event.involvedObject.fieldPath, event.reason, event.message].join("\n\n");
}
