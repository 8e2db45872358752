/**
 * POST: a new object.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/create.go`, `registry/generic/registry/store.go` (Create),
 * `registry/rest/create.go` (BeforeCreate).
 */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import { draft } from "../../kinds/object.ts";
import { nameRuleOf } from "../../kinds/names.ts";
import { validateKindMeta, validateObjectMeta } from "../../kinds/object_meta.ts";
import { StoreError } from "../../store/store.ts";
import { normalize } from "../decode/normalize.ts";
import { generateName } from "../names.ts";
import { alreadyExists, failure, invalid, StatusError } from "../status.ts";
import { admit, validateAdmission } from "./admission.ts";
import { writer } from "./audit.ts";
import { type Call, type Core, keyOf, kindOfCall, resourceOfCall, storedShape, toStored } from "./call.ts";
import { noteWrite } from "./field_management.ts";
import { dedupeOwnerReferences, fillSystemFields, setNamespace, wipeSystemFields } from "./metadata.ts";
import { clearUnset } from "./unset_fields.ts";
import type { Finish } from "./storage_hooks.ts";

/** How often a name is made up before the last collision is told. */
const NAME_ATTEMPTS = 8;

/**
 * Creates an object.
 *
 * @param object decoded, in the version of the call; it becomes the stored one
 * @returns the stored object
 * @throws {StatusError}
 */
export async function create(core: Core, call: Call, object: Draft<KubeObject>): Promise<KubeObject> {
  if (call.served.kind.load !== undefined) await call.served.kind.load();
  wipeSystemFields(object.metadata);
  setNamespace(object.metadata, namespaceOf(call));
  const stored = toStored(core, call, object);
  dedupeOwnerReferences(stored, call, false);
  noteWrite(core, call, stored, undefined);
  await admit(core, call, "CREATE", stored, undefined);
  dedupeOwnerReferences(stored, call, true);
  if (core.hooks.get(call.served.bucket)?.respond !== undefined) return await respond(core, call, stored);
  if (stored.metadata.name || !stored.metadata.generateName) return await createPrepared(core, call, stored);
  for (let attempt = 1;; attempt++) {
    const copy = draft(stored);
    // These are never changed in place: objects of the same origin share them.
    copy.metadata.managedFields = stored.metadata.managedFields;
    try {
      return await createPrepared(core, call, copy);
    } catch (error) {
      if (!(error instanceof StatusError && error.reason === "AlreadyExists") || attempt === NAME_ATTEMPTS) throw error;
    }
  }
}

/** A namespace's own request names the namespace too, but the object has none. */
const namespaceOf = ({ served, namespace }: Call): string => served.kind.namespaced ? namespace : "";

/** Completes, validates and stores an object that has been admitted. Also the end of a create-on-update. */
export async function createPrepared(core: Core, call: Call, object: Draft<KubeObject>): Promise<KubeObject> {
  const { kind, bucket } = call.served;
  const meta = object.metadata;
  fillSystemFields(meta, core.clock);
  const generated = !meta.name && !!meta.generateName;
  if (generated) meta.name = generateName(meta.generateName!, core.clock);
  let finish: Finish | undefined = core.hooks.get(bucket)?.beginCreate?.(object, call);
  try {
    prepareForCreate(call, object);
    await validateAdmission(core, call, "CREATE", object, undefined);
    const key = keyOf(namespaceOf(call), meta.name ?? "");
    const shape = storedShape(core, call);
    clearUnset(object, shape);
    const complete = normalize(object as KubeObject, shape);
    const result = call.dryRun ? dryCreate(core, call, key, complete) : insert(core, call, key, complete);
    finish?.(!call.dryRun);
    finish = undefined;
    return result;
  } catch (error) {
    if (generated && error instanceof StatusError && error.reason === "AlreadyExists") {
      throw nameCollision(call, meta.name!, error);
    }
    throw error;
  } finally {
    finish?.(false);
  }

  function nameCollision(call: Call, name: string, error: StatusError): StatusError {
    const { group, plural } = { group: call.served.group, plural: kind.plural };
    const message = `${plural}${group === "" ? "" : `.${group}`} ${JSON.stringify(name)} already exists, ` +
      "the server was not able to generate a unique name for the object";
    return failure(409, "AlreadyExists", message, { ...error.status.details, retryAfterSeconds: 1 });
  }
}

/** Answers an object that is not to be stored. */
async function respond(core: Core, call: Call, object: Draft<KubeObject>): Promise<KubeObject> {
  const { kind, bucket } = call.served;
  const errors = kind.strategy.validate?.(object as KubeObject) ?? [];
  // What is only answered has no name to be called by; the server does not even say of which kind it is.
  if (errors.length > 0) throw invalid({ group: call.served.group, name: "" }, "", errors);
  await validateAdmission(core, call, "CREATE", object, undefined);
  const answer = await core.hooks.get(bucket)!.respond!(object as KubeObject, call, core);
  return answer.kind === "Status" ? answer : normalize(answer, storedShape(core, call));
}

/** BeforeCreate: what the kind removes and checks. */
function prepareForCreate(call: Call, object: Draft<KubeObject>): void {
  const { kind } = call.served;
  const { strategy, namespaced } = kind;
  setNamespace(object.metadata, namespaceOf(call));
  if (strategy.generation !== false) object.metadata.generation = 1;
  strategy.prepareForCreate?.(object);
  const complete = object as KubeObject;
  const own = (call.served.conversion?.validate ?? strategy.validate)?.(complete) ?? [];
  const errors = strategy.metadata === "last" && own.length > 0 ? own : [
    ...validateObjectMeta(complete.metadata, namespaced, nameRuleOf(strategy.names, complete)),
    ...validateKindMeta(kind, complete.metadata),
    ...own,
  ];
  if (errors.length > 0) throw invalid(kindOfCall(call), complete.metadata.name ?? "", errors);
  for (const warning of strategy.warnings?.(complete) ?? []) call.warn(warning);
}

function insert(core: Core, call: Call, key: string, object: KubeObject): KubeObject {
  if ((object.metadata.resourceVersion ?? "0") !== "0") {
    throw failure(500, "", "resourceVersion should not be set on objects to be created");
  }
  try {
    return writer(core, call).create(call.served.bucket, key, object).object;
  } catch (error) {
    if (error instanceof StoreError && error.reason === "exists") throw existing(core.store, call, key, object);
    throw error;
  }
}

function dryCreate({ store }: Core, call: Call, key: string, object: KubeObject): KubeObject {
  if (store.get(call.served.bucket, key) !== undefined) throw existing(store, call, key, object);
  return object;
}

function existing(store: Core["store"], call: Call, key: string, { metadata }: KubeObject): StatusError {
  const error = alreadyExists(resourceOfCall(call), metadata.name!);
  const there = store.get<KubeObject>(call.served.bucket, key);
  if (there?.object.metadata.deletionTimestamp === undefined) return error;
  return new StatusError({ ...error.status, message: `object is being deleted: ${error.message}` });
}
