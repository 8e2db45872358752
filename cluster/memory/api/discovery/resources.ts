/** What both forms of discovery tell of a kind: its resource and its subresources. */
import { createHash } from "node:crypto";
import type { Kind } from "../../kinds/kind.ts";

export interface GroupVersionKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface DiscoveredSubresource {
  readonly name: string;
  readonly kind: GroupVersionKind;
  readonly verbs: readonly string[];
}

const ALL_VERBS = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"];
/** The order in which the server of custom resources names the same verbs. */
const CUSTOM_VERBS = ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"];
const READ_AND_WRITE = ["get", "patch", "update"];
const SCALE: GroupVersionKind = { group: "autoscaling", version: "v1", kind: "Scale" };

/** Whether a kind is a CustomResourceDefinition's: its schema is its own. */
export const isCustom = (kind: Kind): boolean => kind.shape !== undefined;

export function verbsOf(kind: Kind): readonly string[] {
  const { verbs } = kind;
  if (verbs === undefined) return isCustom(kind) ? CUSTOM_VERBS : ALL_VERBS;
  return (isCustom(kind) ? CUSTOM_VERBS : ALL_VERBS).filter((verb) => (verbs as readonly string[]).includes(verb));
}

/** In the order in which discovery lists them. */
export function subresourcesOf(kind: Kind, group: string, version: string): readonly DiscoveredSubresource[] {
  const own = { group, version, kind: kind.kind };
  const subresources: DiscoveredSubresource[] = [];
  if (kind.status !== undefined) subresources.push({ name: "status", kind: own, verbs: READ_AND_WRITE });
  if (kind.scale !== undefined) subresources.push({ name: "scale", kind: SCALE, verbs: READ_AND_WRITE });
  if (isCustom(kind)) return subresources;
  subresources.push(...kind.subresources ?? []);
  return subresources.sort((a, b) => a.name < b.name ? -1 : 1);
}

/**
 * Tells clients whether what is stored has changed its version; undefined for kinds that are not stored.
 *
 * Source: `apiserver/pkg/endpoints/discovery/storageversionhash.go`.
 */
export function storageVersionHash(kind: Kind): string | undefined {
  if (!verbsOf(kind).includes("watch")) return undefined;
  const text = `${kind.group}/${kind.version}/${kind.kind}`;
  return createHash("sha256").update(text).digest().subarray(0, 8).toString("base64");
}
