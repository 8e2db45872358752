/**
 * Disks that only one pod, or only one node, may have at a time.
 *
 * Source: `pkg/scheduler/framework/plugins/volumerestrictions`.
 */
import type { Pod, Volume } from "../../kinds/schema/types.ts";
import { definePlugin, type Snapshot, unresolvable, unschedulable } from "../framework/plugin.ts";
import type { PodInfo } from "../framework/pod_info.ts";
import { claimNames } from "../helper/claim_names.ts";
import type { Listers } from "../helper/listers.ts";

const DISK_CONFLICT = unschedulable("node(s) had no available disk");
const IN_USE = unschedulable(
  "node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod",
);

interface State {
  /** The pod's claims that one pod alone may use. */
  readonly exclusive: ReadonlySet<string>;
  /** How many of them other pods use. */
  inUse: number;
  readonly disks: boolean;
}

const isRestricted = ({ gcePersistentDisk, awsElasticBlockStore, rbd, iscsi }: Volume) =>
  (gcePersistentDisk ?? awsElasticBlockStore ?? rbd ?? iscsi) !== undefined;

function disksConflict(a: Volume, b: Volume): boolean {
  const bothReadOnly = (x?: { readonly readOnly?: boolean }, y?: { readonly readOnly?: boolean }) =>
    x?.readOnly === true && y?.readOnly === true;
  if (a.gcePersistentDisk && a.gcePersistentDisk.pdName === b.gcePersistentDisk?.pdName) {
    return !bothReadOnly(a.gcePersistentDisk, b.gcePersistentDisk);
  }
  if (a.awsElasticBlockStore) return a.awsElasticBlockStore.volumeID === b.awsElasticBlockStore?.volumeID;
  if (a.iscsi && a.iscsi.iqn === b.iscsi?.iqn) return !bothReadOnly(a.iscsi, b.iscsi);
  if (a.rbd && b.rbd) {
    return a.rbd.monitors.some((monitor) => b.rbd!.monitors.includes(monitor)) &&
      (a.rbd.pool ?? "rbd") === (b.rbd.pool ?? "rbd") && a.rbd.image === b.rbd.image && !bothReadOnly(a.rbd, b.rbd);
  }
  return false;
}

const uses = (pod: PodInfo, { exclusive }: State) =>
  claimNames(pod.pod).filter(({ name }) => exclusive.has(name)).length;

function usedBy({ nodes }: Snapshot, pod: PodInfo, exclusive: ReadonlySet<string>): number {
  if (exclusive.size === 0) return 0;
  const found = new Set<string>();
  for (const node of nodes) {
    for (const other of node.pods.values()) {
      if (other.namespace !== pod.namespace) continue;
      for (const { name } of claimNames(other.pod)) if (exclusive.has(name)) found.add(name);
    }
  }
  return found.size;
}

export const volumeRestrictions = (listers: Listers) =>
  definePlugin<State>({
    name: "VolumeRestrictions",
    preFilter(pod, snapshot) {
      const volumes = pod.pod.spec!.volumes ?? [];
      const exclusive = new Set<string>();
      for (const { persistentVolumeClaim } of volumes) {
        if (persistentVolumeClaim === undefined) continue;
        const { claimName } = persistentVolumeClaim;
        const claim = listers.claim(pod.namespace, claimName);
        if (claim === undefined) {
          return { refusal: unresolvable(`persistentvolumeclaim ${JSON.stringify(claimName)} not found`) };
        }
        if (claim.spec?.accessModes?.includes("ReadWriteOncePod")) exclusive.add(claimName);
      }
      const state = { exclusive, inUse: usedBy(snapshot, pod, exclusive), disks: volumes.some(isRestricted) };
      return !state.disks && state.inUse === 0 ? "skip" : { state };
    },
    filter({ pod }, { pods }, state) {
      const disks = state.disks ? pod.spec!.volumes!.filter(isRestricted) : [];
      const conflict = (other: Pod) =>
        other.spec?.volumes?.some((volume) => disks.some((disk) => disksConflict(disk, volume))) === true;
      if (disks.length > 0) {
        for (const other of pods.values()) if (conflict(other.pod)) return DISK_CONFLICT;
      }
      return state.inUse > 0 ? IN_USE : undefined;
    },
    copyState: (state) => ({ ...state }),
    changePod(state, pod, other, _node, times) {
      if (other.namespace === pod.namespace) state.inUse += times * uses(other, state);
    },
    mayHelp: ({ resource, action }) =>
      (resource === "Pod" && action === "delete") || resource === "Node" ||
      (resource === "PersistentVolumeClaim" && action !== "delete"),
  });
