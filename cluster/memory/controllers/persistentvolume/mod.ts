/**
 * Binds claims to volumes.
 *
 * Source: `pkg/controller/volume/persistentvolume`.
 */
import { splitKey } from "../../api/informer.ts";
import {
  persistentVolumeClaims as claimKind,
  persistentVolumes as volumeKind,
  pods as podKind,
  storageClasses,
} from "../../api/kind_refs.ts";
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from "../../kinds/schema/types.ts";
import { claimNames } from "../../scheduler/helper/claim_names.ts";
import { claimClass, volumeClass } from "../../scheduler/helper/match_volume.ts";
import { type Controller, type ControllerContext, keyOfObject, reconcileQueue, recorderOf } from "../controller.ts";
import { every } from "../every.ts";
import { isTerminal } from "../pod_state.ts";
import type { Room } from "./room.ts";
import { syncClaim } from "./sync_claim.ts";
import { syncVolume } from "./sync_volume.ts";
import { BIND_COMPLETED, hasAnnotation } from "./volumes.ts";

/** Milliseconds between two looks at claims that wait. */
const RESYNC = 15_000;
/** Milliseconds until a claim hears of a volume that has become available, or of the class that it was missing. */
const NEWS = 1000;

/** The keys of the claims that a pod uses. */
export const claimsOfPod = ({ metadata, spec }: Pod): string[] =>
  claimNames({ metadata, spec }).map(({ name }) => `${metadata.namespace}/${name}`);

export function startPersistentVolumeBinder(context: ControllerContext): Controller {
  const { client, clock, informers } = context;
  const volumes = informers.for<PersistentVolume>(volumeKind).index("class", (volume) => [volumeClass(volume)])
    .index(
      "claim",
      ({ spec }) => spec.claimRef === undefined ? [] : [`${spec.claimRef.namespace}/${spec.claimRef.name}`],
    );
  const claims = informers.for<PersistentVolumeClaim>(claimKind)
    .index("waiting", (claim) => hasAnnotation(claim, BIND_COMPLETED) ? [] : ["", claimClass(claim)]);
  const classes = informers.for<StorageClass>(storageClasses);
  const pods = informers.for<Pod>(podKind).index("claim", claimsOfPod);
  const room: Room = {
    writer: { client, clock },
    recorder: recorderOf(context, "persistentvolume-controller"),
    volumes,
    claims,
    classes,
    volumesFor: (claim) => [
      ...volumes.by("claim", keyOfObject(claim)),
      ...volumes.by("class", claimClass(claim)).filter(({ spec }) => spec.claimRef === undefined),
    ],
    podsOf: (claim) => pods.by("claim", keyOfObject(claim)).filter((pod) => !isTerminal(pod)),
    addClaim: (claim) => claimQueue.add(keyOfObject(claim)),
  };
  const claimQueue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const claim = claims.get(namespace, name);
    if (claim !== undefined) return await syncClaim(room, claim);
    for (const volume of volumes.by("claim", key)) volumeQueue.add(volume.metadata.name!);
  });
  const volumeQueue = reconcileQueue(context, async (name) => {
    const volume = volumes.get(undefined, name);
    if (volume !== undefined) await syncVolume(room, volume);
  });

  const add = (claim: PersistentVolumeClaim) => claimQueue.add(keyOfObject(claim));
  claims.on({ added: add, updated: (claim) => add(claim), deleted: add });
  const waiting = (className: string) => {
    for (const claim of claims.by("waiting", className)) claimQueue.addAfter(keyOfObject(claim), NEWS);
  };
  volumes.on({
    added: ({ metadata }) => volumeQueue.add(metadata.name!),
    updated(volume, old) {
      volumeQueue.add(volume.metadata.name!);
      const available = volume.status?.phase === "Available";
      if (available && old.status?.phase !== "Available") waiting(volumeClass(volume));
    },
    deleted({ spec: { claimRef } }) {
      const claim = claimRef && claims.get(claimRef.namespace, claimRef.name!);
      if (claim !== undefined) add(claim);
    },
  });
  classes.on({ added: ({ metadata }) => waiting(metadata.name!) });
  const resync = every(context, RESYNC, () => Promise.resolve(claims.by("waiting", "").forEach(add)));
  return {
    stop() {
      claimQueue.stop();
      volumeQueue.stop();
      resync.stop();
    },
  };
}
