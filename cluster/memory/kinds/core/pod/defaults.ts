/**
 * Defaults of pods and of pods in templates.
 *
 * Source: `pkg/apis/core/v1/defaults.go`, `zz_generated.defaults.go`, `conversion.go`.
 */
import type { Draft } from "../../object.ts";
import { formatQuantity, roundUpToMilli } from "../../quantity.ts";
import type { Container, Pod, PodSpec } from "../../schema/types.ts";
import { defaultContainer } from "./container_defaults.ts";
import { containerLimits, containerRequests, isPodLevelResource } from "./resources.ts";
import { defaultVolume } from "./volume_defaults.ts";

type Resources = Record<string, string> | undefined;

/** Amounts finer than a thousandth are rounded up. */
export function defaultResourceList(list: Resources): void {
  for (const name in list) list[name] = formatQuantity(roundUpToMilli(list[name]));
}

/** What a pod has beyond a template's pod: requests from limits, host ports, service links. */
export function defaultPod(pod: Draft<Pod>): void {
  const spec = pod.spec;
  for (const container of [...spec.containers ?? [], ...spec.initContainers ?? []]) requestsFromLimits(container);
  defaultHugePageLimits(spec);
  defaultPodRequests(spec);
  spec.enableServiceLinks ??= true;
  if (spec.hostNetwork) {
    for (const container of [...spec.containers ?? [], ...spec.initContainers ?? []]) {
      for (const port of container.ports ?? []) port.hostPort ||= port.containerPort;
    }
  }
  defaultPodSpec(spec);
  if ((spec.terminationGracePeriodSeconds ?? 0) < 0) spec.terminationGracePeriodSeconds = 1;
  const { status } = pod;
  if (status?.podIPs?.length) {
    if (status.podIP && status.podIP !== status.podIPs[0].ip) status.podIPs = [{ ip: status.podIP }];
    status.podIP = status.podIPs[0].ip;
  } else if (status?.podIP) status.podIPs = [{ ip: status.podIP }];
}

/** What every pod has, in a template too. */
export function defaultPodSpec(spec: Draft<PodSpec>): void {
  spec.dnsPolicy ||= "ClusterFirst";
  spec.restartPolicy ||= "Always";
  spec.securityContext ??= {};
  spec.terminationGracePeriodSeconds ??= 30;
  spec.schedulerName ||= "default-scheduler";
  for (const volume of spec.volumes ?? []) defaultVolume(volume);
  for (const container of [...spec.containers ?? [], ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []]) {
    defaultContainer(container);
    defaultResourceList(container.resources?.limits);
    defaultResourceList(container.resources?.requests);
  }
  defaultResourceList(spec.overhead);
  defaultResourceList(spec.resources?.limits);
  defaultResourceList(spec.resources?.requests);
  aliasServiceAccount(spec);
}

/** `serviceAccount` is the old name of `serviceAccountName`; both are always shown. */
function aliasServiceAccount(spec: Draft<PodSpec>): void {
  spec.serviceAccountName ||= spec.serviceAccount;
  if (spec.serviceAccountName) spec.serviceAccount = spec.serviceAccountName;
  else {
    delete spec.serviceAccount;
    delete spec.serviceAccountName;
  }
}

function requestsFromLimits(container: Draft<Container>): void {
  const limits = container.resources?.limits;
  if (limits === undefined || limits === null) return;
  container.resources.requests = { ...limits, ...container.resources.requests };
}

/** Huge pages that containers may use are counted together, when the pod says anything of resources itself. */
function defaultHugePageLimits(spec: Draft<PodSpec>): void {
  const { resources } = spec;
  if (!resources || isEmpty(resources.limits) && isEmpty(resources.requests)) return;
  const limits: Record<string, string> = { ...resources.limits };
  for (const [name, quantity] of Object.entries(containerLimits(spec))) {
    if (!name.startsWith("hugepages-") || resources.requests?.[name] !== undefined) continue;
    limits[name] ??= formatQuantity(quantity);
  }
  if (!isEmpty(limits)) resources.limits = limits;
}

/** What the pod limits but does not request, it requests: as much as its containers do, or else the limit. */
function defaultPodRequests(spec: Draft<PodSpec>): void {
  const { resources } = spec;
  if (!resources || isEmpty(resources.limits)) return;
  const requests: Record<string, string> = { ...resources.requests };
  for (const [name, quantity] of Object.entries(containerRequests(spec))) {
    if (name === "cpu" || name === "memory") requests[name] ??= formatQuantity(quantity);
  }
  for (const [name, limit] of Object.entries(resources.limits!)) {
    if (isPodLevelResource(name)) requests[name] ??= limit;
  }
  if (!isEmpty(requests)) resources.requests = requests;
}

const isEmpty = (list: object | undefined): boolean => Object.keys(list ?? {}).length === 0;
