/** What a kubelet may report of a pod. Source: ValidatePodStatusUpdate of `pkg/apis/core/validation/validation.go`. */
import { child, duplicate, type FieldError, forbidden, invalid, required } from "../../../field_error.ts";
import { internalJson } from "../../../go/internal_json.ts";
import { isDualStack, validateIp } from "../../../ip_address.ts";
import { check, dns1123Label, dns1123Subdomain, qualifiedName, unixId } from "../../../names.ts";
import type { Container, ContainerStatus, Pod, PodSpec, PodStatus } from "../../../schema/types.ts";
import { validateDeviceStatuses } from "./device_status.ts";
import { updateOptions, validateAnnotationChanges } from "./update.ts";

const SYSTEM_CONDITIONS = ["PodScheduled", "Ready", "Initialized"];

export function validatePodStatusUpdate(pod: Pod, old: Pod): FieldError[] {
  const { status, spec } = pod;
  const before = old.status;
  const errors = validateAnnotationChanges(pod, old, updateOptions(old));
  for (const [i, { type, observedGeneration = 0 }] of (status.conditions ?? []).entries()) {
    const at = child("status.conditions", i);
    if (observedGeneration < 0) {
      errors.push(invalid(child(at, "observedGeneration"), observedGeneration, "must be a non-negative integer"));
    }
    if (!SYSTEM_CONDITIONS.includes(type)) errors.push(...check(child(at, "Type"), type, qualifiedName));
  }
  if ((spec.nodeName ?? "") !== (old.spec.nodeName ?? "")) {
    errors.push(forbidden("status.nodeName", "may not be changed directly"));
  }
  const nominated = status.nominatedNodeName ?? "";
  if (nominated !== "" && nominated !== before?.nominatedNodeName) {
    errors.push(...check("status.nominatedNodeName", nominated, dns1123Subdomain));
    if (old.spec.nodeName) {
      errors.push(forbidden("status.nominatedNodeName", "may not be set on pods that are already bound to a node"));
    }
  }
  if ((status.observedGeneration ?? 0) < 0) {
    errors.push(invalid("status.observedGeneration", status.observedGeneration, "must be a non-negative integer"));
  }
  if ((status.qosClass ?? "") !== (before?.qosClass ?? "")) {
    errors.push(invalid("status.qosClass", status.qosClass ?? "", "field is immutable"));
  }
  errors.push(
    ...validateTransitions(status, before, old.spec),
    ...validateClaimStatuses(status, spec),
    ...validateExtendedClaims(status, spec),
    ...validateIps(status.podIPs, before?.podIPs, "podIPs", "PodIP"),
    ...validateHostIps(status, before),
  );
  for (const field of STATUS_FIELDS) errors.push(...validateUsers(status[field], child("status", field), spec));
  errors.push(
    ...validateDeviceStatuses(status.containerStatuses, spec.containers ?? [], "status.containerStatuses"),
    ...validateDeviceStatuses(status.initContainerStatuses, spec.initContainers, "status.initContainerStatuses"),
  );
  for (const [i, it] of (status.ephemeralContainerStatuses ?? []).entries()) {
    if (!it.allocatedResourcesStatus?.length) continue;
    const at = child("status.ephemeralContainerStatuses", i, "allocatedResourcesStatus");
    errors.push(forbidden(at, "must not be specified in container status"));
  }
  return errors;
}

const STATUS_FIELDS = ["containerStatuses", "initContainerStatuses", "ephemeralContainerStatuses"] as const;

/** A container that ended stays so, unless its restart policy or a rule starts it again. */
function validateTransitions(status: PodStatus, before: PodStatus | undefined, spec: PodSpec): FieldError[] {
  const all = [...spec.containers ?? [], ...spec.initContainers ?? []];
  const anyRestartsAll = all.some(({ restartPolicyRules }) =>
    restartPolicyRules?.some(({ action }) => action === "RestartAllContainers")
  );
  return STATUS_FIELDS.flatMap((field) => {
    const ephemeral = field === "ephemeralContainerStatuses";
    if (anyRestartsAll && !ephemeral) return [];
    const containers = field === "initContainerStatuses" ? spec.initContainers : spec.containers;
    return (before?.[field] ?? []).flatMap(({ name, state }, i) => {
      const ended = state?.terminated;
      if (!ended) return [];
      const now = status[field]?.find((it) => it.name === name);
      if (now === undefined || now.state?.terminated) return [];
      const container = ephemeral ? undefined : containers?.find((it) => it.name === name);
      if (container && shouldRestart(container, spec, ended.exitCode)) return [];
      return [forbidden(child("status", field, i, "state"), "may not be transitioned to non-terminated state")];
    });
  });
}

