/**
 * The access reviews: what somebody may do, asked through the API (`kubectl auth can-i`, `kubectl auth whoami`).
 *
 * Source: `pkg/registry/authorization`, `pkg/registry/authentication/selfsubjectreview`.
 */
import type {
  PolicyRule,
  SelfSubjectAccessReview,
  SelfSubjectReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
  SubjectAccessReviewSpec,
} from "../../kinds/schema/types.ts";
import { badRequest } from "../status.ts";
import { SYSTEM_MASTERS, type User } from "../user.ts";
import type { Authorizer, Decision } from "./authorizer.ts";
import type { RuleResolver } from "./rule_resolver.ts";
import type { Action } from "./rules.ts";

type Access = Pick<SubjectAccessReviewSpec, "resourceAttributes" | "nonResourceAttributes">;

/** The decision about what a review's spec asks. */
function decide(
  authorizer: Authorizer,
  user: User,
  { resourceAttributes, nonResourceAttributes }: Access,
): Decision {
  const { verb = "", group = "", resource = "", subresource = "", name = "", namespace = "" } = resourceAttributes ??
    {};
  const action: Action = resourceAttributes === undefined
    ? { verb: nonResourceAttributes?.verb ?? "", path: nonResourceAttributes?.path ?? "" }
    : { verb, group, resource: subresource === "" ? resource : `${resource}/${subresource}`, name };
  return authorizer.authorize({ user, action, namespace });
}

const statusOf = ({ allowed, reason }: Decision) => ({ allowed, ...reason === "" ? {} : { reason } });

export function reviewSelfAccess(
  authorizer: Authorizer,
  user: User,
  review: SelfSubjectAccessReview,
): SelfSubjectAccessReview {
  return { ...review, status: statusOf(decide(authorizer, user, review.spec)) };
}

export function reviewSubjectAccess(
  authorizer: Authorizer,
  review: SubjectAccessReview,
): SubjectAccessReview {
  const { user = "", groups = [] } = review.spec;
  return { ...review, status: statusOf(decide(authorizer, { name: user, groups }, review.spec)) };
}

/** @param namespace the one in the request's path, which the review must be about */
export function reviewLocalSubjectAccess(
  authorizer: Authorizer,
  namespace: string,
  review: SubjectAccessReview,
): SubjectAccessReview {
  if (review.spec.resourceAttributes?.namespace !== namespace) {
    throw badRequest(
      `spec.resourceAttributes.namespace must match namespace: ${namespace}`,
    );
  }
  return reviewSubjectAccess(authorizer, review);
}

/** All that somebody may do in a namespace, as `kubectl auth can-i --list` shows it. */
export function reviewSelfRules(
  resolver: RuleResolver,
  user: User,
  review: SelfSubjectRulesReview,
): SelfSubjectRulesReview {
  const { namespace = "" } = review.spec;
  if (namespace === "") throw badRequest("no namespace on request");
  const rules: PolicyRule[] = [...resolver.rulesFor(user, namespace)].map(({ rule }) => rule);
  if (user.groups.includes(SYSTEM_MASTERS)) {
    rules.unshift({ verbs: ["*"], apiGroups: ["*"], resources: ["*"] }, { verbs: ["*"], nonResourceURLs: ["*"] });
  }
  const list = (field: "apiGroups" | "resources" | "resourceNames", rule: PolicyRule) =>
    (rule[field] ?? []).length > 0 ? { [field]: rule[field] } : {};
  return {
    kind: review.kind,
    apiVersion: review.apiVersion,
    metadata: {},
    spec: {},
    status: {
      resourceRules: rules.filter(({ resources = [] }) => resources.length > 0).map((rule) => ({
        verbs: rule.verbs,
        ...list("apiGroups", rule),
        ...list("resources", rule),
        ...list("resourceNames", rule),
      })),
      nonResourceRules: rules.filter(({ nonResourceURLs = [] }) => nonResourceURLs.length > 0)
        .map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
      incomplete: false,
    },
  };
}

/**
 * Who asks, as the server sees them.
 *
 * @param now as in the metadata of an object
 */
export function reviewSelf(user: User, review: SelfSubjectReview, now: string): SelfSubjectReview {
  const { name, uid, groups, extra } = user;
  return {
    ...review,
    metadata: { creationTimestamp: now },
    status: {
      userInfo: {
        username: name,
        ...uid === undefined ? {} : { uid },
        ...groups.length === 0 ? {} : { groups },
        ...extra === undefined ? {} : { extra },
      },
    },
  };
}
