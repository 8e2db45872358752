/** One claim: finds it a volume, or has one made, or says what it waits for. Source: `pv_controller.go` (syncClaim). */
import { persistentVolumeClaims as claimKind } from "../../api/kind_refs.ts";
import type { PersistentVolumeClaim, StorageClass } from "../../kinds/schema/types.ts";
import { claimClass, SELECTED_NODE } from "../../scheduler/helper/match_volume.ts";
import { bind, setClaimPhase } from "./bind.ts";
import type { Room } from "./room.ts";
import {
  bestMatch,
  BETA_STORAGE_PROVISIONER,
  BIND_COMPLETED,
  BOUND_BY_CONTROLLER,
  delaysBinding,
  hasAnnotation,
  isBoundTo,
  mismatch,
  STORAGE_PROVISIONER,
} from "./volumes.ts";

const IS_DEFAULT = "storageclass.kubernetes.io/is-default-class";

/**
 * The drivers that took the place of provisioners that were once part of Kubernetes.
 *
 * Source: `k8s.io/csi-translation-lib/plugins`.
 */
const MIGRATED: Readonly<Record<string, string>> = {
  "kubernetes.io/aws-ebs": "ebs.csi.aws.com",
  "kubernetes.io/azure-disk": "disk.csi.azure.com",
  "kubernetes.io/azure-file": "file.csi.azure.com",
  "kubernetes.io/cinder": "cinder.csi.openstack.org",
  "kubernetes.io/gce-pd": "pd.csi.storage.gke.io",
  "kubernetes.io/portworx-volume": "pxd.portworx.com",
  "kubernetes.io/vsphere-volume": "csi.vsphere.vmware.com",
};

export async function syncClaim(room: Room, claim: PersistentVolumeClaim): Promise<void> {
  if (hasAnnotation(claim, BIND_COMPLETED)) return await syncBound(room, claim);
  if (claim.spec.volumeName) return await syncNamed(room, claim);
  const storageClass = room.classes.get(undefined, claimClass(claim));
  const delay = delaysBinding(storageClass);
  const volume = bestMatch(room.volumesFor(claim), claim, delay);
  if (volume !== undefined) return await bind(room.writer, volume, claim);
  if (await assignDefaultClass(room, claim)) return;
  if (delay && !hasAnnotation(claim, SELECTED_NODE)) {
    recordDelay(room, claim);
  } else if (claimClass(claim) !== "") {
    return await provision(room, claim, storageClass);
  } else {
    const message = "no persistent volumes available for this claim and no storage class is set";
    room.recorder.event(claim, "Normal", "FailedBinding", message);
  }
  await setClaimPhase(room.writer, claim, "Pending");
}

/** The claim names a volume, and is not bound to it yet. */
async function syncNamed({ recorder, volumes, writer }: Room, claim: PersistentVolumeClaim): Promise<void> {
  const volume = volumes.get(undefined, claim.spec.volumeName!);
  const name = JSON.stringify(claim.spec.volumeName);
  if (volume === undefined) return void await setClaimPhase(writer, claim, "Pending");
  if (volume.spec.claimRef === undefined) {
    const wrong = mismatch(volume, claim);
    if (wrong === undefined) return await bind(writer, volume, claim);
    recorder.event(claim, "Warning", "VolumeMismatch", `Cannot bind to requested volume ${name}: ${wrong}`);
  } else if (isBoundTo(volume, claim)) return await bind(writer, volume, claim);
  else {
    recorder.event(claim, "Warning", "FailedBinding", `volume ${name} already bound to a different claim.`);
    if (hasAnnotation(claim, BOUND_BY_CONTROLLER)) {
      const { namespace, name: claimName } = volume.spec.claimRef;
      const { metadata } = claim;
      const subject = `invalid binding of claim "${metadata.namespace}/${metadata.name}" to volume ${name}`;
      throw new Error(`${subject}: volume already claimed by "${namespace}/${claimName}"`);
    }
  }
  await setClaimPhase(writer, claim, "Pending");
}

