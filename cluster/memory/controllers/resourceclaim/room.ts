import type { Client } from "../../api/client.ts";
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import type { Pod, ResourceClaimTemplate, ResourceV1ResourceClaim as ResourceClaim } from "../../kinds/schema/types.ts";

/** What the parts of the controller share. */
export interface Room {
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly pods: Informer<Pod>;
  /** Indexed by their controllers, which are the pods that they are made for. */
  readonly claims: Informer<ResourceClaim>;
  readonly templates: Informer<ResourceClaimTemplate>;
}
