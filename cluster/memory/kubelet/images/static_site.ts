/** Serves the files of a folder over HTTP, as web servers do. */
import type { HttpResponse } from "../runtime/runtime.ts";

const TYPES: Readonly<Record<string, string>> = {
  html: "text/html",
  htm: "text/html",
  css: "text/css",
  js: "application/javascript",
  json: "application/json",
  txt: "text/plain",
  xml: "text/xml",
  svg: "image/svg+xml",
  png: "image/png",
};

export interface Site {
  readonly readFile: (path: string) => string | undefined;
  readonly names: (folder: string) => readonly string[];
}

/** "text/html" for "/index.html". */
export const typeOf = (path: string, otherwise = "application/octet-stream"): string =>
  TYPES[path.slice(path.lastIndexOf(".") + 1).toLowerCase()] ?? otherwise;

/**
 * The file for a request's path under a root folder: 404 where there is none, 403 for a folder without an index, 301 for
 * a folder without its slash. Bodies of errors are empty: each server has its own. `path` is that of the file found.
 */
export function serveFile(
  root: string,
  path: string,
  site: Site,
  indexes: readonly string[] = ["index.html"],
): HttpResponse & { readonly path?: string } {
  const [raw] = path.split("?");
  let name: string;
  try {
    name = decodeURIComponent(raw);
  } catch {
    return { status: 400, headers: {}, body: "" };
  }
  if (name.split("/").includes("..")) return { status: 400, headers: {}, body: "" };
  const file = `${root.replace(/\/$/, "")}${name.startsWith("/") ? "" : "/"}${name}`;
  if (!name.endsWith("/")) {
    const body = site.readFile(file);
    if (body !== undefined) return { status: 200, headers: { "content-type": typeOf(file) }, body, path: file };
    if (site.names(file).length > 0) return { status: 301, headers: { location: `${name}/` }, body: "" };
    return { status: 404, headers: {}, body: "" };
  }
  for (const index of indexes) {
    const body = site.readFile(`${file}${index}`);
    if (body !== undefined) {
      return { status: 200, headers: { "content-type": typeOf(index, "text/html") }, body, path: `${file}${index}` };
    }
  }
  const folder = name === "/" || site.names(file).length > 0;
  return { status: folder ? 403 : 404, headers: {}, body: "" };
}

/** What a status is called. */
export const STATUS_TEXT: Readonly<Record<number, string>> = {
  200: "OK",
  201: "Created",
  204: "No Content",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  307: "Temporary Redirect",
  308: "Permanent Redirect",
  400: "Bad Request",
  401: "Unauthorized",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  418: "I'm a teapot",
  429: "Too Many Requests",
  500: "Internal Server Error",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Time-out",
};
