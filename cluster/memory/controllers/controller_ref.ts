/**
 * Who controls an object, and how a controller claims what its selector matches: it adopts orphans and releases what
 * matches no longer.
 *
 * Source: `pkg/controller/controller_ref_manager.go`.
 */
import type { Client, KindRef } from "../api/client.ts";
import type { Informer } from "../api/informer.ts";
import { apiVersionOf } from "../kinds/kind.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { OwnerReference } from "../kinds/schema/types.ts";
import { aggregate, isInvalid, isNotFound, messageOf } from "./controller.ts";

/** The reference to the controller of an object, if it has one. */
export function controllerOf({ metadata }: KubeObject): OwnerReference | undefined {
  return metadata.ownerReferences?.find(({ controller }) => controller === true);
}

export const isControlledBy = (object: KubeObject, owner: KubeObject): boolean =>
  controllerOf(object)?.uid === owner.metadata.uid;

/** The reference by which `owner`, of this kind, controls an object. */
export function newControllerRef(owner: KubeObject, kind: KindRef): OwnerReference {
  return {
    apiVersion: apiVersionOf(kind),
    kind: kind.kind,
    name: owner.metadata.name!,
    uid: owner.metadata.uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** Finds the controller that a reference means, unless it is of another kind or another object of that name. */
export function resolveControllerRef<T extends KubeObject>(
  informer: Informer<T>,
  namespace: string | undefined,
  reference: OwnerReference | undefined,
): T | undefined {
  if (reference === undefined || reference.kind !== informer.kind.kind) return undefined;
  const object = informer.get(namespace, reference.name);
  return object?.metadata.uid === reference.uid ? object : undefined;
}

const CONTROLLER = "controller";
const ownedKey = (namespace: string, kind: string, uid: string) => `${namespace}/${kind}/${uid}`;

/** Indexes an informer's objects by their controller, and those without one by namespace. */
export function indexByController<T extends KubeObject>(informer: Informer<T>): Informer<T> {
  return informer.index(CONTROLLER, (object) => {
    const namespace = object.metadata.namespace ?? "";
    const owner = controllerOf(object);
    return [owner === undefined ? namespace : ownedKey(namespace, owner.kind, owner.uid)];
  });
}

/** What `owner` controls. */
export function controlledBy<T extends KubeObject>(informer: Informer<T>, owner: KubeObject, kind: string): T[] {
  return informer.by(CONTROLLER, ownedKey(owner.metadata.namespace ?? "", kind, owner.metadata.uid!));
}

/** What has the controller that this reference means. */
export function controlledByReference<T extends KubeObject>(
  informer: Informer<T>,
  namespace: string,
  { kind, uid }: OwnerReference,
): T[] {
  return informer.by(CONTROLLER, ownedKey(namespace, kind, uid));
}

/** What nobody in the namespace controls. */
export const orphansIn = <T extends KubeObject>(informer: Informer<T>, namespace: string): T[] =>
  informer.by(CONTROLLER, namespace);

export interface Claim<T extends KubeObject> {
  readonly client: Client;
  /** The kind of what is claimed. */
  readonly kind: KindRef<T>;
  readonly owner: KubeObject;
  readonly ownerKind: KindRef;
  readonly matches: (object: T) => boolean;
  /** Added to what is adopted, taken from what is released. */
  readonly finalizers?: readonly string[];
}

/**
 * The candidates that the owner controls, after adopting orphans that match and releasing its own that do not.
 *
 * @throws what adopting or releasing failed with, after all candidates were tried
 */
export async function claim<T extends KubeObject>(request: Claim<T>, candidates: readonly T[]): Promise<T[]> {
  const { client, owner, ownerKind, matches } = request;
  const claimed: T[] = [];
  const errors: unknown[] = [];
  let mayAdopt: Promise<void> | undefined;
  for (const candidate of candidates) {
    try {
      const controller = controllerOf(candidate);
      if (controller !== undefined) {
        if (controller.uid !== owner.metadata.uid) continue;
        if (matches(candidate)) claimed.push(candidate);
        else if (owner.metadata.deletionTimestamp === undefined) await release(request, candidate);
        continue;
      }
      if (owner.metadata.deletionTimestamp !== undefined || candidate.metadata.deletionTimestamp !== undefined) {
        continue;
      }
      if (owner.metadata.namespace !== candidate.metadata.namespace || !matches(candidate)) continue;
      mayAdopt ??= recheckDeletion(client, ownerKind, owner);
      await adopt(request, candidate, mayAdopt);
      claimed.push(candidate);
    } catch (error) {
      if (!isNotFound(error)) errors.push(error);
    }
  }
  if (errors.length > 0) throw aggregate(errors);
  return claimed;
}

async function adopt<T extends KubeObject>(request: Claim<T>, candidate: T, mayAdopt: Promise<void>): Promise<void> {
  const { client, kind, owner, ownerKind, finalizers = [] } = request;
  const { namespace, name, uid } = candidate.metadata;
  try {
    await mayAdopt;
  } catch (error) {
    throw new Error(`can't adopt ${kind.kind} ${namespace}/${name} (${uid}): ${messageOf(error)}`);
  }
  const ownerReferences = [newControllerRef(owner, ownerKind)];
  const metadata = { uid, ownerReferences, ...finalizers.length === 0 ? {} : { finalizers } };
  await client.patch(kind, namespace, name!, { type: "strategic", body: { metadata } });
}

async function release<T extends KubeObject>(request: Claim<T>, candidate: T): Promise<void> {
  const { client, kind, owner, finalizers = [] } = request;
  const { namespace, name, uid } = candidate.metadata;
  const metadata = {
    uid,
    ownerReferences: [{ $patch: "delete", uid: owner.metadata.uid }],
    ...finalizers.length === 0 ? {} : { "$deleteFromPrimitiveList/finalizers": finalizers },
  };
  try {
    await client.patch(kind, namespace, name!, { type: "strategic", body: { metadata } });
  } catch (error) {
    // The object is gone, or another one has its name, or it has no such reference any more.
    if (!isNotFound(error) && !isInvalid(error)) throw error;
  }
}

/** Adopting by an owner that has just been deleted would leave dependants behind: asks the API, not the view. */
async function recheckDeletion(client: Client, kind: KindRef, owner: KubeObject): Promise<void> {
  const { namespace, name, uid } = owner.metadata;
  let fresh: KubeObject;
  try {
    fresh = await client.get(kind, namespace, name!);
    if (fresh.metadata.uid !== uid) {
      throw new Error(
        `original ${kind.kind} ${namespace}/${name} is gone: got uid ${fresh.metadata.uid}, wanted ${uid}`,
      );
    }
  } catch (error) {
    throw new Error(`can't recheck DeletionTimestamp: ${messageOf(error)}`);
  }
  const { deletionTimestamp } = fresh.metadata;
  if (deletionTimestamp !== undefined) {
    throw new Error(`${namespace}/${name} has just been deleted at ${deletionTimestamp}`);
  }
}
