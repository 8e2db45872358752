/**
 * The proxy of a Gateway: a Deployment and a Service of its own, which go with it.
 *
 * Source: `nginx/nginx-gateway-fabric/internal/controller/provisioner`.
 */
import type { Client, KindRef } from "../../api/client.ts";
import { deployments, serviceAccounts, services } from "../../api/kind_refs.ts";
import { equalJson } from "../../kinds/json.ts";
import type { KubeObject, Partially } from "../../kinds/object.ts";
import type { Deployment, Service } from "../../kinds/schema/types.ts";
import { takesHttp } from "../../network/gateway/attachment.ts";
import { type Gateway, GROUP, type NginxProxy } from "../../network/gateway/types.ts";
import { isAlreadyExists } from "../controller.ts";

/** By it a proxy is known to be a Gateway's. */
export const GATEWAY_LABEL = `${GROUP}/gateway-name`;

export interface ProvisionOptions {
  readonly client: Client;
  /** The proxy's image. */
  readonly image: string;
  /** How proxies of this class are run. */
  readonly proxy?: NginxProxy;
  readonly get: <T extends KubeObject>(kind: KindRef<T>, namespace: string, name: string) => T | undefined;
}

/** Makes what is missing, and gives the Service the listeners' ports. @returns the Service as it is known now */
export async function provision(gateway: Gateway, options: ProvisionOptions): Promise<Service | undefined> {
  const { client, get } = options;
  const { namespace = "", name: gatewayName = "", uid } = gateway.metadata;
  const name = `${gatewayName}-${gateway.spec.gatewayClassName}`;
  const labels = {
    "app.kubernetes.io/instance": "nginx-gateway",
    "app.kubernetes.io/managed-by": "nginx-gateway-nginx",
    "app.kubernetes.io/name": name,
    [GATEWAY_LABEL]: gatewayName,
  };
  const owner = {
    apiVersion: `${GROUP}/v1`,
    kind: "Gateway",
    name: gatewayName,
    uid: uid!,
    controller: true,
    blockOwnerDeletion: true,
  };
  const metadata = { name, namespace, labels, ownerReferences: [owner] };
  const create = async <T extends KubeObject>(kind: KindRef<T>, object: Partially<T>): Promise<T | undefined> => {
    const known = get(kind, namespace, name);
    if (known !== undefined) return known;
    try {
      return await client.create<T>(kind, object);
    } catch (error) {
      // Written a moment ago: the next change tells of it.
      if (!isAlreadyExists(error)) throw error;
      return undefined;
    }
  };
  await create(serviceAccounts, { metadata });
  await create<Deployment>(deployments, deployment(metadata, options));
  const wanted = servicePorts(gateway);
  const { type = "LoadBalancer", externalTrafficPolicy } = options.proxy?.spec?.kubernetes?.service ?? {};
  const policy = type === "ClusterIP" ? {} : { externalTrafficPolicy: externalTrafficPolicy ?? "Local" };
  const service = await create<Service>(services, {
    metadata,
    spec: { type, ...policy, selector: { "app.kubernetes.io/name": name }, ports: wanted },
  });
  if (service === undefined) return undefined;
  const present = (service.spec.ports ?? []).map(({ name, port, targetPort, protocol }) => ({
    name,
    port,
    targetPort,
    protocol,
  }));
  if (equalJson(present, wanted)) return service;
  const ports = wanted.map((port) => ({
    ...port,
    nodePort: service.spec.ports?.find((one) => one.port === port.port)?.nodePort,
  }));
  return await client.update<Service>(services, { ...service, spec: { ...service.spec, ports } });
}

const servicePorts = ({ spec: { listeners } }: Gateway) =>
  [...new Set(listeners.filter(takesHttp).map(({ port }) => port))].map((port) => ({
    name: `port-${port}`,
    port,
    targetPort: port,
    protocol: "TCP",
  }));

function deployment(
  metadata: { readonly name: string; readonly namespace: string; readonly labels: Readonly<Record<string, string>> },
  { image, proxy }: ProvisionOptions,
): Partially<Deployment> {
  const { name, labels } = metadata;
  return {
    metadata,
    spec: {
      replicas: proxy?.spec?.kubernetes?.deployment?.replicas ?? 1,
      selector: { matchLabels: { "app.kubernetes.io/name": name } },
      template: {
        metadata: { labels },
        spec: {
          serviceAccountName: name,
          containers: [{
            name: "nginx",
            image,
            ports: [{ name: "metrics", containerPort: 9113, protocol: "TCP" }],
            readinessProbe: { httpGet: { path: "/readyz", port: 8081 }, initialDelaySeconds: 3, periodSeconds: 1 },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              readOnlyRootFilesystem: true,
              runAsGroup: 1001,
              runAsUser: 101,
            },
          }],
          securityContext: {
            runAsNonRoot: true,
            sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }],
          },
          terminationGracePeriodSeconds: 30,
        },
      },
    },
  };
}
