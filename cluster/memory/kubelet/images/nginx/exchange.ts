/** A request that nginx is answering, and what all parts of the answer need: variables, pages, the error log. */
import type { HttpRequest } from "../../runtime/runtime.ts";
import type { ServerContext } from "../image.ts";
import { accessTime, slashTime } from "../log_time.ts";
import { STATUS_TEXT } from "../static_site.ts";
import type { NginxConfig, VirtualServer } from "./load.ts";
import { nginxVersion } from "./version.ts";

/** A request being answered. */
export interface Exchange {
  readonly request: HttpRequest;
  /** The number of its connection, from 1 on. */
  readonly connection: number;
  readonly server: VirtualServer;
  readonly config: NginxConfig;
  readonly context: ServerContext;
  /** Without the query; rewrites change it. */
  uri: string;
  query: string;
  /** What `set` and patterns gave. */
  readonly variables: Map<string, string>;
}

/** Fills in variables. */
export function fill(text: string, exchange: Exchange, groups?: readonly (string | undefined)[]): string {
  return text.replaceAll(/\$\{(\w+)\}|\$(\w+)/g, (whole, braced, plain) => {
    const name: string = braced ?? plain;
    return groups?.[Number(name)] ?? exchange.variables.get(name) ?? variable(name, exchange) ?? whole;
  });
}

function variable(name: string, { request, context, uri, query, server }: Exchange): string | undefined {
  const { host = "", path, port, method = "GET", from, https, headers } = request;
  switch (name) {
    case "host":
      return host.split(":")[0];
    case "hostname":
      return context.hostname;
    case "uri":
    case "document_uri":
      return uri;
    case "request_uri":
      return path;
    case "args":
    case "query_string":
      return query;
    case "is_args":
      return query === "" ? "" : "?";
    case "server_addr":
      return context.podIP;
    case "server_port":
      return String(port);
    case "server_name":
      return server.names[0] ?? "";
    case "remote_addr":
      return from ?? context.podIP;
    case "remote_port":
      return "41234";
    case "request_method":
      return method;
    case "scheme":
      return https ? "https" : "http";
    case "https":
      return https ? "on" : "";
    case "request":
      return `${method} ${path} HTTP/1.1`;
    case "proxy_add_x_forwarded_for": {
      const before = headers["x-forwarded-for"];
      return `${before === undefined ? "" : `${before}, `}${from ?? context.podIP}`;
    }
    case "time_local":
      return accessTime(context.now());
    case "time_iso8601":
      return new Date(context.now()).toISOString().replace(/\.\d+Z/, "+00:00");
    case "nginx_version":
      return nginxVersion(context.tag);
    case "remote_user":
    case "http_connection":
      return headers.connection ?? "";
    case "proxy_host":
      return host;
  }
  if (name.startsWith("http_")) {
    return headers[name.slice(5).replaceAll("_", "-")] ?? (name === "http_host" ? host : "");
  }
  if (name.startsWith("arg_")) return new URLSearchParams(query).get(name.slice(4)) ?? "";
  return undefined;
}

/** A line of the error log about a request. */
export function logError(text: string, { request, connection, context, server }: Exchange, upstream?: string): void {
  const { now, pid, podIP, err } = context;
  const about = [
    `client: ${request.from ?? podIP}`,
    `server: ${server.names[0] ?? ""}`,
    `request: "${request.method ?? "GET"} ${request.path} HTTP/1.1"`,
    ...upstream === undefined ? [] : [`upstream: "${upstream}"`],
    `host: "${request.host ?? ""}"`,
  ].join(", ");
  err(`${slashTime(now())} [error] ${pid + 28}#${pid + 28}: *${connection} ${text}, ${about}`);
}

/** nginx' own page for a status. */
export function page(status: number, tag: string, text?: string): string {
  const title = `${status} ${STATUS_TEXT[status] ?? ""}`.trim();
  const headline = text === undefined ? title : "400 Bad Request";
  return `<html>\r\n<head><title>${text === undefined ? title : `400 ${text}`}</title></head>\r\n<body>\r\n` +
    `<center><h1>${headline}</h1></center>\r\n${text === undefined ? "" : `<center>${text}</center>\r\n`}<hr>` +
    `<center>nginx/${nginxVersion(tag)}</center>\r\n</body>\r\n</html>\r\n`;
}
