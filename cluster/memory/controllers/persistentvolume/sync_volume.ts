/** One volume: free, bound, or left behind by its claim. Source: `pv_controller.go` (syncVolume, reclaimVolume). */
import { persistentVolumes as volumeKind } from "../../api/kind_refs.ts";
import type { PersistentVolume } from "../../kinds/schema/types.ts";
import { isNotFound } from "../controller.ts";
import { setVolumePhase, unbind } from "./bind.ts";
import type { Room } from "./room.ts";
import { BOUND_BY_CONTROLLER, hasAnnotation, modesMismatch, PROVISIONED_BY } from "./volumes.ts";

export async function syncVolume(room: Room, volume: PersistentVolume): Promise<void> {
  const { claims, recorder, writer, addClaim } = room;
  const { claimRef, persistentVolumeReclaimPolicy: policy } = volume.spec;
  if (!claimRef?.uid) return void await setVolumePhase(writer, volume, "Available");
  const found = claims.get(claimRef.namespace, claimRef.name!);
  const claim = found?.metadata.uid === claimRef.uid ? found : undefined;
  if (claim === undefined) return await release(room, volume);
  if (!claim.spec.volumeName) {
    if (!modesMismatch(volume, claim)) return addClaim(claim);
    const why = "due to incompatible volumeMode.";
    const about = JSON.stringify(claim.metadata.name);
    const message = `Cannot bind PersistentVolume to requested PersistentVolumeClaim ${about} ${why}`;
    recorder.event(volume, "Warning", "VolumeMismatch", message);
    const name = JSON.stringify(volume.metadata.name);
    const other = `Cannot bind PersistentVolume ${name} to requested PersistentVolumeClaim ${why}`;
    return recorder.event(claim, "Warning", "VolumeMismatch", other);
  }
  if (claim.spec.volumeName === volume.metadata.name) return void await setVolumePhase(writer, volume, "Bound");
  // The claim took another volume. What was made for it goes; what was there before is free again.
  if (hasAnnotation(volume, PROVISIONED_BY) && policy === "Delete") return await release(room, volume);
  await unbind(writer, volume);
}

async function release(room: Room, volume: PersistentVolume): Promise<void> {
  const { phase } = volume.status ?? {};
  const released = phase === "Released" || phase === "Failed"
    ? volume
    : await setVolumePhase(room.writer, volume, "Released");
  const { persistentVolumeReclaimPolicy: policy } = volume.spec;
  if (policy === "Recycle") {
    room.recorder.event(released, "Normal", "VolumeRecycled", "Volume recycled");
    const annotations = { ...released.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
    return await unbind(room.writer, { ...released, metadata: { ...released.metadata, annotations } });
  }
  if (policy === "Delete") await deleteVolume(room, released);
}

/** Deletes what no external provisioner cares for. */
async function deleteVolume({ recorder, writer }: Room, volume: PersistentVolume): Promise<void> {
  if (hasAnnotation(volume, PROVISIONED_BY) || volume.spec.csi !== undefined) return;
  const { name } = volume.metadata;
  const path = volume.spec.hostPath?.path;
  if (path !== undefined && /^\/tmp\/.+/.test(path)) {
    try {
      await writer.client.delete(volumeKind, undefined, name!);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
    return;
  }
  if (volume.status?.phase === "Failed") return;
  const message = path === undefined
    ? `error getting deleter volume plugin for volume ${JSON.stringify(name)}: no ${
      volume.spec.nfs === undefined ? "" : "deletable "
    }volume plugin matched`
    : `host_path deleter only supports /tmp/.+ but received provided ${path}`;
  const failed = await setVolumePhase(writer, volume, "Failed", message);
  recorder.event(failed, "Warning", "VolumeFailedDelete", message);
}
