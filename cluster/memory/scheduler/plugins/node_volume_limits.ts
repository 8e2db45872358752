/**
 * A node takes no more volumes of a CSI driver than the driver said in the node's CSINode.
 *
 * Volumes of the drivers that were once part of Kubernetes count under their CSI names only: none are translated.
 *
 * Source: `pkg/scheduler/framework/plugins/nodevolumelimits/csi.go`.
 */
import type { CSINode, PersistentVolumeClaim, Pod } from "../../kinds/schema/types.ts";
import { definePlugin, type Refusal, unresolvable, unschedulable } from "../framework/plugin.ts";
import type { NodeInfo } from "../framework/node_info.ts";
import { claimNames } from "../helper/claim_names.ts";
import type { Listers } from "../helper/listers.ts";
import { claimClass } from "../helper/match_volume.ts";

const TOO_MANY = unschedulable("node(s) exceed max volume count");

/** The drivers of volumes, by "driver/handle": a volume that several pods use counts once. */
type Volumes = Map<string, string>;

/** How many volumes a driver can have on the node, for drivers that say. */
function limitsOf(node: CSINode | undefined): ReadonlyMap<string, number> {
  const counted = (node?.spec.drivers ?? []).flatMap(({ name, allocatable }) =>
    allocatable?.count === undefined ? [] : [[name, allocatable.count] as const]
  );
  return new Map(counted);
}

export const nodeVolumeLimits = (listers: Listers) => {
  /** The volume behind a claim; one that is still to be made counts for its class's driver. */
  function volumeOf(claim: PersistentVolumeClaim): readonly [volume: string, driver: string] | undefined {
    const volume = listers.volume(claim.spec?.volumeName ?? "");
    if (volume !== undefined) {
      const { csi } = volume.spec ?? {};
      return csi === undefined ? undefined : [`${csi.driver}/${csi.volumeHandle}`, csi.driver];
    }
    const driver = listers.storageClass(claimClass(claim))?.provisioner;
    const { namespace, name } = claim.metadata;
    return driver === undefined ? undefined : [`${driver}/new-${namespace}/${name}`, driver];
  }

  /** @param missing told of claims that are not there */
  function collect(pod: Pod, volumes: Volumes, missing: (claim: string) => void = () => {}): Volumes {
    for (const { name } of claimNames(pod)) {
      const claim = listers.claim(pod.metadata.namespace!, name);
      const found = claim === undefined ? missing(name) : volumeOf(claim);
      if (found) volumes.set(...found);
    }
    return volumes;
  }

  /** What is attached to the node for pods that are gone already. */
  function collectAttached(node: string, volumes: Volumes): void {
    for (const { spec: { attacher, source } } of listers.attachments(node)) {
      const handle = listers.volume(source.persistentVolumeName ?? "")?.spec?.csi?.volumeHandle;
      if (handle !== undefined) volumes.set(`${attacher}/${handle}`, attacher);
    }
  }

  function filter(pod: Pod, node: NodeInfo): Refusal | undefined {
    let refusal: Refusal | undefined;
    const wanted = collect(pod, new Map(), (name) => {
      const claim = `looking up PVC ${pod.metadata.namespace}/${name}`;
      refusal = unresolvable(`${claim}: persistentvolumeclaim ${JSON.stringify(name)} not found`);
    });
    const limits = limitsOf(listers.csiNode(node.name));
    if (refusal !== undefined || wanted.size === 0 || limits.size === 0) return refusal;
    const present: Volumes = new Map();
    for (const other of node.pods.values()) collect(other.pod, present);
    collectAttached(node.name, present);
    for (const [driver, limit] of limits) {
      const added = [...wanted].filter(([volume, of]) => of === driver && !present.has(volume)).length;
      const there = [...present.values()].filter((of) => of === driver).length;
      if (added > 0 && there + added > limit) return TOO_MANY;
    }
  }

  return definePlugin<null>({
    name: "NodeVolumeLimits",
    preFilter: ({ pod }) => claimNames(pod).length === 0 ? "skip" : { state: null },
    filter: ({ pod }, node) => filter(pod, node),
    mayHelp({ resource, action, object, previous }, { pod, namespace }) {
      switch (resource) {
        case "CSINode":
          return action === "add" || raisesLimit(object as CSINode, previous as CSINode | undefined);
        case "Pod":
          return action === "delete" && claimNames(object as Pod).length > 0;
        case "PersistentVolumeClaim":
          return action === "add" && object.metadata.namespace === namespace &&
            claimNames(pod).some(({ name }) => name === object.metadata.name);
        case "VolumeAttachment":
          return action === "delete";
        default:
          return false;
      }
    },
  });
};

function raisesLimit(node: CSINode, previous: CSINode | undefined): boolean {
  const before = limitsOf(previous);
  return [...limitsOf(node)].some(([driver, limit]) => limit > (before.get(driver) ?? 0));
}
