/** What nginx answers to a request: which server and location it belongs to, and what these say. */
import type { HttpRequest, HttpResponse } from "../../runtime/runtime.ts";
import type { ServerContext } from "../image.ts";
import { accessTime, httpTime } from "../log_time.ts";
import { all, type Directive, value } from "./config.ts";
import { type Again, content } from "./content.ts";
import { type Exchange, fill, page } from "./exchange.ts";
import type { NginxConfig } from "./load.ts";
import { matchOf } from "./pattern.ts";
import { rewritten } from "./rewrite.ts";
import { nginxVersion } from "./version.ts";

const MOST_REDIRECTS = 10;

/**
 * Answers a request as the configuration has it, and writes the access log.
 *
 * @param connection how many connections there were, with this one
 */
export async function answer(
  request: HttpRequest,
  config: NginxConfig,
  context: ServerContext,
  connection: number,
): Promise<HttpResponse> {
  const server = serverFor(request, config);
  const [uri, query = ""] = request.path.split(/\?(.*)/s);
  const asked = { uri: decoded(uri), query, variables: new Map<string, string>() };
  const exchange: Exchange = { request, connection, server, config, context, ...asked };
  const listen = server.listens.find(({ port }) => port === request.port);
  const response = listen?.ssl && !request.https
    ? { status: 400, headers: {}, body: page(400, context.tag, "The plain HTTP request was sent to HTTPS port") }
    : await respond(exchange);
  const whole = finished(response, exchange);
  const log = value(locationFor(server.block, exchange)?.block, "access_log") ?? value(server.block, "access_log");
  if (log !== "off") logAccess(whole, exchange);
  return whole;
}

function decoded(uri: string): string {
  try {
    return decodeURIComponent(uri);
  } catch {
    return uri;
  }
}

/** The server that listens there and has the name: an exact one, a wildcard, a pattern, the default one. */
export function serverFor({ port, host = "" }: Pick<HttpRequest, "port" | "host">, { servers }: NginxConfig) {
  const [name] = host.toLowerCase().split(":");
  const listening = servers.filter(({ listens }) => listens.some((listen) => listen.port === port));
  const fits = (pattern: string) =>
    pattern.startsWith("*.")
      ? name.endsWith(pattern.slice(1))
      : pattern.endsWith(".*")
      ? name.startsWith(pattern.slice(0, -1))
      : pattern.startsWith(".") && (name.endsWith(pattern) || name === pattern.slice(1));
  return listening.find(({ names }) => names.includes(name)) ??
    listening.find(({ names }) => names.some(fits)) ??
    listening.find(({ names }) =>
      names.some((one) => one.startsWith("~") && matchOf(one.slice(1), name) !== undefined)
    ) ??
    listening.find(({ listens }) => listens.some((listen) => listen.port === port && listen.isDefault)) ??
    listening[0] ?? servers[0];
}

async function respond(exchange: Exchange, redirects = 0): Promise<HttpResponse> {
  const { server: { block: server } } = exchange;
  const early = rewritten(server, exchange);
  if (early !== undefined) return early;
  const location = locationFor(server, exchange);
  const block = location?.block ?? [];
  const again = (uri: string) => {
    [exchange.uri, exchange.query] = uri.split(/\?(.*)/s).concat("") as [string, string];
    return redirects < MOST_REDIRECTS ? respond(exchange, redirects + 1) : errorPage(500, exchange, block);
  };
  const before = exchange.uri;
  const returned = rewritten(block, exchange);
  if (returned !== undefined) return withHeaders(returned, exchange, block);
  if (exchange.uri !== before && !exchange.variables.has("break")) return await again(exchange.uri);
  exchange.variables.delete("break");
  const response = await content(exchange, location, again);
  const shown = await errorPage(response.status, exchange, block, response, again);
  return withHeaders(shown, exchange, block);
}

/** The page that `error_page` names for a status, where it names one. */
async function errorPage(
  status: number,
  { server }: Exchange,
  block: readonly Directive[],
  response: HttpResponse = { status, headers: {}, body: "" },
  again?: Again,
): Promise<HttpResponse> {
  if (status < 300 || again === undefined) return response;
  const pages = [...all(block, "error_page"), ...all(server.block, "error_page")];
  const found = pages.find(({ args }) => args.slice(0, -1).includes(String(status)));
  if (found === undefined) return response;
  const to = found.args.at(-1)!;
  if (!to.startsWith("/")) return response;
  const shown = await again(to);
  if (shown.status !== 200) return response;
  const changed = found.args.find((arg) => /^=\d+$/.test(arg));
  return { ...shown, status: changed === undefined ? status : Number(changed.slice(1)) };
}

/** `add_header` counts from the innermost block that has any, and for answers that are no errors unless "always". */
function withHeaders(response: HttpResponse, exchange: Exchange, block: readonly Directive[]): HttpResponse {
  const inner = all(block, "add_header");
  const added = inner.length > 0 ? inner : all(exchange.server.block, "add_header");
  const headers: Record<string, string> = { ...response.headers };
  for (const { args: [name, text = "", always] } of added) {
    if (response.status < 400 || always === "always") headers[name.toLowerCase()] = fill(text, exchange);
  }
  return { ...response, headers };
}

/** The location that a path belongs to: an exact one, the longest where it says so, a pattern, the longest. */
export function locationFor(server: readonly Directive[], exchange: Exchange): Directive | undefined {
  const { uri } = exchange;
  const locations = all(server, "location");
  const exact = locations.find(({ args }) => args[0] === "=" && args[1] === uri);
  if (exact !== undefined) return exact;
  const longest =
    locations.filter(({ args }) =>
      (args.length === 1 || args[0] === "^~") && !args[0].startsWith("@") && uri.startsWith(args.at(-1)!)
    ).sort((a, b) => b.args.at(-1)!.length - a.args.at(-1)!.length)[0];
  if (longest?.args[0] !== "^~") {
    for (const location of locations) {
      const [mark, pattern] = location.args;
      if (mark !== "~" && mark !== "~*") continue;
      const match = matchOf(pattern ?? "", uri, mark === "~*");
      if (match === undefined) continue;
      match.forEach((group, i) => exchange.variables.set(String(i), group ?? ""));
      return location;
    }
  }
  const nested = longest?.block?.some(({ name }) => name === "location");
  const inner = nested ? locationFor(longest.block!, exchange) : undefined;
  return inner ?? longest;
}

/** With the headers that nginx gives every answer, in its order; without the body where only they were asked for. */
function finished(response: HttpResponse, { request, context: { tag, now } }: Exchange): HttpResponse {
  const { "content-type": type = "text/html", ...others } = response.headers;
  const length = new TextEncoder().encode(response.body).length;
  const headers = {
    server: `nginx/${nginxVersion(tag)}`,
    date: httpTime(now()),
    ...response.status === 204 ? {} : { "content-type": type, "content-length": String(length) },
    connection: "keep-alive",
    ...others,
  };
  return { ...response, headers, body: request.method === "HEAD" ? "" : response.body };
}

function logAccess({ status, body }: HttpResponse, { request, context }: Exchange): void {
  const { path, headers, method = "GET", from = context.podIP } = request;
  context.out(
    `${from} - - [${accessTime(context.now())}] "${method} ${path} HTTP/1.1" ${status} ` +
      `${new TextEncoder().encode(body).length} "${headers.referer ?? "-"}" "${headers["user-agent"] ?? "-"}" "${
        headers["x-forwarded-for"] ?? "-"
      }"`,
  );
}
