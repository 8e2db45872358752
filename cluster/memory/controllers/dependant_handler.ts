/**
 * Whom a change of a dependant concerns: the owner that it names, the one that it named before, and for an orphan
 * every owner whose selector matches it, since any of them may adopt it.
 *
 * Source: the handlers of `pkg/controller/{replicaset,daemon,statefulset,deployment}`.
 */
import type { Handler, Informer } from "../api/informer.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { LabelSelector } from "../kinds/schema/types.ts";
import { same } from "./conditions.ts";
import { inNamespace } from "./controller.ts";
import { controllerOf, resolveControllerRef } from "./controller_ref.ts";
import { selects } from "./selectors.ts";

export interface DependantOptions<Owner extends KubeObject, T extends KubeObject> {
  /** Indexed by namespace. */
  readonly owners: Informer<Owner>;
  readonly selector: (owner: Owner) => LabelSelector | undefined;
  /** Has an owner reconciled. */
  readonly add: (owner: Owner) => void;
  /** The owner has one more. */
  readonly created?: (owner: Owner) => void;
  /** The owner has one less. With this, a deletion counts when it begins: what replaces the dependant need not wait. */
  readonly gone?: (owner: Owner, dependant: T) => void;
  /** The dependant was written. */
  readonly changed?: (owner: Owner, dependant: T, previous: T) => void;
}

export function dependantHandler<Owner extends KubeObject, T extends KubeObject>(
  options: DependantOptions<Owner, T>,
): Handler<T> {
  const { owners, selector, add, created, gone, changed } = options;
  const ownerOf = (object: T) => resolveControllerRef(owners, object.metadata.namespace, controllerOf(object));

  const addSelecting = ({ metadata: { namespace, labels = {} } }: T) => {
    if (Object.keys(labels).length === 0) return;
    for (const owner of inNamespace(owners, namespace!)) if (selects(selector(owner), labels)) add(owner);
  };

  const deleted = (object: T) => {
    const owner = ownerOf(object);
    if (owner === undefined) return;
    gone?.(owner, object);
    add(owner);
  };

  return {
    added(object) {
      if (object.metadata.deletionTimestamp !== undefined) return deleted(object);
      if (controllerOf(object) === undefined) return addSelecting(object);
      const owner = ownerOf(object);
      if (owner === undefined) return;
      created?.(owner);
      add(owner);
    },
    updated(object, old) {
      const labelsChanged = !same(object.metadata.labels, old.metadata.labels);
      if (gone !== undefined && object.metadata.deletionTimestamp !== undefined) {
        deleted(object);
        return labelsChanged ? deleted(old) : undefined;
      }
      const controllerChanged = !same(controllerOf(object), controllerOf(old));
      const before = controllerChanged ? ownerOf(old) : undefined;
      if (before !== undefined) add(before);
      if (controllerOf(object) === undefined) {
        return controllerChanged || labelsChanged ? addSelecting(object) : undefined;
      }
      const owner = ownerOf(object);
      if (owner === undefined) return;
      add(owner);
      changed?.(owner, object, old);
    },
    deleted,
  };
}
