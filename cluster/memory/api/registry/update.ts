/**
 * PUT and PATCH: a new state of an object, made from the one that is stored.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/update.go`, `registry/generic/registry/store.go` (Update),
 * `registry/rest/update.go` (BeforeUpdate).
 */
import { invalid as invalidField } from "../../kinds/field_error.ts";
import { sharing } from "../../kinds/json.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import { validateKindMeta, validateObjectMeta, validateObjectMetaUpdate } from "../../kinds/object_meta.ts";
import { type Entry, StoreError } from "../../store/store.ts";
import { normalize } from "../decode/normalize.ts";
import { keepTimes } from "../managed_fields/mod.ts";
import { conflict, invalid, modified, notFound } from "../status.ts";
import { admit, validateAdmission } from "./admission.ts";
import { writer } from "./audit.ts";
import { type Call, type Core, keyOfCall, kindOfCall, resourceOfCall, storedShape, toStored } from "./call.ts";
import { createPrepared } from "./create.ts";
import { noteWrite } from "./field_management.ts";
import { dedupeOwnerReferences, setNamespace } from "./metadata.ts";
import { preconditionFailed } from "./precondition.ts";
import { inVersion } from "./served.ts";
import { clearUnset, withFilled } from "./unset_fields.ts";
import type { Finish } from "./storage_hooks.ts";
import { mainStrategy, statusStrategy, type UpdateStrategy } from "./update_strategy.ts";

/** How a request makes the new object. */
export interface Change {
  /**
   * The new object in the version of the call, decoded.
   * @param current the stored object in that version; undefined when there is none
   */
  make(current: KubeObject | undefined): Draft<KubeObject> | Promise<Draft<KubeObject>>;
  /** Apply has noted by itself who owns what: the stored object, its defaults filled in. */
  readonly managesFields?: boolean;
  /** Admission has seen the request already, as one for something else: the scale of the object. */
  readonly admitted?: boolean;
  /** Creates what is not there, whatever the kind says: apply. */
  readonly creates?: boolean;
  /** Describes a part of the object. A uid in it is a field like others; in a whole object it says which is meant. */
  readonly partial?: boolean;
  /** Before a creation that a PUT or apply turns out to be. May throw: who may update may not always create. */
  mayCreate?(): void;
}

export interface Updated {
  readonly object: KubeObject;
  readonly created: boolean;
}

/** Concurrent writers: a patch that met a newer state is made again on top of it, at most so often. */
const ATTEMPTS = 100;

/** @throws {StatusError} */
export async function update(core: Core, call: Call, change: Change): Promise<Updated> {
  if (call.served.kind.load !== undefined) await call.served.kind.load();
  for (let attempt = 1;; attempt++) {
    const existing = core.store.get<KubeObject>(call.served.bucket, keyOfCall(call));
    try {
      if (existing !== undefined) return { object: await updateExisting(core, call, change, existing), created: false };
      return { object: await createMissing(core, call, change), created: true };
    } catch (error) {
      // The object changed while this write was being admitted.
      if (!(error instanceof StoreError) || attempt === ATTEMPTS) throw error;
    }
  }
}

async function createMissing(core: Core, call: Call, change: Change): Promise<KubeObject> {
  const { createOnUpdate = false } = call.served.kind.strategy;
  if (!createOnUpdate && !change.creates) throw notFound(resourceOfCall(call), call.name);
  const object = await change.make(undefined);
  const { uid } = object.metadata;
  if (uid) throw change.creates ? nothingOfUid(call, uid) : preconditionFailed(call, "UID", uid);
  setNamespace(object.metadata, call.served.kind.namespaced ? call.namespace : "");
  change.mayCreate?.();
  const stored = await transform(core, call, change, object, undefined);
  // The state that is asked for is no condition of what is only made of it.
  delete stored.metadata.resourceVersion;
  return await createPrepared(core, call, stored);
}

async function updateExisting(
  core: Core,
  call: Call,
  change: Change,
  { object: old, revision }: Entry<KubeObject>,
): Promise<KubeObject> {
  const object = await change.make(inVersion(call.served, old));
  const { uid } = object.metadata;
  if (uid && !change.partial && uid !== old.metadata.uid) throw preconditionFailed(call, "UID", uid, old.metadata.uid);
  const stored = await transform(core, call, change, object, old);
  checkRevision(call, stored, old);
  const strategy = strategyOf(core, call);
  const shape = storedShape(core, call);
  const before = withFilled(old, shape);
  let finish: Finish | undefined = core.hooks.get(call.served.bucket)?.beginUpdate?.(stored, before, call);
  try {
    prepareForUpdate(core, call, strategy, stored, before);
    if (!change.admitted) await validateAdmission(core, call, "UPDATE", stored, before);
    clearUnset(stored, shape);
    const complete = keepTimes(normalize(stored as KubeObject, shape), old);
    const written = write(core, call, complete, { object: old, revision });
    finish?.(!call.dryRun);
    finish = undefined;
    return written;
  } finally {
    finish?.(false);
  }
}

