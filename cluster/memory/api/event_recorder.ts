/**
 * How components tell what they did: Event objects about an object, written through the API.
 *
 * Two shapes, as in Kubernetes. Controllers and kubelets write core/v1 events, which count repetitions and melt
 * similar ones together ({@linkcode eventRecorder}); the scheduler writes events.k8s.io's, which count a series
 * ({@linkcode seriesRecorder}). Recording never fails and never blocks: events wait in line and are written one after
 * the other.
 *
 * Source: `k8s.io/client-go/tools/record`, `k8s.io/client-go/tools/events`.
 */
import type { Clock } from "../clock.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { Event, ObjectReference } from "../kinds/schema/types.ts";
import type { Client } from "./client.ts";
import { EventCorrelator } from "./event_correlator.ts";
import { events } from "./kind_refs.ts";
import { StatusError } from "./status.ts";
import { microTime, timestamp } from "./timestamps.ts";

export type EventType = "Normal" | "Warning";

export interface RecorderOptions {
  readonly client: Client;
  readonly clock: Clock;
  /** "deployment-controller": the event's source and reporting component. */
  readonly component: string;
  /** The node on which the component runs, if it runs on one. */
  readonly host?: string;
  /** Told of events that the API refused. */
  readonly report?: (error: unknown) => void;
}

export interface EventRecorder {
  /**
   * Records that something happened to `about`, an object that knows its apiVersion and kind, or a reference to (a
   * part of) one.
   */
  event(about: KubeObject | ObjectReference, type: EventType, reason: string, message: string): void;
}

/**
 * A reference to an object, or to a part of it.
 *
 * @param fieldPath the part, "spec.containers{app}"
 */
export function referenceTo(object: KubeObject, fieldPath?: string): ObjectReference {
  const { metadata } = object;
  return {
    kind: object.kind,
    ...metadata.namespace === undefined ? {} : { namespace: metadata.namespace },
    name: metadata.name,
    uid: metadata.uid,
    apiVersion: object.apiVersion,
    resourceVersion: metadata.resourceVersion,
    ...fieldPath === undefined ? {} : { fieldPath },
  };
}

/** A recorder of core/v1 events: repetitions raise `count`, a burst of similar ones is combined or dropped. */
export function eventRecorder({ client, clock, component, host, report }: RecorderOptions): EventRecorder {
  const correlator = new EventCorrelator(clock);
  const enqueue = line(clock, report);
  const source = { component, ...host === undefined ? {} : { host } };

  const write = async (event: Event) => {
    const result = correlator.correlate(event);
    if (result === undefined) return;
    const { namespace, name } = result.metadata;
    if ((result.count ?? 1) > 1) {
      const { count, lastTimestamp, message } = result;
      const patched = await patchIfThere(client, namespace!, name!, { count, lastTimestamp, message });
      if (patched !== undefined) return correlator.wrote(patched);
    }
    correlator.wrote(await client.create(events, result));
  };

  return {
    event(about, type, reason, message) {
      const involvedObject = reference(about);
      const time = timestamp(clock.now());
      enqueue(() =>
        write({
          apiVersion: "v1",
          kind: "Event",
          metadata: eventMeta(clock, involvedObject),
          involvedObject,
          reason,
          message,
          source,
          firstTimestamp: time,
          lastTimestamp: time,
          count: 1,
          type,
          reportingComponent: component,
          reportingInstance: host ?? "",
        })
      );
    },
  };
}

export interface SeriesRecorder {
  /** @param action what was being done, "Scheduling" */
  event(
    regarding: KubeObject | ObjectReference,
    related: KubeObject | ObjectReference | undefined,
    type: EventType,
    reason: string,
    action: string,
    note: string,
  ): void;
  stop(): void;
}

/** A series ends when nothing was added to it for this long, in milliseconds. */
const FINISH = 6 * 60_000;
/** A series that goes on is written this often, in milliseconds. */
const REFRESH = 30 * 60_000;

