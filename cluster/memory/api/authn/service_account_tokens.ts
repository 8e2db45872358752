/**
 * Tokens of service accounts: JSON Web Tokens that the cluster signs and believes.
 *
 * Source: `pkg/serviceaccount/{claims,jwt}.go`. Signed with ES256, which a real cluster takes as well as RS256.
 */
import { Buffer } from "node:buffer";
import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import type { Clock } from "../../clock.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { Secret } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import { uuid } from "../registry/metadata.ts";
import { unauthorized } from "../status.ts";
import type { User } from "../user.ts";
import type { TokenAuthenticator } from "./authenticator.ts";

/** Who issues, and for whom a token is that does not say. */
export const ISSUER = "https://kubernetes.default.svc.cluster.local";

/** Who issues tokens that stand in Secrets. */
const SECRETS_ISSUER = "kubernetes/serviceaccount";

/** An object of the cluster, as a token refers to it. */
export interface Reference {
  readonly name: string;
  readonly uid: string;
}

export interface TokenRequest {
  readonly namespace: string;
  readonly serviceAccount: Reference;
  /** The token ends with this object. */
  readonly pod?: Reference;
  readonly secret?: Reference;
  readonly node?: Reference;
  /** {@linkcode ISSUER} unless there are any. */
  readonly audiences: readonly string[];
  /** Seconds. */
  readonly expirationSeconds: number;
  /** Seconds after which the token is said to be old, where it lives longer. */
  readonly warnAfterSeconds?: number;
}

interface Claims {
  readonly aud: readonly string[];
  readonly exp: number;
  readonly iat: number;
  readonly iss: string;
  readonly jti: string;
  readonly "kubernetes.io": {
    readonly namespace: string;
    readonly serviceaccount: Reference;
    readonly node?: Reference;
    readonly pod?: Reference;
    readonly secret?: Reference;
    readonly warnafter?: number;
  };
  readonly nbf: number;
  readonly sub: string;
}

/** What a token that stands in a Secret claims: it lives as long as the Secret does. */
interface SecretClaims {
  readonly iss: string;
  readonly "kubernetes.io/serviceaccount/namespace": string;
  readonly "kubernetes.io/serviceaccount/secret.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.name": string;
  readonly "kubernetes.io/serviceaccount/service-account.uid": string;
  readonly sub: string;
}

