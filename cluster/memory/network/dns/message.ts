/** Questions to name servers, and their answers, as data. Names are written as zones write them: with a dot at the end. */

/** The port that pods ask name servers on. */
export const DNS_PORT = 53;

export type RecordType = "A" | "AAAA" | "CNAME" | "SRV" | "PTR" | "TXT" | "SOA" | "NS";

export interface Question {
  /** "web.default.svc.cluster.local." */
  readonly name: string;
  readonly type: RecordType;
}

export interface DnsRecord {
  readonly name: string;
  readonly type: RecordType;
  /** Seconds. */
  readonly ttl: number;
  /** As `dig` shows it: "10.96.0.1", "0 100 80 web.default.svc.cluster.local." */
  readonly data: string;
}

export interface Answer {
  readonly code: "NOERROR" | "NXDOMAIN" | "SERVFAIL" | "REFUSED";
  /** None, with NOERROR: the name is there, but has nothing of the type. */
  readonly answers: readonly DnsRecord[];
  /** The zone's SOA, where the zone denies something. */
  readonly authority?: readonly DnsRecord[];
}

/** "Web.Default" → "web.default." */
export const absolute = (name: string): string => `${name.toLowerCase().replace(/\.+$/, "")}.`;

/** Whether a name is the zone's, or below it. Both are absolute. */
export const inZone = (name: string, zone: string): boolean =>
  zone === "." || name === zone || name.endsWith(`.${zone}`);

/** "10.96.0.1" → "1.0.96.10.in-addr.arpa."; undefined for what is no IPv4 address */
export const reverseName = (ip: string): string | undefined =>
  /^\d+(\.\d+){3}$/.test(ip) ? `${ip.split(".").reverse().join(".")}.in-addr.arpa.` : undefined;

/** The opposite of {@linkcode reverseName}. */
export function addressOfReverse(name: string): string | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.$/.exec(name);
  return match === null ? undefined : match.slice(1).reverse().join(".");
}
