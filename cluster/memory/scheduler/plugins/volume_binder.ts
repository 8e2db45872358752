/**
 * Binds the volumes that were found for a pod, and waits until all its claims are bound.
 *
 * Source: `pkg/scheduler/framework/plugins/volumebinding/binder.go` (BindPodVolumes).
 */
import type { Client } from "../../api/client.ts";
import { persistentVolumeClaims, persistentVolumes } from "../../api/kind_refs.ts";
import type { Clock } from "../../clock.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "../../kinds/schema/types.ts";
import type { Listers } from "../helper/listers.ts";
import { isFullyBound, SELECTED_NODE } from "../helper/match_volume.ts";

/** What a pod's claims would get on a node. */
export interface PodVolumes {
  readonly bindings: readonly { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[];
  /** Claims for which a provisioner has to make a volume. */
  readonly provisions: readonly PersistentVolumeClaim[];
}

export interface BindVolumesOptions {
  readonly volumes: PodVolumes;
  readonly node: string;
  readonly listers: Listers;
  readonly client: Client;
  readonly clock: Clock;
}

/** How long binding may take, and how often it is looked at, in milliseconds. */
const TIMEOUT = 10 * 60_000;
const INTERVAL = 1000;

/** @throws when a claim goes away, its node is changed, or time is up */
export async function bindVolumes({ volumes, node, listers, client, clock }: BindVolumesOptions): Promise<void> {
  for (const { claim, volume } of volumes.bindings) {
    const { namespace, name, uid } = claim.metadata;
    const claimRef = { kind: "PersistentVolumeClaim", apiVersion: "v1", namespace, name, uid };
    await client.patch(persistentVolumes, undefined, volume.metadata.name!, {
      type: "merge",
      body: { metadata: { annotations: { "pv.kubernetes.io/bound-by-controller": "yes" } }, spec: { claimRef } },
    });
  }
  for (const { metadata } of volumes.provisions) {
    await client.patch(persistentVolumeClaims, metadata.namespace, metadata.name!, {
      type: "merge",
      body: { metadata: { annotations: { [SELECTED_NODE]: node } } },
    });
  }
  const claims = [...volumes.bindings.map(({ claim }) => claim), ...volumes.provisions];
  const limit = clock.now() + TIMEOUT;
  while (!claims.every(({ metadata }) => isBound(listers, metadata.namespace!, metadata.name!, node))) {
    if (clock.now() >= limit) throw new Error("context deadline exceeded");
    await clock.sleep(INTERVAL);
  }
}

function isBound(listers: Listers, namespace: string, name: string, node: string): boolean {
  const claim = listers.claim(namespace, name);
  if (claim === undefined) throw new Error(`persistentvolumeclaim ${JSON.stringify(name)} not found`);
  const selected = claim.metadata.annotations?.[SELECTED_NODE];
  if (selected !== undefined && selected !== node) {
    throw new Error(`selectedNode annotation value ${JSON.stringify(selected)} not set to scheduled node "${node}"`);
  }
  return isFullyBound(claim);
}
