/**
 * The metadata that the server, not the client, writes.
 *
 * Source: `k8s.io/apiserver/pkg/registry/rest/meta.go`, `handlers/rest.go` (dedupOwnerReferences).
 */
import type { Clock } from "../../clock.ts";
import { equalJson } from "../../kinds/json.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { ObjectMeta, OwnerReference } from "../../kinds/schema/types.ts";
import { badRequest } from "../status.ts";
import { timestamp } from "../timestamps.ts";
import type { Call } from "./call.ts";

/** Forgets what a client said about fields that it may not set in a new object. */
export function wipeSystemFields(meta: Draft<ObjectMeta>): void {
  delete meta.creationTimestamp;
  delete meta.uid;
  delete meta.deletionTimestamp;
  delete meta.deletionGracePeriodSeconds;
  delete meta.selfLink;
}

export function fillSystemFields(meta: Draft<ObjectMeta>, clock: Clock): void {
  meta.creationTimestamp = timestamp(clock.now());
  meta.uid = uuid(clock);
}

/** A version 4 UUID from the clock's numbers: the same seed gives the same uids. */
export function uuid(clock: Clock): string {
  let hex = "";
  for (let i = 0; i < 4; i++) hex += Math.floor(clock.random() * 2 ** 32).toString(16).padStart(8, "0");
  const variant = "89ab"[Number.parseInt(hex[16], 16) & 3];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/**
 * Gives an object the namespace of the request.
 *
 * @param namespace "" for cluster-wide objects
 * @throws {StatusError} 400 when the object has another one
 */
export function setNamespace(meta: Draft<ObjectMeta>, namespace: string): void {
  const own = meta.namespace ?? "";
  if (own === namespace) {
    if (own === "") delete meta.namespace;
  } else if (own === "") meta.namespace = namespace;
  else if (namespace === "") delete meta.namespace;
  else throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
}

/** Drops owner references that are there twice, and says so. */
export function dedupeOwnerReferences({ metadata }: Draft<KubeObject>, call: Call, afterAdmission: boolean): void {
  const references = metadata.ownerReferences;
  if (references === undefined || references.length < 2) return;
  const kept: OwnerReference[] = [];
  const repeated: string[] = [];
  for (const reference of references) {
    if (!kept.some((other) => equalJson(other, reference))) kept.push(reference as OwnerReference);
    else if (!repeated.includes(reference.uid!)) repeated.push(reference.uid!);
  }
  if (repeated.length === 0) return;
  const uids = repeated.join(", ");
  call.warn(
    afterAdmission
      ? `.metadata.ownerReferences contains duplicate entries after mutating admission happens; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`
      : `.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${uids}`,
  );
  metadata.ownerReferences = kept as Draft<OwnerReference>[];
}
