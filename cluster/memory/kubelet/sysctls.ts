/**
 * Which kernel settings a node lets a pod have: those that are the pod's own and trouble no other pod on the node.
 *
 * Source: `pkg/kubelet/sysctl/allowlist.go`, `safe_sysctls.go`.
 */
import type { Pod } from "../kinds/schema/types.ts";
import type { Rejection } from "./admission.ts";

const SAFE: ReadonlySet<string> = new Set([
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
  "net.ipv4.ip_local_reserved_ports",
  "net.ipv4.tcp_keepalive_time",
  "net.ipv4.tcp_fin_timeout",
  "net.ipv4.tcp_keepalive_intvl",
  "net.ipv4.tcp_keepalive_probes",
  "net.ipv4.tcp_rmem",
  "net.ipv4.tcp_wmem",
]);

/**
 * Why a pod's kernel settings are refused, if they are. That none is of a namespace which the pod shares with the host,
 * the API server has seen to.
 */
export function forbiddenSysctl({ spec }: Pod): Rejection | undefined {
  const names = (spec!.securityContext?.sysctls ?? []).map(({ name }) => withDots(name));
  const unsafe = names.find((name) => !SAFE.has(name));
  if (unsafe === undefined) return undefined;
  return { reason: "SysctlForbidden", message: `forbidden sysctl: "${unsafe}" not allowlisted` };
}

/** Setting names may be written with slashes between their parts, dots then being within them. */
function withDots(name: string): string {
  const [first] = /[./]/.exec(name) ?? [];
  return first === "/" ? name.replaceAll(/[./]/g, (sign) => sign === "/" ? "." : "/") : name;
}
