/**
 * `kubectl apply` as requests: an object is created with the annotation that says what was applied, which later
 * applies would compare with.
 */
import { readYaml } from "../../checks/yaml.ts";
import type { KindRef } from "../../cluster/memory/api/client.ts";
import type { Kind } from "../../cluster/memory/kinds/kind.ts";
import { apiVersionOf } from "../../cluster/memory/kinds/kind.ts";
import type { KubeObject } from "../../cluster/memory/kinds/object.ts";
import type { VirtualCluster } from "./virtual_cluster.ts";

const LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

/** Creates the objects of a manifest; namespaced ones in `namespace`. */
export async function apply({ api, client }: VirtualCluster, namespace: string, manifest: string): Promise<void> {
  for (const { value } of readYaml(manifest, "manifest")) {
    const given = value as KubeObject;
    const kind = kindOf(api.kinds.kinds(), given);
    const metadata = { ...given.metadata, ...kind.namespaced ? { namespace } : {} };
    const annotations = metadata.annotations ?? {};
    const applied = goJson({ ...given, metadata: { ...metadata, annotations } });
    const object = { ...given, metadata: { ...metadata, annotations: { ...annotations, [LAST_APPLIED]: applied } } };
    await client.create(kind as KindRef, object);
  }
}

function kindOf(kinds: readonly Kind[], { apiVersion, kind }: KubeObject): Kind {
  const found = kinds.find((one) => one.kind === kind && apiVersionOf(one) === apiVersion);
  if (found === undefined) throw new Error(`no matches for kind "${kind}" in version "${apiVersion}"`);
  return found;
}

/** JSON as Go writes it: keys in order, some characters of HTML escaped, a line's end last. */
function goJson(value: unknown): string {
  const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `${JSON.stringify(sorted(value)).replace(/[<>&\u2028\u2029]/g, escaped)}\n`;
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1).map(([k, v]) => [k, sorted(v)]));
}
