/** Binding and unbinding: both sides name each other, one write after the other. Source: `pv_controller.go` (bind). */
import { referenceTo } from "../../api/event_recorder.ts";
import type { Client } from "../../api/client.ts";
import { persistentVolumeClaims as claimKind, persistentVolumes as volumeKind } from "../../api/kind_refs.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { Clock } from "../../clock.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { BIND_COMPLETED, BOUND_BY_CONTROLLER, hasAnnotation, isBoundTo } from "./volumes.ts";

export interface Writer {
  readonly client: Client;
  readonly clock: Clock;
}

export async function bind(writer: Writer, volume: PersistentVolume, claim: PersistentVolumeClaim): Promise<void> {
  const reserved = await reserve(writer, volume, claim);
  const bound = await setVolumePhase(writer, reserved, "Bound");
  const named = await nameVolume(writer, claim, bound);
  await setClaimPhase(writer, named, "Bound", bound);
}

async function reserve({ client }: Writer, volume: PersistentVolume, claim: PersistentVolumeClaim) {
  const { claimRef } = volume.spec;
  if (claimRef?.uid === claim.metadata.uid && isBoundTo(volume, claim)) return volume;
  const annotations = isBoundTo(volume, claim)
    ? volume.metadata.annotations
    : { ...volume.metadata.annotations, [BOUND_BY_CONTROLLER]: "yes" };
  const reference = { ...referenceTo(claim), apiVersion: "v1", kind: "PersistentVolumeClaim" };
  return await client.update(volumeKind, {
    ...volume,
    metadata: { ...volume.metadata, ...annotations === undefined ? {} : { annotations } },
    spec: { ...volume.spec, claimRef: reference },
  });
}

async function nameVolume({ client }: Writer, claim: PersistentVolumeClaim, volume: PersistentVolume) {
  const volumeName = volume.metadata.name!;
  const named = claim.spec.volumeName === volumeName;
  if (named && hasAnnotation(claim, BIND_COMPLETED)) return claim;
  const annotations = {
    ...claim.metadata.annotations,
    ...named ? {} : { [BOUND_BY_CONTROLLER]: "yes" },
    [BIND_COMPLETED]: "yes",
  };
  return await client.update(claimKind, {
    ...claim,
    metadata: { ...claim.metadata, annotations },
    spec: { ...claim.spec, volumeName },
  });
}

/** Writes a volume's phase where it changed. */
export async function setVolumePhase({ client, clock }: Writer, volume: PersistentVolume, phase: string, message = "") {
  const { status } = volume;
  if (status?.phase === phase && (status.message ?? "") === message) return volume;
  const lastPhaseTransitionTime = status?.phase === phase ? status.lastPhaseTransitionTime : timestamp(clock.now());
  const next = { phase, lastPhaseTransitionTime, ...message === "" ? {} : { message } };
  return await client.updateStatus(volumeKind, { ...volume, status: next });
}

/** Writes a claim's phase, with what the volume gives it, where that changed. */
export async function setClaimPhase(
  { client }: Writer,
  claim: PersistentVolumeClaim,
  phase: string,
  volume?: PersistentVolume,
): Promise<PersistentVolumeClaim> {
  const { accessModes: _modes, capacity: _capacity, ...rest } = claim.status ?? {};
  const given = volume === undefined ? {} : {
    accessModes: volume.spec.accessModes,
    // A claim that was bound keeps what it knows: the volume may have grown since.
    capacity: claim.status?.phase === "Bound" ? claim.status.capacity : volume.spec.capacity,
  };
  const status = { ...rest, phase, ...given };
  if (same(claim.status, status)) return claim;
  return await client.updateStatus(claimKind, { ...claim, status });
}

/** Forgets the claim of a volume: it is free for others. */
export async function unbind(writer: Writer, volume: PersistentVolume): Promise<void> {
  const { [BOUND_BY_CONTROLLER]: byController, ...annotations } = volume.metadata.annotations ?? {};
  const { claimRef, ...spec } = volume.spec;
  // A person who reserved the volume for a name means whoever has that name.
  const { uid: _, resourceVersion: __, ...reserved } = claimRef ?? {};
  const kept = byController === undefined && claimRef !== undefined ? { claimRef: reserved } : {};
  const freed = await writer.client.update(volumeKind, {
    ...volume,
    metadata: { ...volume.metadata, annotations },
    spec: { ...spec, ...kept },
  });
  await setVolumePhase(writer, freed, "Available");
}
