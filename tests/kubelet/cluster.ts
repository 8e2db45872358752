/**
 * A cluster on virtual time with a scheduler and kubelets, and no controllers: pods live as the nodes let them.
 */
import assert from "node:assert/strict";
import type { Client } from "../../cluster/memory/api/client.ts";
import { Informers } from "../../cluster/memory/api/informer.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { ServiceAccountTokens } from "../../cluster/memory/api/authn/service_account_tokens.ts";
import { generateSigningKey } from "../../cluster/memory/api/tls/certificates.ts";
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import { administrator, type Api } from "../../cluster/memory/api/mod.ts";
import { authenticated, SYSTEM_MASTERS } from "../../cluster/memory/api/user.ts";
import { type VirtualClock, virtualClock } from "../../cluster/memory/clock.ts";
import { containerNetwork } from "../../cluster/memory/container_network.ts";
import type { Partially } from "../../cluster/memory/kinds/object.ts";
import type { Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { Kubelets } from "../../cluster/memory/kubelet/mod.ts";
import type { NodeConfig } from "../../cluster/memory/kubelet/node_config.ts";
import { podBinding } from "../../cluster/memory/api/storage/binding.ts";
import { createNode } from "../../cluster/memory/bootstrap/nodes.ts";
import { Scheduler, type SchedulerOptions } from "../../cluster/memory/scheduler/scheduler.ts";
import { eventsOf } from "../events_of.ts";

export interface TestCluster {
  readonly clock: VirtualClock;
  readonly api: Api;
  /** Issues and checks the tokens of service accounts. */
  readonly tokens: ServiceAccountTokens;
  readonly client: Client;
  readonly kubelets: Kubelets;
  readonly scheduler: Scheduler;
  /** What components reported. */
  readonly reports: string[];
  readonly informers: Informers;
  run(spec: Partially<NonNullable<Pod["spec"]>>, more?: RunOptions): Promise<Pod>;
  pod(name?: string): Promise<Pod>;
  /** "Type Reason: message (xN)" of a pod, in the order of their first occurrence. */
  events(name?: string): Promise<string[]>;
  advance(seconds: number): Promise<void>;
  stop(): void;
}

export interface RunOptions {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export const twoNodes: readonly NodeConfig[] = ["node01", "node02"].map((name, i) => ({
  name,
  address: `172.30.1.${i + 2}`,
  podCIDR: `10.244.${i + 1}.0/24`,
}));

/** For tests that say where a pod is. */
export const oneNode = twoNodes.slice(0, 1);

export interface TestClusterOptions extends Partial<Pick<SchedulerOptions, "profiles">> {
  readonly nodes?: readonly NodeConfig[];
  readonly seed?: number;
}

/** What the cluster's certificate authority would be. */
export const CA = "-----BEGIN CERTIFICATE-----\n";

export async function testCluster({ nodes = twoNodes, seed, profiles }: TestClusterOptions = {}): Promise<TestCluster> {
  const clock = virtualClock({ seed });
  const key = await generateSigningKey();
  let tokens!: ServiceAccountTokens;
  const api = assembleApi({ clock, tokens: (store) => tokens = new ServiceAccountTokens(key, clock, store) });
  if (!api.core.subresources.has("pods/binding")) {
    (api.core.subresources as Map<string, unknown>).set("pods/binding", podBinding);
  }
  const client = api.client(administrator);
  const reports: string[] = [];
  const tell = (where: string, error: unknown) =>
    void reports.push(`${where}: ${error instanceof Error ? error.stack : error}`);
  for (const name of ["default", "kube-node-lease"]) await client.create(refs.namespaces, { metadata: { name } });
  const metadata = { name: "default", namespace: "default" };
  await client.create(refs.serviceAccounts, { metadata });
  await client.create(refs.configMaps, { metadata: { ...metadata, name: "kube-root-ca.crt" }, data: { "ca.crt": CA } });
  const informers = new Informers(client);
  const clientFor = (user: string) => api.client(authenticated(user, [SYSTEM_MASTERS]));
  const network = containerNetwork({ informers, clock, kubelets: () => kubelets });
  const kubelets: Kubelets = new Kubelets({ nodes, informers, clock, clientFor, report: tell, network });
  for (const config of nodes) {
    const images = kubelets.context(config.name)!.images.images;
    await createNode(client, config, clock.now(), images);
  }
  const scheduler = new Scheduler({
    client: clientFor("system:kube-scheduler"),
    informers,
    clock,
    report: (error) => tell("scheduler", error),
    profiles,
    host: "controlplane",
  });
  await informers.start();
  return {
    clock,
    api,
    tokens,
    client,
    kubelets,
    informers,
    scheduler,
    reports,
    async run(spec, { name = "p", labels } = {}) {
      return await client.create<Pod>(refs.pods, {
        metadata: { name, namespace: "default", ...labels === undefined ? {} : { labels } },
        spec,
      } as Partially<Pod>);
    },
    pod: (name = "p") => client.get(refs.pods, "default", name),
    events: (name = "p") => eventsOf(client, name),
    advance: (seconds) => clock.advance(seconds * 1000),
    stop() {
      scheduler.stop();
      kubelets.stop();
      informers.stop();
      assert.deepEqual(reports, []);
    },
  };
}
