/** Where containers see volumes. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notFound, notSupported, required } from "../../../field_error.ts";
import type { Container, Volume, VolumeMount } from "../../../schema/types.ts";
import { descendingPath, noBacksteps } from "./paths.ts";

/** The pod's volumes that are right, by name. */
export type Volumes = ReadonlyMap<string, Volume>;

export function validateVolumeMounts(container: Container, volumes: Volumes, path: string): FieldError[] {
  const devices = container.volumeDevices ?? [];
  const points = new Set<string>();
  return (container.volumeMounts ?? []).flatMap((mount, i) => {
    const at = child(path, i);
    const { name = "", mountPath = "", subPath = "", subPathExpr = "" } = mount;
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(child(at, "name")));
    if (!volumes.has(name)) errors.push(notFound(child(at, "name"), name));
    if (mountPath === "") errors.push(required(child(at, "mountPath")));
    if (points.has(mountPath)) errors.push(invalid(child(at, "mountPath"), mountPath, "must be unique"));
    points.add(mountPath);
    if (devices.some((device) => device.name === name)) {
      errors.push(invalid(child(at, "name"), name, "must not already exist in volumeDevices"));
    }
    if (devices.some(({ devicePath }) => devicePath === mountPath)) {
      errors.push(invalid(child(at, "mountPath"), mountPath, "must not already exist as a path in volumeDevices"));
    }
    // These paths lack the mount's index: Kubernetes' do.
    if (subPath !== "") errors.push(...descendingPath(subPath, child(path, "subPath")));
    if (subPathExpr !== "") {
      if (subPath !== "") {
        errors.push(invalid(child(at, "subPathExpr"), subPathExpr, "subPathExpr and subPath are mutually exclusive"));
      }
      errors.push(...descendingPath(subPathExpr, child(path, "subPathExpr")));
    }
    errors.push(...mountPropagation(mount, container, child(path, "mountPropagation")));
    errors.push(...recursiveReadOnly(mount, child(path, "recursiveReadOnly")));
    return errors;
  });
}

const PROPAGATIONS = ["Bidirectional", "HostToContainer", "None"];

function mountPropagation({ mountPropagation: mode }: VolumeMount, container: Container, path: string): FieldError[] {
  if (mode === undefined) return [];
  const errors = PROPAGATIONS.includes(mode) ? [] : [notSupported(path, mode, PROPAGATIONS)];
  if (mode === "Bidirectional" && !container.securityContext?.privileged) {
    errors.push(forbidden(path, "Bidirectional mount propagation is available only to privileged containers"));
  }
  return errors;
}

function recursiveReadOnly(mount: VolumeMount, path: string): FieldError[] {
  const { recursiveReadOnly: mode, readOnly, mountPropagation } = mount;
  if (mode === undefined || mode === "Disabled") return [];
  if (mode !== "Enabled" && mode !== "IfPossible") {
    return [notSupported(path, mode, ["Disabled", "Enabled", "IfPossible"])];
  }
  const errors: FieldError[] = [];
  if (!readOnly) errors.push(forbidden(path, "may only be specified when readOnly is true"));
  if (mountPropagation !== undefined && mountPropagation !== "None") {
    errors.push(forbidden(path, "may only be specified when mountPropagation is None or not specified"));
  }
  return errors;
}

/** Volumes that a container uses as block devices. */
export function validateVolumeDevices(container: Container, volumes: Volumes, path: string): FieldError[] {
  const mounts = container.volumeMounts ?? [];
  const [names, paths] = [new Set<string>(), new Set<string>()];
  return (container.volumeDevices ?? []).flatMap(({ name = "", devicePath = "" }, i) => {
    const [nameAt, pathAt] = [child(path, i, "name"), child(path, i, "devicePath")];
    const errors: FieldError[] = [];
    const volume = volumes.get(name);
    if (name === "") errors.push(required(nameAt));
    if (names.has(name)) errors.push(invalid(nameAt, name, "must be unique"));
    if (volume && !volume.persistentVolumeClaim && !volume.ephemeral) {
      const message = "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode";
      errors.push(invalid(nameAt, name, message));
    }
    if (!volume) errors.push(notFound(nameAt, name));
    if (devicePath === "") errors.push(required(pathAt));
    if (paths.has(devicePath)) errors.push(invalid(pathAt, devicePath, "must be unique"));
    if (noBacksteps(devicePath, "").length > 0) {
      errors.push(invalid(pathAt, devicePath, "can not contain backsteps ('..')"));
    } else paths.add(devicePath);
    if (mounts.some((mount) => mount.name === name)) {
      errors.push(invalid(nameAt, name, "must not already exist in volumeMounts"));
    }
    if (mounts.some(({ mountPath }) => mountPath === devicePath)) {
      errors.push(invalid(pathAt, devicePath, "must not already exist as a path in volumeMounts"));
    }
    if (name !== "") names.add(name);
    return errors;
  });
}
