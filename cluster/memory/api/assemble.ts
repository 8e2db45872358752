/**
 * The API server with everything that a Kubernetes one has: RBAC, the admission plugins in their order, the storage of
 * services and pods, discovery.
 */
import type { Clock } from "../clock.ts";
import { allKinds } from "../kinds/all.ts";
import { Store } from "../store/store.ts";
import type { ResourceQuota } from "../kinds/schema/types.ts";
import { admissionChain } from "./admission/mod.ts";
import type { ServiceCaller } from "./admission/webhook_client.ts";
import { mutatingAdmissionPolicy, type MutatingPolicyContext } from "./admission/mutating_admission_policy.ts";
import { webhookConditionsHold } from "./admission/policy/match_conditions.ts";
import { validatingAdmissionPolicy } from "./admission/validating_admission_policy.ts";
import { rbac } from "./authz/authorizer.ts";
import { nodeAuthorizer } from "./authz/node_authorizer.ts";
import { RuleResolver } from "./authz/rule_resolver.ts";
import { Definitions } from "./custom/definitions.ts";
import { resourceQuotas } from "./kind_refs.ts";
import { type Api, openApi } from "./mod.ts";
import type { Audit } from "./registry/audit.ts";
import { compactHistory } from "./storage/compaction.ts";
import { expireEvents } from "./storage/event_expiry.ts";
import { builtInStorage } from "./storage/mod.ts";
import type { ServiceAccountTokens } from "./authn/service_account_tokens.ts";
import { authenticated, SYSTEM_MASTERS } from "./user.ts";

export interface AssembleOptions {
  readonly clock: Clock;
  readonly store?: Store;
  /** Told of every write. */
  readonly audit?: Audit;
  /** Issues service accounts' tokens; without them nobody gets one. */
  readonly tokens?: (store: Store) => ServiceAccountTokens;
  /** Reaches Services in the cluster, for webhooks; without it none has anybody behind it. */
  readonly callService?: ServiceCaller;
}

/** The API server's own identity. */
const apiServer = authenticated("system:apiserver", [SYSTEM_MASTERS]);

/** An API as a real server's is. */
export function assembleApi({ clock, store = new Store(), audit, tokens, callService }: AssembleOptions): Api {
  const resolver = new RuleResolver(store);
  const authorizer = nodeAuthorizer(resolver, rbac(resolver));
  const storage = builtInStorage({ clock, store, authorizer, resolver, tokens: tokens?.(store) });
  const api: Api = openApi({
    clock,
    store,
    audit,
    kinds: allKinds,
    authorizer: () => authorizer,
    admission(context) {
      const policies: MutatingPolicyContext = {
        ...context,
        authorizer,
        get kinds() {
          return api.kinds;
        },
        setDefaults({ group, version, resource, object }) {
          if (object !== undefined) api.kinds.find(group, version, resource)?.kind.strategy.defaults?.(object);
        },
      };
      return admissionChain({
        ...context,
        authorizer,
        updateQuotaStatus: (quota: ResourceQuota) => own.updateStatus(resourceQuotas, quota),
        callService: callService ?? (() => Promise.resolve(undefined)),
        setDefaults: policies.setDefaults,
        conditionsHold: (webhook, attributes) => webhookConditionsHold(webhook, attributes, policies),
        policies: { mutating: mutatingAdmissionPolicy(policies), validating: validatingAdmissionPolicy(policies) },
      });
    },
    ...storage,
  });
  const own = api.client(apiServer, { manager: "kube-apiserver" });
  new Definitions({ store, clock, kinds: api.kinds, client: own });
  expireEvents(store, clock);
  compactHistory(store, clock);
  return api;
}
