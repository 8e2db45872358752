/** Work that never ends and never grows: what learners do to a cluster, time and again. */
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { deployment, job, service } from "../controllers/objects.ts";
import type { VirtualCluster } from "./virtual_cluster.ts";

const MINUTE = 60_000;
/** How long a round takes, in minutes of the cluster's clock. */
export const ROUND = 10;

/** What stays for the whole time. */
export async function beginChurn({ client, clock }: VirtualCluster): Promise<void> {
  await client.create(refs.services, service("web"));
  await client.create(refs.deployments, deployment("web", 4, { revisionHistoryLimit: 2 }));
  await clock.advance(MINUTE);
}

/**
 * One round: a new image, a Job that ends, a pod that crashes, one that no node has room for, a namespace with what is
 * in it; and all of it removed again.
 */
export async function churn({ client, clock }: VirtualCluster, round: number): Promise<void> {
  const containers = [{ name: "app", image: `nginx:1.2${round % 8}` }];
  const body = { spec: { template: { spec: { containers } } } };
  await client.patch(refs.deployments, "default", "web", { type: "strategic", body });
  await client.create(refs.jobs, job("sum", { ttlSecondsAfterFinished: 10 }));
  const busybox = { name: "app", image: "busybox:1.36" };
  const pods = {
    crash: { containers: [{ ...busybox, command: ["false"] }] },
    huge: { containers: [{ ...busybox, resources: { requests: { cpu: "100" } } }] },
  };
  for (const [name, spec] of Object.entries(pods)) {
    await client.create(refs.pods, { metadata: { name, namespace: "default" }, spec });
  }
  const namespace = `n${round}`;
  await client.create(refs.namespaces, { metadata: { name: namespace } });
  const theirs = deployment("web", 2);
  await client.create(refs.deployments, { ...theirs, metadata: { name: "web", namespace } });
  await clock.advance(ROUND / 2 * MINUTE);
  for (const name of Object.keys(pods)) await client.delete(refs.pods, "default", name, { gracePeriodSeconds: 0 });
  await client.delete(refs.jobs, "default", "sum", { propagationPolicy: "Background" }).catch(() => {});
  await client.delete(refs.namespaces, undefined, namespace);
  await clock.advance(ROUND / 2 * MINUTE);
}
