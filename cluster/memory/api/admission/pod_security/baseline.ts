/**
 * The checks of the baseline level.
 *
 * Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline
 */
import type { PodSpec, SecurityContext } from "../../../kinds/schema/types.ts";
import {
  badContainers,
  type Check,
  type CheckPod,
  containersOf,
  inUserNamespace,
  named,
  plural,
  quoted,
  setters,
  sorted,
} from "./check.ts";

const appArmorProfile: CheckPod = (spec, metadata) => {
  const isBad = (profile?: { type: string }) =>
    profile !== undefined && profile.type !== "RuntimeDefault" && profile.type !== "Localhost";
  const pod = isBad(spec.securityContext?.appArmorProfile);
  const containers = badContainers(spec, ({ appArmorProfile }) => isBad(appArmorProfile));
  const annotations = sorted(
    Object.entries(metadata.annotations ?? {})
      .filter(([key, value]) =>
        key.startsWith("container.apparmor.security.beta.kubernetes.io/") && value !== "" &&
        value !== "runtime/default" && !value.startsWith("localhost/")
      )
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`),
  );
  const types = sorted([
    ...pod ? [spec.securityContext!.appArmorProfile!.type] : [],
    ...containersOf(spec).flatMap(({ securityContext }) =>
      isBad(securityContext?.appArmorProfile) ? [securityContext!.appArmorProfile!.type] : []
    ),
  ]);
  const who = [setters(pod, containers), annotations.length > 0 ? plural("annotation", annotations.length) : undefined]
    .filter((part) => part !== undefined);
  if (who.length === 0) return undefined;
  const values = [...types, ...annotations];
  return {
    reason: plural("forbidden AppArmor profile", values.length),
    detail: `${who.join(" and ")} must not set AppArmor profile type to ${quoted(values)}`,
  };
};

const DEFAULT_CAPABILITIES = new Set([
  "AUDIT_WRITE",
  "CHOWN",
  "DAC_OVERRIDE",
  "FOWNER",
  "FSETID",
  "KILL",
  "MKNOD",
  "NET_BIND_SERVICE",
  "SETFCAP",
  "SETGID",
  "SETPCAP",
  "SETUID",
  "SYS_CHROOT",
]);

const capabilities: CheckPod = (spec) => {
  const beyond = ({ capabilities }: SecurityContext) =>
    (capabilities?.add ?? []).filter((capability) => !DEFAULT_CAPABILITIES.has(capability));
  const containers = badContainers(spec, (context) => beyond(context).length > 0);
  if (containers.length === 0) return undefined;
  const added = sorted(containersOf(spec).flatMap(({ securityContext = {} }) => beyond(securityContext)));
  return {
    reason: "non-default capabilities",
    detail: `${named("container", containers)} must not include ${quoted(added)} in securityContext.capabilities.add`,
  };
};

const hostNamespaces: CheckPod = (spec) => {
  const shared = (["hostNetwork", "hostPID", "hostIPC"] as const).filter((field) => spec[field]);
  return shared.length === 0
    ? undefined
    : { reason: "host namespaces", detail: shared.map((field) => `${field}=true`).join(", ") };
};

const hostPathVolumes: CheckPod = (spec) => {
  const volumes = (spec.volumes ?? []).filter(({ hostPath }) => hostPath !== undefined).map(({ name }) => name);
  return volumes.length === 0 ? undefined : { reason: "hostPath volumes", detail: named("volume", volumes) };
};

const hostPorts: CheckPod = (spec) => {
  const bad = containersOf(spec).filter(({ ports = [] }) => ports.some(({ hostPort }) => hostPort));
  if (bad.length === 0) return undefined;
  const ports = sorted(
    bad.flatMap(({ ports = [] }) => ports.flatMap(({ hostPort }) => hostPort ? [`${hostPort}`] : [])),
  );
  return {
    reason: "hostPort",
    detail: `${named("container", bad.map(({ name }) => name))} ${bad.length === 1 ? "uses" : "use"} ${
      plural("hostPort", ports.length)
    } ${ports.join(", ")}`,
  };
};

const hostProbesAndHostLifecycle: CheckPod = (spec) => {
  const bad = new Map<string, string[]>();
  for (const { name, livenessProbe, readinessProbe, startupProbe, lifecycle } of containersOf(spec)) {
    const handlers = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop];
    const hosts = handlers.flatMap((handler) => [handler?.httpGet?.host, handler?.tcpSocket?.host])
      .filter((host) => host !== undefined && host !== "");
    if (hosts.length > 0) bad.set(name, hosts as string[]);
  }
  if (bad.size === 0) return undefined;
  const hosts = sorted([...bad.values()].flat());
  return {
    reason: "probe or lifecycle host",
    detail: `${named("container", sorted(bad.keys()))} ${bad.size === 1 ? "uses" : "use"} ${
      plural("probe or lifecycle host", hosts.length)
    } ${quoted(hosts)}`,
  };
};

const privileged: CheckPod = (spec) => {
  const containers = badContainers(spec, ({ privileged }) => privileged === true);
  return containers.length === 0 ? undefined : {
    reason: "privileged",
    detail: `${named("container", containers)} must not set securityContext.privileged=true`,
  };
};

/** Also a check of the restricted level, which knows no exception for user namespaces. */
export const procMount: CheckPod = (spec) => {
  const isBad = ({ procMount }: SecurityContext) => procMount !== undefined && procMount !== "Default";
  const containers = badContainers(spec, isBad);
  if (containers.length === 0) return undefined;
  const types = sorted(
    containersOf(spec).flatMap(({ securityContext = {} }) =>
      isBad(securityContext) ? [securityContext.procMount!] : []
    ),
  );
  return {
    reason: "procMount",
    detail: `${named("container", containers)} must not set securityContext.procMount to ${quoted(types)}`,
  };
};

function seLinuxOptions(allowedTypes: readonly string[]): CheckPod {
  return (spec) => {
    const all = [spec, ...containersOf(spec)].map(({ securityContext }) => securityContext?.seLinuxOptions);
    const isBad = (options: typeof all[number]) =>
      options !== undefined &&
      (!allowedTypes.includes(options.type ?? "") || !!options.user || !!options.role);
    const who = setters(isBad(all[0]), badContainers(spec, ({ seLinuxOptions }) => isBad(seLinuxOptions)));
    if (who === undefined) return undefined;
    const types = sorted(all.flatMap((options) => {
      const type = options?.type ?? "";
      return allowedTypes.includes(type) ? [] : [type];
    }));
    const what = [
      ...types.length > 0 ? [named("type", types)] : [],
      ...all.some((options) => options?.user) ? ["user may not be set"] : [],
      ...all.some((options) => options?.role) ? ["role may not be set"] : [],
    ];
    return {
      reason: "seLinuxOptions",
      detail: `${who} set forbidden securityContext.seLinuxOptions: ${what.join("; ")}`,
    };
  };
}

/** Profiles that are set, but neither RuntimeDefault nor Localhost: a check of both levels. */
export const seccompProfile: CheckPod = (spec) => {
  const isBad = (profile?: { type: string }) =>
    profile !== undefined && profile.type !== "RuntimeDefault" && profile.type !== "Localhost";
  const pod = spec.securityContext?.seccompProfile;
  const who = setters(isBad(pod), badContainers(spec, ({ seccompProfile }) => isBad(seccompProfile)));
  if (who === undefined) return undefined;
  const profiles = [pod, ...containersOf(spec).map(({ securityContext }) => securityContext?.seccompProfile)];
  const types = sorted(profiles.flatMap((profile) => isBad(profile) ? [profile!.type] : []));
  return {
    reason: "seccompProfile",
    detail: `${who} must not set securityContext.seccompProfile.type to ${quoted(types)}`,
  };
};

function sysctls(allowed: readonly string[]): CheckPod {
  return (spec: PodSpec) => {
    const bad = (spec.securityContext?.sysctls ?? []).map(({ name }) => name).filter((name) => !allowed.includes(name));
    return bad.length === 0 ? undefined : { reason: "forbidden sysctls", detail: bad.join(", ") };
  };
}

const windowsHostProcess: CheckPod = (spec) => {
  const who = setters(
    spec.securityContext?.windowsOptions?.hostProcess === true,
    badContainers(spec, ({ windowsOptions }) => windowsOptions?.hostProcess === true),
  );
  return who === undefined
    ? undefined
    : { reason: "hostProcess", detail: `${who} must not set securityContext.windowsOptions.hostProcess=true` };
};

const SELINUX_TYPES = ["", "container_t", "container_init_t", "container_kvm_t"];
const SYSCTLS = [
  "kernel.shm_rmid_forced",
  "net.ipv4.ip_local_port_range",
  "net.ipv4.tcp_syncookies",
  "net.ipv4.ping_group_range",
  "net.ipv4.ip_unprivileged_port_start",
];
const SYSCTLS_27 = [...SYSCTLS, "net.ipv4.ip_local_reserved_ports"];
const SYSCTLS_29 = [
  ...SYSCTLS_27,
  ...["time", "intvl", "probes"].map((suffix) => `net.ipv4.tcp_keepalive_${suffix}`),
  "net.ipv4.tcp_fin_timeout",
];
const SYSCTLS_32 = [...SYSCTLS_29, "net.ipv4.tcp_rmem", "net.ipv4.tcp_wmem"];

/** In the order in which violations are told: by id. */
export const baselineChecks: readonly Check[] = [
  { id: "appArmorProfile", versions: [{ since: 0, check: appArmorProfile }] },
  { id: "capabilities_baseline", versions: [{ since: 0, check: capabilities }] },
  { id: "hostNamespaces", versions: [{ since: 0, check: hostNamespaces }] },
  { id: "hostPathVolumes", versions: [{ since: 0, check: hostPathVolumes }] },
  { id: "hostPorts", versions: [{ since: 0, check: hostPorts }] },
  { id: "hostProbesAndHostLifecycle", versions: [{ since: 34, check: hostProbesAndHostLifecycle }] },
  { id: "privileged", versions: [{ since: 0, check: privileged }] },
  {
    id: "procMount",
    versions: [
      { since: 0, check: procMount },
      { since: 35, check: (spec, metadata) => inUserNamespace(spec) ? undefined : procMount(spec, metadata) },
    ],
  },
  {
    id: "seLinuxOptions",
    versions: [
      { since: 0, check: seLinuxOptions(SELINUX_TYPES) },
      { since: 31, check: seLinuxOptions([...SELINUX_TYPES, "container_engine_t"]) },
    ],
  },
  { id: "seccompProfile_baseline", versions: [{ since: 19, check: seccompProfile }] },
  {
    id: "sysctls",
    versions: [
      { since: 0, check: sysctls(SYSCTLS) },
      { since: 27, check: sysctls(SYSCTLS_27) },
      { since: 29, check: sysctls(SYSCTLS_29) },
      { since: 32, check: sysctls(SYSCTLS_32) },
    ],
  },
  { id: "windowsHostProcess", versions: [{ since: 0, check: windowsHostProcess }] },
];
