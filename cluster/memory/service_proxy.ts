/**
 * `GET …/services/NAME/proxy/PATH` and `…/pods/NAME/proxy/PATH`: the API server asks a service or a pod, and gives back
 * what that answers. `kubectl proxy` and a browser reach services so.
 *
 * Source: `pkg/registry/core/{service,pod}/rest`, `k8s.io/apimachinery/pkg/util/proxy`.
 */
import type { RawHandler } from "./api/http/handler.ts";
import type { ApiRequest, ApiResponse } from "./api/http/message.ts";
import type { ResourceInfo } from "./api/http/request_info.ts";
import { failure, notFound } from "./api/status.ts";
import type { ContainerNetwork } from "./container_network.ts";
import { API_SERVER } from "./service_caller.ts";

/** Asked with each request; undefined while there is none. */
type NetworkSource = () => ContainerNetwork | undefined;

const unavailable = (message: string) => failure(503, "ServiceUnavailable", message);

interface Target {
  readonly ip: string;
  readonly port: number;
}

/** For services and pods alike: "NAME", "NAME:PORT", "https:NAME:PORT". */
export const proxyTo = (kind: "services" | "pods", network: NetworkSource): RawHandler => async (request, info) => {
  const [, asked = "", name, port = ""] = /^(?:(https?):)?([^:]+)(?::([^:]*))?$/.exec(info.name) ?? [];
  if (name === undefined) {
    throw failure(400, "BadRequest", `invalid ${kind.slice(0, -1)} request ${JSON.stringify(info.name)}`);
  }
  const mark = request.path.indexOf("/proxy");
  const path = request.path.slice(mark + "/proxy".length);
  if (path === "") return { status: 301, headers: { Location: `${request.path}/` } };
  const net = network();
  if (net === undefined) throw unavailable("error trying to reach service: there are no nodes");
  const target = kind === "services" ? serviceAt(net, info, name, port) : podAt(net, info, name, port);
  return await pass(request, path, target, asked === "https", net);
};

/** @throws {StatusError} 404, 503 */
function serviceAt({ cluster }: ContainerNetwork, { namespace }: ResourceInfo, name: string, port: string): Target {
  const service = cluster.view.services.get(namespace, name);
  if (service === undefined) throw notFound({ group: "", name: "services" }, name);
  const { ports = [] } = service.spec;
  const found = port === ""
    ? ports.length === 1 ? ports[0] : ports.find((one) => !one.name)
    : ports.find((one) => one.name === port || String(one.port) === port);
  if (found === undefined) {
    throw unavailable(`no service port ${JSON.stringify(port)} found for service ${JSON.stringify(name)}`);
  }
  const endpoints = cluster.view.entries(service).find((entry) => entry.port === found.port)?.endpoints ?? [];
  const [ready] = endpoints.filter((endpoint) => endpoint.ready);
  if (ready === undefined) throw unavailable(`no endpoints available for service ${JSON.stringify(name)}`);
  return { ip: ready.ip, port: ready.port };
}

/** @throws {StatusError} 404, 503 */
function podAt({ cluster }: ContainerNetwork, { namespace }: ResourceInfo, name: string, port: string): Target {
  const pod = cluster.view.pods.get(namespace, name);
  if (pod === undefined) throw notFound({ group: "", name: "pods" }, name);
  const ports = pod.spec?.containers.flatMap(({ ports = [] }) => ports) ?? [];
  const named = ports.find((one) => one.name === port)?.containerPort;
  const number = port === "" ? ports[0]?.containerPort ?? 80 : named ?? Number(port);
  if (!pod.status?.podIP) throw unavailable(`address not allowed`);
  return { ip: pod.status.podIP, port: number };
}

async function pass(
  { method, query, headers, body }: ApiRequest,
  path: string,
  { ip, port }: Target,
  https: boolean,
  net: ContainerNetwork,
): Promise<ApiResponse> {
  const peer = await net.connect(API_SERVER, ip, port);
  if (typeof peer === "string") {
    const why = peer === "refused" ? "connect: connection refused" : "connect: no route to host";
    throw unavailable(`error trying to reach service: dial tcp ${ip}:${port}: ${why}`);
  }
  const search = query.toString();
  const given = Object.entries(headers).filter(([name, value]) => value !== undefined && name !== "authorization");
  const answer = await peer.http({
    port,
    path: search === "" ? path : `${path}?${search}`,
    host: `${ip}:${port}`,
    headers: Object.fromEntries(given) as Record<string, string>,
    https,
    method,
    body: new TextDecoder().decode(await body()),
  });
  if (answer === undefined) throw unavailable("error trying to reach service: EOF");
  // The length is that of what is sent from here.
  const kept = Object.entries(answer.headers).filter(([name]) => !/^(content-length|connection)$/i.test(name));
  return { status: answer.status, headers: Object.fromEntries(kept), body: answer.body };
}
