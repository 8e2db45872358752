/**
 * Deletes what has lost its owners, and carries out foreground deletion and orphaning.
 *
 * Source: `pkg/controller/garbagecollector`.
 */
import { bucketOf } from "../../kinds/kind.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { OwnerReference } from "../../kinds/schema/types.ts";
import type { Handler } from "../../api/informer.ts";
import { type Controller, type ControllerContext, reconcileQueue, recorderOf } from "../controller.ts";
import type { ServedResource } from "../options.ts";
import { attemptToDelete, type Collector, orphanDependents } from "./collect.ts";
import { FOREGROUND, Graph, type Node, nodeOf, ORPHAN } from "./graph.ts";

/** Events are of no use to anybody's deletion, and there are many. */
const IGNORED = new Set(["events", "events.k8s.io/events"]);

export function startGarbageCollector(context: ControllerContext): Controller {
  const { client, informers, options, report } = context;
  const resources = options.resources ?? (() => []);
  const recorder = recorderOf(context, "garbage-collector-controller");
  const graph = new Graph();
  const collector: Collector = { client, graph, resources, add: (uid) => deletions.add(uid) };
  const withNode = (act: (node: Node) => Promise<void>) => async (uid: string) => {
    const node = graph.get(uid);
    if (node !== undefined) await act(node);
  };
  const deletions = reconcileQueue(context, withNode((node) => attemptToDelete(collector, node)));
  const orphanings = reconcileQueue(context, withNode((node) => orphanDependents(collector, node)));

  /** Whether a reference is to what is known, and right. Otherwise the API must be asked. */
  const isSound = (node: Node, reference: OwnerReference): boolean => {
    const owner = graph.get(reference.uid);
    if (owner === undefined) return false;
    if (owner.namespace !== undefined && owner.namespace !== node.namespace) {
      const { apiVersion, kind, name, uid } = reference;
      const identity = `[${apiVersion}/${kind}, namespace: ${node.namespace ?? ""}, name: ${name}, uid: ${uid}]`;
      const message = `ownerRef ${identity} does not exist in namespace ${JSON.stringify(node.namespace ?? "")}`;
      recorder.event(referenceTo(node), "Warning", "OwnerRefInvalidNamespace", message);
      return false;
    }
    return owner.name === reference.name && owner.resource.kind === reference.kind;
  };

  const changed = (resource: ServedResource, object: KubeObject, old: KubeObject | undefined) => {
    const before = graph.get(object.metadata.uid!);
    const node = nodeOf(object, resource);
    graph.set(node);
    const known = new Map((before?.owners ?? []).map((owner) => [owner.uid, owner]));
    const added = node.owners.filter(({ uid }) => !known.has(uid));
    if (added.some((owner) => !isSound(node, owner))) deletions.add(node.uid);
    for (const owner of before?.owners ?? []) {
      const now = node.owners.find(({ uid }) => uid === owner.uid);
      if (owner.blockOwnerDeletion === true && now?.blockOwnerDeletion !== true) deletions.add(owner.uid);
    }
    if (begins(object, old, ORPHAN)) orphanings.add(node.uid);
    else if (begins(object, old, FOREGROUND)) {
      for (const dependent of graph.dependentsOf(node.uid)) deletions.add(dependent.uid);
      deletions.add(node.uid);
    }
  };

  const deleted = ({ metadata }: KubeObject) => {
    const { uid, ownerReferences = [] } = metadata;
    graph.delete(uid!);
    for (const dependent of graph.dependentsOf(uid!)) deletions.add(dependent.uid);
    for (const owner of ownerReferences) if (graph.get(owner.uid)?.deletingDependents) deletions.add(owner.uid);
  };

  const watched = new Set<string>();
  const watchAll = () => {
    for (const resource of resources()) {
      const { verbs } = resource;
      const bucket = bucketOf(resource);
      if (watched.has(bucket) || IGNORED.has(bucket)) continue;
      if (verbs !== undefined && !["delete", "list", "watch"].every((verb) => verbs.includes(verb))) continue;
      watched.add(bucket);
      const handler: Handler<KubeObject> = {
        added: (object) => changed(resource, object, undefined),
        updated: (object, old) => changed(resource, object, old),
        deleted,
      };
      informers.for(resource).on(handler);
    }
  };
  watchAll();
  options.onResourcesChange?.(() => {
    watchAll();
    void context.clock.track(informers.start().catch(report));
  });
  return {
    stop() {
      deletions.stop();
      orphanings.stop();
    },
  };
}

/** Whether the object's deletion, with this finalizer, begins with this change. */
function begins({ metadata }: KubeObject, old: KubeObject | undefined, finalizer: string): boolean {
  const waits = (meta: KubeObject["metadata"]) =>
    meta.deletionTimestamp !== undefined && meta.finalizers?.includes(finalizer) === true;
  return waits(metadata) && (old === undefined || !waits(old.metadata));
}

function referenceTo({ resource: { group, version, kind }, namespace, name, uid }: Node) {
  return { kind, apiVersion: group === "" ? version : `${group}/${version}`, namespace, name, uid };
}
