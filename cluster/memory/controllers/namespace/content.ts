/**
 * Deletes what is in a namespace: pods first, so that nothing they depend on goes from under them, then the rest.
 *
 * Source: `pkg/controller/namespace/deletion/namespaced_resources_deleter.go`.
 */
import type { Client } from "../../api/client.ts";
import { instant } from "../../api/timestamps.ts";
import { pods } from "../../api/kind_refs.ts";
import type { Clock } from "../../clock.ts";
import type { KubeObject } from "../../kinds/object.ts";
import type { Namespace, Pod } from "../../kinds/schema/types.ts";
import { isNotFound } from "../controller.ts";
import type { ServedResource } from "../options.ts";
import { isTerminal } from "../pod_state.ts";
import type { Remaining } from "./conditions.ts";

/** How long something with finalizers is thought to stay, in seconds. */
const FINALIZER_ESTIMATE = 15;

export interface Outcome {
  readonly errors: readonly unknown[];
  /** Undefined while pods are left and the rest was not touched. */
  readonly remaining: Remaining | undefined;
  /** Seconds until the content may be gone; 0 when it is. */
  readonly estimate: number;
}

export async function deleteContent(
  client: Client,
  clock: Clock,
  resources: readonly ServedResource[],
  namespace: Namespace,
): Promise<Outcome> {
  const isPods = ({ group, plural }: ServedResource) => group === "" && plural === "pods";
  const deletable = resources.filter(({ namespaced, verbs }) => namespaced && (verbs?.includes("delete") ?? true));
  const remaining: Remaining = { resources: new Map(), finalizers: new Map() };
  const errors: unknown[] = [];
  let estimate = 0;
  const empty = async (resource: ServedResource) => {
    const result = await deleteAll(client, clock, resource, namespace);
    estimate = Math.max(estimate, result.estimate);
    if (result.items.length > 0) {
      remaining.resources.set(`${resource.plural}.${resource.group}`, result.items.length);
      for (const { metadata } of result.items) {
        for (const name of metadata.finalizers ?? []) {
          remaining.finalizers.set(name, (remaining.finalizers.get(name) ?? 0) + 1);
        }
      }
    }
    return result;
  };

  for (const resource of deletable.filter(isPods)) {
    const { error } = await empty(resource);
    if (error !== undefined) {
      errors.push(new Error(`failed to delete pods for namespace: ${namespace.metadata.name}, err: ${error}`));
    }
    if (remaining.resources.size > 0) return { errors, remaining: undefined, estimate };
  }
  for (const resource of deletable.filter((resource) => !isPods(resource))) {
    const { error } = await empty(resource);
    if (error !== undefined) errors.push(new Error(error));
  }
  return { errors, remaining, estimate };
}

async function deleteAll(client: Client, clock: Clock, resource: ServedResource, { metadata }: Namespace) {
  const namespace = metadata.name!;
  const grace = await gracefulTermination(client, clock, resource, metadata);
  if (resource.verbs?.includes("list") === false) return { items: [], estimate: grace, error: undefined };
  const before = await client.list(resource, { namespace });
  if (before.items.length === 0) return { items: [], estimate: 0, error: undefined };
  let error: string | undefined;
  for (const item of before.items) {
    try {
      await client.delete(resource, namespace, item.metadata.name!, { propagationPolicy: "Background" });
    } catch (failure) {
      if (!isNotFound(failure)) error ??= failure instanceof Error ? failure.message : String(failure);
    }
  }
  const { items } = await client.list(resource, { namespace });
  if (items.length === 0) return { items, estimate: 0, error };
  const finalized = items.some(({ metadata }: KubeObject) => (metadata.finalizers ?? []).length > 0);
  if (error !== undefined || grace > 0) return { items, estimate: grace, error };
  if (finalized) return { items, estimate: FINALIZER_ESTIMATE, error };
  const { group, version, plural } = resource;
  const gvr = `${group}/${version}, Resource=${plural}`;
  return { items, estimate: 0, error: `unexpected items still remain in namespace: ${namespace} for gvr: ${gvr}` };
}

/** The longest grace period of the pods there, in seconds; 0 once it has passed. */
async function gracefulTermination(
  client: Client,
  clock: Clock,
  { group, plural }: ServedResource,
  { name: namespace, deletionTimestamp }: Namespace["metadata"],
): Promise<number> {
  if (group !== "" || plural !== "pods") return 0;
  const { items } = await client.list<Pod>(pods, { namespace });
  const running = items.filter((pod) => !isTerminal(pod));
  const estimate = Math.max(0, ...running.map(({ spec }) => spec.terminationGracePeriodSeconds ?? 0));
  return clock.now() - instant(deletionTimestamp)! >= estimate * 1000 ? 0 : estimate;
}
