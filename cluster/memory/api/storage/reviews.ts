/**
 * Reviews: questions that are posted, answered and forgotten.
 *
 * Source: `pkg/registry/authorization`, `pkg/registry/authentication`.
 */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type {
  SelfSubjectAccessReview,
  SelfSubjectReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  TokenReview,
} from "../../kinds/schema/types.ts";
import type { ServiceAccountTokens } from "../authn/service_account_tokens.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import {
  reviewLocalSubjectAccess,
  reviewSelf,
  reviewSelfAccess,
  reviewSelfRules,
  reviewSubjectAccess,
} from "../authz/reviews.ts";
import type { RuleResolver } from "../authz/rule_resolver.ts";
import { validateAdmission } from "../registry/admission.ts";
import { type Call, type Core, kindOfCall, type VirtualKind } from "../registry/call.ts";
import { badRequest, invalid, StatusError } from "../status.ts";

/** A review that is validated as its kind says, admitted, and answered. */
function review<T>(answer: (review: T, call: Call, core: Core) => T | Promise<T>): VirtualKind {
  return async (core, call, object) => {
    const errors = call.served.kind.strategy.validate?.(object) ?? [];
    if (errors.length > 0) throw invalid(kindOfCall(call), "", errors);
    await validateAdmission(core, call, "CREATE", object as Draft<KubeObject>, undefined);
    return await answer(object as unknown as T, call, core);
  };
}

export function reviews(authorizer: Authorizer, resolver: RuleResolver, tokens?: ServiceAccountTokens) {
  return {
    "authorization.k8s.io/selfsubjectaccessreviews": review<SelfSubjectAccessReview>((asked, { user }) =>
      reviewSelfAccess(authorizer, user, asked)
    ),
    "authorization.k8s.io/subjectaccessreviews": review<SubjectAccessReview>((asked) =>
      reviewSubjectAccess(authorizer, asked)
    ),
    "authorization.k8s.io/localsubjectaccessreviews": review<SubjectAccessReview>((asked, { namespace }) =>
      reviewLocalSubjectAccess(authorizer, namespace, asked)
    ),
    "authorization.k8s.io/selfsubjectrulesreviews": review<SelfSubjectRulesReview>((asked, { user }) =>
      reviewSelfRules(resolver, user, asked)
    ),
    "authentication.k8s.io/selfsubjectreviews": review<SelfSubjectReview>((asked, { user }) => reviewSelf(user, asked)),
    "authentication.k8s.io/tokenreviews": review<TokenReview>((asked) => reviewToken(asked, tokens)),
  } satisfies Record<string, VirtualKind>;
}

/** Whom a token stands for, asked by somebody who got it. */
async function reviewToken(asked: TokenReview, tokens: ServiceAccountTokens | undefined): Promise<TokenReview> {
  const { token = "", audiences = [] } = asked.spec;
  if (token === "") throw badRequest("token is required for TokenReview in authentication");
  try {
    const user = await tokens?.authenticate(token);
    if (user === undefined) return { ...asked, status: { user: {}, error: "invalid bearer token" } };
    const { name: username, uid, groups, extra } = user;
    const status = {
      authenticated: true,
      user: { username, uid, groups, extra },
      ...audiences.length > 0 ? { audiences } : {},
    };
    return { ...asked, status };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    return { ...asked, status: { user: {}, error: error.message } };
  }
}
