/**
 * DELETE: at once, after a grace period, or when the last finalizer is gone.
 *
 * Source: `k8s.io/apiserver/pkg/registry/generic/registry/store.go` (Delete), `registry/rest/delete.go` (BeforeDelete).
 */
import { sharing } from "../../kinds/json.ts";
import { type Draft, draft, type KubeObject } from "../../kinds/object.ts";
import type { DeleteOptions, Status } from "../../kinds/schema/types.ts";
import { StoreError } from "../../store/store.ts";
import { conflict, notFound } from "../status.ts";
import { instant, timestamp } from "../timestamps.ts";
import { admit, validateAdmission } from "./admission.ts";
import { writer } from "./audit.ts";
import { type Call, type Core, keyOfCall, kindOfCall, resourceOfCall } from "./call.ts";

const ORPHAN = "orphan";
const FOREGROUND = "foregroundDeletion";

export interface Deleted {
  /** The object as it was last, or a Status, as the kind has it. */
  readonly result: KubeObject | Status;
  /** Whether it is gone: not while it waits for its kubelet or its finalizers. */
  readonly gone: boolean;
}

/** @throws {StatusError} */
export async function remove(core: Core, call: Call, options: DeleteOptions): Promise<Deleted> {
  const { deletionWarning } = call.served.kind.strategy;
  if (deletionWarning !== undefined && policyOf(options) === undefined) call.warn(deletionWarning);
  for (;;) {
    const entry = core.store.get<KubeObject>(call.served.bucket, keyOfCall(call));
    if (entry === undefined) throw notFound(resourceOfCall(call), call.name);
    const { object, gone, pending = false } = plan(core, call, entry.object, options);
    if (pending) return { result: summary(call, object), gone };
    await admit(core, call, "DELETE", undefined, entry.object);
    await validateAdmission(core, call, "DELETE", undefined, entry.object);
    if (object === entry.object && !gone) return { result: object, gone };
    try {
      const last = write(core, call, entry, object, gone);
      return { result: gone && !(call.dryRun && object !== entry.object) ? summary(call, last) : last, gone };
    } catch (error) {
      // Somebody else wrote the object while this deletion was being admitted: it is judged again.
      if (!(error instanceof StoreError)) throw error;
    }
  }
}

function write(
  core: Core,
  call: Call,
  before: { readonly object: KubeObject; readonly revision: number },
  object: KubeObject,
  gone: boolean,
): KubeObject {
  if (call.dryRun) return object;
  const { bucket } = call.served;
  const key = keyOfCall(call);
  const store = writer(core, call);
  if (!gone) return store.update(bucket, key, object, before.revision).object;
  // Kubelets and controllers see that the object is being deleted before they see that it is gone.
  const marked = object === before.object ? before : store.update(bucket, key, object, before.revision);
  const last = store.delete(bucket, key, marked.revision, marked.object).object;
  core.hooks.get(bucket)?.afterDelete?.(last, call);
  return last;
}

interface Plan {
  /** The object as it is to be stored, or as it goes; the one given when nothing about it changes. */
  readonly object: KubeObject;
  readonly gone: boolean;
  /** An earlier deletion already says when the object goes. */
  readonly pending?: boolean;
}

function plan({ clock, hooks }: Core, call: Call, object: KubeObject, options: DeleteOptions): Plan {
  checkPreconditions(call, object, options);
  const { strategy } = call.served.kind;
  const asked = (options.gracePeriodSeconds ?? 0) < 0 ? 1 : options.gracePeriodSeconds;
  const marked = draft(object);
  const grace = strategy.gracePeriod === undefined
    ? "none"
    : gracefully(marked, asked, clock.now(), (seconds) => strategy.gracePeriod!(object, seconds));
  if (grace === "pending") return { object, gone: false, pending: true };

  const finalizers = finalizersFor(call, object, options);
  const changed = finalizers.join() !== (object.metadata.finalizers ?? []).join();
  if (changed) marked.metadata.finalizers = finalizers;
  if (hooks.get(call.served.bucket)?.beginDelete?.(marked, clock.now())) {
    return { object: sharing(marked as KubeObject, object), gone: false };
  }
  if (finalizers.length > 0) {
    if (grace === "none") markAsDeleting(marked, clock.now());
    return { object: sharing(marked as KubeObject, object), gone: false };
  }
  if (grace === "none") return { object, gone: true };
  return { object: sharing(marked as KubeObject, object), gone: marked.metadata.deletionGracePeriodSeconds === 0 };
}

