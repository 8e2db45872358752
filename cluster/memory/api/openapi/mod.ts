/**
 * OpenAPI v3: what kubectl learns from the server about types and requests.
 *
 * - {@linkcode openApi}: the index at `/openapi/v3` and the documents below it, told from the list of kinds. Make it
 *   anew when the kinds change; documents are made when they are asked for, and those of groups that did not change
 *   keep their addresses (and stay in clients' caches).
 *
 * There is no `/openapi/v2`: kubectl asks for it only where a v3 document is missing.
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
export { type OpenApi, openApi, type OpenApiAnswer, type OpenApiOptions } from "./index_document.ts";
export type { Schema } from "./schemas.ts";
