/** What the API says of the owners of an object. Source: `pkg/controller/garbagecollector/garbagecollector.go`. */
import type { Client } from "../../api/client.ts";
import { apiVersionOf } from "../../kinds/kind.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { OwnerReference } from "../../kinds/schema/types.ts";
import { isNotFound } from "../controller.ts";
import type { ServedResource } from "../options.ts";
import { FOREGROUND, type Node } from "./graph.ts";

export interface Owners {
  /** Exist and stay. */
  readonly solid: OwnerReference[];
  /** Exist no longer, or never did. */
  readonly dangling: OwnerReference[];
  /** Are being deleted, and wait for this object. */
  readonly waiting: OwnerReference[];
}

/** Something in a namespace cannot own what is in none: nothing is ever done about such a reference. */
export class NamespacedOwnerError extends Error {
  constructor() {
    super("cluster-scoped objects cannot refer to namespaced owners");
  }
}

/** @throws {NamespacedOwnerError} */
export async function classifyOwners(
  client: Client,
  resources: readonly ServedResource[],
  node: Node,
  references: readonly OwnerReference[],
): Promise<Owners> {
  const owners: Owners = { solid: [], dangling: [], waiting: [] };
  for (const reference of references) {
    const owner = await findOwner(client, resources, node, reference);
    if (owner === undefined) owners.dangling.push(reference);
    else if (owner.metadata.deletionTimestamp !== undefined && owner.metadata.finalizers?.includes(FOREGROUND)) {
      owners.waiting.push(reference);
    } else owners.solid.push(reference);
  }
  return owners;
}

async function findOwner(
  client: Client,
  resources: readonly ServedResource[],
  node: Node,
  { apiVersion, kind, name, uid }: OwnerReference,
): Promise<KubeObject | undefined> {
  const resource = resources.find((other) => other.kind === kind && apiVersionOf(other) === apiVersion);
  if (resource === undefined) {
    const key = `{schema:${JSON.stringify(kind)}, version:${JSON.stringify(apiVersion)}}`;
    throw new Error(`unable to get REST mapping for ${key}`);
  }
  if (resource.namespaced && node.namespace === undefined) throw new NamespacedOwnerError();
  try {
    const owner = await client.get(resource, resource.namespaced ? node.namespace : undefined, name);
    return owner.metadata.uid === uid ? owner : undefined;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
