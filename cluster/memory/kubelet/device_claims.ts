/**
 * The devices that a pod's ResourceClaims were given: their drivers prepare them before the pod gets its sandbox. On
 * these nodes no driver has registered.
 *
 * Source: `pkg/kubelet/cm/dra/manager.go` (prepareResources).
 */
import type { Client } from "../api/client.ts";
import { resourceClaims } from "../api/kind_refs.ts";
import type { Pod } from "../kinds/schema/types.ts";
import { isForPod, isReservedFor, podClaimName } from "../scheduler/helper/pod_resource_claims.ts";

/** Why they cannot be prepared; undefined where the pod has none. */
export async function deviceProblem(client: Client, pod: Pod): Promise<string | undefined> {
  const { namespace, name: podName, uid: podUid } = pod.metadata;
  for (const podClaim of pod.spec?.resourceClaims ?? []) {
    const found = podClaimName(pod, podClaim);
    if (found === "none") continue;
    if (found === undefined) return `pod claim ${podClaim.name}: resource claim not created yet`;
    const { name, own } = found;
    let claim;
    try {
      claim = await client.get(resourceClaims, namespace, name);
    } catch (error) {
      return `fetch ResourceClaim ${name}: ${error instanceof Error ? error.message : error}`;
    }
    const { uid, namespace: claimNamespace } = claim.metadata;
    if (own && !isForPod(pod, claim)) {
      const subject = `ResourceClaim ${claimNamespace}/${name} was not created for pod ${namespace}/${podName}`;
      return `${subject} (pod is not owner)`;
    }
    if (!isReservedFor(pod, claim)) {
      return `pod ${podName} (${podUid}) is not allowed to use ResourceClaim ${name} (${uid})`;
    }
    const [device] = claim.status?.allocation?.devices.results ?? [];
    if (device !== undefined) return `DRA driver ${device.driver} is not registered`;
  }
  return undefined;
}
