/** What the parts of one node's kubelet share. */
import type { Client } from "../api/client.ts";
import type { EventRecorder, EventType } from "../api/event_recorder.ts";
import { referenceTo } from "../api/event_recorder.ts";
import type { Clock } from "../clock.ts";
import type { Pod } from "../kinds/schema/types.ts";
import type { PodAddresses } from "../network/pod_addresses.ts";
import type { Backoff } from "./backoff.ts";
import type { Sources } from "./container_env.ts";
import { containerFieldPath } from "./container_refs.ts";
import type { ImageManager } from "./images/image_manager.ts";
import type { Network } from "./runtime/network.ts";
import type { ApiServer, Runtime, VolumeContent } from "./runtime/runtime.ts";
import type { ClaimSources } from "./volumes/claim.ts";
import type { PodTokens } from "./volumes/pod_tokens.ts";
import type { VolumeOptions } from "./volumes/pod_volumes.ts";

export interface NodeContext {
  readonly name: string;
  readonly hostIP: string;
  readonly client: Client;
  readonly clock: Clock;
  readonly recorder: EventRecorder;
  readonly report: (error: unknown) => void;
  readonly sources: Sources;
  readonly runtime: Runtime;
  /** What containers reach. */
  readonly network: Network;
  /** What the program kube-apiserver serves. */
  readonly apiServer?: ApiServer;
  readonly images: ImageManager;
  readonly addresses: PodAddresses;
  /** Of containers that crash. */
  readonly crashLoop: Backoff;
  readonly sharedVolume: (key: string) => VolumeContent;
  readonly claims: ClaimSources;
  readonly tokens: PodTokens;
}

/** What the volumes of a pod with an address are made of. */
export const volumeOptions = (node: NodeContext, podIP: string): VolumeOptions => ({
  sources: node.sources,
  claims: node.claims,
  shared: node.sharedVolume,
  token: (pod, source) => node.tokens.get(pod, source),
  hostIP: node.hostIP,
  podIP,
  now: node.clock.now(),
});

/** Records an event about the node itself, which its kubelet knows by its name only. */
export function nodeEvent({ recorder, name }: NodeContext, type: EventType, reason: string, message: string): void {
  recorder.event({ kind: "Node", apiVersion: "v1", name, uid: name }, type, reason, message);
}

/** Records an event about one container of a pod. */
export function containerEvent(
  { recorder }: NodeContext,
  pod: Pod,
  container: string,
  type: EventType,
  reason: string,
  message: string,
): void {
  recorder.event(referenceTo(pod, containerFieldPath(pod, container)), type, reason, message);
}

/** What steps take on a node, in milliseconds. */
export const TIMING = {
  mount: 30,
  sandbox: 120,
  create: 20,
  start: 30,
} as const;
