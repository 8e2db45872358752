/**
 * OpenAPI v3: what kubectl learns from the server about types and requests.
 *
 * - {@linkcode openApi}: the index at `/openapi/v3` and the documents below it, told from the list of kinds. Make it
 *   anew when the kinds change; documents are made when they are asked for, and those of groups that did not change
 *   keep their addresses (and stay in clients' caches).
 *
 * Its method `v2` gives the one document of `/openapi/v2`, which kubectl up to 1.27 needs to create from a file.
 *
 * Source: `k8s.io/kube-openapi/pkg/handler3`.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { allKinds } from "../../kinds/all.ts";
 * import { openApi } from "./mod.ts";
 *
 * const documents = openApi(allKinds);
 * const index = JSON.parse(documents.at("/openapi/v3")!.body);
 * const { pathname, searchParams } = new URL(index.paths["api/v1"].serverRelativeURL, "http://server");
 * const { body } = documents.at(pathname, searchParams.get("hash") ?? undefined)!;
 * assert.ok(JSON.parse(body).components.schemas["io.k8s.api.core.v1.Pod"]);
 * ```
 */
export { type CustomSchema } from "./document.ts";
export {
  type OpenApi,
  openApi,
  type OpenApiAnswer,
  type OpenApiOptions,
  type OpenApiV2Answer,
} from "./index_document.ts";
export type { Schema } from "./schemas.ts";
