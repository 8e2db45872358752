/** Field ownership for the registry: leads objects to the version in which the client wrote, and back. */
import { bucketOf } from "../../kinds/kind.ts";
import type { JsonObject } from "../../kinds/json.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import { normalize } from "../decode/normalize.ts";
import type { FieldChange, FieldManagement } from "../registry/field_management.ts";
import { inVersion, type Served, type ServedKinds } from "../registry/served.ts";
import { timestamp } from "../timestamps.ts";
import { applyConfiguration } from "./apply.ts";
import type { OtherVersion, WriteOptions } from "./ownership.ts";
import { resetFields } from "./reset_fields.ts";
import { updateManagedFields } from "./update.ts";

export interface FieldApply extends Omit<FieldChange, "object" | "old"> {
  /** The object before, in the version of the request; undefined when the apply creates it. */
  readonly current: KubeObject | undefined;
  /** What the client sent. */
  readonly config: JsonObject;
  readonly force: boolean;
}

export interface ApplyingFieldManagement extends FieldManagement {
  /**
   * The object with the configuration applied, in the version of the request and with its managedFields; not decoded,
   * without defaults.
   *
   * @throws {StatusError} 409 for conflicts, 400 and 500 for a configuration that does not fit
   */
  apply(change: FieldApply): JsonObject;
}

export function fieldManagement(kinds: ServedKinds): ApplyingFieldManagement {
  return {
    update(change) {
      const { served } = change;
      const old = change.old === undefined ? undefined : inVersion(served, change.old);
      const written = normalize(fromStored(served, change.object as KubeObject), served.shape);
      const entries = updateManagedFields(old, written, optionsOf(kinds, change));
      const { metadata } = change.object;
      if (entries === undefined) delete metadata.managedFields;
      else metadata.managedFields = entries as Draft<typeof entries>;
    },
    apply(change) {
      const { current, config, force, served } = change;
      const options = { ...optionsOf(kinds, change), kind: served.kind.kind, force };
      return applyConfiguration(current, config, options).object;
    },
  };
}

function optionsOf(kinds: ServedKinds, { served, manager, subresource, now }: Omit<FieldChange, "object" | "old">) {
  const { kind, apiVersion, shape } = served;
  const custom = shape.name === "";
  return {
    apiVersion,
    shape,
    manager,
    time: timestamp(now),
    ...subresource === "" ? {} : { subresource },
    // A custom resource without a status subresource has no fields that only the status may write.
    ...custom && kind.status === undefined ? {} : { reset: resetFields(bucketOf(kind), subresource, custom) },
    otherVersion: (name) => otherVersion(kinds, served, name),
  } satisfies WriteOptions;
}

function otherVersion(kinds: ServedKinds, served: Served, apiVersion: string): OtherVersion | undefined {
  const slash = apiVersion.lastIndexOf("/");
  const other = kinds.find(apiVersion.slice(0, Math.max(0, slash)), apiVersion.slice(slash + 1), served.kind.plural);
  if (other === undefined || other.bucket !== served.bucket) return undefined;
  return {
    apiVersion,
    shape: other.shape,
    convert: (object) => convert(served, other, object),
    back: (object) => convert(other, served, object),
  };
}

/** From one served version through the stored one to another. */
function convert(from: Served, to: Served, object: JsonObject): JsonObject {
  const complete = { metadata: {}, ...object } as unknown as KubeObject;
  return fromStored(to, from.conversion?.toStored(complete) ?? complete) as unknown as JsonObject;
}

function fromStored({ conversion, apiVersion }: Served, object: KubeObject): KubeObject {
  return conversion === undefined ? object : { ...conversion.fromStored(object), apiVersion };
}
