/**
 * Objects as JSON: each revision of an object is encoded once, and get, list and watch send that text.
 *
 * Lists of built-in kinds say their items' kind once, in the list; so an object is kept without its kind, and what
 * needs it puts it in front.
 */
import type { KubeObject } from "../../kinds/object.ts";

/** A list's or table's metadata. */
export interface ListMeta {
  readonly resourceVersion?: string;
  readonly continue?: string;
  readonly remainingItemCount?: number;
}

const bodies = new WeakMap<KubeObject, string>();

/** An object's JSON without apiVersion and kind. */
function bodyOf(object: KubeObject): string {
  let body = bodies.get(object);
  if (body === undefined) {
    const { apiVersion: _version, kind: _kind, ...rest } = object;
    bodies.set(object, body = JSON.stringify(rest));
  }
  return body;
}

/** `{"kind":"Pod","apiVersion":"v1","metadata":…}` */
export function encodeObject(object: KubeObject): string {
  return `{"kind":${JSON.stringify(object.kind)},"apiVersion":${JSON.stringify(object.apiVersion)},${
    bodyOf(object).slice(1)
  }`;
}

/**
 * @param custom items of custom resources say their kind themselves
 */
export function encodeList(
  kind: string,
  apiVersion: string,
  metadata: ListMeta,
  items: readonly KubeObject[],
  custom: boolean,
): string {
  const encoded = items.map(custom ? encodeObject : bodyOf).join(",");
  return `{"kind":${JSON.stringify(kind)},"apiVersion":${JSON.stringify(apiVersion)},"metadata":${
    JSON.stringify(metadata)
  },"items":[${encoded}]}`;
}

const events = new WeakMap<KubeObject, Map<string, Uint8Array>>();
const utf8 = new TextEncoder();

/**
 * One line of a watch. Encoded once for all watchers of the same representation.
 *
 * @param representation what the object is sent as: "" for itself, "table"…
 */
export function encodeEvent(
  type: string,
  object: KubeObject,
  representation: string,
  encode: (object: KubeObject) => string,
): Uint8Array {
  let lines = events.get(object);
  if (lines === undefined) events.set(object, lines = new Map());
  const key = `${type} ${representation}`;
  let line = lines.get(key);
  if (line === undefined) lines.set(key, line = eventLine(type, encode(object)));
  return line;
}

/** A line of a watch for an object that is encoded already. */
export function eventLine(type: string, object: string): Uint8Array {
  return utf8.encode(`{"type":"${type}","object":${object}}\n`);
}
