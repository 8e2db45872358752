/**
 * What a kind is: data and small pure functions.
 *
 * The API serves any list of kinds and names none: discovery, tables, strict decoding, patches, OpenAPI and
 * authorization are derived from what stands here, for the built-in kinds as for a CustomResourceDefinition's.
 */
import type { FieldError } from "./field_error.ts";
import type { Draft, KubeObject } from "./object.ts";
import type { ObjectMeta } from "./schema/types.ts";
import type { StructShape } from "./schema/shape.ts";

export interface Kind<T extends KubeObject = KubeObject> {
  /** "" for the core group. */
  readonly group: string;
  /** The version in which objects are stored, and which discovery prefers. */
  readonly version: string;
  /** "Deployment" */
  readonly kind: string;
  /** "deployments": the name in the path. */
  readonly plural: string;
  /** "deployment" */
  readonly singular: string;
  readonly shortNames?: readonly string[];
  /** "all" for what `kubectl get all` shows. */
  readonly categories?: readonly string[];
  readonly namespaced: boolean;
  /** The type in schema/facts.json, "apps.v1.Deployment". A custom resource has a schema of its own instead. */
  readonly type: string;
  /** The shape of its objects, where it is not that of `type`: a custom resource's. */
  readonly shape?: StructShape;
  /** Loads what the kind needs beyond its own modules, before the first of its objects is written. */
  readonly load?: () => Promise<unknown>;
  /** Versions and groups served beside the stored one: autoscaling/v1, events.k8s.io/v1. */
  readonly otherVersions?: readonly ServedVersion[];
  /** What every request is told about a kind that is on its way out, in Kubernetes' words. */
  readonly deprecation?: string;
  /** The verbs served, all unless said: a review can only be created. */
  readonly verbs?: readonly Verb[];
  readonly strategy: Strategy<T>;
  readonly status?: StatusStrategy<T>;
  readonly scale?: ScaleStrategy<T>;
  /** Subresources beside status and scale, served by the API's own handlers ("log", "eviction", "token"). */
  readonly subresources?: readonly Subresource[];
  /** The columns of `kubectl get`; NAME and AGE unless said. */
  readonly table?: Table<T>;
  /** The field selectors beyond metadata.name and metadata.namespace, with their values. */
  readonly selectableFields?: (object: T) => Readonly<Record<string, string>>;
  /** Other names of those fields, that old clients use: "spec.host" is "spec.nodeName". */
  readonly fieldAliases?: Readonly<Record<string, string>>;
  /** What is said of a field that selects nothing, by kinds that word it in their own way. */
  readonly unknownField?: (field: string) => string;
}

export type Verb = "create" | "delete" | "deletecollection" | "get" | "list" | "patch" | "update" | "watch";

export interface ServedVersion {
  readonly group: string;
  readonly version: string;
  readonly type: string;
  readonly shape?: StructShape;
  /** To the stored version. Both directions lose nothing that the other version can say. */
  toStored(object: KubeObject): KubeObject;
  fromStored(object: KubeObject): KubeObject;
  /** Defaults of this version, filled in before the conversion. */
  defaults?(object: Draft<KubeObject>): void;
  /** Errors of an object (as stored) that came in this version, instead of those that the kind's strategy finds. */
  validate?(object: KubeObject): FieldError[];
  validateUpdate?(object: KubeObject, old: KubeObject): FieldError[];
  /** What every request is told about a version that is on its way out. */
  readonly deprecation?: string;
  /** The columns of this version, where they are not the kind's. */
  readonly table?: Table;
  /** All field selectors of this version, where they are named otherwise: "regarding.kind" is "involvedObject.kind". */
  readonly fieldLabels?: Readonly<Record<string, string>>;
}

