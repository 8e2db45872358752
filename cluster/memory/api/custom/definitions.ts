/**
 * Brings the kinds of CustomResourceDefinitions to be served, and takes them and their objects away.
 *
 * Part of the API server, as it is in Kubernetes: naming, establishing and finalizing controllers of
 * `k8s.io/apiextensions-apiserver/pkg/controller`.
 */
import type { Clock } from "../../clock.ts";
import { CLEANUP_FINALIZER, customResourceDefinition } from "../../kinds/apiextensions/custom_resource_definition.ts";
import { equalJson } from "../../kinds/json.ts";
import { bucketOf, type Kind } from "../../kinds/kind.ts";
import { type Draft, draft, type KubeObject } from "../../kinds/object.ts";
import { shapeOf } from "../../kinds/schema/shape.ts";
import type { CustomResourceDefinition, CustomResourceDefinitionSpec } from "../../kinds/schema/types.ts";
import { type Store, StoreError, type Watch } from "../../store/store.ts";
import type { Client } from "../client.ts";
import { updateManagedFields } from "../managed_fields/mod.ts";
import type { ServedKinds } from "../registry/served.ts";
import type { StorageHooks } from "../registry/storage_hooks.ts";
import { StatusError } from "../status.ts";
import { timestamp } from "../timestamps.ts";
import { WorkQueue } from "../work_queue.ts";
import { type Condition, isTrue, setCondition } from "./conditions.ts";
import { customKind, storedAnew } from "./custom_kind.ts";
import { acceptNames } from "./names.ts";

export const DEFINITIONS = bucketOf(customResourceDefinition);

/** A definition that is to be deleted waits until its objects are gone. */
export const definitionStorage: StorageHooks = {
  beginDelete(object, now) {
    if (object.metadata.deletionTimestamp !== undefined) return false;
    object.metadata.deletionTimestamp = timestamp(now);
    const finalizers = object.metadata.finalizers ?? [];
    if (!finalizers.includes(CLEANUP_FINALIZER)) object.metadata.finalizers = [...finalizers, CLEANUP_FINALIZER];
    const message = "CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon";
    const definition = object as unknown as Draft<CustomResourceDefinition>;
    setCondition(
      definition,
      { type: "Terminating", status: "True", reason: "InstanceDeletionPending", message },
      timestamp(now),
    );
    return true;
  },
};

export interface DefinitionsOptions {
  readonly store: Store;
  readonly clock: Clock;
  readonly kinds: ServedKinds;
  /** The API server's own: deletes the objects of a kind that goes. */
  readonly client: Client;
  readonly report?: (name: string, error: unknown) => void;
}

/** How often a kind that goes looks whether its objects are gone, in milliseconds. */
const POLL = 5_000;

export class Definitions implements Disposable {
  readonly #options: DefinitionsOptions;
  readonly #queue: WorkQueue;
  readonly #watch: Watch;
  /** What is served now, by the definition's name. */
  readonly #served = new Map<string, { readonly spec: CustomResourceDefinitionSpec; readonly kind: Kind }>();

  constructor(options: DefinitionsOptions) {
    const { store, clock, report = () => {} } = options;
    this.#options = options;
    this.#queue = new WorkQueue(clock, (name) => this.#reconcile(name), { report });
    this.#watch = store.watch(DEFINITIONS, ({ entry }) => this.#queue.add(entry.key));
    for (const { key } of store.list(DEFINITIONS)) this.#queue.add(key);
  }

  [Symbol.dispose](): void {
    this.#watch.stop();
    this.#queue.stop();
  }

