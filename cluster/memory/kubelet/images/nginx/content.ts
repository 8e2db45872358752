/** What a location of nginx' says: who may see it, where the request goes on, which file is served. */
import type { HttpResponse } from "../../runtime/runtime.ts";
import { serveFile, typeOf } from "../static_site.ts";
import { isAuthorized } from "./auth.ts";
import { autoindex } from "./autoindex.ts";
import { all, type Directive, value } from "./config.ts";
import { type Exchange, fill, logError, page } from "./exchange.ts";
import { proxy } from "./proxy.ts";
import { redirectTo, rewritten } from "./rewrite.ts";

/** Sends a request on to another path of its server. */
export type Again = (uri: string) => Promise<HttpResponse>;

/** What a location answers. */
export async function content(
  exchange: Exchange,
  location: Directive | undefined,
  again: Again,
): Promise<HttpResponse> {
  const block = location?.block ?? [];
  const refused = refusal(block, exchange);
  if (refused !== undefined) return refused;
  if (all(block, "stub_status").length > 0) {
    const body =
      "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n";
    return { status: 200, headers: { "content-type": "text/plain" }, body };
  }
  const upstream = value(block, "proxy_pass");
  if (upstream !== undefined) return await proxy(upstream, location!, exchange);
  if (["fastcgi_pass", "uwsgi_pass", "grpc_pass"].some((name) => value(block, name) !== undefined)) {
    return plain(502, exchange);
  }
  return await files(exchange, location, again);
}

/** An answer of nginx' own. */
const plain = (
  status: number,
  { context }: Exchange,
  headers: Readonly<Record<string, string>> = {},
): HttpResponse => ({
  status,
  headers,
  body: page(status, context.tag),
});

/** Who may not see a location: `auth_basic`, `deny`. */
function refusal(block: readonly Directive[], exchange: Exchange): HttpResponse | undefined {
  const { server, context, request } = exchange;
  const has = (name: string) => value(block, name) ?? value(server.block, name);
  const realm = has("auth_basic");
  if (realm !== undefined && realm !== "off") {
    const users = context.readFile(has("auth_basic_user_file") ?? "") ?? "";
    if (!isAuthorized(request.headers.authorization, users)) {
      return plain(401, exchange, { "www-authenticate": `Basic realm="${realm}"` });
    }
  }
  // The first rule that fits decides.
  const rule = block.find(({ name, args: [who] }) =>
    (name === "deny" || name === "allow") && (who === "all" || who === request.from)
  );
  return rule?.name === "deny" ? plain(403, exchange) : undefined;
}

/** Files of the disk: `root`, `alias`, `index`, `try_files`, `autoindex`. */
async function files(exchange: Exchange, location: Directive | undefined, again: Again): Promise<HttpResponse> {
  const { server, context, uri } = exchange;
  const block = location?.block ?? [];
  const has = (name: string) => value(block, name) ?? value(server.block, name);
  const last = (name: string) => (all(block, name).at(-1) ?? all(server.block, name).at(-1))?.args;
  const alias = value(block, "alias");
  const indexes = [...last("index") ?? ["index.html"]];
  const [base, path] = alias === undefined
    ? [has("root") ?? "/etc/nginx/html", uri]
    : [alias, uri.slice(location!.args.at(-1)!.length)];
  const tries = last("try_files");
  if (tries !== undefined) {
    for (const one of tries.slice(0, -1)) {
      const found = serveFile(base, fill(one, { ...exchange, uri: path }), context, indexes);
      if (found.status === 200) return found;
    }
    const otherwise = fill(tries.at(-1)!, exchange);
    if (otherwise.startsWith("=")) return plain(Number(otherwise.slice(1)), exchange);
    if (otherwise.startsWith("@")) {
      const named = all(server.block, "location").find(({ args }) => args[0] === otherwise);
      if (named !== undefined) return rewritten(named.block ?? [], exchange) ?? await content(exchange, named, again);
    } else if (otherwise !== uri) return await again(otherwise);
  }
  const file = serveFile(base, path, context, indexes);
  if (file.status === 200) {
    const type = typeOf(file.path ?? path, has("default_type") ?? "application/octet-stream");
    return { ...file, headers: { ...file.headers, "content-type": type } };
  }
  if (file.status === 301) return plain(301, exchange, { location: redirectTo(`${uri}/`, exchange) });
  if (file.status === 403 && has("autoindex") === "on") return autoindex(`${base}${path}`, uri, context);
  if (file.status === 404 || file.status === 403) logProblem(file.status, `${base}${path}`, exchange);
  return plain(file.status, exchange);
}

function logProblem(status: number, file: string, exchange: Exchange): void {
  const [problem, reason] = status === 404
    ? [`open() "${file}" failed`, " (2: No such file or directory)"]
    : [`directory index of "${file}" is forbidden`, ""];
  logError(`${problem}${reason}`, exchange);
}
