/**
 * Makes volumes out of directories of a node, as the default provisioner of kind and minikube does.
 *
 * Source: `github.com/rancher/local-path-provisioner`, `sigs.k8s.io/sig-storage-lib-external-provisioner`.
 */
import { splitKey } from "../../api/informer.ts";
import { referenceTo } from "../../api/event_recorder.ts";
import {
  nodes as nodeKind,
  persistentVolumeClaims as claimKind,
  persistentVolumes as volumeKind,
  storageClasses,
} from "../../api/kind_refs.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim, StorageClass } from "../../kinds/schema/types.ts";
import { claimClass, SELECTED_NODE } from "../../scheduler/helper/match_volume.ts";
import {
  type Controller,
  type ControllerContext,
  isAlreadyExists,
  isNotFound,
  keyOfObject,
  messageOf,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { PROVISIONED_BY, STORAGE_PROVISIONER } from "./volumes.ts";

export const LOCAL_PATH = "rancher.io/local-path";
const DIRECTORY = "/var/local-path-provisioner";
/** Milliseconds that it takes to make a volume, or to remove one. */
const WORK = 2000;

export function startLocalPathProvisioner(context: ControllerContext): Controller {
  const { client, informers } = context;
  const claims = informers.for<PersistentVolumeClaim>(claimKind);
  const volumes = informers.for<PersistentVolume>(volumeKind);
  const classes = informers.for<StorageClass>(storageClasses);
  const nodes = informers.for<Node>(nodeKind);
  const recorder = recorderOf(context, LOCAL_PATH);

  const isDue = ({ metadata, spec }: PersistentVolumeClaim) =>
    metadata.annotations?.[STORAGE_PROVISIONER] === LOCAL_PATH && !spec.volumeName &&
    metadata.deletionTimestamp === undefined;

  const provision = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const claim = claims.get(namespace, name);
    if (claim === undefined || !isDue(claim)) return;
    const volumeName = `pvc-${claim.metadata.uid}`;
    if (volumes.get(undefined, volumeName) !== undefined) return;
    try {
      await client.create(volumeKind, volumeFor(claim, volumeName));
      recorder.event(claim, "Normal", "ProvisioningSucceeded", `Successfully provisioned volume ${volumeName}`);
    } catch (error) {
      if (isAlreadyExists(error)) return;
      const className = JSON.stringify(claimClass(claim));
      const message = `failed to provision volume with StorageClass ${className}: ${messageOf(error)}`;
      recorder.event(claim, "Warning", "ProvisioningFailed", message);
      throw error;
    }
  };

  const volumeFor = (claim: PersistentVolumeClaim, name: string): PersistentVolume => {
    const { metadata, spec } = claim;
    const unsupported = spec.accessModes?.find((mode) => !["ReadWriteOnce", "ReadWriteOncePod"].includes(mode));
    if (unsupported !== undefined) {
      throw new Error("NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes");
    }
    if (spec.selector !== undefined) throw new Error("claim.Spec.Selector is not supported");
    const node = nodes.get(undefined, metadata.annotations?.[SELECTED_NODE] ?? "");
    if (node === undefined) throw new Error("configuration error, no node was specified");
    const storageClass = classes.get(undefined, claimClass(claim));
    const hostname = node.metadata.labels?.["kubernetes.io/hostname"] ?? node.metadata.name!;
    const required = {
      nodeSelectorTerms: [{
        matchExpressions: [{ key: "kubernetes.io/hostname", operator: "In", values: [hostname] }],
      }],
    };
    const path = `${DIRECTORY}/${name}_${metadata.namespace}_${metadata.name}`;
    return {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: {
        name,
        annotations: { "local.path.provisioner/selected-node": node.metadata.name!, [PROVISIONED_BY]: LOCAL_PATH },
      },
      spec: {
        accessModes: spec.accessModes,
        capacity: { storage: spec.resources?.requests?.storage ?? "0" },
        claimRef: { ...referenceTo(claim), apiVersion: "v1", kind: "PersistentVolumeClaim" },
        hostPath: { path, type: "DirectoryOrCreate" },
        nodeAffinity: { required },
        persistentVolumeReclaimPolicy: storageClass?.reclaimPolicy ?? "Delete",
        storageClassName: claimClass(claim),
        volumeMode: spec.volumeMode ?? "Filesystem",
      },
      status: {},
    };
  };

  const remove = async (name: string): Promise<void> => {
    const volume = volumes.get(undefined, name);
    if (volume === undefined || !isReleased(volume)) return;
    try {
      await client.delete(volumeKind, undefined, name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };

  const provisioning = reconcileQueue(context, provision, { retries: 15 });
  const removal = reconcileQueue(context, remove);
  const claimChanged = (claim: PersistentVolumeClaim, old?: PersistentVolumeClaim) => {
    if (!isDue(claim) || (old !== undefined && isDue(old))) return;
    const message = `External provisioner is provisioning volume for claim ${JSON.stringify(keyOfObject(claim))}`;
    recorder.event(claim, "Normal", "Provisioning", message);
    provisioning.addAfter(keyOfObject(claim), WORK);
  };
  claims.on({ added: (claim) => claimChanged(claim), updated: claimChanged });
  const volumeChanged = (volume: PersistentVolume) => {
    if (isReleased(volume)) removal.addAfter(volume.metadata.name!, WORK);
  };
  volumes.on({ added: volumeChanged, updated: (volume) => volumeChanged(volume) });
  return {
    stop() {
      provisioning.stop();
      removal.stop();
    },
  };
}

const isReleased = ({ metadata, spec, status }: PersistentVolume): boolean =>
  metadata.annotations?.[PROVISIONED_BY] === LOCAL_PATH && status?.phase === "Released" &&
  spec.persistentVolumeReclaimPolicy === "Delete" && metadata.deletionTimestamp === undefined;
