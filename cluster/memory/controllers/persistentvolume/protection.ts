/**
 * Keeps claims that pods use, and volumes that claims use, until nobody uses them any more.
 *
 * Source: `pkg/controller/volume/{pvcprotection,pvprotection}`.
 */
import { splitKey } from "../../api/informer.ts";
import type { KindRef } from "../../api/client.ts";
import {
  persistentVolumeClaims as claimKind,
  persistentVolumes as volumeKind,
  pods as podKind,
} from "../../api/kind_refs.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { PersistentVolume, PersistentVolumeClaim, Pod } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, isNotFound, keyOfObject, reconcileQueue } from "../controller.ts";
import { isTerminal } from "../pod_state.ts";
import { claimsOfPod } from "./mod.ts";

const CLAIM_FINALIZER = "kubernetes.io/pvc-protection";
const VOLUME_FINALIZER = "kubernetes.io/pv-protection";

/** Adds the finalizer to what lives, and takes it from what is being deleted and not in use. */
async function protect<T extends KubeObject>(
  { client }: ControllerContext,
  kind: KindRef<T>,
  object: T,
  finalizer: string,
  inUse: () => Promise<boolean> | boolean,
): Promise<void> {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  const has = finalizers.includes(finalizer);
  let wanted: readonly string[];
  if (deletionTimestamp === undefined) {
    if (has) return;
    wanted = [...finalizers, finalizer];
  } else {
    if (!has || await inUse()) return;
    wanted = finalizers.filter((other) => other !== finalizer);
  }
  try {
    await client.update(kind, { ...object, metadata: { ...object.metadata, finalizers: wanted } });
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

export function startClaimProtection(context: ControllerContext): Controller {
  const { client, informers } = context;
  const claims = informers.for<PersistentVolumeClaim>(claimKind);
  const pods = informers.for<Pod>(podKind).index("claim", claimsOfPod);
  // A pod without a node has not begun to use the claim.
  const uses = (pod: Pod) => !!pod.spec.nodeName && !isTerminal(pod);

  const queue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const claim = claims.get(namespace, name);
    if (claim === undefined) return;
    await protect(context, claimKind, claim, CLAIM_FINALIZER, async () => {
      if (pods.by("claim", key).some(uses)) return true;
      // The view may be behind: a pod that has just been bound must not lose its data.
      const { items } = await client.list<Pod>(podKind, { namespace });
      return items.some((pod) => uses(pod) && claimsOfPod(pod).includes(key));
    });
  });
  const add = (claim: PersistentVolumeClaim) => {
    const { deletionTimestamp, finalizers = [] } = claim.metadata;
    const has = finalizers.includes(CLAIM_FINALIZER);
    if (deletionTimestamp === undefined ? !has : has) queue.add(keyOfObject(claim));
  };
  claims.on({ added: add, updated: (claim) => add(claim) });
  const podChanged = (pod: Pod) => {
    for (const key of claimsOfPod(pod)) {
      const { namespace, name } = splitKey(key);
      if (claims.get(namespace, name)?.metadata.deletionTimestamp !== undefined) queue.add(key);
    }
  };
  pods.on({
    updated: (pod, old) => uses(old) && !uses(pod) ? podChanged(pod) : undefined,
    deleted: podChanged,
  });
  return queue;
}

export function startVolumeProtection(context: ControllerContext): Controller {
  const volumes = context.informers.for<PersistentVolume>(volumeKind);
  const queue = reconcileQueue(context, async (name) => {
    const volume = volumes.get(undefined, name);
    if (volume === undefined) return;
    await protect(context, volumeKind, volume, VOLUME_FINALIZER, () => volume.status?.phase === "Bound");
  });
  const add = ({ metadata }: PersistentVolume) => {
    const has = metadata.finalizers?.includes(VOLUME_FINALIZER) === true;
    if (metadata.deletionTimestamp === undefined ? !has : has) queue.add(metadata.name!);
  };
  volumes.on({ added: add, updated: (volume) => add(volume) });
  return queue;
}
