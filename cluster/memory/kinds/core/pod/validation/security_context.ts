/** Who containers run as and what they may do. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notSupported, required, tooLong } from "../../../field_error.ts";
import { internalJson } from "../../../go/internal_json.ts";
import { byteLength, unixId } from "../../../names.ts";
import type { AppArmorProfile, PodSpec, SeccompProfile, SecurityContext } from "../../../schema/types.ts";
import { eachContainer } from "../containers.ts";
import type { PodOptions } from "./options.ts";
import { descendingPath } from "./paths.ts";
import { validateSysctls } from "./sysctls.ts";
import { validateWindowsOptions } from "./windows.ts";

const ids = (id: number | undefined, path: string): FieldError[] =>
  id === undefined ? [] : unixId(id).map((message) => invalid(path, id, message));

/** @param hostUsers whether the pod's users are the node's */
export function validateSecurityContext(context: SecurityContext | undefined, path: string, hostUsers: boolean) {
  if (!context) return [];
  const { procMount, allowPrivilegeEscalation, privileged, capabilities } = context;
  const errors: FieldError[] = [
    ...ids(context.runAsUser, child(path, "runAsUser")),
    ...ids(context.runAsGroup, child(path, "runAsGroup")),
  ];
  const procAt = child(path, "procMount");
  if (procMount !== undefined && procMount !== "Default" && procMount !== "Unmasked") {
    errors.push(notSupported(procAt, procMount, ["Default", "Unmasked"]));
  }
  if (hostUsers && procMount === "Unmasked") {
    errors.push(invalid(procAt, procMount, "`hostUsers` must be false to use `Unmasked`"));
  }
  errors.push(...validateSeccompProfile(context.seccompProfile, child(path, "seccompProfile")));
  if (allowPrivilegeEscalation === false) {
    const value = () => internalJson("SecurityContext", context);
    if (privileged) {
      errors.push(invalid(path, value(), "cannot set `allowPrivilegeEscalation` to false and `privileged` to true"));
    }
    for (const capability of capabilities?.add ?? []) {
      if (capability !== "CAP_SYS_ADMIN") continue;
      const message = "cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN";
      errors.push(invalid(path, value(), message));
    }
  }
  return [
    ...errors,
    ...validateWindowsOptions(context.windowsOptions, child(path, "windowsOptions")),
    ...validateAppArmorProfile(context.appArmorProfile, child(path, "appArmorProfile")),
  ];
}

const FS_GROUP_POLICIES = ["Always", "OnRootMismatch"];
const SUPPLEMENTAL_GROUP_POLICIES = ["Merge", "Strict"];

/** The security context of the pod as a whole. */
export function validatePodSecurityContext(spec: PodSpec, path: string, options: PodOptions): FieldError[] {
  const context = spec.securityContext;
  if (!context) return [];
  const errors: FieldError[] = [
    ...ids(context.fsGroup, child(path, "fsGroup")),
    ...ids(context.runAsUser, child(path, "runAsUser")),
    ...ids(context.runAsGroup, child(path, "runAsGroup")),
    ...(context.supplementalGroups ?? []).flatMap((id, i) => ids(id, child(path, "supplementalGroups", i))),
  ];
  if (spec.hostPID && spec.shareProcessNamespace) {
    const message = "ShareProcessNamespace and HostPID cannot both be enabled";
    errors.push(invalid(child(path, "shareProcessNamespace"), true, message));
  }
  errors.push(...validateSysctls(spec, child(path, "sysctls"), options.hostSysctls));
  const { fsGroupChangePolicy, supplementalGroupsPolicy, seLinuxChangePolicy } = context;
  if (fsGroupChangePolicy !== undefined && !FS_GROUP_POLICIES.includes(fsGroupChangePolicy)) {
    errors.push(notSupported(child(path, "fsGroupChangePolicy"), fsGroupChangePolicy, FS_GROUP_POLICIES));
  }
  errors.push(
    ...validateSeccompProfile(context.seccompProfile, child(path, "seccompProfile")),
    ...validateWindowsOptions(context.windowsOptions, child(path, "windowsOptions")),
    ...validateAppArmorProfile(context.appArmorProfile, child(path, "appArmorProfile")),
  );
  if (
    supplementalGroupsPolicy !== undefined && !SUPPLEMENTAL_GROUP_POLICIES.includes(supplementalGroupsPolicy)
  ) {
    const at = child(path, "supplementalGroupsPolicy");
    errors.push(notSupported(at, supplementalGroupsPolicy, SUPPLEMENTAL_GROUP_POLICIES));
  }
  const policies = options.seLinuxMountPolicy ? ["MountOption", "Recursive"] : ["Recursive"];
  if (seLinuxChangePolicy !== undefined && !policies.includes(seLinuxChangePolicy)) {
    errors.push(notSupported(child(path, "seLinuxChangePolicy"), seLinuxChangePolicy, policies));
  }
  return errors;
}

