import assert from "node:assert/strict";
import { Buffer } from "node:buffer";
import { createPublicKey, verify } from "node:crypto";
import { ServiceAccountTokens } from "../../../cluster/memory/api/authn/service_account_tokens.ts";
import { issuerPaths } from "../../../cluster/memory/api/http/issuer_paths.ts";
import { generateSigningKey } from "../../../cluster/memory/api/tls/certificates.ts";
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { Store } from "../../../cluster/memory/store/store.ts";
import { request } from "../testing.ts";

Deno.test("whoever reads the published keys can verify a service account's token", async () => {
  const tokens = new ServiceAccountTokens(await generateSigningKey(), virtualClock(), new Store());
  const paths = issuerPaths(tokens, () => "10.0.0.1:6443");
  const read = async (path: string) => {
    const response = await paths(request("GET", path));
    return { type: response!.headers["Content-Type"], body: JSON.parse(String(response!.body)) };
  };
  const configuration = await read("/.well-known/openid-configuration");
  assert.equal(configuration.body.issuer, "https://kubernetes.default.svc.cluster.local");
  assert.equal(configuration.body.jwks_uri, "https://10.0.0.1:6443/openid/v1/jwks");
  const { type, body } = await read("/openid/v1/jwks");
  assert.equal(type, "application/jwk-set+json");

  const serviceAccount = { name: "bot", uid: "1" };
  const token = await tokens.issue({ namespace: "dev", serviceAccount, audiences: [], expirationSeconds: 600 });
  const [header, claims, signature] = token.split(".");
  assert.equal(JSON.parse(atob(header)).kid, body.keys[0].kid);
  const key = createPublicKey({ key: body.keys[0], format: "jwk" });
  const signed = new TextEncoder().encode(`${header}.${claims}`);
  assert.ok(
    verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, new Uint8Array(Buffer.from(signature, "base64url"))),
  );
  assert.equal(await paths(request("GET", "/openid")), undefined);
});
