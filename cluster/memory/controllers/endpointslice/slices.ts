/** The slices of one Service: which there should be, and the writes that make them so. */
import type { Client } from "../../api/client.ts";
import { endpointSlices, services as serviceKind } from "../../api/kind_refs.ts";
import type { DiscoveryV1EndpointPort, Endpoint, EndpointSlice, Node, Pod, Service } from "../../kinds/schema/types.ts";
import { SERVICE_NAME } from "../../network/service_slices.ts";
import { same } from "../conditions.ts";
import { isNamespaceTerminating, messageOf } from "../controller.ts";
import { newControllerRef } from "../controller_ref.ts";
import { addressTypesOf, belongsToEndpoints, endpointOf, endpointPorts, hasClusterIP } from "./endpoint.ts";
import { pack, type Plan } from "./packing.ts";
import { withTriggerTime } from "./trigger_time.ts";

export const CONTROLLER_NAME = "endpointslice-controller.k8s.io";
export const MANAGED_BY = "endpointslice.kubernetes.io/managed-by";
const HEADLESS = "service.kubernetes.io/headless";
const RESERVED = new Set([MANAGED_BY, SERVICE_NAME, HEADLESS]);

export interface Wanted {
  readonly service: Service;
  readonly pods: readonly Pod[];
  readonly existing: readonly EndpointSlice[];
  readonly nodeOf: (name: string) => Node | undefined;
}

/** Plans the slices of a Service. @returns the plan, and what kept pods from being endpoints */
export function planSlices(wanted: Wanted): { readonly plan: Plan; readonly errors: readonly Error[] } {
  const types = addressTypesOf(wanted.service);
  const plan: Plan = { create: [], update: [], remove: [] };
  const errors: Error[] = [];
  for (const type of types) {
    const partial = planType(wanted, type, errors);
    plan.create.push(...partial.create);
    plan.update.push(...partial.update);
    plan.remove.push(...partial.remove);
  }
  plan.remove.push(...wanted.existing.filter(({ addressType }) => !types.includes(addressType)));
  return { plan, errors };
}

function planType({ service, pods, existing, nodeOf }: Wanted, addressType: string, errors: Error[]): Plan {
  const slices = existing.filter((slice) => slice.addressType === addressType);
  const byPorts = new Map<string, { ports: readonly DiscoveryV1EndpointPort[]; endpoints: Endpoint[] }>();
  for (const pod of pods) {
    if (!belongsToEndpoints(pod, true)) continue;
    const ports = endpointPorts(service, pod);
    const key = portsKey(ports);
    if (!byPorts.has(key)) byPorts.set(key, { ports, endpoints: [] });
    const node = nodeOf(pod.spec.nodeName ?? "");
    if (node === undefined && !service.spec.publishNotReadyAddresses) {
      const { namespace, name } = service.metadata;
      const subject = `skipping Pod ${pod.metadata.name} for Service ${namespace}/${name}`;
      errors.push(new Error(`${subject}: Node ${pod.spec.nodeName ?? ""} Not Found`));
      continue;
    }
    const endpoint = endpointOf(pod, node, service, addressType);
    if (endpoint.addresses.length > 0) byPorts.get(key)!.endpoints.push(endpoint);
  }
  const plan: Plan = { create: [], update: [], remove: slices.filter((slice) => !ownedBy(slice, service)) };
  const owned = slices.filter((slice) => ownedBy(slice, service));
  for (const [key, { ports, endpoints }] of byPorts) {
    const partial = pack(
      owned.filter((slice) => portsKey(slice.ports) === key),
      endpoints,
      (slice) => withLabels(slice, service),
      () => newSlice(service, addressType, ports),
    );
    plan.create.push(...partial.create);
    plan.update.push(...partial.update);
    plan.remove.push(...partial.remove);
  }
  plan.remove.push(...owned.filter((slice) => !byPorts.has(portsKey(slice.ports))));

  // A Service always has a slice, if an empty one: who watches knows that there is nobody, not that nobody knows.
  if (plan.remove.length === slices.length && plan.create.length === 0) {
    const placeholder = newSlice(service, addressType, []);
    const [only] = plan.remove;
    if (plan.remove.length === 1 && isPlaceholder(only, placeholder)) plan.remove.length = 0;
    else plan.create.push(placeholder);
  }
  return plan;
}

