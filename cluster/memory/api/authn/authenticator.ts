/**
 * Who makes a request: the name in its certificate, or what its token stands for.
 *
 * Source: `k8s.io/apiserver/pkg/authentication/request`, `pkg/kubeapiserver/authenticator/config.go`.
 */
import type { ApiRequest } from "../http/message.ts";
import { unauthorized } from "../status.ts";
import { ANONYMOUS, authenticated, type User } from "../user.ts";

/** Whom a bearer token stands for; undefined for a token of somebody else's. */
export type TokenAuthenticator = (token: string) => User | undefined | Promise<User | undefined>;

export type Authenticator = (request: ApiRequest) => User | Promise<User>;

/**
 * @param tokens are asked in order
 * @throws {StatusError} (the authenticator) 401 for a token that stands for nobody
 */
export function authenticator(...tokens: readonly TokenAuthenticator[]): Authenticator {
  return (request) => {
    const { certificateUser, headers } = request;
    if (certificateUser !== undefined) {
      return authenticated(certificateUser.name, certificateUser.groups, certificateUser);
    }
    const token = bearerToken(headers.authorization);
    return token === undefined ? ANONYMOUS : byToken(token, tokens);
  };
}

async function byToken(token: string, authenticators: readonly TokenAuthenticator[]): Promise<User> {
  for (const authenticate of authenticators) {
    const user = await authenticate(token);
    if (user !== undefined) return authenticated(user.name, user.groups, user);
  }
  throw unauthorized();
}

/** Other kinds of credentials are no credentials. */
function bearerToken(header: string | undefined): string | undefined {
  const [scheme, token] = (header ?? "").trim().split(/\s+/, 2);
  return scheme?.toLowerCase() === "bearer" && token ? token : undefined;
}

/** Tokens that stand for a user as long as the cluster lives. */
export function staticTokens(tokens: Readonly<Record<string, User>>): TokenAuthenticator {
  const known = new Map(Object.entries(tokens));
  return (token) => known.get(token);
}
