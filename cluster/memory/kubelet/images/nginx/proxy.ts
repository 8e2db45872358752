/** `proxy_pass`: asks another server, and gives back what that answers. */
import { isAddress } from "../../runtime/network.ts";
import type { HttpResponse } from "../../runtime/runtime.ts";
import { passedOn } from "../responses.ts";
import { all, type Directive } from "./config.ts";
import { type Exchange, fill, logError, page } from "./exchange.ts";

/** The answer of the server that `proxy_pass` names, or nginx' own page where that does not answer. */
export async function proxy(given: string, location: Directive, exchange: Exchange): Promise<HttpResponse> {
  const { request, config, context, uri, query } = exchange;
  const url = fill(given, exchange);
  const [, scheme = "http", host = "", path] = /^(\w+):\/\/([^/?]+)(\/[^]*)?$/.exec(url) ?? [];
  const https = scheme === "https";
  // With a path, what the location matched is replaced by it; else the request goes on as it came.
  const matched = location.args.length === 1 || location.args[0] === "^~" ? location.args.at(-1)! : "";
  const asked = path === undefined || given.includes("$")
    ? path ?? (uri === request.path.split("?")[0] ? request.path : `${uri}${query === "" ? "" : `?${query}`}`)
    : `${path}${uri.slice(matched.length)}${query === "" ? "" : `?${query}`}`;
  const failed = (status: number, text: string, address: string) => {
    logError(text, exchange, `${scheme}://${address}${asked}`);
    return { status, headers: {}, body: page(status, context.tag) };
  };
  const upstream = config.upstreams.get(host);
  let address: string | undefined;
  if (upstream !== undefined && upstream.addresses.length > 0) {
    address = upstream.addresses[upstream.next++ % upstream.addresses.length];
  } else {
    const [, name, port = https ? "443" : "80"] = /^(.*?)(?::(\d+))?$/.exec(host)!;
    const found = isAddress(name) ? name : await context.resolve(name);
    address = found === undefined ? undefined : `${found}:${port}`;
  }
  if (address === undefined) {
    return failed(502, `${host.split(":")[0]} could not be resolved (3: Host not found)`, host);
  }
  const [ip, port] = address.split(":");
  const peer = await context.connect(ip, Number(port));
  if (peer === "timeout") {
    return failed(504, "upstream timed out (110: Connection timed out) while connecting to upstream", address);
  }
  if (typeof peer === "string") {
    const text = "connect() failed (111: Connection refused) while connecting to upstream";
    return failed(502, text, address);
  }
  if (https && peer.certificate?.(host.split(":")[0]) === undefined) {
    return failed(502, "SSL_do_handshake() failed while SSL handshaking to upstream", address);
  }
  const answer = await peer.http({
    port: Number(port),
    path: asked,
    https,
    ...forwardedHeaders(host, location, exchange),
    method: request.method,
    body: request.body,
  });
  if (answer === undefined) {
    return failed(502, "upstream prematurely closed connection while reading response header from upstream", address);
  }
  return { ...answer, headers: passedOn(answer.headers) };
}

function forwardedHeaders(host: string, { block = [] }: Directive, exchange: Exchange) {
  const { request, server } = exchange;
  const inner = all(block, "proxy_set_header");
  const set = inner.length > 0 ? inner : all(server.block, "proxy_set_header");
  const headers: Record<string, string> = { ...request.headers, host, connection: "close" };
  for (const { args: [name, text = ""] } of set) {
    const filled = fill(text, exchange);
    if (filled === "") delete headers[name.toLowerCase()];
    else headers[name.toLowerCase()] = filled;
  }
  return { headers, host: headers.host };
}
