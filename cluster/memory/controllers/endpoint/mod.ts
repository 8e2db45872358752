/**
 * Keeps the (deprecated) Endpoints object of each Service with a selector.
 *
 * Source: `pkg/controller/endpoint/endpoints_controller.go`.
 */
import { splitKey } from "../../api/informer.ts";
import { endpoints as endpointsKind, pods as podKind, services as serviceKind } from "../../api/kind_refs.ts";
import type { EndpointAddress, Endpoints, Pod, Service } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import {
  type Controller,
  type ControllerContext,
  isNamespaceTerminating,
  isNotFound,
  keyOfObject,
  messageOf,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { belongsToEndpoints, findPort, hasClusterIP, hostnameFor, isIPv6 } from "../endpointslice/endpoint.ts";
import { indexServices, serviceSelector, servicesOfPod } from "../endpointslice/services_of_pod.ts";
import { TriggerTimes, withTriggerTime } from "../endpointslice/trigger_time.ts";
import { indexByLabels, labelled } from "../label_index.ts";
import { isReady } from "../pod_state.ts";
import { type Found, overCapacity, packSubsets, truncate } from "./subsets.ts";

const RETRIES = 15;
const MANAGED_BY = "endpoints.kubernetes.io/managed-by";
const CONTROLLER_NAME = "endpoint-controller";
const HEADLESS = "service.kubernetes.io/headless";
const OVER_CAPACITY = "endpoints.kubernetes.io/over-capacity";

export function startEndpointController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const services = indexServices(informers.for<Service>(serviceKind));
  const pods = indexByLabels(informers.for<Pod>(podKind));
  const endpoints = informers.for<Endpoints>(endpointsKind);
  const recorder = recorderOf(context, CONTROLLER_NAME);
  const triggers = new TriggerTimes();

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const service = services.get(namespace, name);
    if (service === undefined) {
      triggers.forget(key);
      return await removeLeftover(namespace, name);
    }
    if (service.spec.type === "ExternalName" || serviceSelector(service) === undefined) return;
    const selected = labelled(pods, namespace!, service.spec.selector!);
    const triggerTime = triggers.next(service, selected);
    const subsets = packSubsets(findAddresses(service, selected));
    const current = endpoints.get(namespace, name);
    if (current !== undefined && isCurrent(current, service, subsets)) return;

    const { [OVER_CAPACITY]: _, ...annotations } = withTriggerTime(current?.metadata.annotations, triggerTime);
    const desired: Endpoints = {
      apiVersion: "v1",
      kind: "Endpoints",
      metadata: {
        ...current?.metadata ?? { name, namespace },
        labels: labelsOf(service),
        annotations: overCapacity(subsets) ? { ...annotations, [OVER_CAPACITY]: "truncated" } : annotations,
      },
      subsets: truncate(subsets),
    };
    try {
      if (current === undefined) await client.create(endpointsKind, desired);
      else await client.update(endpointsKind, desired);
    } catch (error) {
      if (isNamespaceTerminating(error)) return;
      const [reason, what] = current === undefined
        ? ["FailedToCreateEndpoint", "create endpoint for service"]
        : ["FailedToUpdateEndpoint", "update endpoint"];
      recorder.event(desired, "Warning", reason, `Failed to ${what} ${key}: ${messageOf(error)}`);
      throw error;
    }
  };

  const removeLeftover = async (namespace: string | undefined, name: string) => {
    if (endpoints.get(namespace, name) === undefined) return;
    try {
      await client.delete(endpointsKind, namespace, name);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };

  const queue = reconcileQueue(context, reconcile, { retries: RETRIES });
  const add = (service: Service) => queue.add(keyOfObject(service));
  services.on({ added: add, updated: (service) => add(service), deleted: add });
  pods.on(servicesOfPod(services, (key) => queue.add(key)));
  endpoints.on({ deleted: (object) => queue.add(keyOfObject(object)) });
  // Endpoints whose Service went while nobody watched.
  void context.synced.then(() => {
    for (const { metadata } of endpoints.list()) {
      if (services.get(metadata.namespace, metadata.name!) === undefined) {
        queue.add(`${metadata.namespace}/${metadata.name}`);
      }
    }
  });
  return queue;
}

function findAddresses(service: Service, pods: readonly Pod[]): Found[] {
  const { publishNotReadyAddresses = false, ports = [], clusterIP } = service.spec;
  return pods.filter((pod) => belongsToEndpoints(pod, publishNotReadyAddresses)).flatMap((pod): Found[] => {
    const address = addressOf(service, pod);
    if (address === undefined) return [];
    const ready = publishNotReadyAddresses || isReady(pod);
    if (ports.length === 0) return clusterIP === "None" ? [{ address, ready }] : [];
    return ports.flatMap((port) => {
      const number = findPort(pod, port);
      if (number === undefined) return [];
      const { name, protocol = "TCP", appProtocol } = port;
      const named = name ? { name } : {};
      const protocols = { protocol, ...appProtocol === undefined ? {} : { appProtocol } };
      return [{ address, ready, port: { ...named, port: number, ...protocols } }];
    });
  });
}

function addressOf(service: Service, pod: Pod): EndpointAddress | undefined {
  const { ipFamilies: [family] = [], clusterIP } = service.spec;
  const wantsIPv6 = family === undefined ? !!clusterIP && isIPv6(clusterIP) : family === "IPv6";
  const ip = pod.status?.podIPs?.find((other) => isIPv6(other.ip!) === wantsIPv6)?.ip;
  if (ip === undefined) return undefined;
  const hostname = hostnameFor(pod, service);
  const { namespace, name, uid } = pod.metadata;
  return {
    ip,
    ...hostname === undefined ? {} : { hostname },
    ...pod.spec.nodeName ? { nodeName: pod.spec.nodeName } : {},
    targetRef: { kind: "Pod", namespace, name, uid },
  };
}

function labelsOf(service: Service): Readonly<Record<string, string>> {
  const { [HEADLESS]: _, ...labels } = service.metadata.labels ?? {};
  return { ...labels, ...hasClusterIP(service) ? {} : { [HEADLESS]: "" }, [MANAGED_BY]: CONTROLLER_NAME };
}

function isCurrent(current: Endpoints, service: Service, subsets: Endpoints["subsets"] & object): boolean {
  const { [HEADLESS]: _, [MANAGED_BY]: manager, ...labels } = current.metadata.labels ?? {};
  const { [HEADLESS]: __, ...wanted } = service.metadata.labels ?? {};
  return manager === CONTROLLER_NAME && same(labels, wanted) && same(current.subsets ?? [], subsets) &&
    !overCapacity(subsets) && current.metadata.annotations?.[OVER_CAPACITY] === undefined;
}
