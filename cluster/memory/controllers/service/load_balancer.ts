/**
 * Gives Services of type LoadBalancer an address, where the cluster has something that does.
 *
 * Source: `k8s.io/cloud-provider/controllers/service`.
 */
import { splitKey } from "../../api/informer.ts";
import { services as serviceKind } from "../../api/kind_refs.ts";
import type { Service } from "../../kinds/schema/types.ts";
import {
  type Controller,
  type ControllerContext,
  keyOfObject,
  messageOf,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";

const FINALIZER = "service.kubernetes.io/load-balancer-cleanup";

export function startServiceController(context: ControllerContext): Controller {
  const { client, informers, options: { loadBalancer } } = context;
  const services = informers.for<Service>(serviceKind);
  const recorder = recorderOf(context, "service-controller");

  const withFinalizers = (service: Service, wanted: boolean): Promise<Service> => {
    const others = (service.metadata.finalizers ?? []).filter((name) => name !== FINALIZER);
    const finalizers = wanted ? [...others, FINALIZER] : others;
    // With the status, as the controller may write nothing else of a service.
    return client.updateStatus(serviceKind, { ...service, metadata: { ...service.metadata, finalizers } });
  };

  const reconcile = async (key: string): Promise<void> => {
    const { namespace, name } = splitKey(key);
    const service = services.get(namespace, name);
    if (service === undefined || loadBalancer === undefined) return;
    const has = service.metadata.finalizers?.includes(FINALIZER) === true;
    const wants = service.spec.type === "LoadBalancer" && service.metadata.deletionTimestamp === undefined &&
      service.spec.loadBalancerClass === undefined;
    if (!wants) {
      if (!has) return;
      recorder.event(service, "Normal", "DeletingLoadBalancer", "Deleting load balancer");
      const { loadBalancer: _, ...status } = service.status ?? {};
      const cleared = await client.updateStatus(serviceKind, { ...service, status: { ...status, loadBalancer: {} } });
      await withFinalizers(cleared, false);
      return recorder.event(service, "Normal", "DeletedLoadBalancer", "Deleted load balancer");
    }
    const current = has ? service : await withFinalizers(service, true);
    const ensuring = () => recorder.event(current, "Normal", "EnsuringLoadBalancer", "Ensuring load balancer");
    let ip: string;
    try {
      ip = loadBalancer(current);
    } catch (error) {
      ensuring();
      const problem = `failed to ensure load balancer: ${messageOf(error)}`;
      recorder.event(current, "Warning", "SyncLoadBalancerFailed", `Error syncing load balancer: ${problem}`);
      throw new Error(problem);
    }
    if (current.status?.loadBalancer?.ingress?.some((ingress) => ingress.ip === ip)) return;
    ensuring();
    const status = { ...current.status, loadBalancer: { ingress: [{ ip, ipMode: "VIP" }] } };
    await client.updateStatus(serviceKind, { ...current, status });
    recorder.event(current, "Normal", "EnsuredLoadBalancer", "Ensured load balancer");
  };
  const queue = reconcileQueue(context, reconcile, { backoff: { first: 5_000, longest: 300_000 } });
  const add = (service: Service) => queue.add(keyOfObject(service));
  const waits = ({ spec, status }: Service) => spec.type === "LoadBalancer" && !status?.loadBalancer?.ingress?.length;
  services.on({
    added: add,
    updated: (service) => add(service),
    // Its address may be what another one waits for.
    deleted: () => services.list().filter(waits).forEach(add),
  });
  return queue;
}
