/** Questions about who somebody is: created, answered and never kept. Source: `pkg/registry/authentication`. */
import { type FieldError, invalid } from "../field_error.ts";
import { defineKind } from "../kind.ts";
import type { SelfSubjectReview, TokenRequest, TokenReview } from "../schema/types.ts";
import type { Draft } from "../object.ts";

export const tokenReview = defineKind<TokenReview>({
  group: "authentication.k8s.io",
  version: "v1",
  kind: "TokenReview",
  plural: "tokenreviews",
  singular: "tokenreview",
  namespaced: false,
  type: "authentication.v1.TokenReview",
  verbs: ["create"],
  strategy: { names: "none", generation: false },
});

export const selfSubjectReview = defineKind<SelfSubjectReview>({
  group: "authentication.k8s.io",
  version: "v1",
  kind: "SelfSubjectReview",
  plural: "selfsubjectreviews",
  singular: "selfsubjectreview",
  namespaced: false,
  type: "authentication.v1.SelfSubjectReview",
  verbs: ["create"],
  strategy: { names: "none", generation: false },
});

/** The defaults of a TokenRequest, which is posted to a service account's token subresource: an hour. */
export function defaultTokenRequest({ spec }: Draft<TokenRequest>): void {
  spec.expirationSeconds ??= 3600;
}

/** Errors of a TokenRequest. Source: `pkg/apis/authentication/validation/validation.go`. */
export function validateTokenRequest({ spec }: TokenRequest): FieldError[] {
  const seconds = spec.expirationSeconds ?? 0;
  const wrong = (message: string) => [invalid("spec.expirationSeconds", seconds, message)];
  if (seconds < 600) return wrong("may not specify a duration less than 10 minutes");
  return seconds > 2 ** 32 ? wrong("may not specify a duration larger than 2^32 seconds") : [];
}
