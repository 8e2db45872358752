/** Events in events.k8s.io/v1, which names the fields otherwise. Source: `pkg/apis/events/v1/conversion.go`. */
import type { ServedVersion } from "../../kind.ts";
import type { KubeObject } from "../../object.ts";
import type { Event, EventsV1Event } from "../../schema/types.ts";
import { validateStrictEvent, validateStrictEventUpdate } from "./validation.ts";

/** [in events.k8s.io/v1, in v1] */
const RENAMED = [
  ["regarding", "involvedObject"],
  ["note", "message"],
  ["deprecatedSource", "source"],
  ["deprecatedFirstTimestamp", "firstTimestamp"],
  ["deprecatedLastTimestamp", "lastTimestamp"],
  ["deprecatedCount", "count"],
  ["reportingController", "reportingComponent"],
] as const satisfies readonly (readonly [keyof EventsV1Event, keyof Event])[];

const toCore = new Map<string, string>(RENAMED);
const fromCore = new Map<string, string>(RENAMED.map(([name, core]) => [core, name]));

function renamed(object: KubeObject, names: ReadonlyMap<string, string>, apiVersion: string): KubeObject {
  const entries = Object.entries(object).map(([field, value]) => [names.get(field) ?? field, value]);
  return { ...Object.fromEntries(entries), apiVersion };
}

export const eventsV1: ServedVersion = {
  group: "events.k8s.io",
  version: "v1",
  type: "events.v1.Event",
  toStored: (object) => renamed(object, toCore, "v1"),
  fromStored: (object) => renamed(object, fromCore, "events.k8s.io/v1"),
  validate: (event) => validateStrictEvent(event as Event),
  validateUpdate: (event, old) => validateStrictEventUpdate(event as Event, old as Event),
  fieldLabels: {
    "reason": "reason",
    "regarding.kind": "involvedObject.kind",
    "regarding.namespace": "involvedObject.namespace",
    "regarding.name": "involvedObject.name",
    "regarding.uid": "involvedObject.uid",
    "regarding.apiVersion": "involvedObject.apiVersion",
    "regarding.resourceVersion": "involvedObject.resourceVersion",
    "regarding.fieldPath": "involvedObject.fieldPath",
    "reportingController": "reportingComponent",
    "type": "type",
  },
};
