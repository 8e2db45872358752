/**
 * Tells of claims that ask for more than they have: what expands volumes is outside of Kubernetes, as what makes them.
 *
 * Source: `pkg/controller/volume/expand/expand_controller.go`.
 */
import { splitKey } from "../../api/informer.ts";
import { persistentVolumeClaims as claimKind, persistentVolumes as volumeKind } from "../../api/kind_refs.ts";
import { compareQuantities } from "../../kinds/quantity.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../kinds/schema/types.ts";
import { type Controller, type ControllerContext, keyOfObject, reconcileQueue, recorderOf } from "../controller.ts";

const requested = ({ spec }: PersistentVolumeClaim) => spec.resources?.requests?.storage ?? "0";
const given = ({ status }: PersistentVolumeClaim) => status?.capacity?.storage ?? "0";

export function startVolumeExpander(context: ControllerContext): Controller {
  const claims = context.informers.for<PersistentVolumeClaim>(claimKind);
  const volumes = context.informers.for<PersistentVolume>(volumeKind);
  const recorder = recorderOf(context, "volume_expand");

  const queue = reconcileQueue(context, (key) => {
    const { namespace, name } = splitKey(key);
    const claim = claims.get(namespace, name);
    if (claim === undefined || compareQuantities(requested(claim), given(claim)) <= 0) return Promise.resolve();
    const volume = volumes.get(undefined, claim.spec.volumeName ?? "");
    if (volume?.spec.claimRef?.uid !== claim.metadata.uid) {
      return Promise.reject(new Error(`persistent Volume is not bound to PVC being updated : ${key}`));
    }
    recorder.event(claim, "Normal", "ExternalExpanding", "waiting for an external controller to expand this PVC");
    return Promise.resolve();
  });
  const add = (claim: PersistentVolumeClaim) => {
    if (claim.status?.phase === "Bound") queue.add(keyOfObject(claim));
  };
  claims.on({
    added: add,
    updated(claim, old) {
      const grown = compareQuantities(requested(claim), requested(old)) > 0 ||
        compareQuantities(given(claim), given(old)) > 0;
      if (grown) add(claim);
    },
  });
  return queue;
}
