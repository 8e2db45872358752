/** Defaults of volumes. Source: `pkg/apis/core/v1/defaults.go` and the generated defaults beside it. */
import type { Draft } from "../../object.ts";
import { formatQuantity, roundUpToMilli } from "../../quantity.ts";
import type { DownwardAPIVolumeFile, Volume } from "../../schema/types.ts";
import { defaultPullPolicy } from "./image_name.ts";

/** The mode of files that say nothing of it: 0644. */
const FILE_MODE = 0o644;

export function defaultVolume(volume: Draft<Volume>): void {
  // A volume of no kind is an empty directory.
  if (Object.keys(volume).every((field) => field === "name" || volume[field as "name"] === null)) volume.emptyDir = {};
  if (volume.image) volume.image.pullPolicy ||= defaultPullPolicy(volume.image.reference ?? "");
  if (volume.hostPath) volume.hostPath.type ??= "";
  if (volume.secret) volume.secret.defaultMode ??= FILE_MODE;
  if (volume.configMap) volume.configMap.defaultMode ??= FILE_MODE;
  if (volume.downwardAPI) {
    volume.downwardAPI.defaultMode ??= FILE_MODE;
    defaultDownwardFiles(volume.downwardAPI.items);
  }
  if (volume.projected) {
    volume.projected.defaultMode ??= FILE_MODE;
    for (const source of volume.projected.sources ?? []) {
      defaultDownwardFiles(source.downwardAPI?.items);
      if (source.serviceAccountToken) source.serviceAccountToken.expirationSeconds ??= 3600;
    }
  }
  if (volume.ephemeral?.volumeClaimTemplate) {
    const { spec } = volume.ephemeral.volumeClaimTemplate;
    spec.volumeMode ??= "Filesystem";
    for (const list of [spec.resources?.limits, spec.resources?.requests]) {
      for (const name in list) list[name] = formatQuantity(roundUpToMilli(list[name]));
    }
  }
  defaultStorageSystems(volume);
}

function defaultDownwardFiles(files: Draft<DownwardAPIVolumeFile>[] = []): void {
  for (const file of files) {
    if (file.fieldRef) file.fieldRef.apiVersion ||= "v1";
    if (file.resourceFieldRef) file.resourceFieldRef.divisor ??= "0";
  }
}

/** Volumes of storage systems that were once built in. */
function defaultStorageSystems({ iscsi, rbd, azureDisk, scaleIO }: Draft<Volume>): void {
  if (iscsi) iscsi.iscsiInterface ||= "default";
  if (rbd) {
    rbd.pool ||= "rbd";
    rbd.user ||= "admin";
    rbd.keyring ||= "/etc/ceph/keyring";
  }
  if (azureDisk) {
    azureDisk.cachingMode ??= "ReadWrite";
    azureDisk.fsType ??= "ext4";
    azureDisk.readOnly ??= false;
    azureDisk.kind ??= "Shared";
  }
  if (scaleIO) {
    scaleIO.storageMode ||= "ThinProvisioned";
    scaleIO.fsType ||= "xfs";
  }
}
