/** Windows containers, and what pods of one system cannot say. Source: `pkg/apis/core/validation/validation.go`. */
import { child, type FieldError, forbidden, invalid, notSupported, required } from "../../../field_error.ts";
import { byteLength, check, dns1123Subdomain } from "../../../names.ts";
import type { PodSpec, WindowsSecurityContextOptions } from "../../../schema/types.ts";
import { eachContainer } from "../containers.ts";

const DNS_LABEL = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?$/;
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/;
const MAX_CREDENTIAL_KIB = 64;

export function validateWindowsOptions(
  options: WindowsSecurityContextOptions | undefined,
  path: string,
): FieldError[] {
  if (!options) return [];
  const { gmsaCredentialSpecName, gmsaCredentialSpec: spec, runAsUserName } = options;
  const errors: FieldError[] = gmsaCredentialSpecName === undefined
    ? []
    : check(child(path, "gmsaCredentialSpecName"), gmsaCredentialSpecName, dns1123Subdomain);
  if (spec !== undefined) {
    const at = child(path, "gmsaCredentialSpec");
    if (spec === "") errors.push(invalid(at, spec, "gmsaCredentialSpec cannot be an empty string"));
    else if (byteLength(spec) > MAX_CREDENTIAL_KIB * 1024) {
      errors.push(invalid(at, spec, `gmsaCredentialSpec size must be under ${MAX_CREDENTIAL_KIB} KiB`));
    }
  }
  if (runAsUserName !== undefined) {
    const at = child(path, "runAsUserName");
    errors.push(...userNameErrors(runAsUserName).map((message) => invalid(at, runAsUserName, message)));
  }
  return errors;
}

/** "DOMAIN\user" or "user". */
function userNameErrors(name: string): string[] {
  if (name === "") return ["runAsUserName cannot be an empty string"];
  // deno-lint-ignore no-control-regex
  if (/[\x00-\x1f\x7f]/.test(name)) return ["runAsUserName cannot contain control characters"];
  const parts = name.split("\\");
  if (parts.length > 2) return ["runAsUserName cannot contain more than one backslash"];
  const user = parts[parts.length - 1];
  const domain = parts.length === 2 ? parts[0] : "";
  const errors: string[] = [];
  if (byteLength(domain) >= 256) errors.push("runAsUserName's Domain length must be under 256 characters");
  if (parts.length === 2 && !NET_BIOS.test(domain) && !domain.split(".").every((label) => DNS_LABEL.test(label))) {
    errors.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format");
  }
  if (user === "") errors.push("runAsUserName's User cannot be empty");
  else if (byteLength(user) > 104) {
    errors.push("runAsUserName's User length must not be longer than 104 characters");
  }
  if (/^[. ]+$/.test(user)) errors.push("runAsUserName's User cannot contain only periods or spaces");
  if (/["/\\:;|=,+*?<>@[\]]/.test(user)) {
    errors.push("runAsUserName's User cannot contain the following characters: \"/\\:;|=,+*?<>@[]");
  }
  return errors;
}

/** Containers that are processes of the node: all of a pod's, or none. */
export function validateHostProcess(spec: PodSpec, path: string): FieldError[] {
  const pod = spec.securityContext?.windowsOptions?.hostProcess;
  const errors: FieldError[] = [];
  let [all, host] = [0, 0];
  for (const [container, at] of eachContainer(spec, path)) {
    all++;
    const own = container.securityContext?.windowsOptions?.hostProcess;
    if (pod !== undefined && own !== undefined && pod !== own) {
      const field = child(at, "securityContext", "windowsOptions", "hostProcess");
      errors.push(invalid(field, own, `pod hostProcess value must be identical if both are specified, was ${pod}`));
    }
    if (own ?? pod) host++;
  }
  if (host === 0) return errors;
  if (host !== all) {
    const message = "If pod contains any hostProcess containers then all containers must be HostProcess containers";
    errors.push(invalid(path, "", message));
  }
  if (!spec.hostNetwork) {
    const message = "hostNetwork must be true if pod contains any hostProcess containers";
    errors.push(invalid(child(path, "hostNetwork"), false, message));
  }
  return errors;
}

/** Fields that mean nothing on the system that the pod names. */
export function validateOs(spec: PodSpec, path: string): FieldError[] {
  if (!spec.os) return [];
  const { name = "" } = spec.os;
  if (name === "") return [required(child(path, "os", "name"))];
  if (name === "linux") return linuxErrors(spec, path);
  if (name === "windows") return windowsErrors(spec, path);
  return [notSupported(child(path, "os"), name, ["linux", "windows"])];
}

function linuxErrors(spec: PodSpec, path: string): FieldError[] {
  const message = "windows options cannot be set for a linux pod";
  const contexts = [[spec, path] as const, ...eachContainer(spec, path)];
  return contexts.filter(([it]) => it.securityContext?.windowsOptions)
    .map(([, at]) => forbidden(child(at, "securityContext", "windowsOptions"), message));
}

const POD_FIELDS = [
  "securityContext.appArmorProfile",
  "securityContext.seLinuxOptions",
  "hostUsers",
  "hostPID",
  "hostIPC",
  "securityContext.seccompProfile",
  "securityContext.fsGroup",
  "securityContext.fsGroupChangePolicy",
  "securityContext.sysctls",
  "shareProcessNamespace",
  "securityContext.runAsUser",
  "securityContext.runAsGroup",
  "securityContext.supplementalGroups",
  "securityContext.supplementalGroupsPolicy",
  "securityContext.seLinuxChangePolicy",
];
const CONTAINER_FIELDS = [
  "appArmorProfile",
  "seLinuxOptions",
  "seccompProfile",
  "capabilities",
  "readOnlyRootFilesystem",
  "privileged",
  "allowPrivilegeEscalation",
  "procMount",
  "runAsUser",
  "runAsGroup",
];
/** Set only when true; the others whenever they are there. */
const FLAGS = ["hostPID", "hostIPC"];

function windowsErrors(spec: PodSpec, path: string): FieldError[] {
  const message = "cannot be set for a windows pod";
  const isSet = (object: object | undefined, field: string) => {
    const value = (object as Record<string, unknown> | undefined)?.[field];
    return FLAGS.includes(field)
      ? value === true
      : field === "sysctls"
      ? (value as unknown[] | undefined)?.length
      : value !== undefined && value !== null;
  };
  const errors = POD_FIELDS.filter((field) =>
    field.startsWith("securityContext.")
      ? isSet(spec.securityContext, field.slice("securityContext.".length))
      : isSet(spec, field)
  ).map((field) => forbidden(child(path, field), message));
  for (const [{ securityContext }, at] of eachContainer(spec, path)) {
    for (const field of CONTAINER_FIELDS) {
      if (isSet(securityContext, field)) errors.push(forbidden(child(at, "securityContext", field), message));
    }
  }
  return errors;
}
