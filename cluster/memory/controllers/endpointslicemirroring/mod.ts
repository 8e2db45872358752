/**
 * Mirrors Endpoints that somebody wrote by hand, for a Service without a selector, in EndpointSlices.
 *
 * Source: `pkg/controller/endpointslicemirroring`.
 */
import { splitKey } from "../../api/informer.ts";
import { endpoints as endpointsKind, endpointSlices, services as serviceKind } from "../../api/kind_refs.ts";
import type { EndpointAddress, Endpoints, EndpointSlice, EndpointSubset, Service } from "../../kinds/schema/types.ts";
import { SERVICE_NAME } from "../../network/service_slices.ts";
import { same } from "../conditions.ts";
import { type Controller, type ControllerContext, isNotFound, keyOfObject, reconcileQueue } from "../controller.ts";
import { newControllerRef } from "../controller_ref.ts";
import { isIPv6 } from "../endpointslice/endpoint.ts";
import { serviceSelector } from "../endpointslice/services_of_pod.ts";
import { MANAGED_BY } from "../endpointslice/slices.ts";
import { TRIGGER_TIME } from "../endpointslice/trigger_time.ts";
import { indexByLabels, labelled } from "../label_index.ts";

const CONTROLLER_NAME = "endpointslicemirroring-controller.k8s.io";
const SKIP_MIRROR = "endpointslice.kubernetes.io/skip-mirror";
const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";
/** The most addresses of a subset that are mirrored. */
const MAX_ADDRESSES = 1000;

export function startEndpointSliceMirroring(context: ControllerContext): Controller {
  const { client, informers } = context;
  const endpoints = informers.for<Endpoints>(endpointsKind);
  const services = informers.for<Service>(serviceKind);
  const slices = indexByLabels(informers.for<EndpointSlice>(endpointSlices));

  const replace = async ({ metadata }: EndpointSlice, slice: EndpointSlice): Promise<void> => {
    const { labels, annotations } = slice.metadata;
    await client.update(endpointSlices, { ...slice, metadata: { ...metadata, labels, annotations } });
  };

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const source = endpoints.get(namespace, name);
    const service = services.get(namespace, name);
    const mirrored = source !== undefined && service !== undefined && isMirrored(source, service);
    const wanted = mirrored ? slicesOf(source) : [];
    const existing = labelled(slices, namespace!, { [SERVICE_NAME]: name, [MANAGED_BY]: CONTROLLER_NAME });
    const takeWhere = (fits: (slice: EndpointSlice) => boolean): EndpointSlice | undefined => {
      const index = existing.findIndex(fits);
      return index < 0 ? undefined : existing.splice(index, 1)[0];
    };
    const ofOtherPorts: EndpointSlice[] = [];
    for (const slice of wanted) {
      const found = takeWhere((other) => other.addressType === slice.addressType && same(other.ports, slice.ports));
      if (found === undefined) ofOtherPorts.push(slice);
      else if (!same(found.endpoints, slice.endpoints) || !same(found.metadata.labels, slice.metadata.labels)) {
        await replace(found, slice);
      }
    }
    // What would be deleted becomes what would be created.
    for (const slice of ofOtherPorts) {
      const free = takeWhere(({ addressType }) => addressType === slice.addressType);
      if (free === undefined) await client.create(endpointSlices, slice);
      else await replace(free, slice);
    }
    for (const { metadata } of existing) {
      try {
        await client.delete(endpointSlices, metadata.namespace, metadata.name!);
      } catch (error) {
        if (!isNotFound(error)) throw error;
      }
    }
  };
  const queue = reconcileQueue(context, reconcile, { retries: 15 });
  const add = (object: Endpoints | Service) => queue.add(keyOfObject(object));
  endpoints.on({ added: add, updated: (object) => add(object), deleted: add });
  services.on({ added: add, updated: (service, old) => same(service.spec, old.spec) ? undefined : add(service) });
  return queue;
}

const isMirrored = ({ metadata }: Endpoints, service: Service): boolean =>
  metadata.labels?.[SKIP_MIRROR] !== "true" &&
  metadata.annotations?.["control-plane.alpha.kubernetes.io/leader"] === undefined &&
  serviceSelector(service) === undefined;

function slicesOf(source: Endpoints): EndpointSlice[] {
  return (source.subsets ?? []).flatMap((subset) =>
    ["IPv4", "IPv6"].flatMap((addressType) => {
      const ofType = ({ ip }: EndpointAddress) => isIPv6(ip) === (addressType === "IPv6");
      const ready = (subset.addresses ?? []).filter(ofType).map((address) => endpointOf(address, true));
      const others = (subset.notReadyAddresses ?? []).filter(ofType).map((address) => endpointOf(address, false));
      const all = [...ready, ...others].slice(0, MAX_ADDRESSES);
      return all.length === 0 ? [] : [sliceOf(source, subset, addressType, all)];
    })
  );
}

function endpointOf({ ip, hostname, nodeName, targetRef }: EndpointAddress, ready: boolean) {
  return {
    addresses: [ip],
    conditions: { ready },
    ...hostname ? { hostname } : {},
    ...nodeName ? { nodeName } : {},
    ...targetRef === undefined ? {} : { targetRef },
  };
}

function sliceOf(
  { metadata, ...rest }: Endpoints,
  { ports = [] }: EndpointSubset,
  addressType: string,
  endpoints: NonNullable<EndpointSlice["endpoints"]>,
): EndpointSlice {
  const { [LAST_APPLIED]: _, [TRIGGER_TIME]: __, ...annotations } = metadata.annotations ?? {};
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: {
      generateName: `${metadata.name}-`,
      namespace: metadata.namespace,
      labels: { ...metadata.labels, [SERVICE_NAME]: metadata.name!, [MANAGED_BY]: CONTROLLER_NAME },
      ...Object.keys(annotations).length === 0 ? {} : { annotations },
      ownerReferences: [newControllerRef({ metadata, ...rest }, endpointsKind)],
    },
    addressType,
    endpoints,
    ports: ports.map(({ name = "", port, protocol = "TCP", appProtocol }) => ({
      name,
      port,
      protocol,
      ...appProtocol === undefined ? {} : { appProtocol },
    })),
  };
}
