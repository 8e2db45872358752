/**
 * What an admission plugin is: it may change an object on its way to the store, and may refuse it.
 *
 * Source: `k8s.io/apiserver/pkg/admission/interfaces.go`.
 */
import type { Clock } from "../../clock.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import { bucketOf } from "../../kinds/kind.ts";
import type { Storable, Store } from "../../store/store.ts";
import type { User } from "../user.ts";
import { forbidden, type StatusError } from "../status.ts";

export type Operation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** One request, as the plugins see it. */
export interface Attributes<T extends KubeObject = KubeObject> {
  readonly operation: Operation;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** The plural, "pods". */
  readonly resource: string;
  /** "" unless the request is for one. */
  readonly subresource: string;
  /** "" for cluster-wide objects. */
  readonly namespace: string;
  readonly name: string;
  /** What is to be stored, in the stored version; undefined for a deletion. Mutating plugins change it. */
  readonly object: Draft<T> | undefined;
  /** What is stored; undefined for a creation. */
  readonly oldObject: T | undefined;
  readonly user: User;
  readonly dryRun: boolean;
  /** The request's CreateOptions, UpdateOptions or DeleteOptions. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Adds a Warning header to the answer. */
  warn(message: string): void;
}

export interface AdmissionPlugin {
  /** "LimitRanger" */
  readonly name: string;
  /** May change the object, and refuse it by throwing a StatusError. Runs before the object is validated. */
  admit?(attributes: Attributes): void | Promise<void>;
  /** May refuse the object, as it will be stored. */
  validate?(attributes: Attributes): void | Promise<void>;
}

/** What plugins work with. They read the store, as Kubernetes' plugins read their informers. */
export interface AdmissionContext {
  readonly store: Store;
  readonly clock: Clock;
}

/** "pods", "apps/deployments": what the request is for. */
export function resourceOf({ group, resource }: Attributes): string {
  return bucketOf({ group, plural: resource });
}

/** A plugin's refusal: `pods "web" is forbidden: …`. */
export function refuse({ group, resource, name, object }: Attributes, why: string): StatusError {
  const known = name || object?.metadata.name || object?.metadata.generateName || "";
  return forbidden({ group, name: resource }, known === "" ? "Unknown" : known, why);
}

/** The object that is stored under a name, if it is. */
export function stored<T extends Storable>(
  store: Store,
  bucket: string,
  name: string,
  namespace?: string,
): T | undefined {
  return store.get<T>(bucket, namespace === undefined ? name : `${namespace}/${name}`)?.object;
}