function checkPreconditions(call: Call, { metadata }: KubeObject, { preconditions = {} }: DeleteOptions): void {
  const { uid, resourceVersion } = preconditions;
  const kind = kindOfCall(call);
  if (uid && uid !== metadata.uid) {
    throw conflict(
      kind,
      call.name,
      `the UID in the precondition (${uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    );
  }
  if (resourceVersion && resourceVersion !== metadata.resourceVersion) {
    throw conflict(
      kind,
      call.name,
      `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    );
  }
}

/**
 * Sets when the object is to go.
 * @returns "none" for an object that nobody has to stop first, "pending" when an earlier deletion already says so
 */
function gracefully(
  { metadata }: Draft<KubeObject>,
  asked: number | undefined,
  now: number,
  periodFor: (asked: number | undefined) => number | undefined,
): "none" | "pending" | "set" {
  if (metadata.deletionTimestamp !== undefined) {
    const current = metadata.deletionGracePeriodSeconds;
    if (!current) return "none";
    // A deletion can only be hastened.
    if (asked === undefined || asked >= current) return "pending";
    const sooner = instant(metadata.deletionTimestamp)! + (asked - current) * 1000;
    metadata.deletionTimestamp = timestamp(Math.max(sooner, now));
    metadata.deletionGracePeriodSeconds = sooner < now && asked !== 0 ? 1 : asked;
    return "set";
  }
  const period = periodFor(asked);
  if (period === undefined) return "none";
  metadata.deletionTimestamp = timestamp(now + period * 1000);
  metadata.deletionGracePeriodSeconds = period;
  if (metadata.generation) metadata.generation++;
  return "set";
}

function markAsDeleting({ metadata }: Draft<KubeObject>, now: number): void {
  const known = instant(metadata.deletionTimestamp);
  if (known === undefined && metadata.generation) metadata.generation++;
  if (known === undefined || known > now) metadata.deletionTimestamp = timestamp(now);
  metadata.deletionGracePeriodSeconds = 0;
}

/** The object's finalizers, with those that tell the garbage collector what to do with its dependants. */
function finalizersFor({ served }: Call, { metadata }: KubeObject, options: DeleteOptions): string[] {
  const present = metadata.finalizers ?? [];
  const others = present.filter((name) => name !== ORPHAN && name !== FOREGROUND);
  const policy = policyOf(options) ??
    (present.includes(ORPHAN) ? "Orphan" : present.includes(FOREGROUND) ? "Foreground" : undefined) ??
    (served.kind.strategy.defaultPropagation === "orphan" ? "Orphan" : "Background");
  if (policy === "Orphan") return [...others, ORPHAN];
  if (policy === "Foreground") return [...others, FOREGROUND];
  return others;
}

function policyOf({ orphanDependents, propagationPolicy }: DeleteOptions): string | undefined {
  if (orphanDependents !== undefined && orphanDependents !== null) return orphanDependents ? "Orphan" : "Background";
  return propagationPolicy ?? undefined;
}

/** What a deletion answers with once the object is gone, or on its way. */
function summary(call: Call, object: KubeObject): KubeObject | Status {
  if (call.served.kind.strategy.returnsDeleted) return object;
  const { group, name: kind } = resourceOfCall(call);
  return {
    kind: "Status",
    apiVersion: "v1",
    metadata: {},
    status: "Success",
    details: { name: object.metadata.name!, ...group === "" ? {} : { group }, kind, uid: object.metadata.uid },
  };
}
