/**
 * Makes the ResourceClaims that pods ask for by a template, and takes from claims what nobody uses any more.
 *
 * Source: `pkg/controller/resourceclaim/controller.go`.
 */
import { splitKey } from "../../api/informer.ts";
import {
  pods as podKind,
  resourceClaims as claimKind,
  resourceClaimTemplates as templateKind,
} from "../../api/kind_refs.ts";
import type { Pod, ResourceClaimTemplate, ResourceV1ResourceClaim as ResourceClaim } from "../../kinds/schema/types.ts";
import { podClaimName } from "../../scheduler/helper/pod_resource_claims.ts";
import { type Controller, type ControllerContext, keyOfObject, reconcileQueue, recorderOf } from "../controller.ts";
import { indexByController } from "../controller_ref.ts";
import { syncPod } from "./pod_claims.ts";
import type { Room } from "./room.ts";
import { isDone, syncClaim } from "./unused_claim.ts";

/** The keys of the templates that a pod's claims are made from. */
const templatesOf = ({ metadata, spec }: Pod): string[] =>
  (spec.resourceClaims ?? []).flatMap(({ resourceClaimTemplateName: name }) =>
    name === undefined ? [] : [`${metadata.namespace}/${name}`]
  );

/** The keys of the claims that a pod uses, as far as they are known. */
const claimsOf = (pod: Pod): string[] =>
  (pod.spec.resourceClaims ?? []).flatMap((podClaim) => {
    const found = podClaimName(pod, podClaim);
    return typeof found === "object" ? [`${pod.metadata.namespace}/${found.name}`] : [];
  });

export function startResourceClaimController(context: ControllerContext): Controller {
  const { client, informers } = context;
  const pods = informers.for<Pod>(podKind).index("template", templatesOf).index("resource-claim", claimsOf);
  const claims = indexByController(informers.for<ResourceClaim>(claimKind));
  const templates = informers.for<ResourceClaimTemplate>(templateKind);
  const room: Room = { client, recorder: recorderOf(context, "resource_claim"), pods, claims, templates };

  const podQueue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const pod = pods.get(namespace, name);
    if (pod !== undefined && pod.metadata.deletionTimestamp === undefined && !isDone(pod)) await syncPod(room, pod);
  });
  const claimQueue = reconcileQueue(context, async (key) => {
    const { namespace, name } = splitKey(key);
    const claim = claims.get(namespace, name);
    if (claim !== undefined) await syncClaim(room, claim);
  });
  const podChanged = (pod: Pod) => {
    if (pod.spec.resourceClaims === undefined) return;
    if (isDone(pod)) podGone(pod);
    else podQueue.add(keyOfObject(pod));
  };
  /** It needs its claims no more. */
  const podGone = (pod: Pod) => {
    for (const key of claimsOf(pod)) claimQueue.add(key);
  };
  pods.on({ added: podChanged, updated: (pod) => podChanged(pod), deleted: podGone });
  const claimChanged = (claim: ResourceClaim) => {
    const key = keyOfObject(claim);
    claimQueue.add(key);
    for (const pod of pods.by("resource-claim", key)) podChanged(pod);
  };
  claims.on({ added: claimChanged, updated: (claim) => claimChanged(claim), deleted: claimChanged });
  templates.on({
    added(template) {
      for (const pod of pods.by("template", keyOfObject(template))) podQueue.add(keyOfObject(pod));
    },
  });
  return {
    stop() {
      podQueue.stop();
      claimQueue.stop();
    },
  };
}
