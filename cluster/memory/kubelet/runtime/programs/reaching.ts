/** How programs reach others: names looked up as a resolver does, connections, URLs. */
import {
  candidates,
  type DnsRecord,
  isAddress,
  type Origin,
  parseResolvConf,
  type Peer,
  type RecordType,
} from "../network.ts";
import { encodeText } from "../streams.ts";
import { STATUS_TEXT } from "../../images/static_site.ts";
import type { HttpResponse } from "../runtime.ts";
import { type ProgramContext, track } from "./program.ts";

/** Who asks: the network decides by it what may be reached. */
export const originOf = ({ process }: ProgramContext): Origin => {
  const { config } = process.machine;
  return {
    namespace: config.namespace ?? "default",
    pod: config.podName ?? config.hostname,
    ip: config.podIP,
    node: config.nodeName,
  };
};

/**
 * What a server answers. Unlike other work this may take the cluster's time: a proxy waits for somebody who does not
 * answer.
 *
 * @param ms after which nobody waits any longer
 */
export async function answerOf<T>(
  { process }: ProgramContext,
  answer: Promise<T>,
  ms?: number,
): Promise<T | "timeout"> {
  if (ms === undefined) return await process.wait(answer);
  const { promise, resolve } = Promise.withResolvers<"timeout">();
  const timer = process.machine.clock.after(ms, () => resolve("timeout"));
  try {
    return await process.wait(Promise.race([answer, promise]));
  } finally {
    timer.cancel();
  }
}

export interface Found {
  readonly records: readonly DnsRecord[];
  /** The name that was found. */
  readonly name: string;
  readonly code: string;
}

/** A name's records, over /etc/hosts and the search list, following other names. */
export async function lookUp(name: string, context: ProgramContext, type: RecordType = "A"): Promise<Found> {
  const { files, config: { network } } = context.process.machine;
  const hosts = (files.readText("/etc/hosts") ?? "").split("\n").map((line) =>
    line.replace(/#.*/, "").trim().split(/\s+/)
  );
  const known = hosts.find(([address, ...names]) => isAddress(address) && names.includes(name));
  if (known !== undefined && type === "A") {
    return { name, code: "NOERROR", records: [{ name, type: "A", ttl: 0, value: known[0] }] };
  }
  const config = parseResolvConf(files.readText("/etc/resolv.conf") ?? "");
  let code = config.servers.length === 0 ? "TIMEOUT" : "NXDOMAIN";
  for (const candidate of config.servers.length === 0 ? [] : candidates(name, config)) {
    const answer = await track(context, network!.resolve(originOf(context), candidate, type, config.servers[0]));
    code = answer.code;
    if (answer.code === "NOERROR" && answer.records.length > 0) {
      const [alias] = answer.records;
      if (alias.type === "CNAME" && type === "A") {
        const next = await lookUp(alias.value, context, type);
        return { ...next, records: [alias, ...next.records] };
      }
      return { name: candidate, code, records: answer.records };
    }
    if (code === "TIMEOUT" || code === "SERVFAIL") break;
  }
  return { name, code, records: [] };
}

/** The address of a host; undefined where its name is not known. */
export async function addressOf(host: string, context: ProgramContext): Promise<string | undefined> {
  if (isAddress(host)) return host;
  const { records } = await lookUp(host, context);
  return records.find(({ type }) => type === "A")?.value;
}

/** Asks until `ms` have passed, as nobody answers. */
const LONG_WAIT = 130_000;

/** Connects, and waits where nobody answers. @param ms for so long; as TCP does where undefined */
export async function connect(
  address: string,
  port: number,
  ms: number | undefined,
  context: ProgramContext,
): Promise<Peer | "refused" | "timeout" | "unreachable"> {
  const { network } = context.process.machine.config;
  const connected = await track(context, network!.connect(originOf(context), address, port));
  if (connected === "timeout") await context.process.sleep(ms ?? LONG_WAIT);
  return connected;
}

export interface Target {
  readonly scheme: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly https: boolean;
  /** "name:password" */
  readonly user?: string;
}

/** Takes a URL apart; undefined where it names no host. */
export function targetOf(url: string): Target | undefined {
  const [, scheme = "http", user, authority, path = ""] = /^(?:(\w+):\/\/)?(?:([^/@]*)@)?([^/?#]+)([^#]*)/.exec(url) ??
    [];
  if (authority === undefined) return undefined;
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(authority)!;
  const https = scheme === "https";
  return {
    scheme,
    host,
    port: Number(port ?? (https ? 443 : 80)),
    path: path.startsWith("/") ? path : `/${path}`,
    https,
    ...user === undefined ? {} : { user },
  };
}

/** Shows what comes of an answer that goes on, until it ends or `ms` milliseconds have passed. */
export async function follow(
  stream: NonNullable<HttpResponse["stream"]>,
  ms: number | undefined,
  context: ProgramContext,
): Promise<{ readonly ended: boolean; readonly size: number }> {
  const { process, stdout } = context;
  let size = 0;
  let finish = (_: boolean) => {};
  const finished = new Promise<boolean>((resolve) => finish = resolve);
  const stop = stream((text) => {
    size += text.length;
    void stdout.write(encodeText(text));
  }, () => finish(true));
  const repeated = process.repeat();
  const timer = ms === undefined ? undefined : process.machine.clock.after(ms, () => finish(false));
  try {
    return { ended: await process.wait(finished), size };
  } finally {
    timer?.cancel();
    repeated();
    stop();
  }
}

const lengthOf = (headers: HttpResponse["headers"], body: string) =>
  headers["content-length"] === undefined && headers["Content-Length"] === undefined
    ? { "content-length": String(encodeText(body).length) }
    : {};

/** The status line and the headers, with the empty line after them. */
export const headOf = ({ status, headers, body }: HttpResponse) =>
  `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ""}\r\n${
    Object.entries({ ...headers, ...lengthOf(headers, body) })
      .map(([name, value]) => `${name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())}: ${value}\r\n`).join("")
  }\r\n`;
