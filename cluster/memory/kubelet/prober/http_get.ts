/**
 * Requests that the kubelet itself sends to a pod: those of probes and of lifecycle hooks.
 *
 * Source: `pkg/probe/http`, `pkg/probe/util.go`, `pkg/kubelet/lifecycle/handlers.go`; Go's `net/http` for the words.
 */
import type { Container as ContainerSpec, HTTPGetAction } from "../../kinds/schema/types.ts";
import { runningContainers, type RuntimePod } from "../container.ts";
import type { NodeContext } from "../node_context.ts";
import type { Connected } from "../runtime/network.ts";
import type { ContainerProcess, HttpResponse } from "../runtime/runtime.ts";

export interface PodTarget {
  readonly node: NodeContext;
  readonly runtime: RuntimePod;
  /** The container that the probe or hook belongs to: its ports may be named. */
  readonly spec: ContainerSpec;
}

/** A port that does not exist under its name, or is no port. */
export class PortError extends Error {
  override readonly name = "PortError";
}

/** A port by its number or by the name that the container gave it. @throws {PortError} */
export function portOf(port: number | string | undefined, { ports = [] }: ContainerSpec): number {
  const named = typeof port === "string" ? ports.find(({ name }) => name === port)?.containerPort : undefined;
  const number = named ?? Number(port);
  if (Number.isNaN(number)) throw new PortError(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`);
  if (number > 0 && number < 65536) return number;
  throw new PortError(`invalid port number: ${number}`);
}

/** The pod's address. Its containers share it. */
export const podAddress = ({ node, runtime }: PodTarget): string => runtime.sandbox?.ip ?? node.hostIP;

/** The process of the pod that listens on a port, whichever container it is in. */
export const listenerOn = ({ runtime }: PodTarget, port: number): ContainerProcess | undefined =>
  runningContainers(runtime).find(({ process }) => process?.listens(port))?.process;

/** Connects to the pod, or to a host that the probe names; what is said is Go's. */
export async function dial(
  target: PodTarget,
  host: string,
  port: number,
): Promise<ContainerProcess | Exclude<Connected, string> | string> {
  const { node } = target;
  const problem = (why: string) => `dial tcp ${host}:${port}: ${why}`;
  if (host === podAddress(target)) return listenerOn(target, port) ?? problem("connect: connection refused");
  // The host is looked up on the node, where "localhost" is the node itself.
  const address = host === "localhost" || host === "127.0.0.1" ? node.hostIP : host;
  const origin = { namespace: "", pod: "", ip: node.hostIP, node: node.name };
  const connected = await node.network.connect(origin, address, port);
  if (typeof connected !== "string") return connected;
  if (connected === "refused") return problem("connect: connection refused");
  return problem(connected === "timeout" ? "i/o timeout" : "connect: no route to host");
}

/** @throws {PortError} */
export function urlOf({ path = "/", scheme = "HTTP", host, port }: HTTPGetAction, target: PodTarget): string {
  const address = `${host || podAddress(target)}:${portOf(port, target.spec)}`;
  return `${scheme.toLowerCase()}://${address}${path.startsWith("/") ? "" : "/"}${path}`;
}

const MOST_REDIRECTS = 10;

/**
 * Sends a GET request. Redirects to the same host are followed.
 *
 * @returns the answer, or why there is none
 * @throws {PortError}
 */
export async function httpGet(action: HTTPGetAction, target: PodTarget): Promise<HttpResponse | string> {
  const { httpHeaders = [] } = action;
  const headers = {
    "user-agent": "kube-probe/1.36",
    accept: "*/*",
    ...Object.fromEntries(httpHeaders.map(({ name, value }) => [name.toLowerCase(), value])),
  };
  let url = urlOf(action, target);
  for (let redirects = 0;; redirects++) {
    const answer = await get(url, headers, target);
    const next = typeof answer === "string" ? undefined : redirectOf(url, answer);
    if (next === undefined) return answer;
    if (redirects === MOST_REDIRECTS) return `Get ${JSON.stringify(next)}: stopped after ${MOST_REDIRECTS} redirects`;
    url = next;
  }
}

async function get(
  url: string,
  headers: Readonly<Record<string, string>>,
  target: PodTarget,
): Promise<HttpResponse | string> {
  const { protocol, hostname, port: text } = new URL(url);
  const https = protocol === "https:";
  const port = text === "" ? (https ? 443 : 80) : Number(text);
  const failed = (why: string) => `Get ${JSON.stringify(url)}: ${why}`;
  const peer = await dial(target, hostname, port);
  if (typeof peer === "string") return failed(peer);
  // As Go does, the port is said even where it is the scheme's own.
  const [, , authority] = url.split("/", 3);
  const path = url.slice(url.indexOf("/", url.indexOf("//") + 2));
  const isProcess = "listens" in peer;
  const certificate = isProcess ? peer.certificate?.(port, "") : peer.certificate?.("");
  if (https && certificate === undefined) return failed("http: server gave HTTP response to HTTPS client");
  const answer = await peer.http({ port, path, headers, https, host: headers.host ?? authority });
  return answer ?? failed("EOF");
}

/** Where an answer leads on the same host, undefined where it leads nowhere or elsewhere. */
function redirectOf(url: string, { status, headers }: HttpResponse): string | undefined {
  const location = headers.location ?? headers.Location;
  if (location === undefined || ![301, 302, 303, 307, 308].includes(status)) return undefined;
  const next = new URL(location, url);
  return next.hostname === new URL(url).hostname ? next.href : undefined;
}
