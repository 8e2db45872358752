/** What authorization adds to storage: roles that nobody may grant, reviews that are answered, requesters noted. */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type {
  CertificateSigningRequest,
  SelfSubjectAccessReview,
  SelfSubjectReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  TokenReview,
} from "../../kinds/schema/types.ts";
import type { Call } from "../registry/call.ts";
import type { StorageHooks } from "../registry/storage_hooks.ts";
import { timestamp } from "../timestamps.ts";
import type { User } from "../user.ts";
import type { Authorizer } from "./authorizer.ts";
import { EscalationCheck } from "./escalation.ts";
import {
  reviewLocalSubjectAccess,
  reviewSelf,
  reviewSelfAccess,
  reviewSelfRules,
  reviewSubjectAccess,
} from "./reviews.ts";
import type { RuleResolver } from "./rule_resolver.ts";

export interface AuthorizationHooksOptions {
  readonly authorizer: Authorizer;
  readonly resolver: RuleResolver;
  /** Whose token it is; undefined for one that is not valid for any of the audiences. */
  authenticateToken(token: string, audiences: readonly string[]): Promise<User | undefined>;
}

const nothingToFinish = () => {};

/** The hooks by bucket. */
export function authorizationHooks(options: AuthorizationHooksOptions): Readonly<Record<string, StorageHooks>> {
  const { authorizer, resolver } = options;
  const granting = grantingHooks(new EscalationCheck(authorizer, resolver));
  const rbac = "rbac.authorization.k8s.io";
  const review = "authorization.k8s.io";
  return {
    [`${rbac}/roles`]: granting,
    [`${rbac}/clusterroles`]: granting,
    [`${rbac}/rolebindings`]: granting,
    [`${rbac}/clusterrolebindings`]: granting,
    [`${review}/selfsubjectaccessreviews`]: {
      respond: (object, { user }) => reviewSelfAccess(authorizer, user, object as SelfSubjectAccessReview),
    },
    [`${review}/subjectaccessreviews`]: {
      respond: (object) => reviewSubjectAccess(authorizer, object as SubjectAccessReview),
    },
    [`${review}/localsubjectaccessreviews`]: {
      respond: (object, { namespace }) =>
        reviewLocalSubjectAccess(authorizer, namespace, object as SubjectAccessReview),
    },
    [`${review}/selfsubjectrulesreviews`]: {
      respond: (object, { user }) => reviewSelfRules(resolver, user, object as SelfSubjectRulesReview),
    },
    "authentication.k8s.io/selfsubjectreviews": {
      respond: (object, { user }, { clock }) => reviewSelf(user, object as SelfSubjectReview, timestamp(clock.now())),
    },
    "authentication.k8s.io/tokenreviews": {
      respond: (object) => reviewToken(options, object as TokenReview),
    },
    "certificates.k8s.io/certificatesigningrequests": { beginCreate: noteRequester },
  };
}

function grantingHooks(check: EscalationCheck): StorageHooks {
  const run = (object: Draft<KubeObject>, oldObject: KubeObject | undefined, call: Call) => {
    const { user, namespace, served } = call;
    check.check({ user, namespace, resource: served.kind.plural, object: object as KubeObject, oldObject });
    return nothingToFinish;
  };
  return {
    beginCreate: (object, call) => run(object, undefined, call),
    beginUpdate: (object, old, call) => run(object, old, call),
  };
}

/** A certificate request says who made it, whatever the requester wrote. */
function noteRequester(object: Draft<KubeObject>, { user }: Call) {
  const { spec } = object as unknown as Draft<CertificateSigningRequest>;
  const { name, uid, groups, extra } = user;
  Object.assign(spec, { username: name, uid, groups: [...groups], extra });
  return nothingToFinish;
}

async function reviewToken(
  { authenticateToken }: AuthorizationHooksOptions,
  review: TokenReview,
): Promise<TokenReview> {
  const { token = "", audiences = [] } = review.spec;
  const user = await authenticateToken(token, audiences);
  if (user === undefined) {
    return { ...review, status: { user: {}, error: "invalid bearer token" } };
  }
  const { name: username, uid, groups, extra } = user;
  return {
    ...review,
    status: {
      authenticated: true,
      user: { username, uid, groups, extra },
      ...audiences.length > 0 ? { audiences } : {},
    },
  };
}
