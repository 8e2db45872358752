/** What ReplicaSets and ReplicationControllers have in common, and where they differ. */
import type { KindRef } from "../../api/client.ts";
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import type { LabelSelector, Pod, ReplicaSet, ReplicationController } from "../../kinds/schema/types.ts";
import type { ControllerContext } from "../controller.ts";
import type { Expectations } from "../expectations.ts";

export type Replicator = ReplicaSet | ReplicationController;

export interface ReplicatorKind<T extends Replicator = Replicator> {
  readonly kind: KindRef<T>;
  /** The source of its events. */
  readonly component: string;
  readonly selector: (object: T) => LabelSelector;
  /** Whether the status says how many pods are terminating. */
  readonly countsTerminating: boolean;
}

/** What the parts of the controller share. */
export interface Room<T extends Replicator> {
  readonly context: ControllerContext;
  readonly replicator: ReplicatorKind<T>;
  readonly replicas: Informer<T>;
  readonly pods: Informer<Pod>;
  readonly expectations: Expectations;
  readonly recorder: EventRecorder;
}
