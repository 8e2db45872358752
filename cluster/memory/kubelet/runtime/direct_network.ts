/**
 * The plainest network: every pod reaches every pod by its IP, and services by their ClusterIP or name. It knows no
 * policies.
 */
import type { EndpointSlice, Service } from "../../kinds/schema/types.ts";
import type { DnsAnswer, Network, Origin, Peer } from "./network.ts";
import type { ContainerProcess } from "./runtime.ts";

export interface DirectNetworkOptions {
  /** The containers that run behind an address; undefined where there is nobody. */
  readonly containersAt: (ip: string) => readonly ContainerProcess[] | undefined;
  readonly services: () => readonly Service[];
  readonly endpointSlices: () => readonly EndpointSlice[];
  /** A number in [0, 1), to choose among endpoints. */
  readonly random: () => number;
}

const DOMAIN = "cluster.local";
const TTL = 30;

export function directNetwork({ containersAt, services, endpointSlices, random }: DirectNetworkOptions): Network {
  const slicesOf = ({ metadata }: Service) =>
    endpointSlices().filter(({ metadata: { namespace, labels } }) =>
      namespace === metadata.namespace && labels?.["kubernetes.io/service-name"] === metadata.name
    );
  const ready = (service: Service) =>
    slicesOf(service).flatMap(({ endpoints, ports }) =>
      (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).map((endpoint) => ({
        endpoint,
        ports: ports ?? [],
      }))
    );

  const at = (from: Origin, ip: string, port: number) => {
    const containers = containersAt(ip);
    if (containers === undefined) return "timeout";
    const listening = containers.find((process) => process.listens(port));
    return listening === undefined ? "refused" : peerOf(listening, port, from);
  };

  return {
    connect(from, address, port) {
      const ip = address === "127.0.0.1" ? from.ip : address;
      const service = services().find(({ spec }) => spec?.clusterIP === ip);
      if (service === undefined) return Promise.resolve(at(from, ip, port));
      const wanted = service.spec?.ports?.find((one) => one.port === port);
      if (wanted === undefined) return Promise.resolve("timeout");
      const targets = ready(service).flatMap(({ endpoint, ports }) =>
        ports.filter(({ name }) => (name ?? "") === (wanted.name ?? "")).map((one) => ({
          ip: endpoint.addresses[0],
          port: one.port!,
        }))
      );
      if (targets.length === 0) return Promise.resolve("refused");
      const target = targets[Math.floor(random() * targets.length)];
      return Promise.resolve(at(from, target.ip, target.port));
    },
    resolve(_from, name, type) {
      return Promise.resolve(answer(name.toLowerCase(), type));
    },
    ping: (_from, address) => Promise.resolve(containersAt(address) !== undefined),
  };

  function answer(name: string, type: string): DnsAnswer {
    if (!name.endsWith(`.svc.${DOMAIN}`)) return { code: "NXDOMAIN", records: [] };
    const labels = name.slice(0, -`.svc.${DOMAIN}`.length).split(".");
    const [namespace, serviceName] = [labels.at(-1), labels.at(-2)];
    const service = services().find(({ metadata }) =>
      metadata.namespace === namespace && metadata.name === serviceName
    );
    if (service === undefined) return { code: "NXDOMAIN", records: [] };
    const record = (value: string, kind: "A" | "CNAME" = "A") => ({ name, type: kind, ttl: TTL, value });
    const { clusterIP, externalName, type: serviceType } = service.spec ?? {};
    if (serviceType === "ExternalName") return { code: "NOERROR", records: [record(`${externalName}.`, "CNAME")] };
    const host = labels.length === 3 ? labels[0] : undefined;
    if (labels.length > 3) return { code: "NXDOMAIN", records: [] };
    if (type !== "A") return { code: "NOERROR", records: [] };
    if (clusterIP !== undefined && clusterIP !== "None" && host === undefined) {
      return { code: "NOERROR", records: [record(clusterIP)] };
    }
    const addresses = ready(service).map(({ endpoint }) => endpoint)
      .filter(({ hostname, addresses: [ip] }) =>
        host === undefined || hostname === host || ip.replaceAll(".", "-") === host
      )
      .map(({ addresses: [ip] }) => record(ip));
    return addresses.length === 0 && host !== undefined
      ? { code: "NXDOMAIN", records: [] }
      : { code: "NOERROR", records: addresses };
  }
}

function peerOf(process: ContainerProcess, port: number, from: Origin): Peer {
  return {
    http: (request) => process.http({ ...request, port, from: from.ip }),
    line: (text) => process.line?.(port, text),
  };
}
