/** Questions about access: created, answered and never kept. Source: `pkg/registry/authorization`. */
import type { FieldError } from "../field_error.ts";
import { defineKind, type Kind } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from "../schema/types.ts";
import { validateEmptyMetadata, validateLocalReview, validateReview, validateSelfReview } from "./validation.ts";

/** A kind of question. */
function review<T extends KubeObject>(
  kind: string,
  options: { readonly namespaced?: boolean; readonly validate?: (review: T) => FieldError[] } = {},
): Kind {
  const { namespaced = false, validate } = options;
  return defineKind<T>({
    group: "authorization.k8s.io",
    version: "v1",
    kind,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    namespaced,
    type: `authorization.v1.${kind}`,
    verbs: ["create"],
    strategy: { names: "none", generation: false, ...validate === undefined ? {} : { validate } },
  });
}

export const subjectAccessReview = review<SubjectAccessReview>("SubjectAccessReview", {
  validate: ({ metadata, spec }) => [...validateReview(spec), ...validateEmptyMetadata(metadata, false)],
});

export const selfSubjectAccessReview = review<SelfSubjectAccessReview>("SelfSubjectAccessReview", {
  validate: ({ metadata, spec }) => [...validateSelfReview(spec), ...validateEmptyMetadata(metadata, false)],
});

export const localSubjectAccessReview = review<LocalSubjectAccessReview>("LocalSubjectAccessReview", {
  namespaced: true,
  validate: (review) => [...validateEmptyMetadata(review.metadata, true), ...validateLocalReview(review)],
});

export const selfSubjectRulesReview = review<SelfSubjectRulesReview>("SelfSubjectRulesReview");
