/**
 * Keeps the EndpointSlices of each Service with a selector: where its pods are and which of them are ready.
 *
 * Source: `pkg/controller/endpointslice`, `k8s.io/endpointslice`.
 */
import { splitKey } from "../../api/informer.ts";
import { endpointSlices, nodes as nodeKind, pods as podKind, services as serviceKind } from "../../api/kind_refs.ts";
import type { EndpointSlice, Node, Pod, Service } from "../../kinds/schema/types.ts";
import { SERVICE_NAME } from "../../network/service_slices.ts";
import {
  aggregate,
  type Controller,
  type ControllerContext,
  keyOfObject,
  messageOf,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { indexByLabels, labelled } from "../label_index.ts";
import { indexServices, serviceSelector, servicesOfPod } from "./services_of_pod.ts";
import { applyPlan, CONTROLLER_NAME, MANAGED_BY, planSlices } from "./slices.ts";
import { TriggerTimes } from "./trigger_time.ts";
import { WrittenSlices } from "./written.ts";

const RETRIES = 15;
/** Another's change of a slice is looked at after this many milliseconds. */
const FOREIGN_DELAY = 1000;
/** How long until a view that is behind is looked at again, in milliseconds. */
const STALE_DELAY = 5;

export function startEndpointSliceController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const services = indexServices(informers.for<Service>(serviceKind));
  const pods = indexByLabels(informers.for<Pod>(podKind));
  const nodes = informers.for<Node>(nodeKind);
  const slices = indexByLabels(informers.for<EndpointSlice>(endpointSlices));
  const recorder = recorderOf(context, "endpoint-slice-controller");
  const triggers = new TriggerTimes();
  const written = new WrittenSlices();
  const writing = new Set<string>();

  const ownSlices = (namespace: string, service: string) =>
    labelled(slices, namespace, { [SERVICE_NAME]: service, [MANAGED_BY]: CONTROLLER_NAME });

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const service = services.get(namespace, name);
    if (service === undefined) {
      triggers.forget(key);
      written.forget(key);
      return;
    }
    if (service.spec.type === "ExternalName" || serviceSelector(service) === undefined) return;
    const view = ownSlices(namespace!, name);
    if (written.isStale(key, new Map(view.map((slice) => [slice.metadata.name!, slice])))) {
      return queue.addAfter(key, STALE_DELAY);
    }
    const existing = view.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
    const selected = labelled(pods, namespace!, service.spec.selector!);
    const triggerTime = triggers.next(service, selected);
    const nodeOf = (node: string) => nodes.get(undefined, node);
    const { plan, errors } = planSlices({ service, pods: selected, existing, nodeOf });
    writing.add(key);
    const failures: unknown[] = [...errors];
    try {
      await applyPlan(client, service, plan, triggerTime, (slice) => written.wrote(key, slice));
    } catch (error) {
      failures.push(error);
    } finally {
      writing.delete(key);
    }
    const failure = aggregate(failures);
    if (failure === undefined) return;
    const message = `Error updating Endpoint Slices for Service ${key}: ${messageOf(failure)}`;
    recorder.event(service, "Warning", "FailedToUpdateEndpointSlices", message);
    throw failure;
  };
  const queue = reconcileQueue(context, reconcile, { retries: RETRIES });

  const add = (service: Service) => queue.add(keyOfObject(service));
  services.on({ added: add, updated: (service) => add(service), deleted: add });
  pods.on(servicesOfPod(services, (key) => queue.add(key)));
  const serviceOf = ({ metadata }: EndpointSlice) => `${metadata.namespace}/${metadata.labels?.[SERVICE_NAME] ?? ""}`;
  const isOwn = ({ metadata }: EndpointSlice) => metadata.labels?.[MANAGED_BY] === CONTROLLER_NAME;
  const changed = (slice: EndpointSlice) => {
    const key = serviceOf(slice);
    // While the controller writes, what it hears of is its own.
    if (isOwn(slice) && !writing.has(key) && written.isForeign(key, slice)) queue.addAfter(key, FOREIGN_DELAY);
  };
  slices.on({
    added: changed,
    updated(slice, old) {
      if (serviceOf(slice) === serviceOf(old) && isOwn(slice) === isOwn(old)) return changed(slice);
      queue.addAfter(serviceOf(slice), FOREIGN_DELAY);
      queue.addAfter(serviceOf(old), FOREIGN_DELAY);
    },
    deleted(slice) {
      const key = serviceOf(slice);
      if (isOwn(slice) && !written.deleted(key, slice.metadata.name!)) queue.addAfter(key, FOREIGN_DELAY);
    },
  });
  return queue;
}
