/** Creates, mends and deletes the pods of a StatefulSet and their claims. Source: `pkg/controller/statefulset/stateful_pod_control.go`. */
import { persistentVolumeClaims as claimKind, pods as podKind } from "../../api/kind_refs.ts";
import type { Client } from "../../api/client.ts";
import type { EventRecorder } from "../../api/event_recorder.ts";
import type { Informer } from "../../api/informer.ts";
import type { PersistentVolumeClaim, Pod, StatefulSet } from "../../kinds/schema/types.ts";
import { aggregate, isAlreadyExists, isNotFound, messageOf } from "../controller.ts";
import { claimsOf, identityMatches, ordinalOf, storageMatches, withIdentity } from "./identity.ts";
import { hasUnexpectedController, isStaleFor, ownersToWrite } from "./retention.ts";

export interface StatefulPodControl {
  readonly client: Client;
  readonly recorder: EventRecorder;
  readonly claims: Informer<PersistentVolumeClaim>;
}

export async function createStatefulPod(control: StatefulPodControl, set: StatefulSet, pod: Pod): Promise<void> {
  try {
    await createClaims(control, set, pod);
  } catch (error) {
    recordPod(control, "Create", set, pod, error);
    throw error;
  }
  let created: Pod;
  try {
    created = await control.client.create(podKind, pod);
  } catch (error) {
    if (!isAlreadyExists(error)) recordPod(control, "Create", set, pod, error);
    throw error;
  }
  await updateRetention(control, set, created);
  recordPod(control, "Create", set, pod);
}

/** Gives a pod the identity, the storage and the claims' owners that it should have. */
export async function updateStatefulPod(control: StatefulPodControl, set: StatefulSet, pod: Pod): Promise<void> {
  const whole = identityMatches(set, pod) && storageMatches(set, pod);
  if (!storageMatches(set, pod)) {
    try {
      await createClaims(control, set, pod);
    } catch (error) {
      recordPod(control, "Update", set, pod, error);
      throw error;
    }
  }
  const claimsChanged = !retentionMatches(control, set, pod);
  if (claimsChanged) await updateRetention(control, set, pod);
  if (whole && !claimsChanged) return;
  try {
    await control.client.update(podKind, withIdentity(set, pod));
  } catch (error) {
    recordPod(control, "Update", set, pod, error);
    throw error;
  }
  recordPod(control, "Update", set, pod);
}

export async function deleteStatefulPod(control: StatefulPodControl, set: StatefulSet, pod: Pod): Promise<void> {
  try {
    await control.client.delete(podKind, pod.metadata.namespace, pod.metadata.name!);
  } catch (error) {
    if (!isNotFound(error)) {
      recordPod(control, "Delete", set, pod, error);
      throw error;
    }
  }
  recordPod(control, "Delete", set, pod);
}

/** Creates what claims are missing. @throws all that failed */
export async function createClaims(control: StatefulPodControl, set: StatefulSet, pod: Pod): Promise<void> {
  const errors: unknown[] = [];
  for (const claim of claimsOf(set, ordinalOf(pod)).values()) {
    const { namespace, name } = claim.metadata;
    const existing = control.claims.get(namespace, name!);
    if (existing?.metadata.deletionTimestamp !== undefined) errors.push(new Error(`pvc ${name} is being deleted`));
    if (existing !== undefined) continue;
    try {
      await control.client.create(claimKind, claim);
      recordClaim(control, set, pod, name!);
    } catch (error) {
      if (!isAlreadyExists(error)) recordClaim(control, set, pod, name!, error);
      errors.push(new Error(`failed to create PVC ${name}: ${messageOf(error)}`));
    }
  }
  if (errors.length > 0) throw aggregate(errors);
}

/** The pod's claims that are there. */
function existingClaims({ claims }: StatefulPodControl, set: StatefulSet, pod: Pod): PersistentVolumeClaim[] {
  return [...claimsOf(set, ordinalOf(pod)).values()]
    .flatMap(({ metadata }) => claims.get(metadata.namespace, metadata.name!) ?? []);
}

/** Whether a claim of the pod is about to go with a pod of the same name before it. */
export const hasStaleClaim = (control: StatefulPodControl, set: StatefulSet, pod: Pod): boolean =>
  existingClaims(control, set, pod).some((claim) => isStaleFor(claim, set, pod));

export const retentionMatches = (control: StatefulPodControl, set: StatefulSet, pod: Pod): boolean =>
  existingClaims(control, set, pod).every((claim) => ownersToWrite(claim, set, pod) === undefined);

export async function updateRetention(control: StatefulPodControl, set: StatefulSet, pod: Pod): Promise<void> {
  const { client, recorder } = control;
  for (const claim of existingClaims(control, set, pod)) {
    const { name } = claim.metadata;
    if (hasUnexpectedController(claim, set, pod)) {
      const why = "has a conflicting OwnerReference that acts as a manging controller";
      const message = `PersistentVolumeClaim ${name} ${why}, the retention policy is ignored for this claim`;
      recorder.event(set, "Warning", "ConflictingController", message);
    }
    const ownerReferences = ownersToWrite(claim, set, pod);
    if (ownerReferences === undefined) continue;
    try {
      await client.update(claimKind, { ...claim, metadata: { ...claim.metadata, ownerReferences } });
    } catch (error) {
      const failure = new Error(`could not update claim ${name} for delete policy ownerRefs: ${messageOf(error)}`);
      recordPod(control, "Update", set, pod, failure);
      throw failure;
    }
  }
}

function recordPod({ recorder }: StatefulPodControl, verb: string, set: StatefulSet, pod: Pod, error?: unknown): void {
  const subject = `${verb} Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
  if (error === undefined) return recorder.event(set, "Normal", `Successful${verb}`, `${subject} successful`);
  recorder.event(set, "Warning", `Failed${verb}`, `${subject} failed error: ${messageOf(error)}`);
}

function recordClaim(
  { recorder }: StatefulPodControl,
  set: StatefulSet,
  pod: Pod,
  claim: string,
  error?: unknown,
): void {
  const where = `Pod ${pod.metadata.name} in StatefulSet ${set.metadata.name}`;
  if (error === undefined) {
    return recorder.event(set, "Normal", "SuccessfulCreate", `Create Claim ${claim} ${where} success`);
  }
  recorder.event(
    set,
    "Warning",
    "FailedCreate",
    `Create Claim ${claim} for ${where} failed error: ${messageOf(error)}`,
  );
}
