/**
 * Tokens with which nodes join: "abcdef.0123456789abcdef".
 *
 * Source: `plugin/pkg/auth/authenticator/token/bootstrap`.
 */
import type { Clock } from "../../clock.ts";
import { bootstrapToken, bootstrapTokenKey } from "../../kinds/core/bootstrap_token.ts";
import type { Secret } from "../../kinds/schema/types.ts";
import type { Store } from "../../store/store.ts";
import type { TokenAuthenticator } from "./authenticator.ts";

export const bootstrapTokens = (store: Store, clock: Clock): TokenAuthenticator => (text) => {
  const [, id, secret] = /^([a-z0-9]{6})\.([a-z0-9]{16})$/.exec(text) ?? [];
  const found = id === undefined ? undefined : store.get<Secret>("secrets", bootstrapTokenKey(id))?.object;
  const token = found && bootstrapToken(found, clock.now());
  if (token === undefined || token.secret !== secret || !token.authenticates) return undefined;
  return token.groups && { name: `system:bootstrap:${token.id}`, groups: token.groups };
};
