/** Kernel parameters of a pod. Source: `pkg/apis/core/validation/validation.go`, `component-helpers/node/util/sysctl`. */
import { child, duplicate, type FieldError, invalid, required } from "../../../field_error.ts";
import type { PodSpec } from "../../../schema/types.ts";

const SEGMENT = "[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
const SYSCTL = `^(${SEGMENT}[\\./])*${SEGMENT}$`;

/** "kernel.shm_rmid_forced", or with slashes where a segment has dots: "net/ipv4/conf/eth0.1/arp_accept". */
const isSysctl = (name: string): boolean =>
  name.length <= 253 &&
  name.split(/[./]/).every((part) => /^[a-z0-9][-_a-z0-9]*$/.test(part) && /[a-z0-9]$/.test(part));

export function validateSysctls(spec: PodSpec, path: string, hostSysctls: boolean): FieldError[] {
  const seen = new Set<string>();
  return (spec.securityContext?.sysctls ?? []).flatMap(({ name = "" }, i) => {
    const at = child(path, i, "name");
    const errors: FieldError[] = [];
    if (name === "") errors.push(required(at));
    else if (!isSysctl(name)) {
      errors.push(invalid(at, name, `must have at most 253 characters and match regex ${SYSCTL}`));
    } else if (seen.has(name)) errors.push(duplicate(at, name));
    seen.add(name);
    if (!hostSysctls) errors.push(...hostSysctlErrors(name, spec, at));
    return errors;
  });
}

const IPC_SYSCTLS = /^kernel\.(sem|shm(all|max|mni|_rmid_forced)?|msg(max|mnb|mni)?)$/;

/** Parameters that the kernel keeps for each network or IPC namespace: with the host's, they would be the host's. */
export function hostSysctlErrors(name: string, spec: PodSpec, path: string): FieldError[] {
  const dotted = normalized(name);
  if (spec.hostNetwork && dotted.startsWith("net.")) {
    return [invalid(path, name, "may not be specified when 'hostNetwork' is true")];
  }
  const ipc = IPC_SYSCTLS.test(dotted) || dotted.startsWith("fs.mqueue.");
  return spec.hostIPC && ipc ? [invalid(path, name, "may not be specified when 'hostIPC' is true")] : [];
}

/** The separator that comes first decides: "net/ipv4/eth0.1" is "net.ipv4.eth0/1". */
function normalized(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== "/") return name;
  return name.replace(/[./]/g, (separator) => separator === "/" ? "." : "/");
}
