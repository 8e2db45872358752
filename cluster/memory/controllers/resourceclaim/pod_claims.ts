/** The claims of one pod: those that it asks for by a template are made, and noted in its status. */
import { pods as podKind, resourceClaims as claimKind } from "../../api/kind_refs.ts";
import type { Pod, PodResourceClaim, ResourceV1ResourceClaim as ResourceClaim } from "../../kinds/schema/types.ts";
import {
  canBeReserved,
  consumerOf,
  isForPod,
  isReservedFor,
  podClaimName,
} from "../../scheduler/helper/pod_resource_claims.ts";
import { messageOf } from "../controller.ts";
import { controlledBy } from "../controller_ref.ts";
import type { Room } from "./room.ts";

/** Says of a claim that is made for a pod for which of its resourceClaims it is. */
const POD_CLAIM = "resource.kubernetes.io/pod-claim-name";
/** Names are followed by a hyphen and five random characters, and have at most 63. */
const LONGEST_BASE = 57;

export async function syncPod(room: Room, pod: Pod): Promise<void> {
  const { client, recorder } = room;
  const { namespace, name } = pod.metadata;
  const made: { name: string; resourceClaimName: string }[] = [];
  for (const podClaim of pod.spec.resourceClaims ?? []) {
    try {
      const claim = await makeClaim(room, pod, podClaim);
      if (claim !== undefined) made.push({ name: podClaim.name, resourceClaimName: claim.metadata.name! });
    } catch (error) {
      const message = `PodResourceClaim ${podClaim.name}: ${messageOf(error)}`;
      recorder.event(pod, "Warning", "FailedResourceClaimCreation", message);
      throw new Error(`pod ${namespace}/${name}, ${message}`, { cause: error });
    }
  }
  if (made.length > 0) {
    const body = { status: { resourceClaimStatuses: made } };
    await client.patch(podKind, namespace, name!, { type: "strategic", body, subresource: "status" });
  }
  // The scheduler reserves for the pods that it places; who names a node itself takes what is there.
  if (pod.spec.nodeName) await reserve(room, pod);
}

/** @returns the claim, where it is new to the pod */
async function makeClaim({ client, claims, templates }: Room, pod: Pod, podClaim: PodResourceClaim) {
  const { namespace } = pod.metadata;
  const { name, resourceClaimTemplateName: templateName } = podClaim;
  if (templateName === undefined) return undefined;
  const known = podClaimName(pod, podClaim);
  if (known === "none") return undefined;
  const noted = known && claims.get(namespace, known.name);
  if (noted !== undefined && isForPod(pod, noted)) return undefined;
  const orphan = controlledBy(claims, pod, "Pod").find(({ metadata }) => metadata.annotations?.[POD_CLAIM] === name);
  if (orphan !== undefined) return orphan;
  const template = templates.get(namespace, templateName);
  if (template === undefined) {
    const quoted = JSON.stringify(templateName);
    throw new Error(`resource claim template ${quoted}: resourceclaimtemplate.resource.k8s.io ${quoted} not found`);
  }
  const { metadata = {}, spec } = template.spec;
  try {
    return await client.create<ResourceClaim>(claimKind, {
      metadata: {
        generateName: baseName(pod.metadata.name!, name),
        namespace,
        ...metadata.labels === undefined ? {} : { labels: metadata.labels },
        annotations: { ...metadata.annotations, [POD_CLAIM]: name },
        ownerReferences: [{
          apiVersion: "v1",
          kind: "Pod",
          name: pod.metadata.name!,
          uid: pod.metadata.uid!,
          controller: true,
        }],
      },
      spec,
    });
  } catch (error) {
    throw new Error(`create ResourceClaim : ${messageOf(error)}`, { cause: error });
  }
}

/** Where both names do not have room, each loses its share. */
function baseName(pod: string, claim: string): string {
  const length = pod.length + claim.length + 2;
  if (length <= LONGEST_BASE) return `${pod}-${claim}-`;
  const cut = (name: string) => name.slice(0, Math.floor(name.length * LONGEST_BASE / length));
  return `${cut(pod)}-${cut(claim)}`;
}

async function reserve({ client, claims }: Room, pod: Pod): Promise<void> {
  for (const podClaim of pod.spec.resourceClaims ?? []) {
    const found = podClaimName(pod, podClaim);
    const claim = typeof found === "object" ? claims.get(pod.metadata.namespace, found.name) : undefined;
    if (claim?.status?.allocation === undefined || isReservedFor(pod, claim) || !canBeReserved(claim)) continue;
    const reservedFor = [...claim.status.reservedFor ?? [], consumerOf(pod)];
    await client.updateStatus(claimKind, { ...claim, status: { ...claim.status, reservedFor } });
  }
}