const PROFILE_TYPES = ["Localhost", "RuntimeDefault", "Unconfined"];

function validateSeccompProfile(profile: SeccompProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const { type = "", localhostProfile } = profile;
  const errors: FieldError[] = [];
  if (type === "") errors.push(required(child(path, "type"), "type is required when seccompProfile is set"));
  else if (!PROFILE_TYPES.includes(type)) errors.push(notSupported(child(path, "type"), type, PROFILE_TYPES));
  const at = child(path, "localhostProfile");
  if (type === "Localhost") {
    if (localhostProfile === undefined) errors.push(required(at, "must be set when seccomp type is Localhost"));
    else errors.push(...descendingPath(localhostProfile, at));
  } else if (localhostProfile !== undefined) {
    const message = "can only be set when seccomp type is Localhost";
    errors.push(invalid(at, internalJson("SeccompProfile", profile), message));
  }
  return errors;
}

/** The longest path of Linux, without its terminating zero. */
const MAX_PROFILE = 4095;

export function validateAppArmorProfile(profile: AppArmorProfile | undefined, path: string): FieldError[] {
  if (!profile) return [];
  const { type = "", localhostProfile: name } = profile;
  const at = child(path, "localhostProfile");
  if (type === "Localhost") {
    const unset = required(at, "must be set when AppArmor type is Localhost");
    if (name === undefined) return [unset];
    const errors: FieldError[] = [];
    if (name.trim() !== name) errors.push(invalid(at, name, "must not be padded with whitespace"));
    else if (name === "") errors.push(unset);
    if (byteLength(name) > MAX_PROFILE) errors.push(tooLong(at, MAX_PROFILE));
    return errors;
  }
  if (type === "") return [required(child(path, "type"), "type is required when appArmorProfile is set")];
  if (!PROFILE_TYPES.includes(type)) return [notSupported(child(path, "type"), type, PROFILE_TYPES)];
  return name === undefined ? [] : [invalid(at, name, "can only be set when AppArmor type is Localhost")];
}

/** A pod with users of its own cannot share the node's namespaces. */
export function validateHostUsers(spec: PodSpec, path: string, options: PodOptions): FieldError[] {
  if (spec.hostUsers !== false) return [];
  const message = "when `hostUsers` is false";
  const errors: FieldError[] = [];
  if (spec.hostNetwork && !options.hostNetworkUserNamespace) {
    errors.push(forbidden(child(path, "hostNetwork"), message));
  }
  if (spec.hostPID) errors.push(forbidden(child(path, "HostPID"), message));
  if (spec.hostIPC) errors.push(forbidden(child(path, "HostIPC"), message));
  if (options.userNamespaceDevices) return errors;
  for (const [{ volumeDevices }, at] of eachContainer(spec, path)) {
    if (volumeDevices?.length) errors.push(forbidden(child(at, "volumeDevices"), message));
  }
  return errors;
}
