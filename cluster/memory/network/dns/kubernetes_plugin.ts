/**
 * CoreDNS's plugin `kubernetes`: names of services, of their endpoints and of pods.
 *
 * Source: `coredns/plugin/kubernetes` (kubernetes.go, parse.go, reverse.go);
 * https://github.com/kubernetes/dns/blob/master/docs/specification.md
 */
import type { EndpointSlice, Service } from "../../kinds/schema/types.ts";
import { SERVICE_NAME } from "../service_slices.ts";
import type { Plugin } from "./corefile.ts";
import { absolute, addressOfReverse, type Answer, type DnsRecord, inZone, type Question } from "./message.ts";

/** What the plugin knows of the cluster. */
export interface NameView {
  service(namespace: string, name: string): Service | undefined;
  /** The service that has a cluster IP. */
  serviceOf(ip: string): Service | undefined;
  /** Of a service. */
  slices(namespace: string, service: string): readonly EndpointSlice[];
  /** The slices that have an address. */
  slicesOf(ip: string): readonly EndpointSlice[];
  hasNamespace(name: string): boolean;
  /** Whether a pod of the namespace has the address. */
  hasPod(namespace: string, ip: string): boolean;
}

interface Found {
  readonly host: string;
  readonly port: number;
  /** The first label of its name, where it is an endpoint. */
  readonly endpoint?: string;
}

const VERSION = "1.1.0";

/** Undefined where the plugin leaves the question to the next. */
export function answerKubernetes(plugin: Plugin, view: NameView, { name, type }: Question): Answer | undefined {
  const zones = plugin.args.map(absolute);
  const zone = zones.filter((one) => inZone(name, one)).sort((a, b) => b.length - a.length)[0];
  if (zone === undefined) return undefined;
  const ttl = Number(option(plugin, "ttl")?.[0] ?? 5);
  const primary = zones.find((one) => !one.endsWith(".arpa.")) ?? zone;
  const soa: DnsRecord = {
    name: zone,
    type: "SOA",
    ttl,
    data: `ns.dns.${zone} hostmaster.${zone} 1 7200 1800 86400 ${ttl}`,
  };
  const denied = (code: "NXDOMAIN" | "NOERROR"): Answer | undefined =>
    code === "NXDOMAIN" && fallsThrough(plugin, name) ? undefined : { code, answers: [], authority: [soa] };
  const answer = (records: readonly Omit<DnsRecord, "ttl">[]): Answer | undefined =>
    records.length === 0 ? denied("NOERROR") : { code: "NOERROR", answers: records.map((one) => ({ ...one, ttl })) };

  if (zone.endsWith(".arpa.")) {
    const ip = addressOfReverse(name);
    const names = ip === undefined ? [] : reverse(view, ip, primary);
    if (names.length === 0) return denied("NXDOMAIN");
    return answer(type === "PTR" ? names.map((data) => ({ name, type: "PTR", data })) : []);
  }
  const labels = name === zone ? [] : name.slice(0, -zone.length - 1).split(".");
  if (labels.length === 0) return answer(type === "SOA" ? [{ name, type, data: soa.data }] : []);
  if (labels.join(".") === "dns-version") return answer(type === "TXT" ? [{ name, type, data: `"${VERSION}"` }] : []);
  const kind = labels.at(-1);
  const namespace = labels.at(-2);
  if (kind !== "svc" && kind !== "pod") return denied("NXDOMAIN");
  if (namespace === undefined) return denied("NOERROR");
  if (!view.hasNamespace(namespace)) return denied("NXDOMAIN");
  if (labels.length === 2) return denied("NOERROR");
  if (kind === "pod") {
    const ip = labels.length === 3 ? podAddress(plugin, view, namespace, labels[0]) : undefined;
    if (ip === undefined) return denied("NXDOMAIN");
    return answer(type === "A" ? [{ name, type, data: ip }] : []);
  }
  const service = view.service(namespace, labels.at(-3)!);
  const base = `${labels.slice(-3).join(".")}.${zone}`;
  if (service === undefined) return denied("NXDOMAIN");
  const more = labels.slice(0, -3);
  if (service.spec.type === "ExternalName") {
    if (more.length > 0) return denied("NXDOMAIN");
    return answer(
      type === "SRV" || type === "PTR" ? [] : [
        { name, type: "CNAME", data: absolute(service.spec.externalName ?? "") },
      ],
    );
  }
  const found = findEndpoints(view, service, more);
  if (found.length === 0) return denied("NXDOMAIN");
  const isIPv6 = ({ host }: Found) => host.includes(":");
  if (type === "A" || type === "AAAA") {
    const hosts = found.filter((one) => isIPv6(one) === (type === "AAAA")).map(({ host }) => host);
    return answer([...new Set(hosts)].map((data) => ({ name, type, data })));
  }
  if (type === "SRV") {
    const weight = Math.max(1, Math.floor(100 / found.length));
    const targets = found.map(({ port, endpoint }) => `0 ${weight} ${port} ${endpoint ? `${endpoint}.` : ""}${base}`);
    return answer([...new Set(targets)].map((data) => ({ name, type, data })));
  }
  return denied("NOERROR");
}

