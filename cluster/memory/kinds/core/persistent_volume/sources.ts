/** Where a persistent volume's data are, source by source. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, invalid, required } from "../../field_error.ts";
import { check, dns1123Label, dns1123Subdomain } from "../../names.ts";
import type {
  CSIPersistentVolumeSource,
  GlusterfsPersistentVolumeSource,
  ISCSIPersistentVolumeSource,
  LocalVolumeSource,
  PersistentVolumeSpec,
  SecretReference,
} from "../../schema/types.ts";
import { podOptions } from "../pod/validation/options.ts";
import { noBacksteps } from "../pod/validation/paths.ts";
import {
  need,
  validateAzureDisk,
  validateFibreChannel,
  validateFlexVolume,
  validateFlocker,
  validateIscsi,
  validateQuobyte,
  validateStorageOs,
} from "../pod/validation/storage_systems.ts";
import { SOURCES as POD_SOURCES, validateCsiDriverName } from "../pod/validation/volume_sources.ts";

export interface PersistentSource {
  readonly field: keyof PersistentVolumeSpec;
  /** Where its errors are, when that is not its own name. */
  readonly path?: string;
  /** Where the error is that it is one source too many. */
  readonly surplusPath?: string;
  // deno-lint-ignore no-explicit-any
  readonly validate: (source: any, path: string, volumeName: string) => FieldError[];
}

function source<Name extends keyof PersistentVolumeSpec>(
  field: Name,
  validate: (source: NonNullable<PersistentVolumeSpec[Name]>, path: string, volumeName: string) => FieldError[],
  paths: Pick<PersistentSource, "path" | "surplusPath"> = {},
): PersistentSource {
  return { field, validate, ...paths };
}

/** A source whose rules are those of the same source in a pod. */
function asInPod(
  field: keyof PersistentVolumeSpec,
  paths: Pick<PersistentSource, "path" | "surplusPath"> = {},
): PersistentSource {
  const inPod = POD_SOURCES.find((source) => source.field === field)!;
  const options = podOptions(false);
  return { field, validate: (it: unknown, path: string) => inPod.validate(it, path, options), ...paths };
}

/** All sources, in the order in which Kubernetes looks for them. */
export const SOURCES: readonly PersistentSource[] = [
  asInPod("hostPath"),
  asInPod("gcePersistentDisk", { path: "persistentDisk", surplusPath: "gcePersistentDisk" }),
  asInPod("awsElasticBlockStore"),
  source("glusterfs", validateGlusterfs),
  source("flocker", validateFlocker),
  asInPod("nfs"),
  asInPod("rbd"),
  source("quobyte", validateQuobyte),
  asInPod("cephfs", { surplusPath: "cephFS" }),
  source("iscsi", validatePersistentIscsi),
  source("cinder", (it, path) => [...need(it, path, "volumeID"), ...namedSecret(it.secretRef, path)]),
  source("fc", validateFibreChannel),
  source("flexVolume", (it, path) => validateFlexVolume(it as Parameters<typeof validateFlexVolume>[0], path)),
  source("azureFile", (it, path) => [
    ...need(it, path, "secretName", "shareName"),
    ...it.secretNamespace === "" ? [required(child(path, "secretNamespace"))] : [],
  ]),
  asInPod("vsphereVolume"),
  asInPod("photonPersistentDisk"),
  asInPod("portworxVolume"),
  source("azureDisk", validateAzureDisk),
  asInPod("scaleIO"),
  source("local", validateLocal),
  source("storageos", ({ secretRef, ...it }, path) => [
    ...validateStorageOs(it, path),
    ...namedSecret(secretRef, path),
  ]),
  source("csi", validateCsi),
];

/** A secret in another namespace needs both names. */
const namedSecret = (secret: { name?: string; namespace?: string } | undefined, path: string): FieldError[] =>
  secret === undefined ? [] : need(secret, child(path, "secretRef"), "name", "namespace");

function validateGlusterfs(glusterfs: GlusterfsPersistentVolumeSource, path: string): FieldError[] {
  const errors = need(glusterfs, path, "endpoints", "path");
  const { endpointsNamespace: namespace } = glusterfs;
  const at = child(path, "endpointsNamespace");
  if (namespace === "") {
    errors.push(invalid(at, "", "if the endpointnamespace is set, it must be a valid namespace name"));
  } else if (namespace !== undefined) errors.push(...check(at, namespace, dns1123Label));
  return errors;
}

function validatePersistentIscsi(iscsi: ISCSIPersistentVolumeSource, path: string, volumeName: string): FieldError[] {
  const { targetPortal = "", initiatorName, secretRef } = iscsi;
  const [first, ...rest] = validateIscsi({ ...iscsi, secretRef: secretRef && { name: secretRef.name } }, path);
  const errors = first === undefined ? [] : targetPortal === "" ? [first] : [];
  if (initiatorName !== undefined && `${volumeName}:${targetPortal}`.length > 64) {
    const message =
      "Total length of <volume name>:<iscsi.targetPortal> must be under 64 characters if iscsi.initiatorName is specified.";
    errors.push(invalid(child(path, "targetportal"), targetPortal, message));
  }
  if (first !== undefined && targetPortal !== "") errors.push(first);
  errors.push(...rest);
  if (secretRef && !secretRef.name) errors.push(required(child(path, "secretRef", "name")));
  // The text of a wrong beginning is shorter here than in a pod.
  return errors.map((error) => ({
    ...error,
    message: error.message.replace(/must be valid format starting with .*$/, "must be valid format"),
  }));
}

function validateLocal({ path: value = "" }: LocalVolumeSource, path: string): FieldError[] {
  const at = child(path, "path");
  return value === "" ? [required(at)] : noBacksteps(value, at);
}

const SECRETS = [
  "controllerPublishSecretRef",
  "controllerExpandSecretRef",
  "nodePublishSecretRef",
  "nodeExpandSecretRef",
] as const;

function validateCsi(csi: CSIPersistentVolumeSource, path: string): FieldError[] {
  return [
    ...validateCsiDriverName(csi.driver ?? "", child(path, "driver")),
    ...need(csi, path, "volumeHandle"),
    ...SECRETS.flatMap((field) => csi[field] ? validateSecretReference(csi[field], child(path, field)) : []),
  ];
}

function validateSecretReference({ name = "", namespace = "" }: SecretReference, path: string): FieldError[] {
  const [nameAt, namespaceAt] = [child(path, "name"), child(path, "namespace")];
  return [
    ...name === "" ? [required(nameAt)] : check(nameAt, name, dns1123Subdomain),
    ...namespace === "" ? [required(namespaceAt)] : check(namespaceAt, namespace, dns1123Label),
  ];
}
