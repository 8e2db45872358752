/** One request on its way through the registry, and what the registry works with. */
import type { Clock } from "../../clock.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { StructShape } from "../../kinds/schema/shape.ts";
import type { Store } from "../../store/store.ts";
import type { AdmissionPlugin } from "../admission/plugin.ts";
import type { Authorizer } from "../authz/authorizer.ts";
import type { Resource } from "../status.ts";
import type { User } from "../user.ts";
import type { Audit } from "./audit.ts";
import type { Served, ServedKinds } from "./served.ts";
import { fillUnset } from "./unset_fields.ts";
import type { StorageHooks } from "./storage_hooks.ts";
import type { SubresourceHandlers } from "./subresource.ts";
import type { UpdateStrategies } from "./update_strategy.ts";

/** What is shared by all requests. */
export interface Core {
  readonly clock: Clock;
  readonly store: Store;
  readonly kinds: ServedKinds;
  readonly authorizer: Authorizer;
  /** In the order in which they run. */
  readonly admission: readonly AdmissionPlugin[];
  /** What a resource's storage does beyond its kind, by bucket. */
  readonly hooks: ReadonlyMap<string, StorageHooks>;
  readonly subresources: SubresourceHandlers;
  /** Told of every write. */
  readonly audit?: Audit;
  /** What subresources with their object's own shape may change, beside its status. */
  readonly updates: UpdateStrategies;
}

export interface Call {
  readonly served: Served;
  /** "" for cluster-wide objects, and for a list of all namespaces. */
  readonly namespace: string;
  /** "" for a collection. */
  readonly name: string;
  /** "" unless the request is for one: "status". */
  readonly subresource: string;
  readonly user: User;
  /** Who the fields that are written belong to. */
  readonly manager: string;
  readonly dryRun: boolean;
  /** The request's CreateOptions, UpdateOptions, PatchOptions or DeleteOptions. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Adds a Warning header to the answer. */
  readonly warn: (message: string) => void;
}

/** The resource as errors name it: `deployments.apps`. */
export const resourceOfCall = ({ served }: Call): Resource => ({ group: served.group, name: served.kind.plural });

/** The kind as validation errors name it: `Deployment.apps`. */
export const kindOfCall = ({ served }: Call): Resource => ({ group: served.group, name: served.kind.kind });

/** Where an object is in the store: "namespace/name", or "name" when it has no namespace. */
export const keyOf = (namespace: string, name: string): string => namespace === "" ? name : `${namespace}/${name}`;

export const keyOfCall = ({ namespace, name }: Call): string => keyOf(namespace, name);

/** The shape of the stored objects, whatever version the call speaks. */
export const storedShape = ({ kinds }: Core, { served }: Call): StructShape =>
  served.conversion === undefined ? served.shape : kinds.stored(served.bucket)!.shape;

/** Leads a call to the stored version, where defaults are of the version that the client spoke. */
export function toStored(core: Core, call: Call, object: Draft<KubeObject>): Draft<KubeObject> {
  const { kind, conversion, shape } = call.served;
  if (conversion !== undefined) fillUnset(object, shape);
  conversion?.defaults?.(object);
  const stored = conversion === undefined ? object : conversion.toStored(object as KubeObject) as Draft<KubeObject>;
  stored.apiVersion = kind.group === "" ? kind.version : `${kind.group}/${kind.version}`;
  stored.kind = kind.kind;
  fillUnset(stored, storedShape(core, call));
  kind.strategy.defaults?.(stored);
  return stored;
}
