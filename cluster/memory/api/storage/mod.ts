/**
 * What the storage of built-in resources does beyond their kinds: the resources of `pkg/registry` that are more than a
 * strategy.
 */
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";
import { ISSUER, type ServiceAccountTokens } from "../authn/service_account_tokens.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import { authorizationHooks } from "../authz/storage_hooks.ts";
import { DEFINITIONS, definitionStorage } from "../custom/definitions.ts";
import type { RuleResolver } from "../authz/rule_resolver.ts";
import type { ApiOptions } from "../mod.ts";
import { bindings, podBinding } from "./binding.ts";
import { certificateApproval } from "./certificate_approval.ts";
import { eviction } from "./eviction.ts";
import { namespaceFinalize, namespaceStorage } from "./namespace.ts";
import { ephemeralContainers, resize } from "./pod_updates.ts";
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

/** A token that is not valid any more stands for nobody. */
const nobody = () => Promise.resolve(undefined);

type Storage = Pick<ApiOptions, "hooks" | "subresources" | "updates">;

export function builtInStorage({ clock, store, authorizer, resolver, tokens }: StorageContext): Storage {
  const authenticateToken = (token: string, audiences: readonly string[]) =>
    tokens?.authenticateFor(token, audiences.length > 0 ? audiences : [ISSUER]).catch(nobody) ?? nobody();
  return {
    hooks: () => ({
      namespaces: namespaceStorage,
      [DEFINITIONS]: definitionStorage,
      services: serviceStorage({ store, clock }),
      bindings,
      ...authorizationHooks({ authorizer, resolver, authenticateToken }),
    }),
    subresources: {
      "*/scale": scale,
      "pods/binding": podBinding,
      "pods/eviction": eviction,
      ...tokens === undefined ? {} : { "serviceaccounts/token": tokenRequest(tokens) },
    },
    updates: {
      "certificates.k8s.io/certificatesigningrequests/approval": certificateApproval,
      "namespaces/finalize": namespaceFinalize,
      "pods/ephemeralcontainers": ephemeralContainers,
      "pods/resize": resize,
    },
  };
}
