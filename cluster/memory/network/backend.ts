/** The endpoints behind a port of a service, as proxies use them: straight, not by the service's address. */
import type { EndpointSlice, Service } from "../kinds/schema/types.ts";
import type { ProxyEndpoint } from "./proxy.ts";
import { categorize, endpointsOf } from "./service_port.ts";

export interface BackendView {
  service(namespace: string, name: string): Service | undefined;
  /** Of a service. */
  slices(namespace: string, service: string): readonly EndpointSlice[];
}

/** What a reference to a service leads to; `endpoints` are those that are ready, and may be none. */
export type Backend =
  | { readonly found: true; readonly endpoints: readonly ProxyEndpoint[] }
  | { readonly found: false; readonly missing: "service" | "port" };

/** @param port its number, or its name */
export function backendOf(view: BackendView, namespace: string, name: string, port: number | string): Backend {
  const service = view.service(namespace, name);
  if (service === undefined) return { found: false, missing: "service" };
  const { type, externalName, ports = [] } = service.spec;
  if (type === "ExternalName") {
    return { found: true, endpoints: [{ host: externalName ?? "", port: typeof port === "number" ? port : 80 }] };
  }
  const found = ports.find((one) => one.port === port || one.name === port);
  if (found === undefined) return { found: false, missing: "port" };
  const slices = view.slices(namespace, name).filter(({ addressType }) => addressType !== "FQDN");
  const { cluster } = categorize({ endpoints: endpointsOf(slices, found.name, found.protocol) }, undefined);
  return { found: true, endpoints: cluster.map((endpoint) => ({ host: endpoint.ip, port: endpoint.port })) };
}

/** Gives each request the next endpoint first; the others follow, for when it cannot be reached. */
export function roundRobin(): (
  upstream: string,
  endpoints: readonly ProxyEndpoint[],
) => readonly [ProxyEndpoint, ...ProxyEndpoint[]] | undefined {
  const turns = new Map<string, number>();
  return (upstream, endpoints) => {
    if (endpoints.length === 0) return undefined;
    const turn = (turns.get(upstream) ?? -1) + 1;
    turns.set(upstream, turn);
    const first = turn % endpoints.length;
    const [next, ...others] = [...endpoints.slice(first), ...endpoints.slice(0, first)];
    return [next, ...others];
  };
}
