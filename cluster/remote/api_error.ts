/** Reads the Status that an API server answers with when it refuses. */
import { ApiError } from "../cluster.ts";

/**
 * The error that an answer with a code of 300 or more carries.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const error = apiErrorOf(404, '{"kind":"Status","reason":"NotFound","message":"pods \\"web\\" not found"}');
 * assert.equal(error.reason, "NotFound");
 * assert.equal(error.message, 'pods "web" not found');
 * ```
 */
export function apiErrorOf(code: number, body: string): ApiError {
  const status = parsed(body);
  if (typeof status?.message === "string") {
    return new ApiError(code, String(status.reason ?? ""), status.message, status.details?.causes ?? []);
  }
  return new ApiError(code, "", `HTTP ${code}${body === "" ? "" : `: ${body.trim().slice(0, 200)}`}`);
}

interface StatusBody {
  readonly message?: unknown;
  readonly reason?: unknown;
  readonly details?: { readonly causes?: ApiError["causes"] };
}

function parsed(text: string): StatusBody | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined; // A proxy in between answers in HTML or plain text.
  }
}
