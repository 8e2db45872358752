/** Event, served as v1 and as events.k8s.io/v1. Source: `pkg/registry/core/event` and `pkg/apis/events`. */
import { defineKind } from "../../kind.ts";
import type { Event } from "../../schema/types.ts";
import { age, tableOf } from "../../table.ts";
import { eventsV1 } from "./events_v1.ts";
import { validateEvent } from "./validation.ts";

export const event = defineKind<Event>({
  group: "",
  version: "v1",
  kind: "Event",
  plural: "events",
  singular: "event",
  shortNames: ["ev"],
  namespaced: true,
  type: "core.v1.Event",
  otherVersions: [eventsV1],
  strategy: {
    // Events are many and old clients' names are loose: only what a path cannot hold is refused.
    names: "path",
    generation: false,
    createOnUpdate: true,
    validate: (event) => validateEvent(event, "reportingComponent"),
    validateUpdate: (event) => validateEvent(event, "reportingComponent"),
  },
  table: tableOf("core.v1.Event", (event, now) => [
    ...seen(event, now).slice(0, 1),
    event.type ?? "",
    event.reason ?? "",
    target(event),
    event.involvedObject.fieldPath ?? "",
    source(event),
    (event.message ?? "").trim(),
    seen(event, now)[1],
    event.series?.count ?? (event.count || 1),
    event.metadata.name ?? "",
  ]),
  selectableFields: ({ involvedObject: object = {}, ...event }) => ({
    "involvedObject.kind": object.kind ?? "",
    "involvedObject.namespace": object.namespace ?? "",
    "involvedObject.name": object.name ?? "",
    "involvedObject.uid": object.uid ?? "",
    "involvedObject.apiVersion": object.apiVersion ?? "",
    "involvedObject.resourceVersion": object.resourceVersion ?? "",
    "involvedObject.fieldPath": object.fieldPath ?? "",
    "reason": event.reason ?? "",
    "reportingComponent": event.reportingComponent ?? "",
    "source": event.source?.component || event.reportingComponent || "",
    "type": event.type ?? "",
  }),
});

/** When it was seen last and first, for both ways of writing events. */
function seen({ firstTimestamp, lastTimestamp, eventTime, series }: Event, now: number): [string, string] {
  const first = age(firstTimestamp || eventTime, now);
  if (series) return [age(series.lastObservedTime, now), first];
  return [lastTimestamp ? age(lastTimestamp, now) : first, first];
}

function target({ involvedObject: { kind = "", name = "" } }: Event): string {
  return name === "" ? kind.toLowerCase() : `${kind.toLowerCase()}/${name}`;
}

function source({ source, reportingComponent = "", reportingInstance = "" }: Event): string {
  const [component, instance] = [source?.component || reportingComponent, source?.host || reportingInstance];
  return instance === "" ? component : `${component}, ${instance}`;
}
