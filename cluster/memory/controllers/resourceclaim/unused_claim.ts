/** One claim: pods that are done have it no more, and what nobody has is given back. */
import { pods as podKind, resourceClaims as claimKind } from "../../api/kind_refs.ts";
import type { Pod, ResourceV1ResourceClaim as ResourceClaim } from "../../kinds/schema/types.ts";
import { CLAIM_FINALIZER } from "../../scheduler/helper/pod_resource_claims.ts";
import { isNotFound } from "../controller.ts";
import { controllerOf } from "../controller_ref.ts";
import { isTerminal } from "../pod_state.ts";
import type { Room } from "./room.ts";

/** It will not run any more: it ended, or was deleted before it had a node. */
export const isDone = (pod: Pod): boolean =>
  isTerminal(pod) || (pod.metadata.deletionTimestamp !== undefined && !pod.spec.nodeName);

type Consumer = NonNullable<NonNullable<ResourceClaim["status"]>["reservedFor"]>[number];

export async function syncClaim(room: Room, claim: ResourceClaim): Promise<void> {
  const reservedFor = claim.status?.reservedFor ?? [];
  const remaining: Consumer[] = [];
  for (const consumer of reservedFor) if (await keeps(room, claim, consumer)) remaining.push(consumer);
  let current = claim;
  if (remaining.length < reservedFor.length) {
    current = await release(room, claim, remaining);
  } else if (remaining.length === 0 && claim.metadata.deletionTimestamp !== undefined && isProtected(claim)) {
    const allocated = claim.status?.allocation !== undefined;
    current = await unprotect(room, allocated ? await release(room, claim, []) : claim);
  }
  if (remaining.length === 0) await deleteUnneeded(room, current);
}

const isProtected = ({ metadata }: ResourceClaim) => metadata.finalizers?.includes(CLAIM_FINALIZER) === true;

/** Only pods can be asked. One that is not known yet may be about to run: its absence is believed from the API alone. */
async function keeps({ client, pods }: Room, { metadata }: ResourceClaim, consumer: Consumer): Promise<boolean> {
  const { apiGroup = "", resource, name, uid } = consumer;
  if (apiGroup !== "" || resource !== "pods") return true;
  const pod = pods.get(metadata.namespace, name) ??
    await client.get(podKind, metadata.namespace, name).catch((error) => {
      if (!isNotFound(error)) throw error;
      return undefined;
    });
  return pod !== undefined && pod.metadata.uid === uid && !isDone(pod);
}

/** Takes pods from the claim; without any, it gives back what it was given. */
async function release(room: Room, claim: ResourceClaim, remaining: readonly Consumer[]): Promise<ResourceClaim> {
  const { reservedFor: _, allocation, ...rest } = claim.status!;
  const givenBack = remaining.length === 0 && isProtected(claim);
  const status = {
    ...rest,
    ...allocation === undefined || givenBack ? {} : { allocation },
    ...remaining.length === 0 ? {} : { reservedFor: remaining },
  };
  const written = await room.client.updateStatus(claimKind, { ...claim, status });
  return isProtected(written) && written.status?.allocation === undefined ? await unprotect(room, written) : written;
}

async function unprotect({ client }: Room, claim: ResourceClaim): Promise<ResourceClaim> {
  if (!isProtected(claim)) return claim;
  const finalizers = claim.metadata.finalizers!.filter((finalizer) => finalizer !== CLAIM_FINALIZER);
  return await client.update(claimKind, { ...claim, metadata: { ...claim.metadata, finalizers } });
}

/** What was made for a pod is of no use once the pod is done: nobody waits until the pod itself is deleted. */
async function deleteUnneeded({ client, pods }: Room, claim: ResourceClaim): Promise<void> {
  const owner = controllerOf(claim);
  if (owner?.kind !== "Pod" || owner.apiVersion !== "v1") return;
  const { namespace, name, uid } = claim.metadata;
  const pod = pods.get(namespace, owner.name);
  if (pod === undefined || (pod.metadata.uid === owner.uid && !isDone(pod))) return;
  try {
    await client.delete(claimKind, namespace, name!, { preconditions: { uid } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}
