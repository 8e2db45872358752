/** Forwards a request to a backend, as nginx does for ingress controllers and gateways. */
import { changedHeaders, type ProxyEndpoint, type ProxyForward } from "../../../network/proxy.ts";
import { isAddress } from "../../runtime/network.ts";
import type { HttpRequest, HttpResponse } from "../../runtime/runtime.ts";
import type { ServerContext } from "../image.ts";
import { STATUS_TEXT } from "../static_site.ts";

export interface Forwarded {
  readonly response: HttpResponse;
  /** Who answered, or was tried last. */
  readonly endpoint: ProxyEndpoint;
}

/** Headers that belong to one connection, or that nginx writes itself. */
const NOT_PASSED_ON: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "server",
  "date",
  "content-length",
]);
/** A backend that does not answer is left for another, so often. */
const MOST_TRIES = 3;

/** Tries one endpoint after the other; without any that answers it is 502, or 504 where nothing came back. */
export async function forward(
  { endpoints, path, host, headers, https, answer }: ProxyForward,
  { method, body }: HttpRequest,
  context: ServerContext,
): Promise<Forwarded> {
  let status = 502;
  for (const endpoint of endpoints.slice(0, MOST_TRIES)) {
    const address = isAddress(endpoint.host) ? endpoint.host : await context.resolve(endpoint.host);
    if (address === undefined) continue;
    const peer = await context.connect(address, endpoint.port);
    if (typeof peer === "string") {
      status = peer === "timeout" ? 504 : 502;
      continue;
    }
    if (https && peer.certificate?.(host) === undefined) continue;
    const response = await peer.http({ port: endpoint.port, path, host, headers, https, method, body });
    if (response === undefined) continue;
    const passed = Object.entries(response.headers).filter(([name]) => !NOT_PASSED_ON.has(name.toLowerCase()));
    return { endpoint, response: { ...response, headers: changedHeaders(Object.fromEntries(passed), answer) } };
  }
  return { endpoint: endpoints[0], response: ownPage(status) };
}

/** nginx' page for a status; these controllers do not tell its version. */
export function ownPage(status: number, headers: Readonly<Record<string, string>> = {}): HttpResponse {
  const text = status === 503 ? "Service Temporarily Unavailable" : STATUS_TEXT[status] ?? "";
  const title = `${status} ${text}`.trim();
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n` +
    "<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n";
  return { status, headers: { "content-type": "text/html", ...headers }, body };
}

/** Requests that a proxy has in hand at once, as nginx' worker_connections: what is sent round in a circle ends here. */
export const MOST_REQUESTS = 128;
