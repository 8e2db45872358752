/**
 * What a client is told about a pod that is accepted but unlikely to be meant so.
 *
 * Source: `pkg/api/pod/warnings.go`.
 */
import { child, keyed } from "../../field_error.ts";
import { ipWarnings } from "../../ip_address.ts";
import { quantityMilliValue } from "../../quantity.ts";
import type { Container, ObjectMeta, PodSpec, PodTemplateSpec } from "../../schema/types.ts";
import { labelDeprecation, nodeSelectorTermWarnings } from "../../node_label_deprecation.ts";
import { claimSpecWarnings } from "../claim_spec.ts";
import { eachContainer } from "./containers.ts";
import { portWarnings } from "./port_warnings.ts";
import { APP_ARMOR_CONTAINER, SECCOMP_CONTAINER, SECCOMP_POD } from "./validation/annotations.ts";
import { overlapWarnings } from "./volume_overlaps.ts";

export const templateWarnings = (template: PodTemplateSpec, path: string): string[] =>
  podWarnings(template.spec, template.metadata ?? {}, path);

/** @param path "" for a pod itself */
export function podWarnings(spec: PodSpec, meta: ObjectMeta, path: string): string[] {
  const at = (...steps: (string | number)[]) => child(path, "spec", ...steps);
  const warnings = [...placementWarnings(spec, at), ...annotationWarnings(meta, path), ...volumeWarnings(spec, at)];
  warnings.push(
    ...overlapWarnings(spec.volumes),
    ...repeated(spec.hostAliases, ({ ip }) => ip, (ip, i) => `${at("hostAliases", i, "ip")}: duplicate ip "${ip}"`),
    ...repeated(
      spec.imagePullSecrets,
      ({ name = "" }) => name,
      (name, i) => `${at("imagePullSecrets", i, "name")}: duplicate name "${name}"`,
    ),
  );
  for (const [i, { name }] of (spec.imagePullSecrets ?? []).entries()) {
    if (!name) warnings.push(`${at("imagePullSecrets", i, "name")}: invalid empty name ""`);
  }
  warnings.push(...fractional(spec.overhead, "memory", at("overhead")));
  warnings.push(...fractional(spec.overhead, "ephemeral-storage", at("overhead")));
  const annotations = child(path, "metadata", "annotations");
  if (!spec.securityContext?.seccompProfile && meta.annotations?.[SECCOMP_POD] !== undefined) {
    warnings.push(`${keyed(annotations, SECCOMP_POD)}: ${SECCOMP_TEXT}`);
  }
  for (const [container, containerAt] of eachContainer(spec, child(path, "spec"))) {
    warnings.push(...profileWarnings(container, spec, meta, path), ...containerWarnings(container, containerAt));
  }
  warnings.push(...portWarnings(spec, child(path, "spec")));
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) {
    const text = "must be >= 0; negative values are invalid and will be treated as 1";
    warnings.push(`${at("terminationGracePeriodSeconds")}: ${text}`);
  }
  for (const field of ["podAffinity", "podAntiAffinity"] as const) {
    warnings.push(...nullSelectors(spec, field, at("affinity", field)));
  }
  spec.dnsConfig?.nameservers?.forEach((ip, i) => warnings.push(...ipWarnings(at("dnsConfig", "nameservers", i), ip)));
  spec.hostAliases?.forEach(({ ip }, i) => warnings.push(...ipWarnings(at("hostAliases", i, "ip"), ip)));
  return warnings;
}

const SECCOMP_TEXT = 'non-functional in v1.27+; use the "seccompProfile" field instead';
type At = (...steps: (string | number)[]) => string;

