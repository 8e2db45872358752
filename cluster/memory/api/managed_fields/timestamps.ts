/**
 * A write that changes nothing but when managers last wrote is no write.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/fieldmanager/equality.go`.
 */
import { equalJson, type JsonObject } from "../../kinds/json.ts";
import type { KubeObject } from "../../kinds/object.ts";

/**
 * The object with the old times of its managers, where it differs in nothing else from `old`; the object as it is
 * otherwise. To be asked after admission, before the object is stored.
 */
export function keepTimes<T extends KubeObject>(object: T, old: KubeObject): T {
  const entries = object.metadata.managedFields;
  const known = old.metadata.managedFields;
  if (entries === undefined || known === undefined || entries === known || entries.length !== known.length) {
    return object;
  }
  if (!equalJson(timeless(object), timeless(old))) return object;
  return { ...object, metadata: { ...object.metadata, managedFields: known } };
}

function timeless(object: KubeObject): unknown {
  const managedFields = object.metadata.managedFields?.map(({ time: _, ...entry }) => entry);
  const { resourceVersion: _version, ...metadata } = object.metadata;
  return { ...object as unknown as JsonObject, metadata: { ...metadata, managedFields } };
}
