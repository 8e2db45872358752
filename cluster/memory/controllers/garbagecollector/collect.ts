/**
 * What is done about one object: it goes with its last owner, in the background, in the foreground, or is orphaned.
 *
 * Source: `pkg/controller/garbagecollector/garbagecollector.go` (attemptToDeleteItem, orphanDependents).
 */
import type { Client, DeleteOptions } from "../../api/client.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { OwnerReference } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { aggregate, isConflict, isNotFound, messageOf } from "../controller.ts";
import type { ServedResource } from "../options.ts";
import { FOREGROUND, type Graph, type Node, ORPHAN } from "./graph.ts";
import { classifyOwners, NamespacedOwnerError } from "./owners.ts";

export interface Collector {
  readonly client: Client;
  readonly graph: Graph;
  readonly resources: () => readonly ServedResource[];
  /** Looks at another object soon. */
  readonly add: (uid: string) => void;
}

export async function attemptToDelete(collector: Collector, node: Node): Promise<void> {
  const { client, graph, resources } = collector;
  if (node.beingDeleted && !node.deletingDependents) return;
  const latest = await getObject(client, node);
  if (latest === undefined) return;
  if (node.deletingDependents) return await awaitDependents(collector, node);
  const references = latest.metadata.ownerReferences ?? [];
  if (references.length === 0) return;
  let owners;
  try {
    owners = await classifyOwners(client, resources(), node, references);
  } catch (error) {
    if (error instanceof NamespacedOwnerError) return;
    throw error;
  }
  const { solid, dangling, waiting } = owners;
  if (solid.length > 0) {
    if (dangling.length + waiting.length === 0) return;
    const gone = new Set([...dangling, ...waiting].map(({ uid }) => uid));
    return await setOwners(client, node, latest, references.filter(({ uid }) => !gone.has(uid)));
  }
  const dependents = graph.dependentsOf(node.uid);
  if (waiting.length > 0 && dependents.length > 0) {
    let current = latest;
    if (dependents.some(({ deletingDependents }) => deletingDependents)) {
      // Owners that wait for each other in a circle would wait for ever.
      const unblocked = references.map((reference) => ({ ...reference, blockOwnerDeletion: false }));
      await setOwners(client, node, latest, unblocked);
      current = await getObject(client, node) ?? latest;
    }
    return await deleteObject(client, node, current, "Foreground");
  }
  const { finalizers = [] } = latest.metadata;
  const policy = finalizers.includes(ORPHAN) ? "Orphan" : finalizers.includes(FOREGROUND) ? "Foreground" : "Background";
  await deleteObject(client, node, latest, policy);
}

/** Deleted in the foreground: its dependants go first, and with the last that blocks it its own finalizer. */
async function awaitDependents({ client, graph, add }: Collector, node: Node): Promise<void> {
  const blocking = graph.blockingDependentsOf(node.uid);
  if (blocking.length === 0) return await removeFinalizer(client, node, FOREGROUND);
  for (const dependent of blocking) if (!dependent.deletingDependents) add(dependent.uid);
}

/** Takes the owner out of its dependants' references, then lets the owner go. */
export async function orphanDependents({ client, graph }: Collector, owner: Node): Promise<void> {
  const errors: unknown[] = [];
  for (const dependent of graph.dependentsOf(owner.uid)) {
    try {
      const latest = await getObject(client, dependent);
      if (latest === undefined) continue;
      const left = (latest.metadata.ownerReferences ?? []).filter(({ uid }) => uid !== owner.uid);
      await setOwners(client, dependent, latest, left);
    } catch (error) {
      if (!isNotFound(error)) errors.push(new Error(`orphaning ${dependent.name} failed, ${messageOf(error)}`));
    }
  }
  if (errors.length > 0) throw aggregate(errors);
  await removeFinalizer(client, owner, ORPHAN);
}

/** The object as it is now; undefined when it has gone, or another has its name. */
async function getObject(client: Client, { resource, namespace, name, uid }: Node): Promise<KubeObject | undefined> {
  try {
    const object = await client.get(resource, namespace, name);
    return object.metadata.uid === uid ? object : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

async function setOwners(client: Client, node: Node, latest: KubeObject, ownerReferences: readonly OwnerReference[]) {
  const metadata = {
    uid: node.uid,
    resourceVersion: latest.metadata.resourceVersion,
    ownerReferences: ownerReferences.length === 0 ? null : ownerReferences,
  };
  await client.patch(node.resource, node.namespace, node.name, { type: "merge", body: { metadata } });
}

async function deleteObject(
  client: Client,
  { resource, namespace, name, uid }: Node,
  { metadata }: KubeObject,
  propagationPolicy: DeleteOptions["propagationPolicy"],
): Promise<void> {
  const { resourceVersion } = metadata;
  try {
    await client.delete(resource, namespace, name, { propagationPolicy, preconditions: { uid, resourceVersion } });
  } catch (error) {
    if (isNotFound(error)) return;
    if (!isConflict(error)) throw error;
    // Changes that are of no concern for its owners must not keep it alive.
    const live = await client.get(resource, namespace, name);
    if (live.metadata.uid !== uid) return;
    if (!same(live.metadata.ownerReferences, metadata.ownerReferences)) throw error;
    await client.delete(resource, namespace, name, { propagationPolicy, preconditions: { uid } });
  }
}

async function removeFinalizer(client: Client, node: Node, finalizer: string): Promise<void> {
  const latest = await getObject(client, node);
  const { finalizers = [], resourceVersion } = latest?.metadata ?? {};
  if (!finalizers.includes(finalizer)) return;
  const body = { metadata: { resourceVersion, finalizers: finalizers.filter((other) => other !== finalizer) } };
  try {
    await client.patch(node.resource, node.namespace, node.name, { type: "merge", body });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
