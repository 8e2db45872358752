/**
 * What happened to an object and to what came of it, and who did it: the writes of the audit log, those of its owners
 * and dependants with them.
 */
import type { AuditEvent, AuditLog } from "../api/registry/audit.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { Event } from "../kinds/schema/types.ts";
import { changes } from "./changes.ts";

/** One step of an object's life. */
export interface TraceStep {
  /** Milliseconds of the cluster's clock. */
  readonly time: number;
  /** "Pod web-7d5f", "ReplicaSet web-7d5f". */
  readonly object: string;
  /** Who asked: "kubernetes-admin", "system:kube-scheduler". */
  readonly user: string;
  /** The program, "kubectl-create". */
  readonly manager: string;
  readonly verb: AuditEvent["verb"] | "event";
  readonly subresource?: string;
  /** The revision in the store that the write made. */
  readonly revision?: string;
  /** How the user was known, for the first write: "client certificate". */
  readonly groups?: readonly string[];
  readonly admission?: AuditEvent["admission"];
  /** What became different: "spec.nodeName: node01". */
  readonly changes: readonly string[];
}

/** @param root the object that is asked about */
export function trace(log: AuditLog, root: KubeObject): readonly TraceStep[] {
  const family = familyOf(log, root);
  const writes = log.of(family).map(stepOf);
  const events = [...log.objects().values()]
    .filter(({ bucket, object }) => bucket === "events" && family.has((object as Event).involvedObject.uid ?? ""))
    .map(({ object }) => object as Event);
  // Most events carry whole seconds; when they were written says it better.
  const written = new Map(
    log.of(new Set(events.map(({ metadata }) => metadata.uid ?? "")))
      .filter(({ verb }) => verb === "create").map(({ object, time }) => [object.metadata.uid, time]),
  );
  const told = events.map((event) => eventStep(event, written.get(event.metadata.uid)));
  return [...writes, ...told].sort((a, b) => a.time - b.time);
}

/** The object's uid, those of its controllers up to the top, and of all that descends from it. */
function familyOf(log: AuditLog, root: KubeObject): Set<string> {
  const objects = log.objects();
  const family = new Set([root.metadata.uid ?? ""]);
  for (let up: KubeObject | undefined = root; up !== undefined;) {
    const owner: string | undefined = up.metadata.ownerReferences?.find(({ controller }) => controller)?.uid;
    up = owner === undefined ? undefined : objects.get(owner)?.object;
    if (owner !== undefined) family.add(owner);
  }
  const descendants = new Set([root.metadata.uid ?? ""]);
  for (const [uid, { object }] of objects) {
    if (object.metadata.ownerReferences?.some((owner) => descendants.has(owner.uid))) {
      descendants.add(uid);
      family.add(uid);
    }
  }
  return family;
}

const nameOf = ({ kind, metadata }: KubeObject): string => `${kind} ${metadata.name}`;

function stepOf({ time, user, manager, verb, subresource, object, previous, admission }: AuditEvent): TraceStep {
  return {
    time,
    object: nameOf(object),
    user: user.name,
    groups: user.groups,
    manager,
    verb,
    ...subresource === "" ? {} : { subresource },
    revision: object.metadata.resourceVersion,
    admission,
    changes: verb === "delete" ? [] : changes(object, previous),
  };
}

function eventStep(
  { metadata, involvedObject, reason, message, source, reportingComponent, eventTime, ...event }: Event,
  written: number | undefined,
): TraceStep {
  const at = eventTime ?? event.firstTimestamp ?? metadata.creationTimestamp ?? "";
  return {
    time: written ?? Date.parse(at),
    object: `${involvedObject.kind} ${involvedObject.name}`,
    user: "",
    manager: source?.component || reportingComponent || "",
    verb: "event",
    changes: [`${reason}: ${message}`],
  };
}
