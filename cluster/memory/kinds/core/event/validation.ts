/** Errors of an Event. Source: `pkg/apis/core/validation/events.go`. */
import { type FieldError, invalid, required } from "../../field_error.ts";
import { equalJson } from "../../json.ts";
import { byteLength, check, dns1123Subdomain, qualifiedName } from "../../names.ts";
import { immutable, validateObjectMeta } from "../../object_meta.ts";
import type { Event } from "../../schema/types.ts";

const LONGEST = { reportingInstance: 128, action: 128, reason: 128, message: 1024 } as const;

/**
 * What must hold in either version: the namespaces agree, and an event of the new kind says who reports what.
 *
 * @param controller what the version calls the reporting controller: "reportingComponent" in v1
 */
export function validateEvent(event: Event, controller: string): FieldError[] {
  const namespace = event.metadata.namespace ?? "";
  const about = event.involvedObject?.namespace ?? "";
  const errors: FieldError[] = [];
  const mismatch = invalid("involvedObject.namespace", about, "does not match event.namespace");
  if (!event.eventTime) {
    if (about === "" ? namespace !== "" && namespace !== "default" : namespace !== about) errors.push(mismatch);
  } else {
    if (about === "" && namespace !== "default" && namespace !== "kube-system") errors.push(mismatch);
    const { reportingComponent = "", reportingInstance = "", action = "", reason = "", message = "" } = event;
    if (reportingComponent === "") errors.push(required(controller));
    errors.push(...check(controller, reportingComponent, qualifiedName));
    for (const [field, value] of Object.entries({ reportingInstance, action, reason, message })) {
      if (value === "" && field !== "message") errors.push(required(field));
      const longest = LONGEST[field as keyof typeof LONGEST];
      if (byteLength(value) > longest) errors.push(invalid(field, "", `can have at most ${longest} characters`));
    }
  }
  return [...errors, ...check("namespace", namespace, dns1123Subdomain)];
}

/** What events.k8s.io/v1 asks for beyond: nothing of the old way of counting. */
export function validateStrictEvent(event: Event): FieldError[] {
  const errors = [
    ...validateEvent(event, "reportingController"),
    ...validateObjectMeta(event.metadata, true, "subdomain"),
    ...validateSeries(event),
  ];
  if (!event.eventTime) errors.push(required("eventTime"));
  if (event.type !== "Normal" && event.type !== "Warning") {
    errors.push(invalid("type", "", `has invalid value: ${event.type ?? ""}`));
  }
  const unset = "needs to be unset";
  if (event.firstTimestamp) errors.push(invalid("firstTimestamp", "", unset));
  if (event.lastTimestamp) errors.push(invalid("lastTimestamp", "", unset));
  if (event.count) errors.push(invalid("count", "", unset));
  if (event.source?.component || event.source?.host) errors.push(invalid("source", "", unset));
  return errors;
}

function validateSeries({ series }: Event): FieldError[] {
  if (!series) return [];
  return [
    ...(series.count ?? 0) < 2 ? [invalid("series.count", "", "should be at least 2")] : [],
    ...series.lastObservedTime ? [] : [required("series.lastObservedTime")],
  ];
}

/** The fields that do not change, in the order in which the server looks at them. */
const FIXED = [
  ["involvedObject", {}],
  ["reason", ""],
  ["message", ""],
  ["source", {}],
  ["firstTimestamp", null],
  ["lastTimestamp", null],
  ["count", 0],
  ["reason", ""],
  ["type", ""],
  ["eventTime", null],
  ["action", ""],
  ["related", null],
  ["reportingComponent", "", "reportingController"],
  ["reportingInstance", ""],
] as const;

/** Errors of a change by events.k8s.io/v1: only the series goes on. */
export function validateStrictEventUpdate(event: Event, old: Event): FieldError[] {
  return [
    ...validateEvent(event, "reportingController"),
    ...equalJson(event.series ?? null, old.series ?? null) ? [] : validateSeries(event),
    ...FIXED.flatMap(([field, empty, name]) => {
      const value = event[field] ?? empty;
      return equalJson(value, old[field] ?? empty) ? [] : [immutable(name ?? field, value)];
    }),
  ];
}
