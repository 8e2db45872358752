/** What servers answer with, in short. */
import type { HttpResponse } from "../runtime/runtime.ts";

/** Headers that belong to one connection, or that nginx writes itself: it gives on none that a backend sends. */
const OWN_HEADERS: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "transfer-encoding",
  "upgrade",
  "server",
  "date",
  "content-length",
]);

/** The headers of a backend's answer that nginx gives on. */
export const passedOn = (headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase())));

/** Plain text. */
export const text = (body: string, status = 200): HttpResponse => ({
  status,
  headers: { "content-type": "text/plain; charset=utf-8" },
  body,
});

/** A page. */
export const html = (body: string, status = 200): HttpResponse => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body,
});

/** What Go's servers say of a path that they do not know. */
export const notFound = (): HttpResponse => text("404 page not found\n", 404);
