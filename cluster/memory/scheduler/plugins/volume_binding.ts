/**
 * A pod goes where its volumes are, or where they can be bound or provisioned; and is bound to its node only when they
 * are.
 *
 * Source: `pkg/scheduler/framework/plugins/volumebinding`.
 */
import type { Client } from "../../api/client.ts";
import type { Clock } from "../../clock.ts";
import type { Node, PersistentVolume, PersistentVolumeClaim, Pod } from "../../kinds/schema/types.ts";
import { definePlugin, unresolvable } from "../framework/plugin.ts";
import { type ClaimName, claimNames, notOwnClaim } from "../helper/claim_names.ts";
import type { Listers } from "../helper/listers.ts";
import { claimClass, findMatchingVolume, isFullyBound, SELECTED_NODE, volumeFitsNode } from "../helper/match_volume.ts";
import { bindVolumes, type PodVolumes } from "./volume_binder.ts";

const NODE_CONFLICT = "node(s) didn't match PersistentVolume's node affinity";
const BIND_CONFLICT = "node(s) didn't find available persistent volumes to bind";
const NO_VOLUME = "node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)";

interface State {
  readonly bound: readonly PersistentVolumeClaim[];
  /** Claims that wait for their first consumer. */
  readonly delayed: readonly PersistentVolumeClaim[];
  /** What would be bound and provisioned on each node that passed. */
  readonly byNode: Map<string, PodVolumes>;
}

function claimProblem(
  pod: Pod,
  claim: PersistentVolumeClaim | undefined,
  { name, volume }: ClaimName,
): string | undefined {
  const ephemeral = volume.ephemeral !== undefined;
  const quoted = JSON.stringify(name);
  if (claim === undefined) {
    return ephemeral
      ? `waiting for ephemeral volume controller to create the persistentvolumeclaim ${quoted}`
      : `persistentvolumeclaim ${quoted} not found`;
  }
  if (claim.status?.phase === "Lost") {
    return `persistentvolumeclaim ${quoted} bound to non-existent persistentvolume ` +
      JSON.stringify(claim.spec?.volumeName ?? "");
  }
  if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim ${quoted} is being deleted`;
  return ephemeral ? notOwnClaim(pod, claim) : undefined;
}

const hasWork = (volumes: PodVolumes | undefined): boolean =>
  volumes !== undefined && volumes.bindings.length + volumes.provisions.length > 0;

export const volumeBinding = (listers: Listers, client: Client, clock: Clock) => {
  const isDelayed = (claim: PersistentVolumeClaim) =>
    listers.storageClass(claimClass(claim))?.volumeBindingMode === "WaitForFirstConsumer";

  /** Whether the class of a claim can make a volume on the node. */
  function canProvision(claim: PersistentVolumeClaim, node: Node): boolean {
    const storageClass = listers.storageClass(claimClass(claim));
    if (storageClass === undefined || storageClass.provisioner === "kubernetes.io/no-provisioner") return false;
    const topologies = storageClass.allowedTopologies ?? [];
    return topologies.length === 0 ||
      topologies.some(({ matchLabelExpressions = [] }) =>
        matchLabelExpressions.every(({ key, values }) => values.includes(node.metadata.labels?.[key] ?? ""))
      );
  }

  function findVolumes(claims: readonly PersistentVolumeClaim[], node: Node): PodVolumes | undefined {
    const bindings: { readonly claim: PersistentVolumeClaim; readonly volume: PersistentVolume }[] = [];
    const provisions: PersistentVolumeClaim[] = [];
    const taken = new Set<string>();
    for (const claim of claims) {
      const selected = claim.metadata.annotations?.[SELECTED_NODE];
      if (selected !== undefined && selected !== node.metadata.name) return undefined;
      const volume = selected === undefined ? findMatchingVolume(claim, listers.volumes(), node, taken) : undefined;
      if (volume !== undefined) {
        taken.add(volume.metadata.name!);
        bindings.push({ claim, volume });
      } else if (canProvision(claim, node)) provisions.push(claim);
      else return undefined;
    }
    return { bindings, provisions };
  }

  return definePlugin<State>({
    name: "VolumeBinding",
    preFilter({ pod, namespace }) {
      const names = claimNames(pod);
      if (names.length === 0) return "skip";
      const claims: PersistentVolumeClaim[] = [];
      for (const name of names) {
        const claim = listers.claim(namespace, name.name);
        const problem = claimProblem(pod, claim, name);
        if (problem !== undefined) return { refusal: unresolvable(problem) };
        claims.push(claim!);
      }
      const unbound = claims.filter((claim) => !isFullyBound(claim));
      // A claim that already names its volume is for the volume controller to finish.
      const delayed = unbound.filter((claim) => isDelayed(claim) && !claim.spec?.volumeName);
      if (delayed.length < unbound.length) {
        return { refusal: unresolvable("pod has unbound immediate PersistentVolumeClaims") };
      }
      return { state: { bound: claims.filter(isFullyBound), delayed, byNode: new Map() } };
    },
    filter(_pod, { node, name }, { bound, delayed, byNode }) {
      const reasons: string[] = [];
      const volumes = bound.map(({ spec }) => listers.volume(spec!.volumeName!));
      const exist = volumes.every((volume) => volume !== undefined);
      if (exist && volumes.some((volume) => !volumeFitsNode(volume!, node))) reasons.push(NODE_CONFLICT);
      const found = findVolumes(delayed, node);
      if (found === undefined) reasons.push(BIND_CONFLICT);
      else byNode.set(name, found);
      if (!exist) reasons.push(NO_VOLUME);
      return reasons.length === 0 ? undefined : unresolvable(...reasons);
    },
    copyState: (state) => state,
    preBindPreFlight: (_pod, { name }, { byNode }) => hasWork(byNode.get(name)),
    async preBind(_pod, { name }, { byNode }) {
      const volumes = byNode.get(name);
      if (!hasWork(volumes)) return;
      try {
        await bindVolumes({ volumes: volumes!, node: name, listers, client, clock });
      } catch (error) {
        throw new Error(`binding volumes: ${error instanceof Error ? error.message : error}`, { cause: error });
      }
    },
    mayHelp: ({ resource, action }) => action !== "delete" && resource !== "Pod" && resource !== "VolumeAttachment",
  });
};
