/**
 * What a path asks for.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/request/requestinfo.go`.
 */
import { FieldSelectorError, parseFieldSelector } from "../../kinds/field_selector.ts";
import { pathSegmentName } from "../../kinds/names.ts";

/** A request for a resource. */
export interface ResourceInfo {
  readonly isResource: true;
  /** "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"; "" for other methods. */
  readonly verb: string;
  readonly group: string;
  readonly version: string;
  /** "" for cluster-wide resources, and for all namespaces. */
  readonly namespace: string;
  readonly resource: string;
  readonly subresource: string;
  /** "" for a collection; the one object that a field selector names. */
  readonly name: string;
  /** What comes after the subresource: the path to proxy. */
  readonly rest: string;
  /** Whether the path names an object, and not only its field selector. */
  readonly named: boolean;
  /** `/api/v1/watch/…`, the older way to ask for a watch. */
  readonly watchPath: boolean;
}

/** A request for any other path. */
export interface PathInfo {
  readonly isResource: false;
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

export type RequestInfo = ResourceInfo | PathInfo;

const VERBS: Readonly<Record<string, string>> = {
  POST: "create",
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
};

const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

/**
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { requestInfo } from "./request_info.ts";
 *
 * const info = requestInfo("GET", "/api/v1/namespaces/default/pods/web/log", new URLSearchParams());
 * assert.ok(info.isResource);
 * assert.deepEqual([info.verb, info.resource, info.subresource], ["get", "pods", "log"]);
 * ```
 */
export function requestInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  const other: PathInfo = { isResource: false, verb: method.toLowerCase(), path };
  let parts = path.split("/").filter((part) => part !== "").map(decoded);
  const grouped = parts[0] === "apis";
  if (parts.length < 3 || !grouped && parts[0] !== "api" || grouped && parts.length < 4) return other;
  const [group, version] = grouped ? [parts[1], parts[2]] : ["", parts[1]];
  parts = parts.slice(grouped ? 3 : 2);
  let verb = VERBS[method] ?? "";
  const watchPath = parts[0] === "watch" && parts.length > 1;
  if (watchPath) {
    verb = "watch";
    parts = parts.slice(1);
  }
  let namespace = "";
  if (parts[0] === "namespaces" && parts.length > 1) {
    namespace = parts[1];
    if (parts.length > 2 && !NAMESPACE_SUBRESOURCES.has(parts[2])) parts = parts.slice(2);
  }
  const [resource, name = "", subresource = "", ...rest] = parts;
  const named = name !== "";
  const info = {
    isResource: true,
    group,
    version,
    namespace,
    resource,
    subresource,
    rest: rest.join("/"),
    named,
    watchPath,
  } as const;
  if (named) return { ...info, verb, name };
  if (verb === "get") verb = isTrue(query.get("watch")) ? "watch" : "list";
  if (verb === "delete") verb = "deletecollection";
  return { ...info, verb, name: verb === "list" || verb === "watch" ? selectedName(query) : "" };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** How the API reads a flag in a query: everything is yes but "false" and "0". */
export const isTrue = (value: string | null): boolean =>
  value !== null && value.toLowerCase() !== "false" && value !== "0";

function selectedName(query: URLSearchParams): string {
  const selector = query.get("fieldSelector");
  if (selector === null || !selector.includes("metadata.name")) return "";
  try {
    const found = parseFieldSelector(selector).find(({ field, operator }) =>
      field === "metadata.name" && operator === "="
    );
    return found !== undefined && pathSegmentName(found.value).length === 0 ? found.value : "";
  } catch (error) {
    // A selector that cannot be read is refused later, in its own words.
    if (error instanceof FieldSelectorError) return "";
    throw error;
  }
}
