/**
 * What containers reach over the network. Programs (`curl`, `wget`, `nc`, `nslookup`, `ping`) ask a {@linkcode Network};
 * who routes, translates and forbids is behind it.
 */
import type { ProxyTable } from "../../network/proxy.ts";
import type { HttpRequest, HttpResponse } from "./runtime.ts";

/** Where a packet comes from. */
export interface Origin {
  readonly namespace: string;
  readonly pod: string;
  readonly ip: string;
  readonly node?: string;
}

/** Somebody who listens. */
export interface Peer {
  /** Undefined where no HTTP is spoken. */
  http(request: HttpRequest): Promise<HttpResponse | undefined>;
  /** The certificates that it shows to who asks for a server name, in PEM; undefined where it speaks no TLS. */
  certificate?(serverName: string): string | undefined;
  /** What a line of plain text is answered with, undefined for nothing. */
  line(text: string): string | undefined;
}

/** What comes of a try to connect: "refused" at once, "timeout" never, "unreachable" when no route leads there. */
export type Connected = Peer | "refused" | "timeout" | "unreachable";

export type RecordType = "A" | "AAAA" | "SRV" | "PTR" | "CNAME" | "TXT";

export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  /** Seconds. */
  readonly ttl: number;
  /** An address, a name, or "0 100 80 web-0.web.default.svc.cluster.local." for SRV. */
  readonly value: string;
}

export interface DnsAnswer {
  readonly code: "NOERROR" | "NXDOMAIN" | "SERVFAIL" | "TIMEOUT";
  readonly records: readonly DnsRecord[];
}

export interface Network {
  /** Opens a connection to an address and port. */
  connect(from: Origin, address: string, port: number, protocol?: "TCP" | "UDP"): Promise<Connected>;
  /** Asks a name server for one fully qualified name ("web.default.svc.cluster.local"); search lists are the asker's. */
  resolve(from: Origin, name: string, type: RecordType, server?: string): Promise<DnsAnswer>;
  /** Whether an address answers to an echo. */
  ping?(from: Origin, address: string): Promise<boolean>;
  /** The packet filter's rules where a pod is, as `iptables-save` writes them; a network of its own has none. */
  packetFilter?(of: Origin): string;
  /** What a proxy in a container forwards by, where a controller directs it. */
  proxyTable?(of: Origin): ProxyTable | undefined;
}

/** A network that leads nowhere. */
export const NO_NETWORK: Network = {
  connect: () => Promise.resolve("unreachable"),
  resolve: () => Promise.resolve({ code: "TIMEOUT", records: [] }),
};

/** Whether it looks like an address of IPv4: such hosts are not looked up. */
export const isAddress = (host: string): boolean => /^\d{1,3}(\.\d{1,3}){3}$/.test(host);

/** What a container's /etc/resolv.conf says. */
export interface ResolverConfig {
  readonly servers: readonly string[];
  readonly search: readonly string[];
  readonly ndots: number;
}

/** Reads /etc/resolv.conf; `ndots` is 1 unless said. */
export function parseResolvConf(text: string): ResolverConfig {
  const values = (keyword: string) =>
    text.split("\n").filter((line) => line.startsWith(`${keyword} `)).map((line) => line.slice(keyword.length).trim());
  const [ndots = "1"] = values("options").flatMap((line) => /ndots:(\d+)/.exec(line)?.slice(1) ?? []);
  return {
    servers: values("nameserver"),
    search: values("search").at(-1)?.split(/\s+/) ?? [],
    ndots: Number(ndots),
  };
}

/** The names that are asked for, in order: a name with few dots is tried in the search list first. */
export function candidates(name: string, { search, ndots }: ResolverConfig): readonly string[] {
  if (name.endsWith(".")) return [name.slice(0, -1)];
  const listed = search.map((domain) => `${name}.${domain}`);
  return name.split(".").length - 1 >= ndots ? [name, ...listed] : [...listed, name];
}