/** A recorder of events in the style of events.k8s.io: `eventTime`, an action, and a series instead of a count. */
export function seriesRecorder({ client, clock, component, host, report }: RecorderOptions): SeriesRecorder {
  const known = new Map<string, Event>();
  const enqueue = line(clock, report);
  const reportingInstance = `${component}-${host ?? "drydock"}`;

  const write = async (event: Event) => {
    if (event.series !== undefined) {
      const { namespace, name } = event.metadata;
      if (await patchIfThere(client, namespace!, name!, { series: event.series }) !== undefined) return;
    }
    await client.create(events, event);
  };
  const every = (ms: number, task: () => void) => {
    const again = () => {
      task();
      timer = clock.after(ms, again, { background: true });
    };
    let timer = clock.after(ms, again, { background: true });
    return () => timer.cancel();
  };
  const stopRefresh = every(REFRESH, () => {
    for (const event of known.values()) if (event.series !== undefined) enqueue(() => write(event));
  });
  const stopFinish = every(FINISH, () => {
    const limit = microTime(clock.now() - FINISH);
    for (const [key, event] of known) {
      if ((event.series?.lastObservedTime ?? event.eventTime!) >= limit) continue;
      if (event.series !== undefined) enqueue(() => write(event));
      known.delete(key);
    }
  });

  return {
    event(regarding, related, type, reason, action, note) {
      const involvedObject = reference(regarding);
      const relatedTo = related === undefined ? {} : { related: reference(related) };
      const time = microTime(clock.now());
      const key = JSON.stringify([type, action, reason, involvedObject, relatedTo]);
      const same = known.get(key);
      if (same !== undefined) {
        const series = { count: (same.series?.count ?? 1) + 1, lastObservedTime: time };
        known.set(key, { ...same, series });
        // Only the second occurrence is written at once; the others when the series is refreshed or ends.
        if (same.series === undefined) enqueue(() => write({ ...same, series }));
        return;
      }
      const event: Event = {
        apiVersion: "v1",
        kind: "Event",
        metadata: eventMeta(clock, involvedObject),
        involvedObject,
        ...relatedTo,
        reason,
        message: note,
        source: {},
        type,
        eventTime: time,
        action,
        reportingComponent: component,
        reportingInstance,
      };
      known.set(key, event);
      enqueue(() => write(event));
    },
    stop() {
      stopRefresh();
      stopFinish();
    },
  };
}

/** Runs tasks one after the other as work of the clock; a task that fails is reported. */
function line(clock: Clock, report: (error: unknown) => void = () => {}): (task: () => Promise<void>) => void {
  const waiting: (() => Promise<void>)[] = [];
  let running = false;
  const work = async () => {
    // The line may grow while it is worked off.
    for (let i = 0; i < waiting.length; i++) {
      try {
        await waiting[i]();
      } catch (error) {
        if (!isExpectedRefusal(error)) report(error);
      }
    }
    waiting.length = 0;
    running = false;
  };
  return (task) => {
    waiting.push(task);
    if (running) return;
    running = true;
    clock.soon(() => void clock.track(work()));
  };
}

/** Refusals that client-go does not speak of either: the event is there already, or its namespace is going. */
function isExpectedRefusal(error: unknown): boolean {
  return error instanceof StatusError && (error.reason === "AlreadyExists" ||
    error.status.details?.causes?.some(({ reason }) => reason === "NamespaceTerminating") === true);
}

async function patchIfThere(client: Client, namespace: string, name: string, body: unknown) {
  try {
    return await client.patch(events, namespace, name, { type: "strategic", body });
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}

const reference = (about: KubeObject | ObjectReference): ObjectReference =>
  "metadata" in about ? referenceTo(about) : about;

function eventMeta(clock: Clock, { name, namespace }: ObjectReference) {
  const eventName = `${name}.${nanoseconds(clock).toString(16)}`;
  // A ClusterRole's "system:node" is no name for an event.
  const valid = eventName.length <= 253 && /^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/.test(eventName);
  return { name: valid ? eventName : `event.${nanoseconds(clock).toString(16)}`, namespace: namespace ?? "default" };
}

/** The latest instant used in a name, a clock; two events of one millisecond must not share their name. */
const latest = new WeakMap<Clock, bigint>();

function nanoseconds(clock: Clock): bigint {
  const now = BigInt(clock.now()) * 1_000_000n;
  const last = latest.get(clock) ?? 0n;
  const next = now > last ? now : last + 1n;
  latest.set(clock, next);
  return next;
}
