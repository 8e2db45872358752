/**
 * Revisions of a template: what DaemonSets and StatefulSets can go back to.
 *
 * Source: `pkg/controller/history`, `getPatch` of `pkg/controller/{daemon,statefulset}`.
 */
import { fnv32, safeEncode } from "./hash.ts";
import type { ControllerRevision, PodTemplateSpec } from "../kinds/schema/types.ts";
import { same } from "./conditions.ts";

/** What a revision holds: the patch that gives its owner this template. */
export function revisionData(template: PodTemplateSpec): unknown {
  return { spec: { template: { ...template, $patch: "replace" } } };
}

export const holds = (revision: ControllerRevision, data: unknown): boolean => same(revision.data, data);

/** The hash by which a StatefulSet's revision is named. */
export function hashRevision(data: unknown, collisionCount: number): string {
  return safeEncode(String(fnv32(new TextEncoder().encode(`${goJson(data)}${collisionCount}`))));
}

/** JSON as Go writes a map: keys sorted, and what could end a script element escaped. */
export function goJson(value: unknown): string {
  return JSON.stringify(sorted(value)).replace(
    /[<>&\u2028\u2029]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.sort(([a], [b]) => a < b ? -1 : 1).map(([key, item]) => [key, sorted(item)]));
}

/** Oldest revision first. */
export function byRevision(a: ControllerRevision, b: ControllerRevision): number {
  if (a.revision !== b.revision) return a.revision - b.revision;
  const [x, y] = [a.metadata.creationTimestamp ?? "", b.metadata.creationTimestamp ?? ""];
  if (x !== y) return x < y ? -1 : 1;
  return a.metadata.name! < b.metadata.name! ? -1 : 1;
}

export const highestRevision = (revisions: readonly ControllerRevision[]): number =>
  Math.max(0, ...revisions.map(({ revision }) => revision));
