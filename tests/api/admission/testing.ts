/** What tests of admission plugins share: a store with a namespace, and requests without a server. */
import { virtualClock } from "../../../cluster/memory/clock.ts";
import type { AdmissionPlugin, Attributes } from "../../../cluster/memory/api/admission/plugin.ts";
import { draft, type KubeObject } from "../../../cluster/memory/kinds/object.ts";
import { Store } from "../../../cluster/memory/store/store.ts";

export type Loose = Record<string, unknown> & { metadata?: Record<string, unknown> };

export function contextWith(objects: Readonly<Record<string, readonly Loose[]>> = {}) {
  const store = new Store();
  const put = (bucket: string, object: Loose) => {
    const { name, namespace } = (object as unknown as KubeObject).metadata;
    store.create(bucket, namespace === undefined ? name! : `${namespace}/${name}`, object as unknown as KubeObject);
  };
  put("namespaces", { metadata: { name: "dev" }, status: { phase: "Active" } });
  for (const [bucket, list] of Object.entries(objects)) for (const object of list) put(bucket, object);
  return { store, clock: virtualClock() };
}

export interface Asked extends Partial<Omit<Attributes, "object" | "oldObject">> {
  readonly object?: Loose;
  readonly oldObject?: Loose;
}

const KINDS: Readonly<Record<string, string>> = { pods: "Pod", persistentvolumeclaims: "PersistentVolumeClaim" };

/** A request's attributes; for a pod in the namespace dev unless said. `warnings` collects what plugins warn of. */
export function attributes(asked: Asked): Attributes & { readonly warnings: string[] } {
  const warnings: string[] = [];
  const { object, oldObject, ...more } = asked;
  const resource = asked.resource ?? "pods";
  return {
    operation: "CREATE",
    group: "",
    version: "v1",
    kind: KINDS[resource] ?? "",
    resource,
    subresource: "",
    namespace: "dev",
    name: (object?.metadata?.name ?? oldObject?.metadata?.name ?? "") as string,
    user: { name: "alice", groups: [] },
    dryRun: false,
    options: {},
    ...more,
    object: object === undefined ? undefined : draft(object as unknown as KubeObject),
    oldObject: oldObject as unknown as KubeObject | undefined,
    warn: (message) => void warnings.push(message),
    warnings,
  };
}

/** Runs both halves of a plugin; the object as it would be stored, or the refusal's message. */
export async function run(plugin: AdmissionPlugin, asked: Asked): Promise<Loose | string> {
  const request = attributes(asked);
  try {
    await plugin.admit?.(request);
    await plugin.validate?.(request);
  } catch (error) {
    return (error as Error).message;
  }
  return request.object as unknown as Loose;
}
