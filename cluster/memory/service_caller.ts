/**
 * How the API server reaches Services in the cluster, for webhooks: by their addresses, from its own pod, over the
 * cluster's network.
 *
 * Source: ResolveCluster of `k8s.io/apiserver/pkg/util/proxy/proxy.go`.
 */
import type { ServiceCaller } from "./api/admission/webhook_client.ts";
import { CONTROL_PLANE_ADDRESS, CONTROL_PLANE_NODE } from "./bootstrap/nodes.ts";
import type { Clock } from "./clock.ts";
import type { ContainerNetwork } from "./container_network.ts";

export interface ServiceCallerOptions {
  /** Asked with each call; undefined while there is none. */
  readonly network: () => ContainerNetwork | undefined;
  readonly clock: Clock;
}

/** Where the API server's own requests come from. */
export const API_SERVER = {
  namespace: "kube-system",
  pod: `kube-apiserver-${CONTROL_PLANE_NODE}`,
  ip: CONTROL_PLANE_ADDRESS,
  node: CONTROL_PLANE_NODE,
};
const OVERDUE = "context deadline exceeded";

export function serviceCaller({ network, clock }: ServiceCallerOptions): ServiceCaller {
  return async ({ namespace, name, port, path, body, authorities, timeout }) => {
    const net = network();
    if (net === undefined) return undefined;
    const service = net.cluster.view.services.get(namespace, name);
    if (service === undefined) throw new Error(`service ${JSON.stringify(name)} not found`);
    const ip = service.spec.clusterIP ?? "";
    if (ip === "None") throw new Error('cannot route to service with ClusterIP "None"');
    if (service.spec.ports?.every((one) => one.port !== port) ?? true) {
      throw new Error(`no service port ${port} found for service ${JSON.stringify(name)}`);
    }
    const peer = await net.connect(API_SERVER, ip, port);
    if (peer === "refused") throw new Error(`dial tcp ${ip}:${port}: connect: connection refused`);
    const overdue = Promise.withResolvers<never>();
    const timer = clock.after(timeout, () => overdue.reject(new Error(OVERDUE)));
    try {
      // Nobody answers: the caller waits for as long as it may.
      if (typeof peer === "string") return await overdue.promise;
      const host = `${name}.${namespace}.svc`;
      await verify(peer.certificate?.(host), host, authorities, clock.now());
      const headers = { "content-type": "application/json", accept: "application/json" };
      const request = { port, path, host, headers, https: true, method: "POST", body };
      const answer = await Promise.race([peer.http(request), overdue.promise]);
      if (answer === undefined) throw new Error("EOF");
      return answer;
    } finally {
      timer.cancel();
      overdue.promise.catch(() => {});
    }
  };
}

/** @throws {Error} in the words of Go's TLS */
async function verify(shown: string | undefined, host: string, authorities: string, now: number): Promise<void> {
  if (shown === undefined) throw new Error("http: server gave HTTP response to HTTPS client");
  const { certificatesOf, distrust } = await import("./kubelet/runtime/programs/tls.ts");
  const why = distrust(shown, { host, authorities, now });
  if (why === undefined) return;
  const [certificate] = certificatesOf(shown);
  const names = certificate?.subjectAltName?.replaceAll(/(DNS|IP Address):/g, "") ?? "";
  const problem = certificate?.checkHost(host) === undefined
    ? `certificate is valid for ${names || "no names"}, not ${host}`
    : "certificate signed by unknown authority";
  throw new Error(`tls: failed to verify certificate: x509: ${problem}`);
}
