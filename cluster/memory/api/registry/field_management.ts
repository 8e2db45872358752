/**
 * Who owns which field: what a request says to the managers of fields.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/{create,update,patch}.go`.
 */
import { apiVersionOf } from "../../kinds/kind.ts";
import type { JsonObject } from "../../kinds/json.ts";
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { ManagedFieldsEntry } from "../../kinds/schema/types.ts";
import {
  ItemError,
  type OtherVersion,
  resetFields,
  updateManagedFields,
  type WriteOptions,
} from "../managed_fields/mod.ts";
import { timestamp } from "../timestamps.ts";
import type { Call, Core } from "./call.ts";
import { inVersion, type Served } from "./served.ts";

/** What a call says of itself when it writes fields. */
export function writeOptions({ clock, kinds }: Core, { served, manager, subresource }: Call): WriteOptions {
  const { apiVersion, shape, bucket } = served;
  return {
    manager,
    apiVersion,
    shape,
    ...subresource === "" ? {} : { subresource },
    reset: resetFields(
      bucket,
      subresource,
      shape.name === "" ? { hasStatus: served.kind.status !== undefined } : undefined,
    ),
    time: timestamp(clock.now()),
    otherVersion: (other) => {
      const { group, version } = split(other);
      const found = kinds.find(group, version, served.kind.plural);
      return found === undefined || found.bucket !== bucket ? undefined : otherVersion(served, found);
    },
  };
}

function split(apiVersion: string) {
  const slash = apiVersion.indexOf("/");
  return { group: slash < 0 ? "" : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

const convert = (from: Served, to: Served, object: JsonObject): JsonObject => {
  const stored = from.conversion?.toStored(object as unknown as KubeObject) ?? object;
  const result = to.conversion?.fromStored(stored as unknown as KubeObject) ?? stored;
  return { ...result, apiVersion: apiVersionOf(to) } as unknown as JsonObject;
};

function otherVersion(from: Served, to: Served): OtherVersion {
  const { apiVersion, shape } = to;
  return {
    apiVersion,
    shape,
    convert: (object) => convert(from, to, object),
    back: (object) => convert(to, from, object),
  };
}

/** Notes a create, an update or a patch in the managedFields of an object that is in the stored version. */
export function noteWrite(core: Core, call: Call, object: Draft<KubeObject>, old: KubeObject | undefined): void {
  const { served } = call;
  const written = served.conversion === undefined
    ? object
    : { ...served.conversion.fromStored(object as KubeObject), apiVersion: served.apiVersion };
  const before = old === undefined ? undefined : inVersion(served, old);
  const entries = entriesAfter(before, written, writeOptions(core, call));
  if (entries === undefined) delete object.metadata.managedFields;
  else object.metadata.managedFields = entries as Draft<ManagedFieldsEntry>[];
}

/** Nobody owns anything in an object whose lists have items that their keys cannot tell apart. */
function entriesAfter(...write: Parameters<typeof updateManagedFields>): ReturnType<typeof updateManagedFields> {
  try {
    return updateManagedFields(...write);
  } catch (error) {
    if (error instanceof ItemError) return undefined;
    throw error;
  }
}
