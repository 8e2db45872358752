/**
 * CoreDNS's configuration file.
 *
 * Source: https://coredns.io/manual/configuration/; the order and names of plugins from `coredns/plugin.cfg`.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { parseCorefile } from "./corefile.ts";
 *
 * const [server] = parseCorefile(".:53 {\n  kubernetes cluster.local {\n    pods verified\n  }\n}\n");
 * assert.deepEqual(server.zones, ["."]);
 * assert.deepEqual(server.plugins[0].options, [["pods", "verified"]]);
 * assert.throws(() => parseCorefile(".:53 {\n  kubernets\n}\n"), /Unknown directive 'kubernets'/);
 * ```
 */
import { absolute, DNS_PORT, inZone } from "./message.ts";

export interface Plugin {
  readonly name: string;
  readonly args: readonly string[];
  /** The lines of its block, as words. */
  readonly options: readonly (readonly string[])[];
}

export interface ServerBlock {
  /** Absolute: "." or "cluster.local." */
  readonly zones: readonly string[];
  readonly port: number;
  readonly plugins: readonly Plugin[];
}

/** Why CoreDNS does not start with a Corefile. */
export class CorefileError extends Error {
  override readonly name = "CorefileError";
}

const KNOWN = new Set(
  ("root metadata geoip cancel tls quic https timeouts multisocket reload nsid bufsize bind debug trace ready health " +
    "pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec " +
    "autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd " +
    "loop forward grpc erratic whoami on sign view nomad").split(" "),
);

interface Token {
  readonly text: string;
  readonly line: number;
}

/** @throws {CorefileError} in CoreDNS's words */
export function parseCorefile(text: string): readonly ServerBlock[] {
  const lines = text.split("\n").map((line, i) => words(line).map((word): Token => ({ text: word, line: i + 1 })))
    .filter((line) => line.length > 0);
  const servers: ServerBlock[] = [];
  let at = 0;
  while (at < lines.length) {
    const head = lines[at++];
    const open = head.at(-1)!.text === "{";
    const addresses = (open ? head.slice(0, -1) : head).flatMap(({ text }) => text.split(",")).filter((one) =>
      one !== ""
    );
    if (addresses.length === 0 || addresses.includes("}")) throw wrong(head[0], "Unexpected '}' or missing server");
    if (!open) throw wrong(head.at(-1)!, "Expected '{' after the server's zones");
    const plugins: Plugin[] = [];
    for (;; at++) {
      const line = lines[at];
      if (line === undefined) throw wrong(head[0], "Unexpected EOF: a block is not closed");
      if (line[0].text === "}") break;
      const block = line.at(-1)!.text === "{";
      const [name, ...args] = block ? line.slice(0, -1) : line;
      if (!KNOWN.has(name.text)) throw wrong(name, `Unknown directive '${name.text}'`);
      const options: string[][] = [];
      if (block) {
        for (at++;; at++) {
          const inner = lines[at];
          if (inner === undefined) throw wrong(name, "Unexpected EOF: a block is not closed");
          if (inner[0].text === "}") break;
          options.push(inner.map((token) => token.text));
        }
      }
      plugins.push({ name: name.text, args: args.map((token) => token.text), options });
    }
    at++;
    servers.push({ ...zonesOf(addresses), plugins });
  }
  return servers;
}

const words = (line: string): readonly string[] =>
  line.replace(/(^|\s)#.*$/, "").split(/\s+/).filter((word) => word !== "");

const wrong = ({ line }: Token, what: string) =>
  new CorefileError(`/etc/coredns/Corefile:${line} - Error during parsing: ${what}`);

/** "dns://cluster.local:1053" has a zone and a port. */
function zonesOf(addresses: readonly string[]): { readonly zones: readonly string[]; readonly port: number } {
  const parts = addresses.map((address) => /^(?:dns:\/\/)?([^:]*)(?::(\d+))?$/.exec(address));
  if (parts.includes(null)) throw new CorefileError(`invalid zone or port in ${addresses.join(" ")}`);
  return { zones: parts.map((part) => absolute(part![1])), port: Number(parts[0]![2] ?? DNS_PORT) };
}

/** The server that answers for an absolute name: that with the longest zone. */
export function serverFor(servers: readonly ServerBlock[], name: string): ServerBlock | undefined {
  const matches = servers.filter((server) => server.port === DNS_PORT).flatMap((server) =>
    server.zones.filter((zone) => inZone(name, zone)).map((zone) => ({ server, zone }))
  );
  return matches.sort((a, b) => b.zone.length - a.zone.length)[0]?.server;
}
