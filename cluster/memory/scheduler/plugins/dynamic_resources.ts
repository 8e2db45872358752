/**
 * A pod's ResourceClaims: a node must be able to give what they ask for, and what they have been given must be usable
 * there. Devices are taken when the pod is, and written into the claims before the pod is bound.
 *
 * Source: `pkg/scheduler/framework/plugins/dynamicresources`.
 */
import type { Client } from "../../api/client.ts";
import { resourceClaims as claimKind } from "../../api/kind_refs.ts";
import { StatusError } from "../../api/status.ts";
import { timestamp } from "../../api/timestamps.ts";
import type { Clock } from "../../clock.ts";
import { equalJson } from "../../kinds/json.ts";
import type { AllocationResult, Pod, ResourceV1ResourceClaim as ResourceClaim } from "../../kinds/schema/types.ts";
import { allocate } from "../dynamic_resources/allocator.ts";
import { definePlugin, unresolvable } from "../framework/plugin.ts";
import type { Listers } from "../helper/listers.ts";
import { nodeSelectorMatches } from "../helper/node_affinity.ts";
import {
  canBeReserved,
  CLAIM_FINALIZER,
  consumerOf,
  isForPod,
  isReservedFor,
  podClaimName,
} from "../helper/pod_resource_claims.ts";

export const DYNAMIC_RESOURCES = "DynamicResources";
/** What is said of a pod whose claims have nothing that could be taken away. */
export const NO_NEW_CLAIMS = "no new claims to deallocate";

interface State {
  readonly claims: readonly ResourceClaim[];
  /** What those that have nothing yet would get on each node that passed. */
  readonly byNode: Map<string, readonly AllocationResult[]>;
  /** Those that have something that a node cannot use. */
  readonly unavailable: Set<ResourceClaim>;
}

const namespaced = ({ metadata }: ResourceClaim) => `${metadata.namespace}/${metadata.name}`;
const isAllocated = ({ status }: ResourceClaim) => status?.allocation !== undefined;

