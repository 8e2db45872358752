/** What plugins look up beside the pod and the nodes: claims, volumes, devices, classes, and what a pod belongs to. */
import type { Informers } from "../../api/informer.ts";
import {
  csiNodes,
  deviceClasses,
  namespaces,
  persistentVolumeClaims,
  persistentVolumes,
  podDisruptionBudgets,
  replicaSets,
  replicationControllers,
  resourceClaims,
  resourceSlices,
  services,
  statefulSets,
  storageClasses,
  volumeAttachments,
} from "../../api/kind_refs.ts";
import { type Labels, type Selector, selectorMatches, selectorOf, selectorOfSet } from "../../kinds/label_selector.ts";
import type {
  CSINode,
  DeviceClass,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodDisruptionBudget,
  ResourceSlice,
  ResourceV1ResourceClaim as ResourceClaim,
  StorageClass,
  VolumeAttachment,
} from "../../kinds/schema/types.ts";

export interface Listers {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
  volumes(): readonly PersistentVolume[];
  storageClass(name: string): StorageClass | undefined;
  csiNode(node: string): CSINode | undefined;
  /** What is attached, or is to be attached, to a node. */
  attachments(node: string): readonly VolumeAttachment[];
  resourceClaim(namespace: string, name: string): ResourceClaim | undefined;
  resourceClaims(): readonly ResourceClaim[];
  resourceSlices(): readonly ResourceSlice[];
  deviceClass(name: string): DeviceClass | undefined;
  namespaceLabels(namespace: string): Labels;
  disruptionBudgets(): readonly PodDisruptionBudget[];
  /** The selector of the services and the controller that a pod belongs to; empty when it belongs to none. */
  defaultSelector(pod: Pod): Selector;
}

export function listers(informers: Informers): Listers {
  const claims = informers.for(persistentVolumeClaims);
  const volumes = informers.for(persistentVolumes);
  const classes = informers.for(storageClasses);
  const drivers = informers.for(csiNodes);
  const attachments = informers.for(volumeAttachments).index("node", ({ spec }) => [spec.nodeName]);
  const deviceClaims = informers.for(resourceClaims);
  const slices = informers.for(resourceSlices);
  const kindsOfDevices = informers.for(deviceClasses);
  const spaces = informers.for(namespaces);
  const budgets = informers.for(podDisruptionBudgets);
  const allServices = informers.for(services).index("namespace", ({ metadata }) => [metadata.namespace!]);
  const owners = {
    ReplicationController: informers.for(replicationControllers),
    ReplicaSet: informers.for(replicaSets),
    StatefulSet: informers.for(statefulSets),
  };

  /** @see `pkg/scheduler/framework/plugins/helper/spread.go` */
  function defaultSelector({ metadata }: Pod): Selector {
    const namespace = metadata.namespace!;
    const merged: Record<string, string> = {};
    for (const { spec } of allServices.by("namespace", namespace)) {
      const own = spec?.selector;
      if (own !== undefined && selectorMatches(selectorOfSet(own), metadata.labels)) Object.assign(merged, own);
    }
    const owner = metadata.ownerReferences?.find(({ controller }) => controller);
    switch (owner?.kind) {
      case "ReplicationController":
        Object.assign(merged, owners.ReplicationController.get(namespace, owner.name)?.spec?.selector);
        return selectorOfSet(merged);
      case "ReplicaSet":
      case "StatefulSet": {
        const found = owners[owner.kind].get(namespace, owner.name);
        return [...selectorOfSet(merged), ...selectorOf(found?.spec?.selector) ?? []];
      }
      default:
        return selectorOfSet(merged);
    }
  }

  return {
    claim: (namespace, name) => claims.get(namespace, name),
    volume: (name) => volumes.get(undefined, name),
    volumes: () => volumes.list(),
    storageClass: (name) => classes.get(undefined, name),
    csiNode: (node) => drivers.get(undefined, node),
    attachments: (node) => attachments.by("node", node),
    resourceClaim: (namespace, name) => deviceClaims.get(namespace, name),
    resourceClaims: () => deviceClaims.list(),
    resourceSlices: () => slices.list(),
    deviceClass: (name) => kindsOfDevices.get(undefined, name),
    namespaceLabels: (namespace) => spaces.get(undefined, namespace)?.metadata.labels ?? {},
    disruptionBudgets: () => budgets.list(),
    defaultSelector,
  };
}