/** Labels of nodes that have other names now, and constraints that select nothing. */
function placementWarnings(spec: PodSpec, at: At): string[] {
  const warnings: string[] = [];
  for (const key of Object.keys(spec.nodeSelector ?? {})) {
    const text = labelDeprecation(key);
    if (text !== undefined) warnings.push(`${keyed(at("nodeSelector"), key)}: ${text}`);
  }
  const node = spec.affinity?.nodeAffinity;
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  for (const [i, term] of (node?.[required]?.nodeSelectorTerms ?? []).entries()) {
    const termAt = at("affinity", "nodeAffinity", required, "nodeSelectorTerms", i);
    warnings.push(...nodeSelectorTermWarnings(term, false, termAt));
  }
  for (const [i, { preference }] of (node?.[preferred] ?? []).entries()) {
    const termAt = at("affinity", "nodeAffinity", preferred, i, "preference");
    warnings.push(...nodeSelectorTermWarnings(preference ?? {}, true, termAt));
  }
  for (const [i, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const text = labelDeprecation(topologyKey);
    const constraint = (field: string) => at("topologySpreadConstraints", i, field);
    if (text !== undefined) warnings.push(`${constraint("topologyKey")}: ${topologyKey} is ${text}`);
    if (!labelSelector) warnings.push(`${constraint("labelSelector")}: ${NULL_SELECTOR}`);
  }
  return warnings;
}

const NULL_SELECTOR = "a null labelSelector results in matching no pod";

function nullSelectors(spec: PodSpec, field: "podAffinity" | "podAntiAffinity", path: string): string[] {
  const affinity = spec.affinity?.[field];
  const required = "requiredDuringSchedulingIgnoredDuringExecution";
  const preferred = "preferredDuringSchedulingIgnoredDuringExecution";
  return [
    ...(affinity?.[required] ?? []).flatMap(({ labelSelector }, i) =>
      labelSelector ? [] : [`${child(path, required, i, "labelSelector")}: ${NULL_SELECTOR}`]
    ),
    ...(affinity?.[preferred] ?? []).flatMap(({ podAffinityTerm }, i) =>
      podAffinityTerm?.labelSelector
        ? []
        : [`${child(path, preferred, i, "podAffinityTerm", "labelSelector")}: ${NULL_SELECTOR}`]
    ),
  ];
}

const DEPRECATED_ANNOTATIONS: Readonly<Record<string, string>> = {
  "scheduler.alpha.kubernetes.io/critical-pod": 'non-functional in v1.16+; use the "priorityClassName" field instead',
  "security.alpha.kubernetes.io/sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
  "security.alpha.kubernetes.io/unsafe-sysctls": 'non-functional in v1.11+; use the "sysctls" field instead',
};

const annotationWarnings = ({ annotations }: ObjectMeta, path: string): string[] =>
  Object.entries(DEPRECATED_ANNOTATIONS).flatMap(([key, text]) =>
    annotations?.[key] === undefined ? [] : [`${keyed(child(path, "metadata", "annotations"), key)}: ${text}`]
  );

/** Volumes that Kubernetes no longer serves, by field; the name in the message differs for one. */
const DEPRECATED_VOLUMES: readonly (readonly [keyof NonNullable<PodSpec["volumes"]>[number], string, string?])[] = [
  ["photonPersistentDisk", "deprecated in v1.11, non-functional in v1.16+"],
  ["gitRepo", "deprecated in v1.11, and disabled by default in v1.33+"],
  ["scaleIO", "deprecated in v1.16, non-functional in v1.22+"],
  ["flocker", "deprecated in v1.22, non-functional in v1.25+"],
  ["storageos", "deprecated in v1.22, non-functional in v1.25+", "storageOS"],
  ["quobyte", "deprecated in v1.22, non-functional in v1.25+"],
  ["glusterfs", "deprecated in v1.25, non-functional in v1.26+"],
  ["ephemeral", ""],
  ["cephfs", "deprecated in v1.28, non-functional in v1.31+"],
  ["rbd", "deprecated in v1.28, non-functional in v1.31+"],
];

function volumeWarnings(spec: PodSpec, at: At): string[] {
  return (spec.volumes ?? []).flatMap((volume, i) =>
    DEPRECATED_VOLUMES.flatMap(([field, text, name = field]) => {
      if (!volume[field]) return [];
      if (field !== "ephemeral") return [`${at("volumes", i, name)}: ${text}`];
      const template = volume.ephemeral?.volumeClaimTemplate;
      return template ? claimSpecWarnings(template.spec, at("volumes", i, field, "volumeClaimTemplate", "spec")) : [];
    })
  );
}

function repeated<T>(items: readonly T[] = [], key: (item: T) => string, text: (key: string, i: number) => string) {
  const seen = new Set<string>();
  return items.flatMap((item, i) => {
    const isRepeated = seen.has(key(item));
    seen.add(key(item));
    return isRepeated ? [text(key(item), i)] : [];
  });
}

/** Profiles that are still given by annotations. Of pods themselves, AppArmor's are turned into fields. */
function profileWarnings({ name, securityContext }: Container, spec: PodSpec, meta: ObjectMeta, path: string) {
  const warnings: string[] = [];
  const annotations = child(path, "metadata", "annotations");
  const seccomp = SECCOMP_CONTAINER + name;
  if (!securityContext?.seccompProfile && meta.annotations?.[seccomp] !== undefined) {
    warnings.push(`${keyed(annotations, seccomp)}: ${SECCOMP_TEXT}`);
  }
  const appArmor = APP_ARMOR_CONTAINER + name;
  const annotation = meta.annotations?.[appArmor];
  if (path === "" || securityContext?.appArmorProfile || annotation === undefined) return warnings;
  const pod = spec.securityContext?.appArmorProfile;
  const same = pod &&
    (pod.type === "Localhost"
      ? annotation === `localhost/${pod.localhostProfile}`
      : annotation === (pod.type === "Unconfined" ? "unconfined" : "runtime/default"));
  if (!same) {
    warnings.push(`${keyed(annotations, appArmor)}: deprecated since v1.30; use the "appArmorProfile" field instead`);
  }
  return warnings;
}

function containerWarnings(container: Container, path: string): string[] {
  const [limitsAt, requestsAt] = [child(path, "resources", "limits"), child(path, "resources", "requests")];
  const { limits, requests } = container.resources ?? {};
  const warnings = ["memory", "ephemeral-storage"].flatMap((name) => [
    ...fractional(limits, name, limitsAt),
    ...fractional(requests, name, requestsAt),
  ]);
  const seen = new Set<string>();
  for (const [i, { name, value = "", valueFrom }] of (container.env ?? []).entries()) {
    const reference = `$(${name})`;
    if (seen.has(name) && (valueFrom || value === reference || !value.includes(reference))) {
      const text = `hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`;
      warnings.push(`${child(path, "env", i)}: ${text}`);
    }
    seen.add(name);
  }
  return warnings;
}

function fractional(list: Readonly<Record<string, string>> | undefined, name: string, path: string): string[] {
  const value = list?.[name];
  if (value === undefined || quantityMilliValue(value) % 1000n === 0n) return [];
  return [`${keyed(path, name)}: fractional byte value "${value}" is invalid, must be an integer`];
}
