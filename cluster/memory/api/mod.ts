/**
 * The API server of the memory cluster, in process.
 *
 * {@linkcode openApi} gives an API over a store: clients for components ({@linkcode Api.client}), and what the HTTP
 * adapter serves (`http/`). Everything that differs between an empty API and a cluster is an option: the kinds, who
 * may do what, the admission plugins, what subresources do.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { virtualClock } from "../clock.ts";
 * import { openApi } from "./mod.ts";
 *
 * const api = openApi({ clock: virtualClock(), kinds: [] });
 * assert.equal(api.store.revision, 0);
 * ```
 */
import type { Clock } from "../clock.ts";
import { bucketOf, type Kind } from "../kinds/kind.ts";
import { Store } from "../store/store.ts";
import type { AdmissionContext, AdmissionPlugin } from "./admission/plugin.ts";
import { allowAll, type Authorizer } from "./authz/authorizer.ts";
import type { Client } from "./client.ts";
import { type ClientOptions, inProcessClient } from "./in_process_client.ts";
import type { Audit } from "./registry/audit.ts";
import type { Core } from "./registry/call.ts";
import { ServedKinds } from "./registry/served.ts";
import type { StorageHooks } from "./registry/storage_hooks.ts";
import type { SubresourceHandler } from "./registry/subresource.ts";
import type { UpdateStrategy } from "./registry/update_strategy.ts";
import { authenticated, SYSTEM_MASTERS, type User } from "./user.ts";

export interface ApiOptions {
  readonly clock: Clock;
  /** A new one unless given. */
  readonly store?: Store;
  readonly kinds: readonly Kind[];
  /** Everybody may do everything unless given. */
  readonly authorizer?: (store: Store) => Authorizer;
  /** The plugins in the order in which they run. */
  readonly admission?: (context: AdmissionContext) => readonly AdmissionPlugin[];
  /** By bucket, "services". */
  readonly hooks?: (context: AdmissionContext) => Readonly<Record<string, StorageHooks>>;
  /** By "bucket/subresource", "pods/eviction". */
  readonly subresources?: Readonly<Record<string, SubresourceHandler>>;
  /** Told of every write. */
  readonly audit?: Audit;
  /** By "bucket/subresource", "namespaces/finalize". */
  readonly updates?: Readonly<Record<string, UpdateStrategy>>;
}

export interface Api {
  readonly core: Core;
  readonly store: Store;
  readonly clock: Clock;
  readonly kinds: ServedKinds;
  /** Serves one kind more; `hooks` say what its storage does beyond it. */
  serve(kind: Kind, hooks?: StorageHooks): void;
  /** A client that makes its requests as `user`. */
  client(user: User, options?: ClientOptions): Client;
}

/** Who may do everything: the identity of what sets a cluster up. */
export const administrator: User = authenticated("kubernetes-admin", [SYSTEM_MASTERS]);

export function openApi(options: ApiOptions): Api {
  const { clock, store = new Store() } = options;
  const kinds = new ServedKinds(options.kinds);
  const context = { store, clock };
  const hooks = new Map(Object.entries(options.hooks?.(context) ?? {}));
  const core: Core = {
    clock,
    store,
    kinds,
    audit: options.audit,
    authorizer: options.authorizer?.(store) ?? allowAll,
    admission: options.admission?.(context) ?? [],
    hooks,
    subresources: new Map(Object.entries(options.subresources ?? {})),
    updates: new Map(Object.entries(options.updates ?? {})),
  };
  return {
    core,
    store,
    clock,
    kinds,
    serve(kind, more) {
      if (more !== undefined) hooks.set(bucketOf(kind), more);
      kinds.set(kind);
    },
    client: (user, more) => inProcessClient(core, user, more),
  };
}
