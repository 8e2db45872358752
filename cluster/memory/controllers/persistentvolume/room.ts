/** What the parts of the volume binder share. */
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import type { PersistentVolume, PersistentVolumeClaim, Pod, StorageClass } from "../../kinds/schema/types.ts";
import type { Writer } from "./bind.ts";

export interface Room {
  readonly writer: Writer;
  readonly recorder: EventRecorder;
  readonly volumes: Informer<PersistentVolume>;
  readonly claims: Informer<PersistentVolumeClaim>;
  readonly classes: Informer<StorageClass>;
  /** The volumes that a claim may get: those of its class, and what is reserved for it. */
  readonly volumesFor: (claim: PersistentVolumeClaim) => readonly PersistentVolume[];
  /** The pods that use a claim, those at their end left out. */
  readonly podsOf: (claim: PersistentVolumeClaim) => readonly Pod[];
  readonly addClaim: (claim: PersistentVolumeClaim) => void;
}
