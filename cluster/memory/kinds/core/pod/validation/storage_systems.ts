/** Volumes of particular storage systems. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, invalid, keyed, notSupported, required } from "../../../field_error.ts";
import { check, dns1123Label, rangeError } from "../../../names.ts";
import type {
  AzureDiskVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  GitRepoVolumeSource,
  ISCSIVolumeSource,
  QuobyteVolumeSource,
  StorageOSVolumeSource,
} from "../../../schema/types.ts";
import { descendingPath } from "./paths.ts";

/** An error for each of these texts that is empty. */
export const need = <T extends object>(source: T, path: string, ...fields: (keyof T & string)[]): FieldError[] =>
  fields.filter((field) => !source[field]).map((field) => required(child(path, field)));

export const validateSecretName = (secret: { readonly name?: string } | undefined, path: string): FieldError[] =>
  secret && !secret.name ? [required(child(path, "secretRef", "name"))] : [];

export const validateGitRepo = (repo: GitRepoVolumeSource, path: string): FieldError[] => [
  ...need(repo, path, "repository"),
  ...descendingPath(repo.directory ?? "", child(path, "directory")),
];

/** Names of iSCSI initiators and targets, by how they begin. */
const ISCSI_NAMES: Readonly<Record<string, RegExp>> = {
  iqn: /iqn\.\d{4}-\d{2}\.([a-zA-Z0-9\-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[a-zA-Z0-9]{16}$/,
  naa: /^naa.[a-zA-Z0-9]{32}$/,
};

function iscsiName(name: string, path: string): FieldError[] {
  const rule = ISCSI_NAMES[name.slice(0, 3)];
  if (rule === undefined) return [invalid(path, name, "must be valid format starting with iqn, eui, or naa")];
  // No name is longer than 223 bytes; the check keeps the search short.
  return name.length <= 1024 && rule.test(name) ? [] : [invalid(path, name, "must be valid format")];
}

export function validateIscsi(iscsi: ISCSIVolumeSource, path: string): FieldError[] {
  const { iqn = "", lun = 0, chapAuthDiscovery, chapAuthSession, secretRef, initiatorName } = iscsi;
  return [
    ...need(iscsi, path, "targetPortal"),
    ...iqn === "" ? [required(child(path, "iqn"))] : iscsiName(iqn, child(path, "iqn")),
    ...lun < 0 || lun > 255 ? [invalid(child(path, "lun"), lun, rangeError(0, 255))] : [],
    ...(chapAuthDiscovery || chapAuthSession) && !secretRef ? [required(child(path, "secretRef"))] : [],
    ...initiatorName === undefined ? [] : iscsiName(initiatorName, child(path, "initiatorname")),
  ];
}

export function validateFlocker({ datasetName = "", datasetUUID = "" }: FlockerVolumeSource, path: string) {
  const errors: FieldError[] = [];
  if (datasetName === "" && datasetUUID === "") {
    errors.push(required(path, "one of datasetName and datasetUUID is required"));
  }
  if (datasetName !== "" && datasetUUID !== "") {
    errors.push(invalid(path, "resource", "datasetName and datasetUUID can not be specified simultaneously"));
  }
  if (datasetName.includes("/")) {
    errors.push(invalid(child(path, "datasetName"), datasetName, "must not contain '/'"));
  }
  return errors;
}

export function validateQuobyte({ registry = "", tenant = "", volume = "" }: QuobyteVolumeSource, path: string) {
  const errors: FieldError[] = [];
  const pairs = "must be a host:port pair or multiple pairs separated by commas";
  if (registry === "") errors.push(required(child(path, "registry"), pairs));
  else if (tenant.length >= 65) {
    errors.push(required(child(path, "tenant"), "must be a UUID and may not exceed a length of 64 characters"));
  } else {
    for (const pair of registry.split(",")) {
      if (!isHostPort(pair)) errors.push(invalid(child(path, "registry"), registry, pairs));
    }
  }
  if (volume === "") errors.push(required(child(path, "volume")));
  return errors;
}

const isHostPort = (pair: string) => /^(\[[^[\]]*\]|[^[\]:]*):[^[\]:]*$/.test(pair);

export function validateFibreChannel({ targetWWNs = [], wwids = [], lun }: FCVolumeSource, path: string) {
  const errors: FieldError[] = [];
  const field = child(path, "targetWWNs");
  if (targetWWNs.length === 0 && wwids.length === 0) {
    errors.push(required(field, "must specify either targetWWNs or wwids, but not both"));
  }
  if (targetWWNs.length > 0 && wwids.length > 0) {
    errors.push(invalid(field, targetWWNs, "targetWWNs and wwids can not be specified simultaneously"));
  }
  if (targetWWNs.length > 0) {
    if (lun === undefined) errors.push(required(child(path, "lun"), "lun is required if targetWWNs is specified"));
    else if (lun < 0 || lun > 255) errors.push(invalid(child(path, "lun"), lun, rangeError(0, 255)));
  }
  return errors;
}

export function validateFlexVolume(flex: FlexVolumeSource, path: string): FieldError[] {
  const errors = need(flex, path, "driver");
  for (const key of Object.keys(flex.options ?? {})) {
    const domain = `.${key.split("/")[0].toLowerCase()}`;
    if (domain.endsWith(".kubernetes.io") || domain.endsWith(".k8s.io")) {
      const message = "kubernetes.io and k8s.io namespaces are reserved";
      errors.push(invalid(keyed(child(path, "options"), key), key, message));
    }
  }
  return errors;
}

const CACHING_MODES = ["None", "ReadOnly", "ReadWrite"];
const DISK_KINDS = ["Dedicated", "Managed", "Shared"];

export function validateAzureDisk(disk: AzureDiskVolumeSource, path: string): FieldError[] {
  const { cachingMode, kind, diskURI = "" } = disk;
  const errors = need(disk, path, "diskName", "diskURI");
  if (cachingMode !== undefined && !CACHING_MODES.includes(cachingMode)) {
    errors.push(notSupported(child(path, "cachingMode"), cachingMode, CACHING_MODES));
  }
  if (kind !== undefined && !DISK_KINDS.includes(kind)) {
    errors.push(notSupported(child(path, "kind"), kind, DISK_KINDS));
  }
  if (kind === "Managed" && !diskURI.startsWith("/subscriptions/")) {
    errors.push(notSupported(child(path, "diskURI"), diskURI, [
      "/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}",
    ]));
  }
  if (kind !== undefined && kind !== "Managed" && !diskURI.startsWith("https://")) {
    const blob = "https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd";
    errors.push(notSupported(child(path, "diskURI"), diskURI, [blob]));
  }
  return errors;
}

export function validateStorageOs(
  { volumeName = "", volumeNamespace = "", secretRef }: StorageOSVolumeSource,
  path: string,
): FieldError[] {
  const field = child(path, "volumeName");
  return [
    ...volumeName === "" ? [required(field)] : check(field, volumeName, dns1123Label),
    ...volumeNamespace === "" ? [] : check(child(path, "volumeNamespace"), volumeNamespace, dns1123Label),
    ...validateSecretName(secretRef, path),
  ];
}
