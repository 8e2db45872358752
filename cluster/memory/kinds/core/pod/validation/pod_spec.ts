/** A pod's spec as a whole, of a pod and of a template. Source: `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, invalid, notSupported, required } from "../../../field_error.ts";
import { check, dns1123Label, dns1123Subdomain, qualifiedName, rangeError, type Rule } from "../../../names.ts";
import { validateLabels } from "../../../object_meta.ts";
import type { ObjectMeta, PodSchedulingGate, PodSpec } from "../../../schema/types.ts";
import { validateAffinity } from "./affinity.ts";
import { validateContainers, validateEphemeralContainers, validateInitContainers } from "./containers.ts";
import { validateDnsConfig, validateDnsPolicy, validateHostAliases, validateHostnameOverride } from "./dns.ts";
import { validateFileKeyVolumes } from "./env.ts";
import type { PodOptions } from "./options.ts";
import { validateHostNetworkPorts } from "./ports.ts";
import { validateResourceClaims } from "./resource_claims.ts";
import { validateOverhead, validatePodResources } from "./resources.ts";
import { validateRestartPolicy } from "./restart_policy.ts";
import { validateHostUsers, validatePodSecurityContext } from "./security_context.ts";
import { validateTolerations } from "./tolerations.ts";
import { validateTopologySpread } from "./topology_spread.ts";
import { validateVolumes } from "./volumes.ts";
import { validateHostProcess, validateOs } from "./windows.ts";

const MAX_INT32 = 2147483647;
const PREEMPTION_POLICIES = ["PreemptLowerPriority", "Never"];

/** @param meta the pod's metadata, none for a template */
export function validatePodSpec(spec: PodSpec, meta: ObjectMeta | undefined, path: string, options: PodOptions) {
  const at = (field: string) => child(path, field);
  const { errors: volumeErrors, right: volumes } = validateVolumes(spec.volumes, meta, at("volumes"), options);
  const claims = new Set((spec.resourceClaims ?? []).map(({ name }) => name).filter((name) => name));
  const context = { spec, volumes, claims, options };
  return [
    ...(spec.terminationGracePeriodSeconds ?? undefined) === undefined
      ? [required(at("terminationGracePeriodSeconds"))]
      : [],
    ...volumeErrors,
    ...validateResourceClaims(meta, spec.resourceClaims, at("resourceClaims")),
    ...validateContainers(at("containers"), context),
    ...validateInitContainers(at("initContainers"), context),
    ...validateEphemeralContainers(at("ephemeralContainers"), context),
    ...validatePodResources(spec, claims, path, options),
    ...validateHostNetworkPorts(spec, path, options.isPod),
    ...validateRestartPolicy(spec.restartPolicy, at("restartPolicy")),
    ...validateDnsPolicy(spec.dnsPolicy, at("dnsPolicy")),
    ...validateLabels(spec.nodeSelector, at("nodeSelector")),
    ...validatePodSecurityContext(spec, at("securityContext"), options),
    ...validateAffinity(spec.affinity, at("affinity"), options),
    ...validateDnsConfig(spec.dnsConfig, spec.dnsPolicy, at("dnsConfig")),
    ...(spec.readinessGates ?? []).flatMap(({ conditionType = "" }, i) =>
      check(child(path, "readinessGates", i, "conditionType"), conditionType, qualifiedName)
    ),
    ...validateSchedulingGates(spec.schedulingGates, at("schedulingGates")),
    ...validateTopologySpread(spec.topologySpreadConstraints, at("topologySpreadConstraints"), options),
    ...validateHostProcess(spec, path),
    ...validateHostUsers(spec, path, options),
    ...validateHostnameOverride(spec, path),
    ...validateReferences(spec, path, options),
    ...spec.overhead ? validateOverhead(spec.overhead, at("overhead"), options) : [],
    ...validateOs(spec, path),
    ...validateFileKeyVolumes(spec, path),
  ];
}

/** Names and numbers that stand alone. */
function validateReferences(spec: PodSpec, path: string, options: PodOptions): FieldError[] {
  const at = (field: string) => child(path, field);
  const named = (field: keyof PodSpec, rule: Rule) => spec[field] ? check(at(field), spec[field] as string, rule) : [];
  const deadline = spec.activeDeadlineSeconds ?? undefined;
  return [
    ...named("serviceAccountName", dns1123Subdomain),
    ...named("nodeName", dns1123Subdomain),
    ...deadline !== undefined && (deadline < 1 || deadline > MAX_INT32)
      ? [invalid(at("activeDeadlineSeconds"), deadline, rangeError(1, MAX_INT32))]
      : [],
    ...named("hostname", dns1123Label),
    ...named("subdomain", dns1123Label),
    ...validateTolerations(spec.tolerations, at("tolerations"), options),
    ...validateHostAliases(spec.hostAliases, at("hostAliases")),
    ...named("priorityClassName", dns1123Subdomain),
    ...spec.runtimeClassName === undefined
      ? []
      : check(at("runtimeClassName"), spec.runtimeClassName, dns1123Subdomain),
    ...validatePreemptionPolicy(spec.preemptionPolicy, at("preemptionPolicy")),
  ];
}

export function validatePreemptionPolicy(policy: string | undefined, path: string): FieldError[] {
  if (policy === undefined) return [];
  if (policy === "") return [required(path)];
  return PREEMPTION_POLICIES.includes(policy) ? [] : [notSupported(path, policy, PREEMPTION_POLICIES)];
}

function validateSchedulingGates(gates: readonly PodSchedulingGate[] = [], path: string): FieldError[] {
  const seen = new Set<string>();
  return gates.flatMap(({ name = "" }, i) => {
    const errors = check(child(path, i), name, qualifiedName);
    if (seen.has(name)) errors.push(duplicate(child(path, i), name));
    seen.add(name);
    return errors;
  });
}
