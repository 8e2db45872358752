/**
 * The replica set of a deployment's template: found among those there are, or created.
 *
 * Source: `pkg/controller/deployment/sync.go` (getAllReplicaSetsAndSyncRevision).
 */
import { replicaSets as replicaSetKind } from "../../api/kind_refs.ts";
import { deployments as deploymentKind } from "../../api/kind_refs.ts";
import { podTemplateHash } from "../../kinds/apps/pod_template_hash.ts";
import type { Deployment, PodTemplateSpec, ReplicaSet } from "../../kinds/schema/types.ts";
import { conditionOf, same, withCondition } from "../conditions.ts";
import { isAlreadyExists, isNamespaceTerminating, messageOf } from "../controller.ts";
import { isControlledBy, newControllerRef } from "../controller_ref.ts";
import { condition, FAILED_CREATE, FOUND_NEW_REPLICA_SET, NEW_REPLICA_SET, PROGRESSING } from "./conditions.ts";
import { currentAnnotations, highestRevision, REVISION } from "./revisions.ts";
import { byCreation, hasProgressDeadline, type Sets, type Sync, writeReplicaSet, writeStatus } from "./rollout.ts";
import { newReplicas } from "./scaling.ts";

const TEMPLATE_HASH = "pod-template-hash";

/** Whether two templates make the same pods. */
export function sameTemplate(a: PodTemplateSpec, b: PodTemplateSpec): boolean {
  return same(withoutHash(a), withoutHash(b));
}

/** The template without the label by which a replica set tells its pods apart. */
export function withoutHash(template: PodTemplateSpec): PodTemplateSpec {
  const { [TEMPLATE_HASH]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** Sorts the replica sets into the current one and the old ones; of two with the template, the oldest is current. */
export function findSets(deployment: Deployment, replicaSets: readonly ReplicaSet[]): Sets {
  const sorted = [...replicaSets].sort(byCreation);
  const current = sorted.find(({ spec }) => sameTemplate(spec.template, deployment.spec.template));
  return { current, old: sorted.filter((set) => set !== current) };
}

/**
 * The deployment's replica sets, with revisions and annotations brought up to date.
 *
 * @param create whether to create the current one if there is none
 */
export async function syncRevision(sync: Sync, create: boolean): Promise<Sets> {
  const { current, old } = findSets(sync.deployment, sync.replicaSets);
  const revision = highestRevision(old) + 1;
  if (current !== undefined) return { current: await adoptRevision(sync, current, revision), old };
  if (!create) return { current: undefined, old };
  return { current: await createCurrent(sync, old, revision), old };
}

async function adoptRevision(sync: Sync, current: ReplicaSet, revision: number): Promise<ReplicaSet> {
  const { deployment, room: { context: { clock } } } = sync;
  const annotations = currentAnnotations(deployment, current, revision, false);
  const { minReadySeconds } = deployment.spec;
  if (
    !same(annotations, current.metadata.annotations ?? {}) ||
    (current.spec.minReadySeconds ?? 0) !== (minReadySeconds ?? 0)
  ) {
    return await writeReplicaSet(sync, {
      ...current,
      metadata: { ...current.metadata, annotations },
      spec: { ...current.spec, minReadySeconds },
    });
  }
  let next = withRevision(deployment, annotations[REVISION]);
  if (hasProgressDeadline(next) && conditionOf(next.status?.conditions, PROGRESSING) === undefined) {
    const message = `Found new replica set ${JSON.stringify(current.metadata.name)}`;
    next = withProgress(next, condition(clock.now(), PROGRESSING, "True", FOUND_NEW_REPLICA_SET, message));
  }
  if (next !== deployment) await writeStatus(sync, next);
  return current;
}

async function createCurrent(sync: Sync, old: readonly ReplicaSet[], revision: number): Promise<ReplicaSet> {
  const { room: { context: { client, clock }, recorder } } = sync;
  const { deployment } = sync;
  const wanted = newReplicaSet(deployment, old, revision);
  const { name, namespace } = wanted.metadata;
  let current: ReplicaSet;
  let created = true;
  try {
    current = await client.create(replicaSetKind, wanted);
  } catch (error) {
    if (isAlreadyExists(error)) {
      current = await client.get(replicaSetKind, namespace, name!);
      // Written by an earlier sync of this deployment, or another template with the same hash.
      if (!isControlledBy(current, deployment) || !sameTemplate(current.spec.template, deployment.spec.template)) {
        const collisionCount = (deployment.status?.collisionCount ?? 0) + 1;
        await writeStatus(sync, { ...deployment, status: { ...deployment.status, collisionCount } });
        throw error;
      }
      created = false;
    } else {
      if (!isNamespaceTerminating(error)) await creationFailed(sync, name!, error);
      throw error;
    }
  }
  const { replicas = 0 } = wanted.spec;
  if (created && replicas > 0) {
    recorder.event(
      deployment,
      "Normal",
      "ScalingReplicaSet",
      `Scaled up replica set ${name} from 0 to ${replicas}`,
    );
  }
  let next = withRevision(deployment, String(revision));
  if (created && hasProgressDeadline(next)) {
    const message = `Created new replica set ${JSON.stringify(name)}`;
    next = withProgress(next, condition(clock.now(), PROGRESSING, "True", NEW_REPLICA_SET, message));
  }
  if (next !== deployment) await writeStatus(sync, next);
  return current;
}

async function creationFailed(sync: Sync, name: string, error: unknown): Promise<void> {
  const { deployment, room: { context: { clock }, recorder } } = sync;
  const message = `Failed to create new replica set ${JSON.stringify(name)}: ${messageOf(error)}`;
  if (hasProgressDeadline(deployment)) {
    await writeStatus(
      sync,
      withProgress(deployment, condition(clock.now(), PROGRESSING, "False", FAILED_CREATE, message)),
    );
  }
  recorder.event(deployment, "Warning", FAILED_CREATE, message);
}

function newReplicaSet(deployment: Deployment, old: readonly ReplicaSet[], revision: number): ReplicaSet {
  const { spec: { template, selector, minReadySeconds }, metadata, status } = deployment;
  const hash = podTemplateHash(template, status?.collisionCount);
  const labels = { ...template.metadata?.labels, [TEMPLATE_HASH]: hash };
  const replicaSet: ReplicaSet = {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: {
      // A name has at most 253 characters, and the hash must stay whole.
      name: `${metadata.name!.slice(0, 252 - hash.length)}-${hash}`,
      namespace: metadata.namespace,
      labels,
      ownerReferences: [newControllerRef(deployment, deploymentKind)],
    },
    spec: {
      replicas: 0,
      ...minReadySeconds === undefined ? {} : { minReadySeconds },
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [TEMPLATE_HASH]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
    status: { replicas: 0 },
  };
  return {
    ...replicaSet,
    metadata: { ...replicaSet.metadata, annotations: currentAnnotations(deployment, replicaSet, revision, true) },
    spec: { ...replicaSet.spec, replicas: newReplicas(deployment, [...old, replicaSet], replicaSet) },
  };
}

function withRevision(deployment: Deployment, revision: string): Deployment {
  const { metadata } = deployment;
  if (metadata.annotations?.[REVISION] === revision) return deployment;
  return { ...deployment, metadata: { ...metadata, annotations: { ...metadata.annotations, [REVISION]: revision } } };
}

function withProgress(deployment: Deployment, progress: Parameters<typeof withCondition>[1]): Deployment {
  const { status } = deployment;
  return { ...deployment, status: { ...status, conditions: withCondition(status?.conditions, progress) } };
}
