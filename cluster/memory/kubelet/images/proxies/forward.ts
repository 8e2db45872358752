/** Answers requests by a controller's table, as nginx does for ingress controllers and gateways. */
import { changedHeaders, type ProxyEndpoint, type ProxyForward } from "../../../network/proxy.ts";
import { isAddress } from "../../runtime/network.ts";
import type { HttpRequest, HttpResponse } from "../../runtime/runtime.ts";
import type { ServerContext } from "../image.ts";
import { httpTime } from "../log_time.ts";
import { passedOn } from "../responses.ts";
import { STATUS_TEXT } from "../static_site.ts";

export interface Forwarded {
  readonly response: HttpResponse;
  /** For whom the request was. */
  readonly upstream?: string;
  /** Who answered, or was tried last; undefined where the proxy answered itself. */
  readonly endpoint?: ProxyEndpoint;
}

/** A backend that does not answer is left for another, so often. */
const MOST_TRIES = 3;
/** nginx' proxy_connect_timeout as these controllers set it, in milliseconds. */
const CONNECT_TIMEOUT = 5_000;

/** Requests that a proxy has in hand at once, as nginx' worker_connections: what is sent round in a circle ends here. */
const MOST_REQUESTS = 128;

/** Answers by the table that a controller has made. */
export function answerer(context: ServerContext) {
  let inHand = 0;
  /** @param headers beside those that the table gives the backend */
  return async (request: HttpRequest, headers: Readonly<Record<string, string>> = {}): Promise<Forwarded> => {
    if (inHand >= MOST_REQUESTS) return finished({ response: ownPage(500) }, context);
    inHand++;
    try {
      return finished(await answer(request, headers, context), context);
    } finally {
      inHand--;
    }
  };
}

async function answer(
  request: HttpRequest,
  headers: Readonly<Record<string, string>>,
  context: ServerContext,
): Promise<Forwarded> {
  const table = context.proxyTable();
  const speaksTls = table?.certificate(request.port, "") !== undefined;
  if (speaksTls && !request.https) return { response: ownPage(400) };
  const decision = table?.decide(request);
  if (decision === undefined) return { response: ownPage(404) };
  if (decision.to === "backend") {
    return await forward({ ...decision, headers: { ...decision.headers, ...headers } }, request, context);
  }
  const { status, body, upstream } = decision;
  const response = body === undefined
    ? ownPage(status, decision.headers)
    : { status, headers: { ...decision.headers }, body };
  return { response, upstream };
}

const finished = ({ response, ...more }: Forwarded, { now }: ServerContext): Forwarded => ({
  ...more,
  response: { ...response, headers: { date: httpTime(now()), connection: "keep-alive", ...response.headers } },
});

/** Sends a copy; nobody waits for what becomes of it. */
async function send(
  { host, port }: ProxyEndpoint,
  request: Omit<HttpRequest, "port">,
  { connect }: ServerContext,
): Promise<void> {
  const peer = await connect(host, port, CONNECT_TIMEOUT).catch(() => "refused" as const);
  if (typeof peer !== "string") await peer.http({ ...request, port }).catch(() => undefined);
}

/** Tries one endpoint after the other; without any that answers it is 502, or 504 where nothing came back. */
async function forward(
  { endpoints, copies = [], upstream, path, host, headers, https, answer }: ProxyForward,
  { method, body }: HttpRequest,
  context: ServerContext,
): Promise<Forwarded> {
  for (const copy of copies) void send(copy, { path, host, headers, https, method, body }, context);
  let status = 502;
  for (const endpoint of endpoints.slice(0, MOST_TRIES)) {
    const address = isAddress(endpoint.host) ? endpoint.host : await context.resolve(endpoint.host);
    if (address === undefined) continue;
    const peer = await context.connect(address, endpoint.port, CONNECT_TIMEOUT);
    if (typeof peer === "string") {
      status = peer === "timeout" ? 504 : 502;
      continue;
    }
    if (https && peer.certificate?.(host) === undefined) continue;
    const response = await peer.http({ port: endpoint.port, path, host, headers, https, method, body });
    if (response === undefined) continue;
    return {
      upstream,
      endpoint,
      response: { ...response, headers: changedHeaders(passedOn(response.headers), answer) },
    };
  }
  return { upstream, endpoint: endpoints[0], response: ownPage(status) };
}

/** nginx' page for a status; these controllers do not tell its version. */
function ownPage(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const text = status === 503 ? "Service Temporarily Unavailable" : STATUS_TEXT[status] ?? "";
  const title = `${status} ${text}`.trim();
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
  return { status, headers: { "content-type": "text/html", ...headers }, body };
}
