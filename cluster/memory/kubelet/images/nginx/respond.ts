/** What nginx answers to a request: which server and location it belongs to, and what these say. */
import type { HttpRequest, HttpResponse } from "../../runtime/runtime.ts";
import type { ServerContext } from "../image.ts";
import { accessTime, httpTime } from "../log_time.ts";
import { serveFile, typeOf } from "../static_site.ts";
import { isAuthorized } from "./auth.ts";
import { autoindex } from "./autoindex.ts";
import { all, type Directive, value } from "./config.ts";
import { type Exchange, fill, logError, page } from "./exchange.ts";
import type { NginxConfig } from "./load.ts";
import { matchOf } from "./pattern.ts";
import { proxy } from "./proxy.ts";
import { redirectTo, rewritten } from "./rewrite.ts";
import { nginxVersion } from "./version.ts";

const MOST_REDIRECTS = 10;

export async function answer(request: HttpRequest, config: NginxConfig, context: ServerContext): Promise<HttpResponse> {
  const server = serverFor(request, config);
  const [uri, query = ""] = request.path.split(/\?(.*)/s);
  const exchange: Exchange = { request, server, config, context, uri: decoded(uri), query, variables: new Map() };
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

type Again = (uri: string) => Promise<HttpResponse>;

async function content(exchange: Exchange, location: Directive | undefined, again: Again): Promise<HttpResponse> {
  const { server, context, uri, request } = exchange;
  const block = location?.block ?? [];
  const { tag } = context;
  const has = (name: string) => value(block, name) ?? value(server.block, name);
  const realm = has("auth_basic");
  if (realm !== undefined && realm !== "off") {
    const users = context.readFile(has("auth_basic_user_file") ?? "") ?? "";
    if (!isAuthorized(request.headers.authorization, users)) {
      return { status: 401, headers: { "www-authenticate": `Basic realm="${realm}"` }, body: page(401, tag) };
    }
  }
  for (const { name, args: [who] } of block) {
    if (name === "deny" && (who === "all" || who === request.from)) {
      return { status: 403, headers: {}, body: page(403, tag) };
    }
    if (name === "allow" && (who === "all" || who === request.from)) break;
  }
  if (all(block, "stub_status").length > 0) {
    const body =
      "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n";
    return { status: 200, headers: { "content-type": "text/plain" }, body };
  }
  const upstream = value(block, "proxy_pass");
  if (upstream !== undefined) return await proxy(upstream, location!, exchange);
  if (["fastcgi_pass", "uwsgi_pass", "grpc_pass"].some((name) => value(block, name) !== undefined)) {
    return { status: 502, headers: {}, body: page(502, tag) };
  }
  const root = has("root") ?? "/etc/nginx/html";
  const alias = value(block, "alias");
  const indexes = [...all(block, "index").at(-1)?.args ?? all(server.block, "index").at(-1)?.args ?? ["index.html"]];
  const [base, path] = alias === undefined ? [root, uri] : [alias, uri.slice(location!.args.at(-1)!.length)];
  const tries = all(block, "try_files").at(-1)?.args ?? all(server.block, "try_files").at(-1)?.args;
  if (tries !== undefined) {
    for (const one of tries.slice(0, -1)) {
      const found = serveFile(base, fill(one, { ...exchange, uri: path }), context, indexes);
      if (found.status === 200) return found;
    }
    const last = fill(tries.at(-1)!, exchange);
    if (last.startsWith("=")) {
      return { status: Number(last.slice(1)), headers: {}, body: page(Number(last.slice(1)), tag) };
    }
    if (last.startsWith("@")) {
      const named = all(server.block, "location").find(({ args }) => args[0] === last);
      if (named !== undefined) return rewritten(named.block ?? [], exchange) ?? await content(exchange, named, again);
    } else if (last !== uri) return await again(last);
  }
  const file = serveFile(base, path, context, indexes);
  if (file.status === 200) {
    const type = typeOf(file.path ?? path, has("default_type") ?? "application/octet-stream");
    return { ...file, headers: { ...file.headers, "content-type": type } };
  }
  if (file.status === 301) {
    return { status: 301, headers: { location: redirectTo(`${uri}/`, exchange) }, body: page(301, tag) };
  }
  if (file.status === 403 && has("autoindex") === "on") return autoindex(`${base}${path}`, uri, context);
  if (file.status === 404 || file.status === 403) logProblem(file.status, `${base}${path}`, exchange);
  return { status: file.status, headers: {}, body: page(file.status, tag) };
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

/** With the headers that nginx gives every answer, in its order. */
function finished(response: HttpResponse, { context: { tag, now } }: Exchange): HttpResponse {
  const { "content-type": type = "text/html", ...others } = response.headers;
  const length = new TextEncoder().encode(response.body).length;
  const headers = {
    server: `nginx/${nginxVersion(tag)}`,
    date: httpTime(now()),
    ...response.status === 204 ? {} : { "content-type": type, "content-length": String(length) },
    connection: "keep-alive",
    ...others,
  };
  return { ...response, headers };
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

function logProblem(status: number, file: string, exchange: Exchange): void {
  const [problem, reason] = status === 404
    ? [`open() "${file}" failed`, " (2: No such file or directory)"]
    : [`directory index of "${file}" is forbidden`, ""];
  logError(`${problem}${reason}`, exchange);
}
