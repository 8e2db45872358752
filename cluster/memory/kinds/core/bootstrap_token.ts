/**
 * What nodes show to join a cluster: tokens that stand in Secrets of kube-system.
 *
 * Source: `k8s.io/cluster-bootstrap/{token,util/secrets}`.
 */
import { Buffer } from "node:buffer";
import type { Secret } from "../schema/types.ts";

export const BOOTSTRAP_TOKEN_TYPE = "bootstrap.kubernetes.io/token";
const PREFIX = "bootstrap-token-";
const GROUP = "system:bootstrappers";

export interface BootstrapToken {
  /** Six characters, which are no secret: "abcdef". */
  readonly id: string;
  /** Sixteen more. */
  readonly secret: string;
  readonly signs: boolean;
  readonly authenticates: boolean;
  /** Those of its user; undefined where the Secret names one that no such user may have. */
  readonly groups: readonly string[] | undefined;
}

const dataOf = ({ data }: Secret, key: string): string => Buffer.from(data?.[key] ?? "", "base64").toString();

/** The key of the Secret of a token, "kube-system/bootstrap-token-abcdef". */
export const bootstrapTokenKey = (id: string): string => `kube-system/${PREFIX}${id}`;

/** When it ends, in milliseconds since the epoch: never (undefined) unless it says; at once where that is no time. */
export function bootstrapTokenExpiry(secret: Secret): number | undefined {
  const text = dataOf(secret, "expiration");
  return text === "" ? undefined : Date.parse(text) || 0;
}

/** The token of a Secret, undefined where it has none that is valid now. */
export function bootstrapToken(secret: Secret, now: number): BootstrapToken | undefined {
  const id = dataOf(secret, "token-id");
  const { namespace, name, deletionTimestamp } = secret.metadata;
  const valid = secret.type === BOOTSTRAP_TOKEN_TYPE && deletionTimestamp === undefined && id !== "" &&
    bootstrapTokenKey(id) === `${namespace}/${name}` && (bootstrapTokenExpiry(secret) ?? Infinity) > now;
  if (!valid) return undefined;
  const more = dataOf(secret, "auth-extra-groups").split(",").filter((group) => group !== "");
  return {
    id,
    secret: dataOf(secret, "token-secret"),
    signs: dataOf(secret, "usage-bootstrap-signing") === "true",
    authenticates: dataOf(secret, "usage-bootstrap-authentication") === "true",
    groups: more.every((group) => /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/.test(group))
      ? [GROUP, ...new Set(more)].sort()
      : undefined,
  };
}