/** How a kind's objects come to be and change. Functions that take a draft fill it in; the others only look. */
export interface Strategy<T extends KubeObject = KubeObject> {
  /** Kubernetes' defaults for fields that are not set, on a decoded object. Runs for every write. */
  defaults?(object: Draft<T>): void;
  /** Removes what a client may not set (the status) before an object is created. */
  prepareForCreate?(object: Draft<T>): void;
  /** Keeps what this request may not change (the status), before an update. */
  prepareForUpdate?(object: Draft<T>, old: T): void;
  /** Errors of a new object, beyond those of its metadata, in Kubernetes' order. */
  validate?(object: T): FieldError[];
  /** Errors of a change, beyond those of the metadata; includes what `validate` says where Kubernetes includes it. */
  validateUpdate?(object: T, old: T): FieldError[];
  /** Warnings for a client, in Kubernetes' words; `old` is set for an update. */
  warnings?(object: T, old?: T): string[];
  /** Which names the kind takes. */
  readonly names: NameRule<T>;
  /**
   * How the metadata is checked, unless as most built-in kinds do: "generic" takes any finalizers that are qualified
   * names; "last" does so too, and looks at the metadata of a new object only once nothing else is wrong.
   */
  readonly metadata?: "generic" | "last";
  /**
   * Whether `metadata.generation` counts changes outside metadata and status; yes unless said. A function says which
   * changes count.
   */
  readonly generation?: boolean | ((object: T, old: T) => boolean);
  /** A PUT to a name that does not exist creates it (leases, endpoints, nodes' statuses); no unless said. */
  readonly createOnUpdate?: boolean;
  /** A PUT without a resourceVersion overwrites; yes unless said. */
  readonly unconditionalUpdate?: boolean;
  /**
   * Seconds that a deletion waits for the kubelet, or undefined when the object goes at once.
   * @param asked the request's gracePeriodSeconds
   */
  gracePeriod?(object: T, asked: number | undefined): number | undefined;
  /** What happens to dependants when a deletion does not say: "background" unless said. */
  readonly defaultPropagation?: "background" | "orphan";
  /** What somebody is told who deletes an object and does not say what happens to its dependants. */
  readonly deletionWarning?: string;
  /** A deletion answers with the object that was deleted, not with a Status; no unless said. */
  readonly returnsDeleted?: boolean;
}

/** A name's rule, by the function in Kubernetes that checks it. */
export type NameRule<T extends KubeObject = KubeObject> =
  | "subdomain"
  | "label"
  | "label1035"
  | "path"
  | "service"
  | "none"
  | OwnNameRule<T>;

/** What is wrong with a name, which may depend on the rest of the object. */
export type OwnNameRule<T extends KubeObject> = (name: string, prefix: boolean, object: T) => string[];

/** The status subresource: only status (and metadata that Kubernetes lets through) changes. */
export interface StatusStrategy<T extends KubeObject = KubeObject> {
  /** @param now in milliseconds since the epoch, for kinds that note when their phase changed */
  prepareForUpdate?(object: Draft<T>, old: T, now?: number): void;
  validateUpdate?(object: T, old: T): FieldError[];
  /** Warnings for a client, in Kubernetes' words. */
  warnings?(object: T, old: T): string[];
}

/** Where the scale subresource finds its numbers. */
export interface ScaleStrategy<T extends KubeObject = KubeObject> {
  replicas(object: T): number;
  withReplicas(object: Draft<T>, replicas: number): void;
  currentReplicas(object: T): number;
  /** The selector as text, "app=web". */
  selector(object: T): string;
}

export interface Subresource {
  readonly name: string;
  /** What the path takes or gives, for discovery: { group: "policy", version: "v1", kind: "Eviction" }. */
  readonly kind: { readonly group: string; readonly version: string; readonly kind: string };
  readonly verbs: readonly string[];
}

export interface Column {
  readonly name: string;
  readonly type: "string" | "integer" | "number" | "boolean" | "date";
  readonly format?: string;
  /** 0 is always shown, 1 only by `-o wide`. */
  readonly priority?: 0 | 1;
  readonly description: string;
}

export type Cell = string | number | boolean | null;

export interface Table<T extends KubeObject = KubeObject> {
  readonly columns: readonly Column[];
  /** The cells of one object, one a column. `now` is in milliseconds since the epoch, for ages. */
  cells(object: T, now: number): readonly Cell[];
  /** The metadata that a row shows, where a part of it is only made for clients that get the whole object. */
  metadata?(object: T): ObjectMeta;
  /** The order of a list's rows, where it is not that of their names. */
  order?(a: T, b: T): number;
  /** Conditions of the row (a pod that has completed or failed), as the server gives them. */
  conditions?(object: T): readonly RowCondition[];
}

export interface RowCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** A kind whose objects' type is checked where it is declared, for the lists that hold all kinds. */
export function defineKind<T extends KubeObject>(kind: Kind<T>): Kind {
  // The API only ever hands a kind's functions objects of that kind.
  return kind as unknown as Kind;
}

/** "apps/deployments", "pods": where a kind's objects are in the store. */
export function bucketOf(kind: Pick<Kind, "group" | "plural">): string {
  return kind.group === "" ? kind.plural : `${kind.group}/${kind.plural}`;
}

/** "apps/v1", "v1" */
export function apiVersionOf(kind: { readonly group: string; readonly version: string }): string {
  return kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
}
