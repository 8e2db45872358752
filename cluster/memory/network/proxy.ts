/**
 * What a proxy in a container forwards by. Its controller builds this out of the cluster's objects; the proxy itself, a
 * program of an image, opens the connections and writes the log.
 */

/** A request as a proxy sees it. */
export interface ProxyRequest {
  readonly port: number;
  /** With the query, "/cart?id=7". */
  readonly path: string;
  readonly host?: string;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly https: boolean;
  /** GET unless said. */
  readonly method?: string;
  /** The client's address. */
  readonly from?: string;
}

/** Where a request can go: an address, or a name outside of the cluster. */
export interface ProxyEndpoint {
  readonly host: string;
  readonly port: number;
}

/** The proxy answers itself. Without a body it shows its own page for the status. */
export interface ProxyAnswer {
  readonly to: "client";
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Who would have got the request: "default-web-80". */
  readonly upstream?: string;
}

export interface ProxyForward {
  readonly to: "backend";
  /** "default-web-80" */
  readonly upstream: string;
  /** In the order in which they are tried; at least one. */
  readonly endpoints: readonly [ProxyEndpoint, ...ProxyEndpoint[]];
  readonly path: string;
  readonly host: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether the backend is spoken to in TLS. */
  readonly https: boolean;
  /** Who gets a copy of the request; what they answer is thrown away. */
  readonly copies?: readonly ProxyEndpoint[];
  /** What the backend's headers become on their way to the client. */
  readonly answer?: HeaderChanges;
}

export type ProxyDecision = ProxyAnswer | ProxyForward;

export interface ProxyTable {
  /** The TCP ports of its clients. */
  readonly ports: readonly number[];
  decide(request: ProxyRequest): ProxyDecision;
  /** Why an object that is about to be written must not be; a table without it refuses none. */
  refusal?(object: unknown): string | undefined;
  /** The certificates for a server name in PEM; undefined where a port speaks no TLS. */
  certificate(port: number, serverName: string): string | undefined;
}

export interface HeaderChanges {
  readonly set?: Readonly<Record<string, string>>;
  /** Joined to what is there. */
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/**
 * Headers after changes; all names in lower case.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { changedHeaders } from "./proxy.ts";
 *
 * const changes = { set: { "X-A": "1" }, add: { "x-b": "2" }, remove: ["X-C"] };
 * assert.deepEqual(changedHeaders({ "x-b": "1", "x-c": "3" }, changes), { "x-b": "1,2", "x-a": "1" });
 * ```
 */
export function changedHeaders(
  headers: Readonly<Record<string, string>>,
  { set = {}, add = {}, remove = [] }: HeaderChanges = {},
): Readonly<Record<string, string>> {
  const changed = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
  for (const [name, value] of Object.entries(set)) changed.set(name.toLowerCase(), value);
  for (const [name, value] of Object.entries(add)) {
    const present = changed.get(name.toLowerCase());
    changed.set(name.toLowerCase(), present === undefined ? value : `${present},${value}`);
  }
  for (const name of remove) changed.delete(name.toLowerCase());
  return Object.fromEntries(changed);
}

/** A host as a request names it, without its port, in lower case. */
export const hostName = (host = ""): string => host.toLowerCase().replace(/:\d+$/, "");

/** A path without its query. */
export const pathOnly = (path: string): string => path.split(/[?#]/, 1)[0];

/** The query of a path with its question mark, or nothing. */
export const queryOf = (path: string): string => path.includes("?") ? path.slice(path.indexOf("?")) : "";