export class ServiceAccountTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #keyId: string;

  /** @param key PKCS#8 in PEM, on the curve P-256 */
  constructor(key: string, readonly clock: Clock, readonly store: Store) {
    this.#privateKey = createPrivateKey(key);
    this.#publicKey = createPublicKey(key);
    this.#keyId = (this.#publicKey.export({ format: "jwk" }).x ?? "").slice(0, 43);
  }

  /** The key that tokens can be verified with, as a JSON Web Key Set. */
  keySet(): { readonly keys: readonly object[] } {
    const { kty, crv, x, y } = this.#publicKey.export({ format: "jwk" });
    return { keys: [{ use: "sig", kty, kid: this.#keyId, crv, alg: "ES256", x, y }] };
  }

  /** A signed token. */
  async issue(request: TokenRequest): Promise<string> {
    const { namespace, serviceAccount, pod, secret, node, audiences, expirationSeconds, warnAfterSeconds } = request;
    const now = Math.floor(this.clock.now() / 1000);
    const claims: Claims = {
      aud: audiences.length === 0 ? [ISSUER] : audiences,
      exp: now + expirationSeconds,
      iat: now,
      iss: ISSUER,
      jti: uuid(this.clock),
      "kubernetes.io": {
        namespace,
        ...node === undefined ? {} : { node },
        ...pod === undefined ? {} : { pod },
        ...secret === undefined ? {} : { secret },
        serviceaccount: serviceAccount,
        ...warnAfterSeconds === undefined ? {} : { warnafter: now + warnAfterSeconds },
      },
      nbf: now,
      sub: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
    };
    return await this.#signed(claims);
  }

  /** The token of a service account for a Secret. */
  async issueForSecret(
    { namespace, serviceAccount, secret }: { namespace: string; serviceAccount: Reference; secret: Reference },
  ): Promise<string> {
    const claims: SecretClaims = {
      iss: SECRETS_ISSUER,
      "kubernetes.io/serviceaccount/namespace": namespace,
      "kubernetes.io/serviceaccount/secret.name": secret.name,
      "kubernetes.io/serviceaccount/service-account.name": serviceAccount.name,
      "kubernetes.io/serviceaccount/service-account.uid": serviceAccount.uid,
      sub: `system:serviceaccount:${namespace}:${serviceAccount.name}`,
    };
    return await this.#signed(claims);
  }

  async #signed(claims: Claims | SecretClaims): Promise<string> {
    const { sign } = await import("node:crypto");
    const signed = `${encode({ alg: "ES256", kid: this.#keyId })}.${encode(claims)}`;
    const signature = sign("sha256", Buffer.from(signed), { key: this.#privateKey, dsaEncoding: "ieee-p1363" });
    return `${signed}.${signature.toString("base64url")}`;
  }

  /**
   * Whom a token stands for; undefined for what is no token of this cluster's.
   *
   * @throws {StatusError} 401 for one that was, and is not valid any more
   */
  readonly authenticate: TokenAuthenticator = (token) => this.authenticateFor(token, [ISSUER]);

  /**
   * Whom a token stands for before one of the audiences.
   *
   * @throws {StatusError} 401
   */
  async authenticateFor(token: string, audiences: readonly string[]): Promise<User | undefined> {
    const claims = await this.#verified(token);
    if (claims === undefined) return undefined;
    if (!("kubernetes.io" in claims)) return this.#fromSecret(claims, token, audiences);
    const { namespace, serviceaccount, pod, secret, node } = claims["kubernetes.io"];
    const now = this.clock.now() / 1000;
    const alive = claims.exp > now && claims.nbf <= now + 10 &&
      claims.aud.some((audience) => audiences.includes(audience)) &&
      this.#exists("serviceaccounts", namespace, serviceaccount) &&
      (pod === undefined || this.#exists("pods", namespace, pod)) &&
      (secret === undefined || this.#exists("secrets", namespace, secret));
    if (!alive) throw unauthorized();
    return serviceAccountUser(namespace, serviceaccount, { jti: claims.jti, pod, node });
  }

  /** It counts as long as it stands in its Secret, and the account lives. */
  #fromSecret(claims: SecretClaims, token: string, audiences: readonly string[]): User {
    const namespace = claims["kubernetes.io/serviceaccount/namespace"];
    const name = claims["kubernetes.io/serviceaccount/service-account.name"];
    const uid = claims["kubernetes.io/serviceaccount/service-account.uid"];
    const key = `${namespace}/${claims["kubernetes.io/serviceaccount/secret.name"]}`;
    const secret = this.store.get<Secret>("secrets", key)?.object;
    const alive = secret !== undefined && secret.metadata.deletionTimestamp === undefined &&
      Buffer.from(secret.data?.token ?? "", "base64").toString() === token && audiences.includes(ISSUER) &&
      this.#exists("serviceaccounts", namespace, { name, uid });
    if (!alive) throw unauthorized();
    return serviceAccountUser(namespace, { name, uid });
  }

  async #verified(token: string): Promise<Claims | SecretClaims | undefined> {
    const [header, payload, signature, ...rest] = token.split(".");
    if (signature === undefined || rest.length > 0) return undefined;
    const { verify } = await import("node:crypto");
    try {
      const key = { key: this.#publicKey, dsaEncoding: "ieee-p1363" } as const;
      const right = verify("sha256", Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, "base64url"));
      const claims = right ? JSON.parse(Buffer.from(payload, "base64url").toString()) : undefined;
      return claims?.iss === ISSUER || claims?.iss === SECRETS_ISSUER ? claims : undefined;
    } catch {
      return undefined;
    }
  }

  /** A token ends with the objects that it is bound to. */
  #exists(bucket: string, namespace: string, { name, uid }: Reference): boolean {
    const found = this.store.get<KubeObject>(bucket, `${namespace}/${name}`)?.object;
    return found?.metadata.uid === uid;
  }
}

const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** A service account as a user. */
export function serviceAccountUser(
  namespace: string,
  { name, uid }: Reference,
  { jti, pod, node }: { readonly jti?: string; readonly pod?: Reference; readonly node?: Reference } = {},
): User {
  const extra: Record<string, readonly string[]> = {};
  if (jti !== undefined) extra["authentication.kubernetes.io/credential-id"] = [`JTI=${jti}`];
  if (node !== undefined) {
    extra["authentication.kubernetes.io/node-name"] = [node.name];
    if (node.uid) extra["authentication.kubernetes.io/node-uid"] = [node.uid];
  }
  if (pod !== undefined) {
    extra["authentication.kubernetes.io/pod-name"] = [pod.name];
    extra["authentication.kubernetes.io/pod-uid"] = [pod.uid];
  }
  return {
    name: `system:serviceaccount:${namespace}:${name}`,
    uid,
    groups: ["system:serviceaccounts", `system:serviceaccounts:${namespace}`, "system:authenticated"],
    ...Object.keys(extra).length === 0 ? {} : { extra },
  };
}
