/**
 * Makes the claims of pods' generic ephemeral volumes. They go with their pods: these own them.
 *
 * Source: `pkg/controller/volume/ephemeral/controller.go`.
 */
import { splitKey } from "../../api/informer.ts";
import { persistentVolumeClaims as claimKind, pods as podKind } from "../../api/kind_refs.ts";
import type { PersistentVolumeClaim, Pod } from "../../kinds/schema/types.ts";
import { type ClaimName, claimNames, notOwnClaim } from "../../scheduler/helper/claim_names.ts";
import {
  type Controller,
  type ControllerContext,
  keyOfObject,
  messageOf,
  reconcileQueue,
  recorderOf,
} from "../controller.ts";
import { newControllerRef } from "../controller_ref.ts";
import { claimsOfPod } from "./mod.ts";

export function startEphemeralVolumes(context: ControllerContext): Controller {
  const { client, informers } = context;
  const pods = informers.for<Pod>(podKind).index("claim", claimsOfPod);
  const claims = informers.for<PersistentVolumeClaim>(claimKind);
  const recorder = recorderOf(context, "ephemeral_volume");

  const makeClaim = async (pod: Pod, { name, volume }: ClaimName): Promise<void> => {
    const { metadata = {}, spec } = volume.ephemeral!.volumeClaimTemplate!;
    const { namespace } = pod.metadata;
    const known = claims.get(namespace, name);
    if (known !== undefined) {
      const foreign = notOwnClaim(pod, known);
      if (foreign !== undefined) throw new Error(foreign);
      return;
    }
    const { labels, annotations } = metadata;
    const ownerReferences = [newControllerRef(pod, podKind)];
    try {
      await client.create(claimKind, { metadata: { name, namespace, labels, annotations, ownerReferences }, spec });
    } catch (error) {
      throw new Error(`create PVC ${name}: ${messageOf(error)}`, { cause: error });
    }
  };

  const queue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return;
    for (const claim of claimNames(pod)) {
      if (claim.volume.ephemeral === undefined) continue;
      try {
        await makeClaim(pod, claim);
      } catch (error) {
        const message = `ephemeral volume ${claim.volume.name}: ${messageOf(error)}`;
        recorder.event(pod, "Warning", "FailedBinding", message);
        throw new Error(`pod ${key}, ${message}`, { cause: error });
      }
    }
  });
  pods.on({
    added(pod) {
      if (pod.spec.volumes?.some(({ ephemeral }) => ephemeral !== undefined)) queue.add(keyOfObject(pod));
    },
  });
  // A claim that somebody deleted is made again for as long as its pod is there.
  claims.on({
    deleted(claim) {
      for (const pod of pods.by("claim", keyOfObject(claim))) queue.add(keyOfObject(pod));
    },
  });
  return queue;
}