/** @param ports null where they were written empty */
const portsKey = (ports?: readonly DiscoveryV1EndpointPort[] | null): string =>
  (ports ?? []).map(({ name = "", port, protocol, appProtocol }) => [name, port, protocol, appProtocol].join("/"))
    .sort()
    .join();

const ownedBy = ({ metadata }: EndpointSlice, { metadata: { uid } }: Service): boolean =>
  metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.kind === "Service") === true;

function isPlaceholder(slice: EndpointSlice, placeholder: EndpointSlice): boolean {
  return (slice.endpoints ?? []).length === 0 && (slice.ports ?? []).length === 0 &&
    same(slice.metadata.labels, placeholder.metadata.labels);
}

function newSlice(service: Service, addressType: string, ports: readonly DiscoveryV1EndpointPort[]): EndpointSlice {
  const { name, namespace } = service.metadata;
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${name}-`,
      namespace,
      labels: labelsOf(service),
      ownerReferences: [newControllerRef(service, serviceKind)],
    },
    addressType,
    endpoints: [],
    ports,
  };
}

function labelsOf(service: Service): Readonly<Record<string, string>> {
  const own = Object.entries(service.metadata.labels ?? {}).filter(([key]) => !RESERVED.has(key));
  return {
    ...Object.fromEntries(own),
    ...hasClusterIP(service) ? {} : { [HEADLESS]: "" },
    [SERVICE_NAME]: service.metadata.name!,
    [MANAGED_BY]: CONTROLLER_NAME,
  };
}

function withLabels(slice: EndpointSlice, service: Service): EndpointSlice {
  const labels = labelsOf(service);
  const visible = (all: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(Object.entries(all).filter(([key]) => !RESERVED.has(key)));
  if (same(visible(slice.metadata.labels), visible(labels))) return slice;
  return { ...slice, metadata: { ...slice.metadata, labels } };
}

/**
 * Carries a plan out. A slice to create takes the place of one to delete where it can.
 *
 * @param wrote told of each slice as the API has it, and of the names of those that were deleted
 */
export async function applyPlan(
  client: Client,
  service: Service,
  plan: Plan,
  triggerTime: string | undefined,
  wrote: (slice: EndpointSlice | string) => void,
): Promise<void> {
  const { namespace, name } = service.metadata;
  const [create, update, remove] = [[...plan.create], [...plan.update], [...plan.remove]];
  for (let i = 0; i < remove.length && create.length > 0;) {
    const [old, fresh] = [remove[i], create.at(-1)!];
    if (old.addressType !== fresh.addressType || !ownedBy(old, service)) {
      i++;
      continue;
    }
    create.pop();
    remove.splice(i, 1);
    update.push({ ...fresh, metadata: { ...fresh.metadata, name: old.metadata.name } });
  }
  const stamped = (slice: EndpointSlice): EndpointSlice => {
    const annotations = withTriggerTime(slice.metadata.annotations, triggerTime);
    return { ...slice, metadata: { ...slice.metadata, annotations } };
  };
  const failed = (what: string, error: unknown) =>
    new Error(`failed to ${what} for Service ${namespace}/${name}: ${messageOf(error)}`);
  if (service.metadata.deletionTimestamp === undefined) {
    for (const slice of create) {
      try {
        wrote(await client.create(endpointSlices, stamped(slice)));
      } catch (error) {
        if (isNamespaceTerminating(error)) return;
        throw failed("create EndpointSlice", error);
      }
    }
  }
  for (const slice of update) {
    try {
      wrote(await client.update(endpointSlices, stamped(slice)));
    } catch (error) {
      throw failed(`update ${slice.metadata.name} EndpointSlice`, error);
    }
  }
  for (const slice of remove) {
    try {
      await client.delete(endpointSlices, namespace, slice.metadata.name!);
      wrote(slice.metadata.name!);
    } catch (error) {
      throw failed(`delete ${slice.metadata.name} EndpointSlice`, error);
    }
  }
}
