/** `/openapi/v3` and `/openapi/v2`, made anew when what is served changes. */
import type { CustomSchema, OpenApi } from "../openapi/mod.ts";
import type { ServedKinds } from "../registry/served.ts";
import type { PathHandler } from "./handler.ts";
import type { ApiRequest, ApiResponse } from "./message.ts";

export interface OpenApiPathsOptions {
  /** The schema of a custom resource. */
  readonly customSchema: CustomSchema;
  /** Milliseconds since the epoch of the world's time: clients keep documents by it. */
  readonly now: () => number;
}

/** The documents' code and texts are loaded when somebody asks for them. */
export function openApiPaths(kinds: ServedKinds, options: OpenApiPathsOptions): PathHandler {
  let current: Promise<OpenApi> | undefined;
  kinds.onChange(() => current = undefined);
  const documents = () =>
    current ??= import("../openapi/mod.ts").then(({ openApi }) => openApi(kinds.kinds(), options));
  return async (request) => {
    const { method, path, query } = request;
    if (method !== "GET" && method !== "HEAD" || !path.startsWith("/openapi/")) return undefined;
    if (path === "/openapi/v2") {
      const { headers, body } = (await documents()).v2(request.headers.accept ?? "");
      return unlessKnown(request, { status: 200, headers, body });
    }
    const answer = (await documents()).at(path, query.get("hash") ?? undefined);
    return answer === undefined ? undefined : unlessKnown(request, answer);
  };
}

/** A client that has the document already is only told so. */
function unlessKnown({ headers }: ApiRequest, response: ApiResponse): ApiResponse {
  const { etag } = response.headers;
  const known = etag !== undefined && headers["if-none-match"] === etag;
  return known ? { status: 304, headers: response.headers } : response;
}