export const dynamicResources = (listers: Listers, client: Client, clock: Clock) => {
  /** What claims are about to get, by their uids: nobody else may have it. */
  const pending = new Map<string, AllocationResult>();
  /** Claims as they were written last, until they are seen that way. */
  const written = new Map<string, ResourceClaim>();

  /** The newest that is known of a claim. */
  const newest = (claim: ResourceClaim): ResourceClaim => {
    const own = written.get(claim.metadata.uid!);
    if (own === undefined) return claim;
    if (Number(own.metadata.resourceVersion) > Number(claim.metadata.resourceVersion)) return own;
    written.delete(claim.metadata.uid!);
    return claim;
  };

  /** @throws why the pod cannot have one of them */
  function claimsOf(pod: Pod): ResourceClaim[] {
    const { namespace } = pod.metadata;
    return (pod.spec?.resourceClaims ?? []).flatMap((podClaim) => {
      const found = podClaimName(pod, podClaim);
      if (found === "none") return [];
      if (found === undefined) throw new Error(`pod claim ${podClaim.name}: the claim has not been made yet`);
      const { name, own } = found;
      const claim = listers.resourceClaim(namespace!, name);
      if (claim === undefined) throw new Error(`resourceclaim.resource.k8s.io ${JSON.stringify(name)} not found`);
      if (claim.metadata.deletionTimestamp !== undefined) {
        throw new Error(`resourceclaim ${JSON.stringify(name)} is being deleted`);
      }
      if (own && !isForPod(pod, claim)) {
        const subject = `ResourceClaim ${namespaced(claim)} was not created for pod ${namespace}/${pod.metadata.name}`;
        throw new Error(`${subject} (pod is not owner)`);
      }
      return [newest(claim)];
    });
  }

  /** Why a claim keeps its pod waiting, wherever it could go. */
  function problemOf(pod: Pod, claim: ResourceClaim): string | undefined {
    if (isAllocated(claim)) {
      return canBeReserved(claim) || isReservedFor(pod, claim) ? undefined : "resourceclaim in use";
    }
    if (pending.has(claim.metadata.uid!)) {
      return `resource claim ${namespaced(claim)} is in the process of being allocated`;
    }
    for (const { name, exactly, firstAvailable = [] } of claim.spec?.devices?.requests ?? []) {
      const alternatives = firstAvailable.map((one) => [`${name}/${one.name}`, one.deviceClassName]);
      for (const [request, className] of exactly === undefined ? alternatives : [[name, exactly.deviceClassName]]) {
        if (listers.deviceClass(className) === undefined) {
          return `request ${request}: device class ${className} does not exist`;
        }
      }
    }
    return undefined;
  }

  /** The devices that nobody else can have. */
  function taken(): ReadonlySet<string> {
    const allocations = listers.resourceClaims().map((claim) => newest(claim).status?.allocation);
    const results = [...allocations, ...pending.values()].flatMap((allocation) => allocation?.devices.results ?? []);
    return new Set(
      results.filter(({ adminAccess }) => !adminAccess).map(({ driver, pool, device }) =>
        `${driver}/${pool}/${device}`
      ),
    );
  }

  /** Gives the pod a claim, and the claim what was chosen for it. Somebody else may write the claim meanwhile. */
  async function reserveClaim(pod: Pod, claim: ResourceClaim, allocation: AllocationResult | undefined) {
    const { namespace, name, uid } = claim.metadata;
    for (let current = claim, tries = 1;; tries++) {
      try {
        if (current.metadata.deletionTimestamp !== undefined) {
          throw new Error(`claim ${namespaced(claim)} got deleted in the meantime`);
        }
        const { finalizers = [] } = current.metadata;
        if (allocation !== undefined) {
          if (isAllocated(current)) {
            throw new Error(`claim ${namespaced(claim)} got allocated elsewhere in the meantime`);
          }
          if (!finalizers.includes(CLAIM_FINALIZER)) {
            const metadata = { ...current.metadata, finalizers: [...finalizers, CLAIM_FINALIZER] };
            current = await client.update(claimKind, { ...current, metadata });
          }
        } else if (!isAllocated(current)) {
          throw new Error(`claim ${namespaced(claim)} got deallocated elsewhere in the meantime`);
        }
        const status = {
          ...current.status,
          allocation: current.status?.allocation ?? { allocationTimestamp: timestamp(clock.now()), ...allocation! },
          reservedFor: [...current.status?.reservedFor ?? [], consumerOf(pod)],
        };
        written.set(uid!, await client.updateStatus(claimKind, { ...current, status }));
        return;
      } catch (error) {
        if (!(error instanceof StatusError && error.reason === "Conflict") || tries === 5) throw error;
        current = await client.get(claimKind, namespace, name!);
      }
    }
  }

  return definePlugin<State>({
    name: DYNAMIC_RESOURCES,
    preEnqueue(pod) {
      if (pod.spec?.resourceClaims === undefined) return undefined;
      try {
        claimsOf(pod);
      } catch (error) {
        return unresolvable((error as Error).message);
      }
    },
    preFilter({ pod }) {
      if (pod.spec?.resourceClaims === undefined) return "skip";
      let claims: ResourceClaim[];
      try {
        claims = claimsOf(pod);
      } catch (error) {
        return { refusal: unresolvable((error as Error).message) };
      }
      if (claims.length === 0) return "skip";
      for (const claim of claims) {
        const problem = problemOf(pod, claim);
        if (problem !== undefined) return { refusal: unresolvable(problem) };
      }
      return { state: { claims, byNode: new Map(), unavailable: new Set() } };
    },
    filter(_pod, { node, name }, { claims, byNode, unavailable }) {
      const unusable = claims.filter(({ status }) => {
        const selector = status?.allocation?.nodeSelector;
        return selector !== undefined && !nodeSelectorMatches(selector, node);
      });
      const { deviceClass } = listers;
      const wanting = claims.filter((claim) => !isAllocated(claim));
      if (wanting.length > 0) {
        let found: AllocationResult[] | undefined;
        try {
          found = allocate(wanting, node, { slices: listers.resourceSlices(), taken: taken(), deviceClass });
        } catch (error) {
          throw new Error(`running "${DYNAMIC_RESOURCES}" filter plugin: ${(error as Error).message}`, {
            cause: error,
          });
        }
        if (found === undefined) return unresolvable("cannot allocate all claims");
        byNode.set(name, found);
      }
      if (unusable.length === 0) return undefined;
      for (const claim of unusable) unavailable.add(claim);
      return unresolvable("resourceclaim not available on the node");
    },
    copyState: (state) => state,
    postFilter({ pod }, { unavailable }) {
      const idle = [...unavailable].find(({ status }) =>
        (status?.reservedFor ?? []).every(({ uid }) => uid === pod.metadata.uid)
      );
      if (idle === undefined) return { message: "still not schedulable" };
      // What nobody uses is given back: the claim may then get something elsewhere.
      const { allocation: _, reservedFor: __, devices: ___, ...status } = idle.status!;
      const work = client.updateStatus(claimKind, { ...idle, status });
      return { message: "deallocation of ResourceClaim completed", work };
    },
    reserve(_pod, { name }, { claims, byNode }) {
      const wanting = claims.filter((claim) => !isAllocated(claim));
      for (const [i, { metadata }] of wanting.entries()) pending.set(metadata.uid!, byNode.get(name)![i]);
    },
    unreserve({ pod }, _node, { claims }) {
      for (const { metadata: { namespace, name, uid } } of claims) {
        pending.delete(uid!);
        const mine = written.get(uid!);
        if (mine === undefined || !isReservedFor(pod, mine)) continue;
        const status = { reservedFor: [{ $patch: "delete", uid: pod.metadata.uid }] };
        const body = { metadata: { uid }, status };
        const undo = client.patch(claimKind, namespace, name!, { type: "strategic", body, subresource: "status" });
        // It is tried again with the pod.
        void clock.track(undo.catch(() => {}));
      }
    },
    preBindPreFlight: () => true,
    async preBind({ pod }, { name }, { claims, byNode }) {
      const wanting = claims.filter((claim) => !isAllocated(claim));
      for (const claim of claims) {
        if (isReservedFor(pod, claim)) continue;
        const allocation = byNode.get(name)?.[wanting.indexOf(claim)];
        await clock.track(reserveClaim(pod, claim, allocation));
        pending.delete(claim.metadata.uid!);
      }
    },
    mayHelp({ resource, action, object, previous }, { pod }) {
      if (action === "delete") return false;
      if (resource === "Node") return !equalJson(object.metadata.labels, previous?.metadata.labels);
      if (resource !== "ResourceClaim") return resource === "DeviceClass" || resource === "ResourceSlice";
      const [claim, old] = [object as ResourceClaim, previous as ResourceClaim | undefined];
      // What one gives back, another can have.
      if (old !== undefined && isAllocated(old) && !isAllocated(claim)) return true;
      const uses = claim.metadata.namespace === pod.metadata.namespace &&
        pod.spec!.resourceClaims?.some((podClaim) => {
          const found = podClaimName(pod, podClaim);
          return typeof found === "object" && found.name === claim.metadata.name;
        });
      return uses === true && (old === undefined || !equalJson(old.status, claim.status));
    },
  });
};
