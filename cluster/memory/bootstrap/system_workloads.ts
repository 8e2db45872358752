/**
 * Workloads with their pods running, as their controllers would have made them: the same names, hashes and owners, so
 * that the controllers recognise them as their own.
 */
import type { Client } from "../api/client.ts";
import * as refs from "../api/kind_refs.ts";
import type { Clock } from "../clock.ts";
import { newControllerRef } from "../controllers/controller_ref.ts";
import { templateFor } from "../controllers/daemon/nodes.ts";
import { revisionData } from "../controllers/history.ts";
import { podFromTemplate } from "../controllers/pod_control.ts";
import { podTemplateHash } from "../kinds/apps/pod_template_hash.ts";
import type { Partially } from "../kinds/object.ts";
import type { ControllerRevision, DaemonSet, Deployment, PodTemplateSpec, ReplicaSet } from "../kinds/schema/types.ts";
import type { NodeConfig } from "../kubelet/node_config.ts";
import { ensure } from "./ensure.ts";
import { createRunningPod, type Place } from "./running_pods.ts";

export interface WorkloadContext {
  readonly client: Client;
  readonly clock: Clock;
  readonly nodes: readonly NodeConfig[];
}

/** The address of the n-th pod of a node that is there from the beginning. */
const addressOn = ({ podCIDR }: NodeConfig, n: number) => podCIDR.replace(/\d+\/\d+$/, String(n + 2));

const placeOn = (config: NodeConfig, n = 0): Place => ({
  node: config.name,
  hostIP: config.address,
  ip: addressOn(config, n),
});

/** A DaemonSet with its revision and a pod on each node. */
export async function createDaemonSet(context: WorkloadContext, wanted: Partially<DaemonSet>): Promise<void> {
  const { client, clock, nodes } = context;
  const { object: daemonSet, created } = await ensure(client, refs.daemonSets, wanted);
  if (!created) return;
  const { template } = daemonSet.spec!;
  const hash = podTemplateHash(template);
  const owner = newControllerRef(daemonSet, refs.daemonSets);
  const { name, namespace, annotations } = daemonSet.metadata;
  await ensure<ControllerRevision>(client, refs.controllerRevisions, {
    metadata: {
      name: `${name}-${hash}`,
      namespace,
      labels: { ...template.metadata?.labels, "controller-revision-hash": hash },
      annotations,
      ownerReferences: [owner],
    },
    data: revisionData(template),
    revision: 1,
  } as Partially<ControllerRevision>);
  for (const config of nodes) {
    const pod = podFromTemplate(templateFor(daemonSet, hash, config.name), daemonSet, owner);
    await createRunningPod(client, clock, pod, placeOn(config));
  }
}

/**
 * A Deployment with its ReplicaSet, and its pods on the first node unless another is given.
 *
 * @param first how many addresses of the node's are taken
 */
export async function createDeployment(
  context: WorkloadContext,
  wanted: Partially<Deployment>,
  { node = context.nodes[0], first = 0 }: { readonly node?: NodeConfig; readonly first?: number } = {},
): Promise<void> {
  const { client, clock } = context;
  const { object: deployment, created } = await ensure(client, refs.deployments, {
    ...wanted,
    metadata: { ...wanted.metadata, annotations: { "deployment.kubernetes.io/revision": "1" } },
  });
  if (!created) return;
  const { replicas = 1, template, selector } = deployment.spec!;
  const hash = podTemplateHash(template);
  const label = { "pod-template-hash": hash };
  const labelled: PodTemplateSpec = {
    ...template,
    metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...label } },
  };
  const { object: replicaSet } = await ensure<ReplicaSet>(client, refs.replicaSets, {
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      namespace: deployment.metadata.namespace,
      labels: labelled.metadata?.labels,
      annotations: {
        "deployment.kubernetes.io/desired-replicas": String(replicas),
        "deployment.kubernetes.io/max-replicas": String(replicas + 1),
        "deployment.kubernetes.io/revision": "1",
      },
      ownerReferences: [newControllerRef(deployment, refs.deployments)],
    },
    spec: {
      replicas,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...label } },
      template: labelled,
    },
  });
  const owner = newControllerRef(replicaSet, refs.replicaSets);
  for (let i = 0; i < replicas; i++) {
    await createRunningPod(client, clock, podFromTemplate(labelled, replicaSet, owner), placeOn(node, first + i));
  }
}
