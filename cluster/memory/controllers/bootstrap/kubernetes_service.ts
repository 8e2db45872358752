/**
 * Keeps the Service "kubernetes", by which pods find the API, and its endpoints.
 *
 * Source: `pkg/controlplane/controller/kubernetesservice`, `pkg/controlplane/reconcilers`.
 */
import { endpoints as endpointsKind, endpointSlices, services as serviceKind } from "../../api/kind_refs.ts";
import type { Client, KindRef } from "../../api/client.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { Endpoints, EndpointSlice, Service } from "../../kinds/schema/types.ts";
import { SERVICE_NAME } from "../../network/service_slices.ts";
import { same } from "../conditions.ts";
import { type Controller, type ControllerContext, isAlreadyExists, isNotFound } from "../controller.ts";
import { every } from "../every.ts";

/** Milliseconds between looks. */
const INTERVAL = 10_000;
const NAME = "kubernetes";
const NAMESPACE = "default";

export function startKubernetesService(context: ControllerContext): Controller {
  const { client, options: { apiServer } } = context;
  return every(context, INTERVAL, async () => {
    if (apiServer === undefined) return;
    const { address, port, clusterIP } = apiServer;
    await ensure(client, serviceKind, service(clusterIP, port), () => true);
    const ports = [{ name: "https", port, protocol: "TCP" }];
    await ensure(
      client,
      endpointsKind,
      endpoints(address, ports),
      (found, wanted) => same(found.subsets, wanted.subsets),
    );
    await ensure(
      client,
      endpointSlices,
      slice(address, ports),
      (found, wanted) => same(found.endpoints, wanted.endpoints) && same(found.ports, wanted.ports),
    );
  });
}

/** Creates the object, or makes what is there the same where it is not. */
async function ensure<T extends KubeObject>(
  client: Client,
  kind: KindRef<T>,
  wanted: T,
  isRight: (found: T, wanted: T) => boolean,
): Promise<void> {
  let found: T;
  try {
    found = await client.get(kind, NAMESPACE, NAME);
  } catch (error) {
    if (!isNotFound(error)) throw error;
    try {
      await client.create<KubeObject>(kind as KindRef, wanted);
    } catch (failure) {
      if (!isAlreadyExists(failure)) throw failure;
    }
    return;
  }
  if (!isRight(found, wanted)) await client.update(kind, { ...wanted, metadata: found.metadata });
}

type Port = { readonly name: string; readonly port: number; readonly protocol: string };

function service(clusterIP: string, port: number): Service {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: NAME, namespace: NAMESPACE, labels: { component: "apiserver", provider: "kubernetes" } },
    spec: {
      clusterIP,
      ipFamilyPolicy: "SingleStack",
      ports: [{ name: "https", port: 443, protocol: "TCP", targetPort: port }],
      sessionAffinity: "None",
      type: "ClusterIP",
    },
    status: { loadBalancer: {} },
  };
}

function endpoints(ip: string, ports: readonly Port[]): Endpoints {
  return {
    apiVersion: "v1",
    kind: "Endpoints",
    metadata: { name: NAME, namespace: NAMESPACE, labels: { "endpointslice.kubernetes.io/skip-mirror": "true" } },
    subsets: [{ addresses: [{ ip }], ports }],
  };
}

function slice(ip: string, ports: readonly Port[]): EndpointSlice {
  return {
    apiVersion: "discovery.k8s.io/v1",
    kind: "EndpointSlice",
    metadata: { name: NAME, namespace: NAMESPACE, labels: { [SERVICE_NAME]: NAME } },
    addressType: ip.includes(":") ? "IPv6" : "IPv4",
    endpoints: [{ addresses: [ip], conditions: { ready: true } }],
    ports,
  };
}
