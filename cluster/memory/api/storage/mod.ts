/**
 * What the storage of built-in resources does beyond their kinds: the resources of `pkg/registry` that are more than a
 * strategy.
 */
import type { Clock } from "../../clock.ts";
import type { Store } from "../../store/store.ts";
import type { ServiceAccountTokens } from "../authn/service_account_tokens.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { RuleResolver } from "../authz/rule_resolver.ts";
import type { ApiOptions } from "../mod.ts";

export interface StorageContext {
  readonly clock: Clock;
  readonly store: Store;
  readonly authorizer: Authorizer;
  readonly resolver: RuleResolver;
  readonly tokens?: ServiceAccountTokens;
}

export function builtInStorage(
  _context: StorageContext,
): Pick<ApiOptions, "hooks" | "subresources" | "virtual" | "updates"> {
  return {};
}
