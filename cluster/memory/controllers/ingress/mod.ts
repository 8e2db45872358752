/**
 * ingress-nginx: serves the Ingresses of its classes, and says where they are reached.
 *
 * Source: `kubernetes/ingress-nginx/internal/ingress/{controller/store,status}`.
 */
import { splitKey } from "../../api/informer.ts";
import {
  endpointSlices,
  ingressClasses,
  ingresses as ingressKind,
  nodes,
  pods,
  secrets,
  services,
} from "../../api/kind_refs.ts";
import { equalJson } from "../../kinds/json.ts";
import type { Ingress, IngressLoadBalancerIngress, Pod, Service } from "../../kinds/schema/types.ts";
import { byAge, isOwn } from "../../network/ingress/classes.ts";
import { certificateIn } from "../../network/ingress/certificates.ts";
import { ingressTable } from "../../network/ingress/table.ts";
import { indexByService, slicesOf } from "../../network/service_slices.ts";
import { isNotFound, keyOfObject, reconcileQueue, recorderOf } from "../controller.ts";
import { argument, type PodController, type PodControllerContext } from "../pod_controller.ts";
import { fakeCertificate } from "./fake_certificate.ts";
import { nodeAddresses, serviceAddresses } from "./addresses.ts";

export async function startIngressController(started: PodControllerContext): Promise<PodController> {
  const { client, informers, clock, pod, args, leads } = started;
  const context = { ...started, synced: Promise.resolve(), options: {} };
  const recorder = recorderOf(context, "nginx-ingress-controller");
  const known = {
    ingresses: informers.for(ingressKind),
    classes: informers.for(ingressClasses),
    services: informers.for(services),
    slices: indexByService(informers.for(endpointSlices)),
    secrets: informers.for(secrets),
    nodes: informers.for(nodes),
    pods: informers.for(pods),
  };
  for (const informer of Object.values(known)) await informer.start();
  const classOptions = {
    annotation: argument(args, "ingress-class") ?? "nginx",
    controller: argument(args, "controller-class") ?? "k8s.io/ingress-nginx",
    withoutClass: argument(args, "watch-ingress-without-class") === "true",
  };
  const namespace = argument(args, "watch-namespace") || undefined;
  const publishService = argument(args, "publish-service");
  const isMine = (ingress: Ingress) =>
    (namespace === undefined || ingress.metadata.namespace === namespace) &&
    isOwn(ingress, known.classes.list(), classOptions);
  const own = () => byAge(known.ingresses.list().filter(isMine));

  /** Pods of the same labels. */
  const isReplica = ({ metadata }: Pod) =>
    metadata.namespace === pod.metadata.namespace && equalJson(metadata.labels ?? {}, pod.metadata.labels ?? {});
  const replicas = (): readonly Pod[] => known.pods.list().filter(isReplica);
  const addresses = (): readonly IngressLoadBalancerIngress[] => {
    const given = argument(args, "publish-status-address");
    if (given !== undefined) {
      return given.split(",").map((one) => /^[\d.]+$|:/.test(one) ? { ip: one } : { hostname: one });
    }
    if (publishService === undefined) {
      return nodeAddresses(replicas().filter(isReady), (name) => known.nodes.get(undefined, name));
    }
    const { namespace, name } = splitKey(publishService);
    const service = known.services.get(namespace, name);
    return service === undefined ? [] : serviceAddresses(service);
  };

  const write = async (ingress: Ingress, addresses: readonly IngressLoadBalancerIngress[]): Promise<void> => {
    if (equalJson(ingress.status?.loadBalancer?.ingress ?? [], addresses)) return;
    const status = { loadBalancer: addresses.length === 0 ? {} : { ingress: addresses } };
    try {
      await client.updateStatus(ingressKind, { ...ingress, status } as Ingress);
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  const queue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const ingress = known.ingresses.get(namespace, name);
    if (ingress === undefined || !isMine(ingress) || !leads()) return;
    await write(ingress, addresses());
  });
  const add = (ingress: Ingress) => queue.add(keyOfObject(ingress));
  const addAll = () => own().forEach(add);
  const sync = (ingress: Ingress) => {
    if (!isMine(ingress)) return;
    recorder.event(ingress, "Normal", "Sync", "Scheduled for sync");
    add(ingress);
  };
  const published = (service: Service) => keyOfObject(service) === publishService ? addAll() : undefined;
  let stopped = false;
  const unlessStopped = <A extends unknown[]>(handle: (...args: A) => void) => (...args: A) =>
    stopped ? undefined : handle(...args);
  known.ingresses.on({ added: unlessStopped(sync), updated: unlessStopped(sync) });
  known.classes.on({ added: unlessStopped(addAll), updated: unlessStopped(addAll) });
  known.services.on({ added: unlessStopped(published), updated: unlessStopped(published) });
  // Without a service that is published the addresses are those of the nodes on which replicas are ready.
  const moved = (replica: Pod) => publishService === undefined && isReplica(replica) ? addAll() : undefined;
  known.pods.on({ added: unlessStopped(moved), updated: unlessStopped(moved), deleted: unlessStopped(moved) });

  const defaultSecret = argument(args, "default-ssl-certificate");
  const secret = (namespace: string, name: string) => known.secrets.get(namespace, name);
  const fake = await fakeCertificate(clock);
  const table = ingressTable({
    view: {
      service: (namespace, name) => known.services.get(namespace, name),
      slices: (namespace, service) => slicesOf(known.slices, namespace, service),
    },
    ingresses: own,
    isOwn: isMine,
    secrets: secret,
    get defaultCertificate() {
      const { namespace = "", name } = splitKey(defaultSecret ?? "");
      return (defaultSecret === undefined ? undefined : certificateIn(secret(namespace, name))) ?? fake;
    },
    random: () => clock.random(),
  });
  return {
    tableFor: ({ metadata }) => metadata.uid === pod.metadata.uid ? table : undefined,
    lead: addAll,
    async retire() {
      const alone = replicas().every(({ metadata }) => metadata.uid === pod.metadata.uid);
      if (!alone || argument(args, "update-status-on-shutdown") === "false") return;
      for (const ingress of own()) await write(ingress, []);
    },
    stop() {
      stopped = true;
      queue.stop();
    },
  };
}

const isReady = ({ status }: Pod): boolean =>
  status?.phase === "Running" &&
  status.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
