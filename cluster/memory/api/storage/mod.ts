/**
 * What the storage of built-in resources does beyond their kinds: the resources of `pkg/registry` that are more than a
 * strategy.
 */
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";
import type { ServiceAccountTokens } from "../authn/service_account_tokens.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { DEFINITIONS, definitionStorage } from "../custom/definitions.ts";
import type { RuleResolver } from "../authz/rule_resolver.ts";
import type { ApiOptions } from "../mod.ts";
import { bindings, podBinding } from "./binding.ts";
import { certificateApproval } from "./certificate_approval.ts";
import { eviction } from "./eviction.ts";
import { namespaceFinalize, namespaceStorage } from "./namespace.ts";
import { ephemeralContainers, resize } from "./pod_updates.ts";
import { reviews } from "./reviews.ts";
import { roleStorage } from "./roles.ts";
import { scale } from "./scale.ts";
import { serviceStorage } from "./service.ts";
import { tokenRequest } from "./service_account_token.ts";

export interface StorageContext {
  readonly clock: Clock;
  readonly store: Store;
  readonly authorizer: Authorizer;
  readonly resolver: RuleResolver;
  readonly tokens?: ServiceAccountTokens;
}

type Storage = Pick<ApiOptions, "hooks" | "subresources" | "virtual" | "updates">;

export function builtInStorage({ clock, store, authorizer, resolver, tokens }: StorageContext): Storage {
  const roles = roleStorage(authorizer, resolver);
  const rbac = "rbac.authorization.k8s.io";
  return {
    hooks: () => ({
      namespaces: namespaceStorage,
      [DEFINITIONS]: definitionStorage,
      services: serviceStorage({ store, clock }),
      [`${rbac}/roles`]: roles,
      [`${rbac}/clusterroles`]: roles,
      [`${rbac}/rolebindings`]: roles,
      [`${rbac}/clusterrolebindings`]: roles,
    }),
    subresources: {
      "*/scale": scale,
      "pods/binding": podBinding,
      "pods/eviction": eviction,
      ...tokens === undefined ? {} : { "serviceaccounts/token": tokenRequest(tokens) },
    },
    virtual: { bindings, ...reviews(authorizer, resolver, tokens) },
    updates: {
      "certificates.k8s.io/certificatesigningrequests/approval": certificateApproval,
      "namespaces/finalize": namespaceFinalize,
      "pods/ephemeralcontainers": ephemeralContainers,
      "pods/resize": resize,
    },
  };
}
