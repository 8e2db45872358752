/**
 * The volume behind a pod's claim: the claim has to be bound, and the PersistentVolume says where the files are.
 *
 * Source: `pkg/kubelet/volumemanager/populator/desired_state_of_world_populator.go`, `pkg/volume/local`.
 */
import type { PersistentVolume, PersistentVolumeClaim, Pod, Volume } from "../../kinds/schema/types.ts";
import type { VolumeContent } from "../runtime/runtime.ts";
import { onNode, prepareHostPath } from "./host_path.ts";
import { MountError } from "./mount_error.ts";

export interface ClaimSources {
  claim(namespace: string, name: string): PersistentVolumeClaim | undefined;
  volume(name: string): PersistentVolume | undefined;
}

const PROTECTION = "kubernetes.io/pvc-protection";

/** The name of the claim that a volume of a pod stands for, undefined where it is none. */
export function claimName(pod: Pod, volume: Volume): string | undefined {
  if (volume.persistentVolumeClaim !== undefined) return volume.persistentVolumeClaim.claimName;
  return volume.ephemeral === undefined ? undefined : `${pod.metadata.name}-${volume.name}`;
}

/** The bound volume. @throws {MountError} */
export function boundVolume(pod: Pod, name: string, sources: ClaimSources): PersistentVolume {
  const namespace = pod.metadata.namespace!;
  const problem = (why: string) => new MountError(`error processing PVC ${namespace}/${name}: ${why}`, "process");
  const claim = sources.claim(namespace, name);
  if (claim === undefined) {
    throw problem(`failed to fetch PVC from API server: persistentvolumeclaims ${JSON.stringify(name)} not found`);
  }
  const { metadata, spec, status } = claim;
  if (metadata.deletionTimestamp !== undefined && !metadata.finalizers?.includes(PROTECTION)) {
    throw problem("PVC is being deleted");
  }
  if (status?.phase !== "Bound") throw problem("PVC is not bound");
  const bound = spec.volumeName ?? "";
  if (bound === "") throw problem("PVC has empty pvc.Spec.VolumeName");
  const volume = sources.volume(bound);
  if (volume === undefined) {
    const why = `failed to fetch PV ${bound} from API server: persistentvolumes ${JSON.stringify(bound)} not found`;
    throw problem(why);
  }
  return volume;
}

/** @param shared volumes that outlive pods, by key; "host:/" are the node's files. @throws {MountError} */
export function persistentContent(
  { metadata: { name }, spec: { hostPath, local, nfs } }: PersistentVolume,
  shared: (key: string) => VolumeContent,
  now: number,
): VolumeContent {
  if (hostPath !== undefined) return prepareHostPath(shared("host:/"), hostPath.path, hostPath.type ?? "", now);
  if (local !== undefined) {
    const node = shared("host:/");
    if (onNode(node, local.path) === undefined) {
      throw new MountError(`path ${JSON.stringify(local.path)} does not exist`, "NewMounter");
    }
    return prepareHostPath(node, local.path, "", now);
  }
  return shared(nfs === undefined ? `volume:${name}` : `nfs:${nfs.server}:${nfs.path}`);
}
