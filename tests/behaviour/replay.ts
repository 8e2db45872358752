/** Plays a recorded scenario on a cluster with virtual time: nobody waits for its waits. */
import type { KindRef } from "../../cluster/memory/api/client.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { apiVersionOf } from "../../cluster/memory/kinds/kind.ts";
import { apply } from "./apply.ts";
import { run } from "./commands.ts";
import { eventLine, normalForm } from "./normal_form.ts";
import type { Described, Remains } from "./score.ts";
import type { VirtualCluster } from "./virtual_cluster.ts";

/** One step: a manifest to apply, a kubectl command in the scenario's namespace, or seconds to wait. */
export interface Action {
  readonly apply?: string;
  readonly kubectl?: string;
  readonly wait?: number;
}

/** Texts speak of the nodes "node-1" and "node-2" and of the namespace "{ns}". */
export interface Scenario extends Remains {
  readonly id: string;
  readonly actions: readonly Action[];
}

/** The kinds whose objects a scenario is judged by. */
const KINDS: readonly KindRef[] = [
  refs.pods,
  refs.replicaSets,
  refs.deployments,
  refs.daemonSets,
  refs.statefulSets,
  refs.jobs,
  refs.cronJobs,
  refs.replicationControllers,
  refs.services,
  refs.endpoints,
  refs.endpointSlices,
  refs.persistentVolumeClaims,
  refs.horizontalPodAutoscalers,
  refs.podDisruptionBudgets,
  refs.resourceQuotas,
  refs.controllerRevisions,
];

/** Plays the steps in a namespace of their own, says what they left there, and removes it. */
export async function replay(cluster: VirtualCluster, { actions }: Scenario, namespace: string): Promise<Remains> {
  const { client, clock, nodes } = cluster;
  const real = (text: string) =>
    text.replaceAll("{ns}", namespace).replaceAll("node-1", nodes[0]).replaceAll("node-2", nodes[1]);
  await client.create(refs.namespaces, { metadata: { name: namespace } });
  await clock.advance(1000);
  for (const action of actions) {
    if (action.wait !== undefined) await clock.advance(action.wait * 1000);
    else if (action.apply !== undefined) await apply(cluster, namespace, real(action.apply));
    else await run(cluster, namespace, real(action.kubectl!));
  }
  const remains = await remainsOf(cluster, namespace);
  await client.delete(refs.namespaces, undefined, namespace);
  for (const { metadata } of (await client.list(refs.pods, { namespace })).items) {
    await client.delete(refs.pods, namespace, metadata.name!, { gracePeriodSeconds: 0 });
  }
  await clock.quiet();
  return remains;
}

async function remainsOf({ client, nodes }: VirtualCluster, namespace: string): Promise<Remains> {
  const names = { namespace, nodes };
  const lists = KINDS.map(async (kind) =>
    (await client.list(kind, { namespace })).items.map((item) =>
      normalForm({ ...item, apiVersion: apiVersionOf(kind), kind: kind.kind }, names) as Described
    )
  );
  const events = (await client.list(refs.events, { namespace })).items.map((event) => eventLine(event, names));
  const text = (object: Described) => object.kind + object.metadata.name + JSON.stringify(object);
  return {
    objects: (await Promise.all(lists)).flat().sort((a, b) => text(a).localeCompare(text(b))),
    events: [...new Set(events)].sort(),
  };
}