/** Whether a container starts again after it ended with `exitCode`. Source: `pkg/api/v1/pod/util.go`. */
export function shouldRestart(container: Container, spec: PodSpec, exitCode: number): boolean {
  for (const { action, exitCodes } of container.restartPolicyRules ?? []) {
    const listed = exitCodes?.values?.includes(exitCode) ?? false;
    if (exitCodes && (exitCodes.operator === "In" ? listed : !listed)) {
      return action === "Restart" || action === "RestartAllContainers";
    }
  }
  const policy = container.restartPolicy ?? spec.restartPolicy;
  return policy === "Always" || policy === "OnFailure" && exitCode !== 0;
}

function validateClaimStatuses({ resourceClaimStatuses = [] }: PodStatus, spec: PodSpec): FieldError[] {
  const seen = new Set<string>();
  return resourceClaimStatuses.flatMap(({ name, resourceClaimName }, i) => {
    const at = child("status.resourceClaimStatuses", i);
    const errors: FieldError[] = [];
    if (!spec.resourceClaims?.some((claim) => claim.name === name)) {
      errors.push(invalid(child(at, "name"), name, "must match the name of an entry in `spec.resourceClaims`"));
    }
    if (seen.has(name)) errors.push(duplicate(child(at, "name"), name));
    seen.add(name);
    if (resourceClaimName === undefined) return errors;
    return [...errors, ...check(child(at, "resourceClaimName"), resourceClaimName, dns1123Subdomain)];
  });
}

function validateExtendedClaims({ extendedResourceClaimStatus: status }: PodStatus, spec: PodSpec): FieldError[] {
  if (!status) return [];
  const at = "status.extendedResourceClaimStatus";
  const errors: FieldError[] = [];
  const mappings = status.requestMappings ?? [];
  if (mappings.length === 0) {
    errors.push(required(child(at, "requestMappings"), "at least one request mapping is required"));
  }
  const seen = new Set<string>();
  for (const [i, mapping] of mappings.entries()) {
    const { containerName, resourceName, requestName } = mapping;
    const path = child(at, "requestMappings", i);
    const container = [...spec.containers ?? [], ...spec.initContainers ?? []].find(({ name }) =>
      name === containerName
    );
    const where = "spec.initContainers.resources.requests or spec.containers.resources.requests";
    if (!container) {
      const message = "must match the name of an entry in spec.initContainers.name or spec.containers.name";
      errors.push(invalid(child(path, "containerName"), containerName, message));
    } else if (container.resources?.requests?.[resourceName] === undefined) {
      const message = `must match the extended resource name of an entry in ${where}`;
      errors.push(invalid(child(path, "resourceName"), resourceName, message));
    }
    errors.push(...check(child(at, "requestName"), requestName, dns1123Label));
    const key = JSON.stringify([containerName, resourceName, requestName]);
    if (seen.has(key)) {
      for (const field of ["containerName", "resourceName", "requestName"] as const) {
        errors.push(duplicate(child(path, field), mapping[field]));
      }
    }
    seen.add(key);
  }
  const name = status.resourceClaimName ?? "";
  const nameAt = child(at, "resourceClaimName");
  return [...errors, ...name === "" ? [required(nameAt)] : check(nameAt, name, dns1123Subdomain)];
}

type Ips = readonly { readonly ip: string }[] | undefined;

function validateIps(ips: Ips, old: Ips, field: string, type: string): FieldError[] {
  const at = child("status", field);
  const texts = (ips ?? []).map(({ ip }) => ip);
  const known = (old ?? []).map(({ ip }) => ip);
  const errors = texts.flatMap((ip, i) => validateIp(child(at, i), ip, known));
  if (texts.length > 1 && (texts.length > 2 || !isDualStack(texts))) {
    const values = ips!.map((ip) => internalJson(type, ip));
    errors.push(invalid(at, values, "may specify no more than one IP for each IP family"));
  }
  return errors;
}

function validateHostIps({ hostIP = "", hostIPs }: PodStatus, before: PodStatus | undefined): FieldError[] {
  if (!hostIPs?.length) return [];
  const first = hostIPs[0].ip;
  return [
    ...hostIP === first ? [] : [invalid("status.hostIPs[0].ip", first, "must be equal to `hostIP`")],
    ...validateIps(hostIPs, before?.hostIPs, "hostIPs", "HostIP"),
  ];
}

function validateUsers(statuses: readonly ContainerStatus[] = [], path: string, { os }: PodSpec): FieldError[] {
  return statuses.flatMap(({ user }, i) => {
    const linux = user?.linux;
    if (!linux) return [];
    const at = child(path, i, "user", "linux");
    if (os?.name === "windows") return [forbidden(at, "cannot be set for a windows pod")];
    const id = (value: number, field: string) => unixId(value).map((message) => invalid(field, value, message));
    return [
      ...id(linux.uid, child(at, "uid")),
      ...id(linux.gid, child(at, "gid")),
      ...(linux.supplementalGroups ?? []).flatMap((gid, j) => id(gid, child(at, "supplementalGroups", j))),
    ];
  });
}