const option = ({ options }: Plugin, name: string): readonly string[] | undefined =>
  options.find(([word]) => word === name)?.slice(1);

function fallsThrough(plugin: Plugin, name: string): boolean {
  const zones = option(plugin, "fallthrough");
  return zones !== undefined && (zones.length === 0 || zones.some((zone) => inZone(name, absolute(zone))));
}

/** The address that "10-244-1-2" means, as far as the plugin's mode trusts it. */
function podAddress(plugin: Plugin, view: NameView, namespace: string, label: string): string | undefined {
  const mode = option(plugin, "pods")?.[0] ?? "disabled";
  const ip = label.replaceAll("-", ".");
  if (mode === "disabled" || !/^\d+(\.\d+){3}$/.test(ip)) return undefined;
  return mode === "insecure" || view.hasPod(namespace, ip) ? ip : undefined;
}

/** @param labels before the service's: none, an endpoint's name, or "_http", "_tcp" */
function findEndpoints(view: NameView, service: Service, labels: readonly string[]): readonly Found[] {
  const isPort = labels.length === 2 && labels.every((label) => label.startsWith("_"));
  if (labels.length > 1 && !isPort) return [];
  const endpoint = isPort ? undefined : labels[0];
  const matches = (name = "", protocol = "TCP") =>
    !isPort || (labels[0] === `_${name}` && labels[1] === `_${protocol.toLowerCase()}`);
  const { spec, metadata } = service;
  if (spec.clusterIP !== "None" && endpoint === undefined) {
    const ports = (spec.ports ?? []).filter(({ name, protocol }) => matches(name, protocol));
    return ports.flatMap(({ port }) => (spec.clusterIPs ?? []).map((host) => ({ host, port })));
  }
  return view.slices(metadata.namespace!, metadata.name!).flatMap(({ endpoints, ports }) => {
    // A headless service may have no ports, and yet has addresses.
    const usable = !ports?.length ? [{ name: undefined, protocol: undefined, port: -1 }] : ports;
    return (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).flatMap((
      { addresses, hostname },
    ) =>
      addresses.map((host) => ({ host, endpoint: hostname || host.replace(/[.:]/g, "-") }))
        .filter((one) => endpoint === undefined || one.endpoint === endpoint)
        .flatMap((one) =>
          usable.filter(({ name, protocol }) => matches(name, protocol)).map(({ port = -1 }) => ({ ...one, port }))
        )
    );
  });
}

/** A service by its address; else the endpoints that have a name of their own. */
function reverse(view: NameView, ip: string, zone: string): readonly string[] {
  const service = view.serviceOf(ip);
  if (service !== undefined) return [`${service.metadata.name}.${service.metadata.namespace}.svc.${zone}`];
  const names = view.slicesOf(ip).flatMap(({ metadata, endpoints }) =>
    (endpoints ?? []).filter(({ addresses, hostname }) => addresses.includes(ip) && hostname).map(({ hostname }) =>
      `${hostname}.${metadata.labels?.[SERVICE_NAME]}.${metadata.namespace}.svc.${zone}`
    )
  );
  return [...new Set(names)];
}
