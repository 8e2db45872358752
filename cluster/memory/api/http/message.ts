/**
 * A request and its answer, without the runtime: handlers are functions from one to the other, and only `server.ts`
 * knows sockets.
 */
import type { User } from "../user.ts";

export interface ApiRequest {
  /** "GET" */
  readonly method: string;
  /** Decoded no further than the URL has it: "/api/v1/namespaces/default/pods". */
  readonly path: string;
  readonly query: URLSearchParams;
  /** By name in lower case; several values are joined by ", ". */
  readonly headers: Readonly<Record<string, string | undefined>>;
  /** All values of a header that came several times. */
  values(name: string): readonly string[];
  /** Reads the body. @throws {StatusError} 413 when it is too large */
  body(): Promise<Uint8Array>;
  /** Whom the client's certificate names, if it has one that the cluster's authority signed. */
  readonly certificateUser?: User;
}

interface Incoming extends Pick<ApiRequest, "method" | "headers" | "body" | "certificateUser"> {
  /** The path with its query, as the first line of a request has it: "/api/v1/pods?limit=5". */
  readonly target: string;
  /** All values of a header that came several times; each has one unless given. */
  readonly values?: ApiRequest["values"];
}

/** A request as the handlers see it, from however it came. */
export function apiRequest({ target, ...request }: Incoming): ApiRequest {
  const { headers } = request;
  const mark = target.indexOf("?");
  return {
    values: (name) => headers[name] === undefined ? [] : [headers[name]],
    ...request,
    path: mark < 0 ? target : target.slice(0, mark),
    query: new URLSearchParams(mark < 0 ? "" : target.slice(mark + 1)),
  };
}

export interface ApiResponse {
  readonly status: number;
  /** By name as it is sent; a list is sent as several headers. */
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  /** What is sent, whole. */
  readonly body?: string | Uint8Array;
  /** Instead of a body: what goes on being written. */
  readonly stream?: Stream;
}

/** Begins to write an answer that has no end yet. Returns what to do when the client leaves. */
export type Stream = (sink: Sink) => () => void;

export interface Sink {
  /** Sends some more. */
  write(chunk: string | Uint8Array): void;
  /** Ends the answer. */
  end(): void;
  /** How many bytes wait for the client to read them. */
  readonly waiting: number;
}

export const json = (status: number, body: unknown, headers: ApiResponse["headers"] = {}): ApiResponse => ({
  status,
  headers: { "Content-Type": "application/json", ...headers },
  body: `${JSON.stringify(body)}\n`,
});

/** The same answer with its JSON broken into lines; what is not JSON stays. */
export function readable(response: ApiResponse): ApiResponse {
  const { headers, body } = response;
  const isJson = String(headers["Content-Type"]).startsWith("application/json");
  if (!isJson || typeof body !== "string" || body === "") return response;
  return { ...response, body: `${JSON.stringify(JSON.parse(body), null, 2)}\n` };
}

export const text = (status: number, body: string): ApiResponse => ({
  status,
  headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
  body,
});

/** What Go's own router answers with for a path that nobody serves. */
export const pageNotFound = (): ApiResponse => text(404, "404 page not found\n");
