/** What servers answer with, in short. */
import type { HttpResponse } from "../runtime/runtime.ts";

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
