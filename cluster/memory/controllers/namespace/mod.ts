/**
 * Empties a namespace that is being deleted, says why it is still there, and lets it go when it is empty.
 *
 * Source: `pkg/controller/namespace`.
 */
import { namespaces as namespaceKind } from "../../api/kind_refs.ts";
import type { Namespace } from "../../kinds/schema/types.ts";
import { same } from "../conditions.ts";
import { aggregate, type Controller, type ControllerContext, isNotFound, reconcileQueue } from "../controller.ts";
import { deletionConditions } from "./conditions.ts";
import { deleteContent } from "./content.ts";

const FINALIZER = "kubernetes";
/** Milliseconds in which other components notice that the namespace goes, before it is emptied. */
const GRACE = 5000;

export function startNamespaceController(context: ControllerContext): Controller {
  const { client, clock, options } = context;
  const namespaces = context.informers.for<Namespace>(namespaceKind);

  const reconcile = async (name: string): Promise<void> => {
    if (namespaces.get(undefined, name) === undefined) return;
    let namespace: Namespace;
    try {
      namespace = await client.get(namespaceKind, undefined, name);
    } catch (error) {
      if (isNotFound(error)) return;
      throw error;
    }
    if (namespace.metadata.deletionTimestamp === undefined) return;
    if (namespace.status?.phase !== "Terminating") {
      const status = { ...namespace.status, phase: "Terminating" };
      namespace = await client.updateStatus(namespaceKind, { ...namespace, status });
    }
    if ((namespace.spec?.finalizers ?? []).length === 0) return;
    const resources = options.resources?.() ?? [];
    const { errors, remaining, estimate } = await deleteContent(client, clock, resources, namespace);
    namespace = await writeConditions(namespace, errors, remaining);
    const failure = aggregate(errors);
    if (failure !== undefined) throw failure;
    if (estimate > 0) return queue.addAfter(name, (Math.floor(estimate / 2) + 1) * 1000);
    await finalize(namespace);
  };

  const writeConditions = async (
    namespace: Namespace,
    ...found: [readonly unknown[], Parameters<typeof deletionConditions>[2]]
  ) => {
    const current = namespace.status?.conditions ?? [];
    const conditions = deletionConditions(current, ...found, clock.now());
    if (same(current, conditions)) return namespace;
    return await client.updateStatus(namespaceKind, { ...namespace, status: { ...namespace.status, conditions } });
  };

  const finalize = async (namespace: Namespace) => {
    const finalizers = (namespace.spec?.finalizers ?? []).filter((finalizer) => finalizer !== FINALIZER).sort();
    try {
      await client.update(namespaceKind, { ...namespace, spec: { ...namespace.spec, finalizers } }, "finalize");
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  };

  const queue = reconcileQueue(context, reconcile);
  const add = ({ metadata }: Namespace) => {
    if (metadata.deletionTimestamp !== undefined) queue.addAfter(metadata.name!, GRACE);
  };
  namespaces.on({ added: add, updated: (namespace) => add(namespace) });
  return queue;
}
