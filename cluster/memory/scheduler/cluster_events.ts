/**
 * What the scheduler watches: pods with and without a node, nodes, and what volumes and devices depend on.
 *
 * Source: `pkg/scheduler/eventhandlers.go`.
 */
import { type Informers, keyOf } from "../api/informer.ts";
import {
  csiNodes,
  deviceClasses,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  resourceClaims,
  resourceSlices,
  storageClasses,
  volumeAttachments,
} from "../api/kind_refs.ts";
import { isTerminal } from "../kinds/core/pod/phase.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { Node, Pod } from "../kinds/schema/types.ts";
import type { KindRef } from "../api/client.ts";
import type { SchedulerCache } from "./cache.ts";
import type { ClusterEvent } from "./framework/plugin.ts";

/** What is told of changes. */
export interface ClusterListener {
  readonly cache: SchedulerCache;
  pending(pod: Pod, previous: Pod | undefined): void;
  settled(key: string): void;
  happened(event: ClusterEvent): void;
}

/** Takes room on a node. */
const isPlaced = (pod: Pod) => !!pod.spec?.nodeName && !isTerminal(pod);

export function watchCluster(informers: Informers, listener: ClusterListener): void {
  const { cache } = listener;
  const changed = (pod: Pod, previous: Pod | undefined) => {
    if (!pod.spec?.nodeName) return isTerminal(pod) ? undefined : listener.pending(pod, previous);
    if (!previous?.spec?.nodeName) listener.settled(keyOf(pod.metadata.namespace, pod.metadata.name!));
    cache.setPod(pod);
    const [was, is] = [previous !== undefined && isPlaced(previous), isPlaced(pod)];
    if (is && !was) listener.happened({ resource: "Pod", action: "add", object: pod });
    else if (was && !is) listener.happened({ resource: "Pod", action: "delete", object: previous! });
    else if (is) listener.happened({ resource: "Pod", action: "update", object: pod, previous });
  };
  informers.for(pods).on({
    added: (pod) => changed(pod, undefined),
    updated: changed,
    deleted(pod) {
      const key = keyOf(pod.metadata.namespace, pod.metadata.name!);
      listener.settled(key);
      cache.removePod(key);
      if (isPlaced(pod)) listener.happened({ resource: "Pod", action: "delete", object: pod });
    },
  });
  informers.for(nodes).on({
    added(node) {
      cache.setNode(node);
      listener.happened({ resource: "Node", action: "add", object: node });
    },
    updated(node, previous: Node) {
      cache.setNode(node);
      listener.happened({ resource: "Node", action: "update", object: node, previous });
    },
    deleted: ({ metadata }) => cache.removeNode(metadata.name!),
  });
  const watch = <T extends KubeObject>(kind: KindRef<T>, resource: ClusterEvent["resource"]) =>
    informers.for(kind).on({
      added: (object) => listener.happened({ resource, action: "add", object }),
      updated: (object, previous) => listener.happened({ resource, action: "update", object, previous }),
      deleted: (object) => listener.happened({ resource, action: "delete", object }),
    });
  watch(persistentVolumeClaims, "PersistentVolumeClaim");
  watch(persistentVolumes, "PersistentVolume");
  watch(storageClasses, "StorageClass");
  watch(csiNodes, "CSINode");
  watch(volumeAttachments, "VolumeAttachment");
  watch(resourceClaims, "ResourceClaim");
  watch(resourceSlices, "ResourceSlice");
  watch(deviceClasses, "DeviceClass");
}
