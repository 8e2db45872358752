/** The directives that answer or change a request before anything is looked for: `return`, `rewrite`, `set`, `if`. */
import type { HttpResponse } from "../../runtime/runtime.ts";
import { type Directive, value } from "./config.ts";
import { type Exchange, fill, page } from "./exchange.ts";
import { matchOf } from "./pattern.ts";

/** What the directives of the rewrite module say before anything is looked for. */
export function rewritten(block: readonly Directive[], exchange: Exchange): HttpResponse | undefined {
  const { context: { tag } } = exchange;
  for (const directive of block) {
    const { name, args } = directive;
    if (name === "set") exchange.variables.set(args[0].replace(/^\$/, ""), fill(args[1] ?? "", exchange));
    else if (name === "return") {
      const [code, text] = /^\d{3}$/.test(args[0]) ? args : ["302", args[0]];
      const status = Number(code);
      if (status >= 301 && status <= 308 && status !== 304 && text !== undefined) {
        return { status, headers: { location: redirectTo(fill(text, exchange), exchange) }, body: page(status, tag) };
      }
      if (text === undefined) return { status, headers: {}, body: page(status, tag) };
      const type = value(block, "default_type") ?? value(exchange.server.block, "default_type") ?? "text/plain";
      return { status, headers: { "content-type": type }, body: fill(text, exchange) };
    } else if (name === "rewrite") {
      const match = matchOf(args[0], exchange.uri);
      if (match === undefined) continue;
      const to = fill(args[1], exchange, match);
      const [flag] = args.slice(2);
      if (flag === "permanent" || flag === "redirect" || /^https?:/.test(to)) {
        const status = flag === "permanent" ? 301 : 302;
        return { status, headers: { location: redirectTo(to, exchange) }, body: page(status, tag) };
      }
      const [uri, query] = to.split(/\?(.*)/s);
      exchange.uri = uri;
      if (query) exchange.query = exchange.query === "" ? query : `${query}&${exchange.query}`;
      if (flag === "break") exchange.variables.set("break", "");
      if (flag === "break" || flag === "last") return undefined;
    } else if (name === "if" && holds(args, exchange)) {
      const inner = rewritten(directive.block ?? [], exchange);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

/** `if ($request_method = POST)`, `if ($http_user_agent ~* curl)`, `if ($flag)` */
function holds(args: readonly string[], exchange: Exchange): boolean {
  const words = args.join(" ").replace(/^\(\s*|\s*\)$/g, "").split(/\s+/);
  const left = fill(words[0], exchange);
  if (words.length === 1) return left !== "" && left !== "0";
  const [, operator, right = ""] = words;
  if (operator === "=" || operator === "!=") return (left === fill(right, exchange)) === (operator === "=");
  const found = matchOf(right, left, operator.endsWith("*")) !== undefined;
  return operator.startsWith("!") ? !found : found;
}

/** A path with the scheme and host that were asked. */
export const redirectTo = (to: string, { request: { https, host = "" } }: Exchange) =>
  to.startsWith("/") ? `${https ? "https" : "http"}://${host}${to}` : to;
