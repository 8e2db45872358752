/** Where a volume's data come from, source by source. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, invalid, notSupported, required, tooLong } from "../../../field_error.ts";
import { validateClaimTemplate } from "../../claim_spec.ts";
import { byteLength, check, dns1123Subdomain, rangeError } from "../../../names.ts";
import type {
  ConfigMapVolumeSource,
  CSIVolumeSource,
  HostPathVolumeSource,
  ImageVolumeSource,
  NFSVolumeSource,
  SecretVolumeSource,
  Volume,
} from "../../../schema/types.ts";
import { validateDownwardFiles } from "./downward_api.ts";
import type { PodOptions } from "./options.ts";
import { fileMode, hostPath } from "./paths.ts";
import { validateItems } from "./key_to_path.ts";
import { validateProjected } from "./projected_volume.ts";
import { validatePullPolicy } from "./pull_policy.ts";
import {
  need,
  validateAzureDisk,
  validateFibreChannel,
  validateFlexVolume,
  validateFlocker,
  validateGitRepo,
  validateIscsi,
  validateQuobyte,
  validateSecretName,
  validateStorageOs,
} from "./storage_systems.ts";

export interface VolumeSource {
  readonly field: keyof Volume;
  /** Where its errors are, when that is not its own name. */
  readonly path?: string;
  /** Where the error is that it is one source too many. */
  readonly surplusPath?: string;
  // deno-lint-ignore no-explicit-any
  readonly validate: (source: any, path: string, options: PodOptions) => FieldError[];
}

function source<Name extends keyof Volume>(
  field: Name,
  validate: (source: NonNullable<Volume[Name]>, path: string, options: PodOptions) => FieldError[],
  paths: Pick<VolumeSource, "path" | "surplusPath"> = {},
): VolumeSource {
  return { field, validate, ...paths };
}

/** All sources but `emptyDir`, in the order in which Kubernetes looks for them. */
export const SOURCES: readonly VolumeSource[] = [
  source("hostPath", validateHostPath),
  source("gitRepo", validateGitRepo),
  source("gcePersistentDisk", (it, path) => [...need(it, path, "pdName"), ...partition(it.partition, path)], {
    path: "persistentDisk",
    surplusPath: "gcePersistentDisk",
  }),
  source("awsElasticBlockStore", (it, path) => [...need(it, path, "volumeID"), ...partition(it.partition, path)]),
  source("secret", validateSecret),
  source("nfs", validateNfs),
  source("iscsi", validateIscsi),
  source("glusterfs", (it, path) => need(it, path, "endpoints", "path")),
  source("flocker", validateFlocker),
  source("persistentVolumeClaim", (it, path) => need(it, path, "claimName")),
  source("rbd", (it, path) => [
    ...it.monitors?.length ? [] : [required(child(path, "monitors"))],
    ...need(it, path, "image"),
  ]),
  source("cinder", (it, path) => [...need(it, path, "volumeID"), ...validateSecretName(it.secretRef, path)]),
  source("cephfs", (it, path) => it.monitors?.length ? [] : [required(child(path, "monitors"))], {
    surplusPath: "cephFS",
  }),
  source("quobyte", validateQuobyte),
  source("downwardAPI", (it, path) => [
    ...fileMode(it.defaultMode, child(path, "defaultMode")),
    ...validateDownwardFiles(it.items, path),
  ], { surplusPath: "downwarAPI" }),
  source("fc", validateFibreChannel),
  source("flexVolume", validateFlexVolume),
  source("configMap", validateConfigMap),
  source("azureFile", (it, path) => need(it, path, "secretName", "shareName")),
  source("vsphereVolume", (it, path) => need(it, path, "volumePath")),
  source("photonPersistentDisk", (it, path) => need(it, path, "pdID")),
  source("portworxVolume", (it, path) => need(it, path, "volumeID")),
  source("azureDisk", validateAzureDisk),
  source("storageos", validateStorageOs),
  source("projected", validateProjected),
  source("scaleIO", (it, path) => need(it, path, "gateway", "system", "volumeName")),
  source("csi", validateCsi),
  source(
    "ephemeral",
    (it, path) =>
      it.volumeClaimTemplate
        ? validateClaimTemplate(it.volumeClaimTemplate, child(path, "volumeClaimTemplate"))
        : [required(child(path, "volumeClaimTemplate"))],
  ),
  source("image", validateImage),
];

const HOST_PATH_TYPES = [
  "",
  "BlockDevice",
  "CharDevice",
  "Directory",
  "DirectoryOrCreate",
  "File",
  "FileOrCreate",
  "Socket",
];

function validateHostPath({ path: value = "", type }: HostPathVolumeSource, path: string): FieldError[] {
  if (value === "") return [required(child(path, "path"))];
  return [
    ...hostPath(value, child(path, "path")),
    ...type === undefined || HOST_PATH_TYPES.includes(type)
      ? []
      : [notSupported(child(path, "type"), type, HOST_PATH_TYPES)],
  ];
}

function partition(number = 0, path: string): FieldError[] {
  return number >= 0 && number <= 255 ? [] : [invalid(child(path, "partition"), number, rangeError(1, 255))];
}

function validateSecret({ secretName = "", defaultMode, items }: SecretVolumeSource, path: string): FieldError[] {
  return [
    ...secretName === "" ? [required(child(path, "secretName"))] : [],
    ...fileMode(defaultMode, child(path, "defaultMode")),
    ...validateItems(items, path),
  ];
}

function validateConfigMap({ name = "", defaultMode, items }: ConfigMapVolumeSource, path: string): FieldError[] {
  return [
    ...name === "" ? [required(child(path, "name"))] : [],
    ...fileMode(defaultMode, child(path, "defaultMode")),
    ...validateItems(items, path),
  ];
}

function validateNfs(nfs: NFSVolumeSource, path: string): FieldError[] {
  const errors = need(nfs, path, "server", "path");
  if (!(nfs.path ?? "").startsWith("/")) {
    errors.push(invalid(child(path, "path"), nfs.path ?? "", "must be an absolute path"));
  }
  return errors;
}

/** Errors of a CSI driver's name: a subdomain in any case. */
export function validateCsiDriverName(name: string, path: string): FieldError[] {
  if (name === "") return [required(path)];
  return [
    ...byteLength(name) > 63 ? [tooLong(path, 63)] : [],
    ...dns1123Subdomain(name.toLowerCase()).map((message) => invalid(path, name, message)),
  ];
}

function validateCsi({ driver = "", nodePublishSecretRef }: CSIVolumeSource, path: string): FieldError[] {
  const errors = validateCsiDriverName(driver, child(path, "driver"));
  if (!nodePublishSecretRef) return errors;
  const { name = "" } = nodePublishSecretRef;
  if (name === "") return [...errors, required(child(path, "nodePublishSecretRef", "name"))];
  return [...errors, ...check(child(path, "name"), name, dns1123Subdomain)];
}

function validateImage({ reference = "", pullPolicy }: ImageVolumeSource, path: string, { isPod }: PodOptions) {
  return [
    ...isPod && reference === "" ? [required(child(path, "reference"))] : [],
    ...validatePullPolicy(pullPolicy, child(path, "pullPolicy")),
  ];
}
