import assert from "node:assert/strict";
import { requestInfo } from "../../../cluster/memory/api/http/request_info.ts";

/** verb group/version namespace resource/subresource name */
function told(method: string, target: string): string {
  const url = new URL(target, "https://host");
  const info = requestInfo(method, url.pathname, url.searchParams);
  if (!info.isResource) return `${info.verb} ${info.path}`;
  const { verb, group, version, namespace, resource, subresource, name } = info;
  return [
    verb,
    `${group}/${version}`,
    namespace || "-",
    subresource === "" ? resource : `${resource}/${subresource}`,
    name,
  ]
    .join(" ").trim();
}

const CASES: readonly (readonly [string, string, string])[] = [
  ["GET", "/api/v1/pods", "list /v1 - pods"],
  ["GET", "/api/v1/namespaces/default/pods", "list /v1 default pods"],
  ["GET", "/api/v1/namespaces/default/pods/web", "get /v1 default pods web"],
  ["GET", "/api/v1/namespaces/default/pods/web/log", "get /v1 default pods/log web"],
  ["GET", "/api/v1/namespaces/default/pods?watch=true", "watch /v1 default pods"],
  ["GET", "/api/v1/namespaces/default/pods?watch=0", "list /v1 default pods"],
  ["GET", "/api/v1/watch/namespaces/default/pods/web", "watch /v1 default pods web"],
  ["GET", "/apis/apps/v1/deployments?fieldSelector=metadata.name%3Dweb", "list apps/v1 - deployments web"],
  ["POST", "/apis/apps/v1/namespaces/a/deployments", "create apps/v1 a deployments"],
  ["PUT", "/apis/apps/v1/namespaces/a/deployments/web/status", "update apps/v1 a deployments/status web"],
  ["PATCH", "/apis/apps/v1/namespaces/a/deployments/web", "patch apps/v1 a deployments web"],
  ["DELETE", "/api/v1/namespaces/a/pods", "deletecollection /v1 a pods"],
  ["DELETE", "/api/v1/namespaces/a", "delete /v1 a namespaces a"],
  ["GET", "/api/v1/namespaces", "list /v1 - namespaces"],
  ["PUT", "/api/v1/namespaces/a/finalize", "update /v1 a namespaces/finalize a"],
  ["GET", "/api/v1/namespaces/a/services/https:web:8443/proxy/x/y", "get /v1 a services/proxy https:web:8443"],
  ["GET", "/api/v1", "get /api/v1"],
  ["GET", "/apis/apps/v1", "get /apis/apps/v1"],
  ["GET", "/healthz", "get /healthz"],
  ["POST", "/", "post /"],
];

for (const [method, target, expected] of CASES) {
  Deno.test(`${method} ${target} is: ${expected}`, () => assert.equal(told(method, target), expected));
}
