/**
 * A whole cluster on virtual time, in process and without HTTP: the API, its controllers, a scheduler and kubelets.
 */
import { generateKeyPairSync } from "node:crypto";
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import { ServiceAccountTokens } from "../../cluster/memory/api/authn/service_account_tokens.ts";
import type { Client } from "../../cluster/memory/api/client.ts";
import { administrator, type Api } from "../../cluster/memory/api/mod.ts";
import { bootstrap } from "../../cluster/memory/bootstrap.ts";
import { type VirtualClock, virtualClock } from "../../cluster/memory/clock.ts";
import { COMPONENTS, type Components, startComponents } from "../../cluster/memory/components.ts";
import type { ControllerOptions } from "../../cluster/memory/controllers/options.ts";

export interface VirtualCluster {
  readonly clock: VirtualClock;
  readonly api: Api;
  /** Writes as kubectl does. */
  readonly client: Client;
  readonly components: Components;
  readonly nodes: readonly string[];
  /** What failed inside, "scheduler: message"; nothing should. */
  readonly reports: readonly string[];
  [Symbol.dispose](): void;
}

export interface VirtualClusterOptions {
  /** The nodes, among them "controlplane" for a cluster with system workloads; node01 and node02 unless given. */
  readonly nodes?: readonly string[];
  readonly seed?: number;
  readonly controllers?: ControllerOptions;
  /** Instead of one that begins with `seed`. */
  readonly clock?: VirtualClock;
  /** Wraps the client of each component, to make it fail. */
  readonly wrap?: (client: Client, user: string) => Client;
}

/** Signs service accounts' tokens: all clusters may use one, which none of them shows. */
const signingKey = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
}).privateKey;

/** Starts one, and lets it come to rest. */
export async function virtualCluster(options: VirtualClusterOptions = {}): Promise<VirtualCluster> {
  const { nodes = ["node01", "node02"], seed, clock = virtualClock({ seed }) } = options;
  const api = assembleApi({ clock, tokens: (store) => new ServiceAccountTokens(signingKey, clock, store) });
  const reports: string[] = [];
  await bootstrap(api);
  const { wrap = (client) => client } = options;
  const wrapped: Api = { ...api, client: (user, options) => wrap(api.client(user, options), user.name) };
  const components = await startComponents(wrapped, {
    components: COMPONENTS,
    nodes,
    controllers: {
      rootCa: "certificate",
      resources: () => api.kinds.kinds(),
      onResourcesChange: (listener) => api.kinds.onChange(listener),
      ...options.controllers,
    },
    report: (where, error) => void reports.push(`${where}: ${error instanceof Error ? error.stack : error}`),
  });
  await clock.settle();
  return {
    clock,
    api,
    client: api.client(administrator, { manager: "kubectl" }),
    components,
    nodes,
    reports,
    [Symbol.dispose]: () => components.stop(),
  };
}
