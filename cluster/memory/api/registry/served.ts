/**
 * What is served: every kind in each of its versions, found by group, version and plural.
 *
 * The list can grow and shrink while the server runs, as CustomResourceDefinitions come and go.
 */
import { apiVersionOf, bucketOf, type Kind, type ServedVersion, type Table } from "../../kinds/kind.ts";
import { shapeOf, type StructShape } from "../../kinds/schema/shape.ts";
import { normalize } from "../decode/normalize.ts";
import type { KubeObject } from "../../kinds/object.ts";

/** A kind in one of its versions. */
export interface Served {
  readonly kind: Kind;
  readonly group: string;
  readonly version: string;
  /** "apps/v1" */
  readonly apiVersion: string;
  /** Where the kind's objects are in the store. */
  readonly bucket: string;
  /** Set for a version that is not the stored one. */
  readonly conversion?: ServedVersion;
  readonly shape: StructShape;
  /** What every request is told about a version that is on its way out. */
  readonly deprecation?: string;
  readonly table?: Table;
}

function servedAs(kind: Kind, conversion?: ServedVersion): Served {
  const { group, version, type } = conversion ?? kind;
  const shape = conversion?.shape ?? kind.shape;
  return {
    kind,
    group,
    version,
    apiVersion: apiVersionOf({ group, version }),
    bucket: bucketOf(kind),
    conversion,
    deprecation: conversion === undefined ? kind.deprecation : conversion.deprecation,
    table: conversion?.table ?? kind.table,
    get shape() {
      return shape ?? shapeOf(type);
    },
  };
}

export class ServedKinds {
  readonly #byPath = new Map<string, Served>();
  readonly #byBucket = new Map<string, Served>();
  readonly #listeners = new Set<() => void>();

  constructor(kinds: readonly Kind[]) {
    for (const kind of kinds) this.#add(kind);
  }

  /** Serves a kind, in place of the one that had its group and plural. */
  set(kind: Kind): void {
    this.#remove(bucketOf(kind));
    this.#add(kind);
    for (const listener of this.#listeners) listener();
  }

  delete(kind: Pick<Kind, "group" | "plural">): void {
    this.#remove(bucketOf(kind));
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after each change of what is served: discovery and OpenAPI are made anew. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  find(group: string, version: string, plural: string): Served | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`);
  }

  /** A kind in its stored version, by its bucket ("pods", "apps/deployments"). */
  stored(bucket: string): Served | undefined {
    return this.#byBucket.get(bucket);
  }

  /** All kinds, each in all its versions, in the order in which they were added. */
  all(): Served[] {
    return [...this.#byPath.values()];
  }

  /** All kinds. */
  kinds(): Kind[] {
    return [...this.#byBucket.values()].map(({ kind }) => kind);
  }

  hasVersion(group: string, version: string): boolean {
    return this.all().some((served) => served.group === group && served.version === version);
  }

  #add(kind: Kind): void {
    const stored = servedAs(kind);
    this.#byBucket.set(stored.bucket, stored);
    for (const served of [stored, ...(kind.otherVersions ?? []).map((version) => servedAs(kind, version))]) {
      this.#byPath.set(`${served.group}/${served.version}/${kind.plural}`, served);
    }
  }

  #remove(bucket: string): void {
    this.#byBucket.delete(bucket);
    for (const [path, served] of this.#byPath) if (served.bucket === bucket) this.#byPath.delete(path);
  }
}

const converted = new WeakMap<KubeObject, Map<string, KubeObject>>();

/** A stored object in a served version; the same object for the same question. */
export function inVersion(served: Served, object: KubeObject): KubeObject {
  // A custom resource may still be stored in the version that was the stored one before.
  if (served.conversion === undefined && object.apiVersion === served.apiVersion) return object;
  let versions = converted.get(object);
  if (versions === undefined) converted.set(object, versions = new Map());
  let result = versions.get(served.apiVersion);
  if (result === undefined) {
    const shown = served.conversion?.fromStored(object) ?? object;
    const changed = { ...shown, apiVersion: served.apiVersion, kind: served.kind.kind };
    result = normalize(changed, served.shape);
    versions.set(served.apiVersion, result);
  }
  return result;
}
