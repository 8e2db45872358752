/**
 * Who depends on whom: every object that is owned or owns, by uid.
 *
 * Source: the purpose of `pkg/controller/garbagecollector/graph_builder.go`. An owner that was never seen needs no
 * place in the graph here: whether it exists is asked of the API whenever one of its dependants is looked at.
 */
import type { KubeObject } from "../../kinds/object.ts";
import type { OwnerReference } from "../../kinds/schema/types.ts";
import type { ServedResource } from "../options.ts";

export const FOREGROUND = "foregroundDeletion";
export const ORPHAN = "orphan";

export interface Node {
  readonly uid: string;
  readonly resource: ServedResource;
  readonly namespace: string | undefined;
  readonly name: string;
  readonly owners: readonly OwnerReference[];
  readonly beingDeleted: boolean;
  /** Being deleted in the foreground: it goes when its dependants have gone. */
  readonly deletingDependents: boolean;
}

export function nodeOf({ metadata }: KubeObject, resource: ServedResource): Node {
  const beingDeleted = metadata.deletionTimestamp !== undefined;
  return {
    uid: metadata.uid!,
    resource,
    namespace: metadata.namespace,
    name: metadata.name!,
    owners: metadata.ownerReferences ?? [],
    beingDeleted,
    deletingDependents: beingDeleted && metadata.finalizers?.includes(FOREGROUND) === true,
  };
}

export class Graph {
  readonly #nodes = new Map<string, Node>();
  /** Uids of dependants by the uid of an owner, whether the owner is known or not. */
  readonly #dependents = new Map<string, Set<string>>();

  get(uid: string): Node | undefined {
    return this.#nodes.get(uid);
  }

  /** The number of objects. */
  get size(): number {
    return this.#nodes.size;
  }

  set(node: Node): void {
    const before = this.#nodes.get(node.uid);
    this.#nodes.set(node.uid, node);
    if (before?.owners === node.owners) return;
    for (const { uid } of before?.owners ?? []) this.#drop(uid, node.uid);
    for (const { uid } of node.owners) {
      const dependents = this.#dependents.get(uid) ?? new Set();
      dependents.add(node.uid);
      this.#dependents.set(uid, dependents);
    }
  }

  delete(uid: string): void {
    for (const owner of this.#nodes.get(uid)?.owners ?? []) this.#drop(owner.uid, uid);
    this.#nodes.delete(uid);
  }

  dependentsOf(uid: string): Node[] {
    return [...this.#dependents.get(uid) ?? []].map((dependent) => this.#nodes.get(dependent)!);
  }

  /** Dependants that the owner must wait for. */
  blockingDependentsOf(uid: string): Node[] {
    return this.dependentsOf(uid).filter(({ owners }) =>
      owners.some((owner) => owner.uid === uid && owner.blockOwnerDeletion === true)
    );
  }

  #drop(owner: string, dependent: string): void {
    const dependents = this.#dependents.get(owner);
    dependents?.delete(dependent);
    if (dependents?.size === 0) this.#dependents.delete(owner);
  }
}
