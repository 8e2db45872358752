/**
 * The way from client-side apply to server-side apply: kubectl's annotation says what it applied last.
 *
 * Source: `k8s.io/apimachinery/pkg/util/managedfields/internal/{lastappliedmanager,lastappliedupdater}.go`.
 */
import { isObject, type JsonObject, sortKeys } from "../../kinds/json.ts";
import { compare } from "./comparison.ts";
import { misfit } from "./check.ts";
import { difference, type FieldSet } from "./field_set.ts";
import type { Version } from "./ownership.ts";
import { toFieldSet } from "./to_field_set.ts";

/** The manager for which the annotation counts. */
export const KUBECTL = "kubectl";
const ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";
/** All annotations of an object together, in bytes. */
const LARGEST_ANNOTATIONS = 256 * 1024;

function annotationsOf(object: JsonObject): JsonObject {
  const { annotations } = (object.metadata ?? {}) as JsonObject;
  return isObject(annotations) ? annotations : {};
}

/**
 * The fields that kubectl applied on the client's side and that still are as it applied them; undefined when the
 * annotation does not say.
 */
export function allowedByLastApplied(live: JsonObject, { apiVersion, shape }: Version): FieldSet | undefined {
  const text = annotationsOf(live)[ANNOTATION];
  if (typeof text !== "string" || text === "") return undefined;
  let last: unknown;
  try {
    last = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isObject(last) || last.apiVersion !== apiVersion || misfit(last, shape) !== undefined) return undefined;
  const { added, modified, removed } = compare(last, live, shape);
  return difference(difference(difference(toFieldSet(last, shape), modified), added), removed);
}

/** The object with the annotation brought up to date, where it has one. */
export function withLastApplied(object: JsonObject, config: JsonObject): JsonObject {
  const annotations = annotationsOf(object);
  if (typeof annotations[ANNOTATION] !== "string" || annotations[ANNOTATION] === "") return object;
  const updated: Record<string, JsonObject[string]> = { ...annotations, [ANNOTATION]: lastApplied(config) };
  if (size(updated) > LARGEST_ANNOTATIONS) delete updated[ANNOTATION];
  return { ...object, metadata: { ...object.metadata as JsonObject, annotations: updated } };
}

/** The configuration without the annotation itself, as the server encodes it. */
function lastApplied(config: JsonObject): string {
  const metadata = config.metadata as JsonObject | undefined;
  const { [ANNOTATION]: _, ...annotations } = annotationsOf(config);
  const bare = isObject(metadata?.annotations) ? { ...config, metadata: { ...metadata, annotations } } : config;
  return `${JSON.stringify(sortKeys(bare))}\n`;
}

function size(annotations: JsonObject): number {
  const encoder = new TextEncoder();
  return Object.entries(annotations).reduce(
    (sum, [key, value]) => sum + encoder.encode(key).length + encoder.encode(String(value)).length,
    0,
  );
}