function write(
  core: Core,
  call: Call,
  object: KubeObject,
  before: Pick<Entry<KubeObject>, "object" | "revision">,
) {
  const { bucket } = call.served;
  const hook = core.hooks.get(bucket);
  if (waitedForFinalizers(object, before.object) && (hook?.deletesDuringUpdate?.(object) ?? true)) {
    if (call.dryRun) return object;
    writer(core, call).delete(bucket, keyOfCall(call), before.revision, object);
    hook?.afterDelete?.(object, call);
    return object;
  }
  // States that follow each other share what is the same: the history of a large cluster would not fit otherwise.
  const next = sharing(object, before.object);
  if (next === before.object || call.dryRun) return next;
  return writer(core, call).update(bucket, keyOfCall(call), next, before.revision).object;
}

/** An object that is being deleted goes with its last finalizer. */
function waitedForFinalizers({ metadata }: KubeObject, { metadata: before }: KubeObject): boolean {
  return (metadata.finalizers ?? []).length === 0 && before.deletionTimestamp !== undefined &&
    (before.deletionGracePeriodSeconds ?? 0) === 0;
}

/** What stands between a client's object and the stored one: defaults, ownership of fields, admission. */
async function transform(
  core: Core,
  call: Call,
  change: Change,
  object: Draft<KubeObject>,
  old: KubeObject | undefined,
): Promise<Draft<KubeObject>> {
  setNamespace(object.metadata, call.served.kind.namespaced ? call.namespace : "");
  const stored = toStored(core, call, object);
  dedupeOwnerReferences(stored, call, false);
  if (!change.managesFields) noteWrite(core, call, stored, old);
  const before = old === undefined ? undefined : withFilled(old, storedShape(core, call));
  if (!change.admitted) await admit(core, call, old === undefined ? "CREATE" : "UPDATE", stored, before);
  dedupeOwnerReferences(stored, call, true);
  return stored;
}

function checkRevision(call: Call, { metadata }: Draft<KubeObject>, old: KubeObject): void {
  const { unconditionalUpdate = true } = call.served.kind.strategy;
  const given = metadata.resourceVersion ?? "";
  if (given === "" || given === "0") {
    if (!unconditionalUpdate) {
      throw invalid(resourceOfCall(call), call.name, [
        invalidField("metadata.resourceVersion", 0, "must be specified for an update"),
      ]);
    }
    metadata.resourceVersion = old.metadata.resourceVersion;
  } else if (given !== old.metadata.resourceVersion) throw modified(resourceOfCall(call), call.name);
}

function nothingOfUid(call: Call, uid: string) {
  const why = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
  return conflict(resourceOfCall(call), call.name, why);
}

/** BeforeUpdate: what the kind puts back and checks. */
function prepareForUpdate(
  { clock }: Core,
  call: Call,
  strategy: UpdateStrategy,
  object: Draft<KubeObject>,
  old: KubeObject,
): void {
  const { kind } = call.served;
  const meta = object.metadata;
  if (old.metadata.generation === undefined) delete meta.generation;
  else meta.generation = old.metadata.generation;
  strategy.prepare(object, old, clock.now());
  meta.uid ||= old.metadata.uid;
  meta.creationTimestamp = old.metadata.creationTimestamp;
  if (old.metadata.deletionTimestamp !== undefined) meta.deletionTimestamp = old.metadata.deletionTimestamp;
  meta.deletionGracePeriodSeconds ??= old.metadata.deletionGracePeriodSeconds;
  if (meta.deletionGracePeriodSeconds === undefined) delete meta.deletionGracePeriodSeconds;

  const complete = object as KubeObject;
  const metaUpdate = validateObjectMetaUpdate(complete.metadata, old.metadata);
  const errors = [
    ...validateObjectMeta(complete.metadata, kind.namespaced, "path"),
    ...metaUpdate,
    // A kind's own validation begins with the same.
    ...kind.strategy.metadata === "last" ? [] : metaUpdate,
    ...validateKindMeta(kind, complete.metadata),
    ...strategy.validate(complete, old),
  ];
  if (errors.length > 0) throw invalid(kindOfCall(call), complete.metadata.name ?? "", errors);
  for (const warning of strategy.warnings?.(complete, old) ?? []) call.warn(warning);
}

/** @throws {StatusError} 404 for a subresource that the kind does not have */
function strategyOf(core: Core, call: Call): UpdateStrategy {
  const { served, subresource } = call;
  if (subresource === "") return mainStrategy(served);
  if (subresource === "status" && served.kind.status !== undefined) return statusStrategy(served.kind);
  const strategy = core.updates.get(`${served.bucket}/${subresource}`);
  if (strategy === undefined) throw notFound(resourceOfCall(call), call.name);
  return strategy;
}
