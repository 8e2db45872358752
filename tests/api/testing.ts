/** One line to an API for tests: virtual time, every kind, a client that may do everything. */
import { type VirtualClock, virtualClock } from "../../cluster/memory/clock.ts";
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import type { Client } from "../../cluster/memory/api/client.ts";
import { apiHandler } from "../../cluster/memory/api/http/handler.ts";
import type { ApiRequest, ApiResponse } from "../../cluster/memory/api/http/message.ts";
import { namespaces, serviceAccounts } from "../../cluster/memory/api/kind_refs.ts";
import { administrator, type Api, type ApiOptions, openApi } from "../../cluster/memory/api/mod.ts";
import type { User } from "../../cluster/memory/api/user.ts";
import { allKinds } from "../../cluster/memory/kinds/all.ts";

export interface TestApi {
  readonly api: Api;
  readonly clock: VirtualClock;
  /** Makes its requests as an administrator. */
  readonly client: Client;
}

/** An API with the namespace `default` and its ServiceAccount. Options replace what it would have. */
export async function testApi(options: Partial<ApiOptions> = {}): Promise<TestApi> {
  const clock = virtualClock();
  return await filled(openApi({ clock, kinds: allKinds, ...options }), clock);
}

/** The same with everything that a real server has: RBAC, admission, the storage of services and pods. */
export async function completeApi(): Promise<TestApi> {
  const clock = virtualClock();
  return await filled(assembleApi({ clock }), clock);
}

async function filled(api: Api, clock: VirtualClock): Promise<TestApi> {
  const client = api.client(administrator);
  await client.create(namespaces, { metadata: { name: "default" } });
  await client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });
  return { api, clock, client };
}

/** What a request gets, its body parsed where it is JSON. */
export interface Answer {
  readonly status: number;
  readonly headers: ApiResponse["headers"];
  // deno-lint-ignore no-explicit-any -- whatever the server says
  readonly body: any;
  readonly stream: ApiResponse["stream"];
}

export interface SendOptions {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Sends requests to the HTTP layer, without sockets. */
export type Send = (method: string, target: string, options?: SendOptions) => Promise<Answer>;

/** @param user who makes the requests; an administrator unless said */
export function httpClient({ api }: Pick<TestApi, "api">, user: User = administrator): Send {
  const handler = apiHandler({ core: api.core, authenticate: () => user, paths: [] });
  return async (method, target, { body, headers = {} } = {}) => {
    const { status, headers: sent, body: text, stream } = await handler(request(method, target, body, headers));
    return { status, headers: sent, body: parsed(text), stream };
  };
}

/** A request as the handlers see it. */
export function request(
  method: string,
  target: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): ApiRequest {
  const url = new URL(target, "https://127.0.0.1");
  const bytes = body instanceof Uint8Array
    ? body
    : new TextEncoder().encode(body === undefined ? "" : typeof body === "string" ? body : JSON.stringify(body));
  return {
    method,
    path: url.pathname,
    query: url.searchParams,
    headers: { "user-agent": "test/1", ...headers },
    values: (name) => (headers[name] ?? "").split(",").map((value) => value.trim()),
    body: () => Promise.resolve(bytes),
  };
}

function parsed(body: ApiResponse["body"]): unknown {
  if (typeof body !== "string") return body;
  try {
    return JSON.parse(body);
  } catch {
    return body;
  }
}

/** Reads a stream of events: what came so far, and the end. */
export function readEvents(stream: NonNullable<ApiResponse["stream"]>) {
  const decoder = new TextDecoder();
  let text = "";
  let ended = false;
  const stop = stream({
    write: (chunk) => void (text += typeof chunk === "string" ? chunk : decoder.decode(chunk)),
    end: () => void (ended = true),
    waiting: 0,
  });
  return {
    stop,
    get ended() {
      return ended;
    },
    /** The events since the last call. */
    take() {
      const events = text.split("\n").filter((line) => line !== "").map((line) => JSON.parse(line));
      text = "";
      return events;
    },
  };
}
