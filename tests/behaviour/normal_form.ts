/**
 * What two correct clusters agree on: objects and events without what differs from one run to the next.
 *
 * Identities, times, addresses, hashes and random names become placeholders; what a machine chooses for itself (image
 * digests, managed fields) is left out.
 */
import type { Event } from "../../cluster/memory/kinds/schema/types.ts";

const LEFT_OUT = new Set([
  "managedFields",
  "uid",
  "resourceVersion",
  "containerID",
  "imageID",
  "allocatedResources",
  "user",
  "selfLink",
  "eventTime",
  "reportingInstance",
  "hostIP",
  "hostIPs",
]);

const RANDOM = "[bcdfghjklmnpqrstvwxz2456789]{5}";
const HASH = "[0-9a-z]{8,10}";
/** The scenarios' workloads whose pods have random names. */
const WORKLOADS = "rs|rc|ds|pi|bad|slow|idx-\\d|manual|none|db|nr|web";

const PLACEHOLDERS: readonly (readonly [RegExp, string])[] = [
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g, "<time>"],
  [/\b10\.96\.\d+\.\d+\b/g, "<clusterIP>"],
  [/\b10\.244\.\d+\.\d+\b/g, "<ip>"],
  [/kube-api-access-[a-z0-9]{5}/g, "kube-api-access-<rand>"],
  [/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "<uid>"],
  [/\b[0-9a-f]{64}\b/g, "<digest>"],
  [new RegExp(`\\b(web)-${HASH}-${RANDOM}\\b`, "g"), "$1-<hash>-<rand>"],
  [new RegExp(`\\b(web)-${HASH}\\b`, "g"), "$1-<hash>"],
  [new RegExp(`\\b(${WORKLOADS})-${RANDOM}\\b`, "g"), "$1-<rand>"],
];

export interface Names {
  readonly namespace: string;
  readonly nodes: readonly string[];
}

/** An object's normal form: its keys in order, placeholders in its texts. */
export function normalForm(value: unknown, names: Names, key = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => normalForm(item, names, key));
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).filter(([field]) => !LEFT_OUT.has(field)).sort(([a], [b]) => a < b ? -1 : 1);
    return Object.fromEntries(
      fields.map(([field, inner]) => [normalText(field, names, ""), normalForm(inner, names, field)]),
    );
  }
  if (typeof value !== "string") return key === "nodePort" ? "<nodePort>" : value;
  return normalText(value, names, key);
}

function normalText(text: string, { namespace, nodes }: Names, key: string): string {
  if (key === "image" && text.startsWith("docker.io/library/")) return "<image>";
  let result = text.replaceAll(namespace, "{ns}");
  for (const node of nodes) result = result.replaceAll(node, "<node>");
  for (const [pattern, placeholder] of PLACEHOLDERS) result = result.replace(pattern, placeholder);
  if (key.includes("hash")) result = result.replace(new RegExp(`^${HASH}$`), "<hash>");
  return result.replace(/\.[0-9a-f]{16}\b/g, ".<id>");
}

/** "Warning FailedScheduling Pod/big default-scheduler: 0/2 nodes are available…" */
export function eventLine(event: Event, names: Names): string {
  const { type, reason, involvedObject: { kind, name }, source, reportingComponent, message } = event;
  return normalText(
    `${type} ${reason} ${kind}/${name} ${source?.component || reportingComponent}: ${message}`,
    names,
    "",
  );
}