  async #reconcile(name: string): Promise<void> {
    const definition = this.#get(name);
    if (definition === undefined) return this.#forget(name);
    if (definition.metadata.deletionTimestamp !== undefined) return await this.#finalize(name, definition);
    const named = this.#acceptNames(name, definition);
    if (isTrue(named, "Established")) this.#serve(name, named);
  }

  #get(name: string): CustomResourceDefinition | undefined {
    return this.#options.store.get<CustomResourceDefinition>(DEFINITIONS, name)?.object;
  }

  #serve(name: string, definition: CustomResourceDefinition): void {
    const known = this.#served.get(name);
    if (known !== undefined && equalJson(known.spec, definition.spec)) return;
    const kind = customKind(definition);
    if (kind === undefined) return this.#withdraw(name);
    this.#served.set(name, { spec: definition.spec, kind });
    this.#options.kinds.set(kind);
    if (known !== undefined) this.#storeAnew(kind);
  }

  #storeAnew(kind: Kind): void {
    const { store } = this.#options;
    const bucket = bucketOf(kind);
    for (const { key, object } of store.list<KubeObject>(bucket)) {
      const changed = storedAnew(object, kind);
      if (!equalJson(changed, object)) store.update(bucket, key, changed);
    }
  }

  #withdraw(name: string): void {
    const known = this.#served.get(name);
    if (known === undefined) return;
    this.#served.delete(name);
    this.#options.kinds.delete(known.kind);
  }

  /** The definition is gone: others of its group may have its names. */
  #forget(name: string): void {
    this.#withdraw(name);
    const group = name.slice(name.indexOf(".") + 1);
    for (const { object, key } of this.#options.store.list<CustomResourceDefinition>(DEFINITIONS)) {
      if (object.spec.group === group) this.#queue.add(key);
    }
  }

  #acceptNames(name: string, definition: CustomResourceDefinition): CustomResourceDefinition {
    const all = this.#options.store.list<CustomResourceDefinition>(DEFINITIONS).map(({ object }) => object);
    const others = all.filter((other) => other.spec.group === definition.spec.group && other.metadata.name !== name);
    const { accepted, conflict } = acceptNames(definition, others);
    return this.#update(name, definition, (changed, time) => {
      changed.status.acceptedNames = draft(accepted);
      const naming: Condition = conflict === undefined
        ? { type: "NamesAccepted", status: "True", reason: "NoConflicts", message: "no conflicts found" }
        : { type: "NamesAccepted", status: "False", ...conflict };
      setCondition(changed, naming, time);
      if (isTrue(definition, "Established")) return;
      const established: Condition = conflict === undefined
        ? {
          type: "Established",
          status: "True",
          reason: "InitialNamesAccepted",
          message: "the initial names have been accepted",
        }
        : { type: "Established", status: "False", reason: "NotAccepted", message: "not all names are accepted" };
      setCondition(changed, established, time);
    });
  }

  async #finalize(name: string, definition: CustomResourceDefinition): Promise<void> {
    if (!definition.metadata.finalizers?.includes(CLEANUP_FINALIZER)) return;
    const terminating = (status: string, reason: string, message: string): Condition => ({
      type: "Terminating",
      status,
      reason,
      message,
    });
    const set = (condition: Condition) => (changed: Draft<CustomResourceDefinition>, time: string) =>
      setCondition(changed, condition, time);
    let done = terminating("False", "NeverEstablished", "resource was never established");
    const served = this.#served.get(name)?.kind;
    if (served !== undefined) {
      const progress = terminating("True", "InstanceDeletionInProgress", "CustomResource deletion is in progress");
      this.#update(name, definition, set(progress));
      if (await this.#deleteObjects(served) > 0) return this.#queue.addAfter(name, POLL, true);
      done = terminating("False", "InstanceDeletionCompleted", "removed all instances");
    }
    const latest = this.#get(name);
    if (latest === undefined) return;
    this.#update(name, latest, (changed, time) => {
      set(done)(changed, time);
      changed.metadata.finalizers = changed.metadata.finalizers!.filter((finalizer) => finalizer !== CLEANUP_FINALIZER);
      if (changed.metadata.finalizers.length === 0) delete changed.metadata.finalizers;
    });
  }

  /** @returns how many objects are still there: those that wait for their own finalizers */
  async #deleteObjects(kind: Kind): Promise<number> {
    const { store, client } = this.#options;
    for (const { object } of store.list<KubeObject>(bucketOf(kind))) {
      if (object.metadata.deletionTimestamp !== undefined) continue;
      try {
        await client.delete(kind, object.metadata.namespace, object.metadata.name!);
      } catch (error) {
        if (!(error instanceof StatusError && error.reason === "NotFound")) throw error;
      }
    }
    return store.count(bucketOf(kind));
  }

  /** Writes what the server itself says of a definition; one without finalizers that is being deleted goes. */
  #update(
    name: string,
    definition: CustomResourceDefinition,
    change: (definition: Draft<CustomResourceDefinition>, time: string) => void,
  ): CustomResourceDefinition {
    const { store, clock } = this.#options;
    const time = timestamp(clock.now());
    const changed = draft(definition);
    change(changed, time);
    if (equalJson(changed, definition)) return definition;
    const { metadata } = changed;
    const entries = updateManagedFields(definition, changed, {
      manager: "kube-apiserver",
      apiVersion: "apiextensions.k8s.io/v1",
      shape: shapeOf("apiextensions.v1.CustomResourceDefinition"),
      subresource: "status",
      time,
    });
    if (entries !== undefined) metadata.managedFields = entries as typeof metadata.managedFields;
    const expected = Number(definition.metadata.resourceVersion);
    const result = changed as CustomResourceDefinition;
    try {
      const entry = store.update(DEFINITIONS, name, result, expected);
      const isLeft = metadata.deletionTimestamp !== undefined && (metadata.finalizers ?? []).length === 0;
      if (isLeft) store.delete(DEFINITIONS, name, entry.revision);
      return entry.object;
    } catch (error) {
      // Somebody else wrote it meanwhile; the watch brings it back to the queue.
      if (error instanceof StoreError) return definition;
      throw error;
    }
  }
}
