/**
 * The chain that every request goes through: who, may they, what for, and an answer whatever happens.
 *
 * Source: `k8s.io/apiserver/pkg/server/config.go` (DefaultBuildHandlerChain).
 */
import { Buffer } from "node:buffer";
import { authorize } from "../authorize.ts";
import type { Authenticator } from "../authn/authenticator.ts";
import { impersonated } from "../authn/impersonation.ts";
import type { Core } from "../registry/call.ts";
import { uuid } from "../registry/metadata.ts";
import { internalError, StatusError } from "../status.ts";
import type { User } from "../user.ts";
import { type ApiRequest, type ApiResponse, json, pageNotFound, readable } from "./message.ts";
import type { Metrics } from "./metrics.ts";
import { isForPeople } from "./negotiation.ts";
import { type RequestInfo, requestInfo, type ResourceInfo } from "./request_info.ts";
import { notServed, serveResource } from "./resources.ts";

/** Answers paths that are no resources: discovery, health, version. Undefined for a path that is not its own. */
export type PathHandler = (request: ApiRequest) => ApiResponse | undefined | Promise<ApiResponse | undefined>;

/** Answers a GET of a subresource that is no object: a pod's log. */
export type RawHandler = (request: ApiRequest, info: ResourceInfo) => ApiResponse | Promise<ApiResponse>;

export interface HandlerOptions {
  readonly core: Core;
  readonly authenticate: Authenticator;
  /** By "resource.group/subresource", "pods/log". */
  readonly raw?: ReadonlyMap<string, RawHandler>;
  /** Asked in order. */
  readonly paths: readonly PathHandler[];
  readonly metrics?: Metrics;
  /** Told of errors that are the server's own. */
  readonly report?: (error: unknown) => void;
}

export type Handler = (request: ApiRequest) => Promise<ApiResponse>;

/** What authentication and authorization found out about a request. */
export interface Admitted {
  readonly info: RequestInfo;
  readonly user: User;
}

/**
 * Says who makes a request, and that they may.
 *
 * @throws {StatusError} 401, 403
 */
export async function admitRequest(
  { core, authenticate }: Pick<HandlerOptions, "core" | "authenticate">,
  request: ApiRequest,
): Promise<Admitted> {
  const info = requestInfo(request.method, request.path, request.query);
  const user = impersonated(request, await authenticate(request), core.authorizer);
  if (!info.isResource) authorize(core.authorizer, user, { verb: info.verb, path: request.path });
  else {
    const { verb, group, resource, subresource, namespace, name } = info;
    authorize(core.authorizer, user, { verb, group, resource, subresource, namespace, name });
  }
  return { info, user };
}

/** What the client is told on every answer; the flow schema and its level are those that everybody has. */
export function apiHandler(options: HandlerOptions): Handler {
  const { core, metrics, report } = options;
  const flow = {
    "X-Kubernetes-Pf-Flowschema-Uid": uuid(core.clock),
    "X-Kubernetes-Pf-Prioritylevel-Uid": uuid(core.clock),
  };
  return async (request) => {
    const started = performance.now();
    const warnings: string[] = [];
    let response: ApiResponse;
    try {
      response = await serve(options, request, (message) => warnings.push(message));
    } catch (error) {
      if (!(error instanceof StatusError)) report?.(error);
      response = errorResponse(error);
      if (isForPeople(request.query, request.headers["user-agent"])) response = readable(response);
    }
    metrics?.count(request, response, performance.now() - started);
    const common = {
      "Audit-Id": request.headers["audit-id"] ?? uuid(core.clock),
      ...flow,
    };
    const cached = "cache-control" in response.headers || "Cache-Control" in response.headers;
    const headers = {
      ...common,
      ...cached ? {} : { "Cache-Control": "no-cache, private" },
      ...response.headers,
      ...warnings.length === 0 ? {} : { Warning: [...new Set(warnings)].map(warning) },
    };
    return { ...response, headers };
  };
}

async function serve(
  options: HandlerOptions,
  request: ApiRequest,
  warn: (message: string) => void,
): Promise<ApiResponse> {
  const { core, paths } = options;
  const { info, user } = await admitRequest(options, request);
  if (info.isResource && info.verb === "get" && info.subresource !== "") {
    const group = info.group === "" ? "" : `.${info.group}`;
    const raw = options.raw?.get(`${info.resource}${group}/${info.subresource}`);
    if (raw !== undefined) return await raw(request, info);
  }
  if (info.isResource && core.kinds.hasVersion(info.group, info.version)) {
    return await serveResource(core, { request, info, user, warn });
  }
  for (const handler of paths) {
    const response = await handler(request);
    if (response === undefined) continue;
    const { path, query, headers } = request;
    const asked = isForPeople(query, headers["user-agent"]) && !path.startsWith("/openapi");
    return asked ? readable(response) : response;
  }
  if (isBelowGroup(core, request.path)) throw notServed();
  return pageNotFound();
}

/** Below the path of a built-in group every path is answered by the API, and those elsewhere by the web server. */
function isBelowGroup({ kinds }: Core, path: string): boolean {
  const [prefix, group = ""] = path.split("/").filter((part) => part !== "");
  if (prefix === "api") return true;
  return prefix === "apis" && kinds.kinds().some((kind) => kind.group === group && kind.shape === undefined);
}

/** An error as the client is told of it; what is no StatusError is the server's own fault. */
export function errorResponse(error: unknown): ApiResponse {
  const { status } = error instanceof StatusError
    ? error
    : internalError(error instanceof Error ? error.message : String(error));
  const retry = status.details?.retryAfterSeconds;
  return json(status.code ?? 500, status, retry ? { "Retry-After": String(retry) } : {});
}

/** A Warning header. Headers are bytes: those of the text in UTF-8, without control characters. */
function warning(message: string): string {
  // deno-lint-ignore no-control-regex -- these are what is taken out
  const text = message.replace(/[\x00-\x1f\x7f]/g, " ").replace(/["\\]/g, "\\$&");
  return `299 - "${Buffer.from(text).toString("latin1")}"`;
}
