/**
 * Where others learn by which keys service accounts' tokens are signed, so that they can believe them, too.
 *
 * Source: `pkg/routes/openidmetadata.go`, `pkg/serviceaccount/openidmetadata.go`.
 */
import { ISSUER, type ServiceAccountTokens } from "../authn/service_account_tokens.ts";
import type { PathHandler } from "./handler.ts";
import { json } from "./message.ts";

const KEY_SET = "/openid/v1/jwks";
/** Seconds for which what is told may be kept. */
const CACHED = { "Cache-Control": "public, max-age=3600" };

/** @param address where the API is reached by those who are told of it, "127.0.0.1:6443" */
export function issuerPaths(tokens: Pick<ServiceAccountTokens, "keySet">, address: () => string): PathHandler {
  return ({ method, path }) => {
    if (method !== "GET") return undefined;
    switch (path) {
      case "/.well-known/openid-configuration":
        return json(200, {
          issuer: ISSUER,
          jwks_uri: `https://${address()}${KEY_SET}`,
          response_types_supported: ["id_token"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["ES256"],
        }, CACHED);
      case KEY_SET:
        return json(200, tokens.keySet(), { ...CACHED, "Content-Type": "application/jwk-set+json" });
    }
    return undefined;
  };
}
