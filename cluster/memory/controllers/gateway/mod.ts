/**
 * NGINX Gateway Fabric: gives each Gateway of its classes a proxy, and says what has become of Gateways and HTTPRoutes.
 *
 * Everything is looked at again after any change, as the real one does: what a Gateway's status says depends on routes,
 * namespaces, secrets and grants.
 *
 * Source: `nginx/nginx-gateway-fabric/internal/controller`.
 */
import type { KindRef } from "../../api/client.ts";
import * as refs from "../../api/kind_refs.ts";
import { equalJson } from "../../kinds/json.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { Service } from "../../kinds/schema/types.ts";
import { listenerProblem } from "../../network/gateway/listeners.ts";
import { gatewayTable } from "../../network/gateway/table.ts";
import {
  type Gateway,
  type GatewayClass,
  gatewayClasses,
  gateways,
  type HTTPRoute,
  httpRoutes,
  nginxProxies,
  type NginxProxy,
  referenceGrants,
} from "../../network/gateway/types.ts";
import type { ProxyTable } from "../../network/proxy.ts";
import { indexByService, slicesOf } from "../../network/service_slices.ts";
import { isNotFound, keyOfObject, reconcileQueue } from "../controller.ts";
import { argument, type PodController, type PodControllerContext } from "../pod_controller.ts";
import { conditionsOf, isTrue } from "./conditions.ts";
import { gatewayStatus } from "./gateway_status.ts";
import { GATEWAY_LABEL, provision } from "./provision.ts";
import { routeParents } from "./route_status.ts";

const CONTROLLER = "gateway.nginx.org/nginx-gateway-controller";
const EVERYTHING = "everything";

export async function startGatewayController(started: PodControllerContext): Promise<PodController> {
  const { client, informers, clock, pod, args, leads } = started;
  const controllerName = argument(args, "gateway-ctlr-name") ?? CONTROLLER;
  const known = {
    classes: informers.for(gatewayClasses),
    gateways: informers.for(gateways),
    routes: informers.for(httpRoutes),
    grants: informers.for(referenceGrants),
    namespaces: informers.for(refs.namespaces),
    services: informers.for(refs.services),
    deployments: informers.for(refs.deployments),
    serviceAccounts: informers.for(refs.serviceAccounts),
    secrets: informers.for(refs.secrets),
    slices: indexByService(informers.for(refs.endpointSlices)),
  };
  for (const informer of Object.values(known)) await informer.start();
  // Somebody may have installed the controller without its own definitions.
  const proxies = await informers.for(nginxProxies).start().catch(() => undefined);

  const view = {
    get grants() {
      return known.grants.list();
    },
    get routes() {
      return byAge(known.routes.list());
    },
    namespaceOf: (name: string) => known.namespaces.get(undefined, name),
    secretOf: (namespace: string, name: string) => known.secrets.get(namespace, name),
    service: (namespace: string, name: string) => known.services.get(namespace, name),
    slices: (namespace: string, service: string) => slicesOf(known.slices, namespace, service),
  };
  const ownClasses = () => known.classes.list().filter(({ spec }) => spec.controllerName === controllerName);
  const classOf = ({ spec }: Gateway) => ownClasses().find(({ metadata }) => metadata.name === spec.gatewayClassName);
  const ownGateways = () => known.gateways.list().filter((one) => classOf(one) !== undefined);
  const proxyOf = ({ spec: { parametersRef } }: GatewayClass): NginxProxy | undefined =>
    parametersRef && proxies?.get(parametersRef.namespace, parametersRef.name);

  const write = async <T extends KubeObject & { readonly status?: unknown }>(
    kind: KindRef<T>,
    object: T,
    status: unknown,
  ): Promise<void> => {
    if (equalJson(object.status ?? {}, status)) return;
    try {
      await client.updateStatus(kind, { ...object, status });
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };
  const get = <T extends KubeObject>(kind: KindRef<T>, namespace: string, name: string) =>
    informers.for(kind).get(namespace, name);

  const queue = reconcileQueue({ ...started, synced: Promise.resolve(), options: {} }, async () => {
    if (!leads()) return;
    const now = clock.now();
    for (const one of ownClasses()) {
      const conditions = conditionsOf(OF_CLASSES, one.status?.conditions, one.metadata.generation ?? 1, now);
      await write(gatewayClasses, one, { ...one.status, conditions });
    }
    for (const gateway of ownGateways()) {
      if (gateway.metadata.deletionTimestamp !== undefined) continue;
      const proxy = proxyOf(classOf(gateway)!);
      const service = await provision(gateway, { client, image: proxyImage(pod.spec.containers[0].image), proxy, get });
      await write(gateways, gateway, gatewayStatus(gateway, service ? addressesOf(service) : [], view, now));
    }
    for (const route of view.routes) {
      const parents = routeParents(route, ownGateways(), controllerName, view, now);
      if (parents.length > 0 || route.status !== undefined) await write(httpRoutes, route, { parents });
    }
  });
  let stopped = false;
  const changed = () => stopped ? undefined : queue.add(EVERYTHING);
  for (const informer of [...Object.values(known), ...proxies === undefined ? [] : [proxies]]) {
    informer.on({ added: changed, updated: changed, deleted: changed });
  }

  const tables = new Map<string, ProxyTable>();
  const tableOf = (key: string, namespace: string, name: string): ProxyTable => {
    const made = tables.get(key) ?? gatewayTable({
      gateway: () => ownGateways().find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
      isValid: (gateway, listener) => listenerProblem(gateway, listener, view) === undefined,
      routes: () => view.routes,
      namespaceOf: view.namespaceOf,
      secretOf: view.secretOf,
      view,
      random: () => clock.random(),
    });
    tables.set(key, made);
    return made;
  };
  return {
    tableFor({ metadata: { namespace = "", labels } }) {
      const name = labels?.[GATEWAY_LABEL];
      const gateway = name === undefined ? undefined : known.gateways.get(namespace, name);
      if (gateway === undefined || classOf(gateway) === undefined) return undefined;
      return tableOf(keyOfObject(gateway), namespace, name!);
    },
    lead: changed,
    stop() {
      stopped = true;
      queue.stop();
    },
  };
}

const OF_CLASSES = [
  isTrue("Accepted", "Accepted", "The GatewayClass is accepted"),
  isTrue("SupportedVersion", "SupportedVersion", "The Gateway API CRD versions are supported"),
];

/** The oldest first: of routes that match alike it goes first. */
const byAge = (routes: readonly HTTPRoute[]): readonly HTTPRoute[] =>
  routes.toSorted((a, b) => {
    const [first, second] = [a, b].map(({ metadata }) =>
      `${metadata.creationTimestamp ?? ""} ${keyOfObject({ metadata })}`
    );
    return first < second ? -1 : first > second ? 1 : 0;
  });

const addressesOf = ({ spec: { type, clusterIP }, status }: Service): readonly string[] =>
  type === "LoadBalancer"
    ? (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? [])
    : clusterIP === undefined || clusterIP === ""
    ? []
    : [clusterIP];

/** "ghcr.io/nginx/nginx-gateway-fabric/nginx:2.2.0" for the controller's own. */
const proxyImage = (own = ""): string => own.replace(/(:[^/:]+)?$/, "/nginx$1");