/** The claim was bound once: either it still is, or its data is lost. */
async function syncBound(room: Room, claim: PersistentVolumeClaim): Promise<void> {
  const { volumes, writer } = room;
  if (!claim.spec.volumeName) {
    return await lose(
      room,
      claim,
      "ClaimLost",
      "Bound claim has lost reference to PersistentVolume. Data on the volume is lost!",
    );
  }
  const volume = volumes.get(undefined, claim.spec.volumeName);
  if (volume === undefined) {
    return await lose(
      room,
      claim,
      "ClaimLost",
      "Bound claim has lost its PersistentVolume. Data on the volume is lost!",
    );
  }
  if (volume.spec.claimRef === undefined || volume.spec.claimRef.uid === claim.metadata.uid) {
    return await bind(writer, volume, claim);
  }
  const message = "Two claims are bound to the same volume, this one is bound incorrectly";
  await lose(room, claim, "ClaimMisbound", message);
}

async function lose({ recorder, writer }: Room, claim: PersistentVolumeClaim, reason: string, message: string) {
  if (claim.status?.phase === "Lost") return;
  await setClaimPhase(writer, claim, "Lost");
  recorder.event(claim, "Warning", reason, message);
}

/** A claim without any class gets the default one as soon as there is one. */
async function assignDefaultClass({ classes, writer }: Room, claim: PersistentVolumeClaim): Promise<boolean> {
  if (claim.spec.storageClassName !== undefined || claimClass(claim) !== "") return false;
  const [latest] = classes.list().filter(({ metadata }) => metadata.annotations?.[IS_DEFAULT] === "true")
    .sort((a, b) => (a.metadata.creationTimestamp ?? "") > (b.metadata.creationTimestamp ?? "") ? -1 : 1);
  if (latest === undefined) return false;
  const spec = { ...claim.spec, storageClassName: latest.metadata.name };
  await writer.client.update(claimKind, { ...claim, spec });
  return true;
}

function recordDelay({ recorder, podsOf }: Room, claim: PersistentVolumeClaim): void {
  const waiting = podsOf(claim).filter(({ spec }) => !spec.nodeName).map(({ metadata }) => metadata.name!);
  if (waiting.length === 0) {
    const message = "waiting for first consumer to be created before binding";
    return recorder.event(claim, "Normal", "WaitForFirstConsumer", message);
  }
  const subject = waiting.length > 1 ? `pods ${waiting.join(",")}` : `pod ${waiting[0]}`;
  recorder.event(claim, "Normal", "WaitForPodScheduled", `waiting for ${subject} to be scheduled`);
}

/** Asks the class's provisioner for a volume. */
async function provision(room: Room, claim: PersistentVolumeClaim, storageClass: StorageClass | undefined) {
  const { recorder, writer } = room;
  if (storageClass === undefined) {
    const message = `storageclass.storage.k8s.io ${JSON.stringify(claimClass(claim))} not found`;
    return recorder.event(claim, "Warning", "ProvisioningFailed", message);
  }
  const provisioner = MIGRATED[storageClass.provisioner] ?? storageClass.provisioner;
  if (provisioner.startsWith("kubernetes.io/")) {
    const message = `no volume plugin matched name: ${provisioner}`;
    return recorder.event(claim, "Warning", "ProvisioningFailed", message);
  }
  const annotations = { [BETA_STORAGE_PROVISIONER]: provisioner, [STORAGE_PROVISIONER]: provisioner };
  let asked = claim;
  if (claim.metadata.annotations?.[STORAGE_PROVISIONER] !== provisioner) {
    const metadata = { ...claim.metadata, annotations: { ...claim.metadata.annotations, ...annotations } };
    asked = await writer.client.update(claimKind, { ...claim, metadata });
  }
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' ` +
    "or manually by the system administrator. If volume creation is delayed, please verify that " +
    "the provisioner is running and correctly registered.";
  recorder.event(asked, "Normal", "ExternalProvisioning", message);
}
