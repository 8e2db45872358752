/**
 * Who manages which fields: `metadata.managedFields`, decoded.
 *
 * Source: `k8s.io/apimachinery/pkg/util/managedfields/internal/{managedfields,capmanagers}.go`.
 */
import type { ManagedFieldsEntry } from "../../kinds/schema/types.ts";
import { decodeFields, encodeFields, type FieldSet, union } from "./field_set.ts";

/** One manager's fields. Never mutated. */
export interface Managed {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  /** The version in which the paths are. */
  readonly apiVersion: string;
  readonly subresource?: string;
  /** When the manager last set a field: an instant to the second. */
  readonly time?: string;
  readonly set: FieldSet;
  /** The entry that says all this already. */
  readonly encoded?: ManagedFieldsEntry;
}

/** Managers by {@linkcode identity}. */
export type Managers = Map<string, Managed>;

/** What makes two entries one manager's: an applier is the same in whichever version it applies. */
export function identity({ manager, operation, apiVersion, subresource }: Omit<Managed, "set">): string {
  return JSON.stringify({
    manager,
    operation,
    apiVersion: operation === "Apply" ? undefined : apiVersion,
    subresource,
  });
}

/** @throws {Error} for entries that are none */
export function decodeManagers(entries: readonly ManagedFieldsEntry[] | undefined): Managers {
  const managers: Managers = new Map();
  for (const [index, entry] of (entries ?? []).entries()) {
    const { manager = "", operation, apiVersion = "", fieldsType = "", subresource, time } = entry;
    if (operation !== "Apply" && operation !== "Update") throw new Error("operation must be `Apply` or `Update`");
    if (apiVersion === "") throw new Error("apiVersion must not be empty");
    if (fieldsType === "") throw new Error(`missing fieldsType in managed fields entry ${index}`);
    if (fieldsType !== "FieldsV1") {
      throw new Error(`invalid fieldsType ${JSON.stringify(fieldsType)} in managed fields entry ${index}`);
    }
    const set = decodeFields(entry.fieldsV1 ?? {});
    const managed = { manager, operation, apiVersion, subresource, time, set, encoded: entry } as Managed;
    managers.set(identity(managed), managed);
  }
  return managers;
}

/** The entries in the server's order, or undefined when there are none. */
export function encodeManagers(managers: Managers): readonly ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()].sort(byOperationAndTime).map((managed) => managed.encoded ?? encode(managed));
}

function encode({ manager, operation, apiVersion, subresource, time, set }: Managed): ManagedFieldsEntry {
  return {
    manager,
    operation,
    apiVersion,
    ...time === undefined ? {} : { time },
    fieldsType: "FieldsV1",
    fieldsV1: encodeFields(set) as ManagedFieldsEntry["fieldsV1"],
    ...subresource === undefined || subresource === "" ? {} : { subresource },
  };
}

function byOperationAndTime(a: Managed, b: Managed): number {
  return order(a.operation, b.operation) || order(a.time ?? "", b.time ?? "") || order(a.manager, b.manager) ||
    order(a.apiVersion, b.apiVersion) || order(a.subresource ?? "", b.subresource ?? "");
}

function order(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}

/** The manager with other fields; without any, it goes. */
export function setFields(managers: Managers, id: string, managed: Managed, set: FieldSet): void {
  if (set === managed.set) return;
  if (set.size === 0) managers.delete(id);
  else managers.set(id, { ...managed, set, encoded: undefined });
}

/** How many managers may have updated an object before the oldest are thrown together. */
const MOST_UPDATERS = 10;
const OLDEST = "ancient-changes";

/** Merges the updates that are longest ago, version by version, until there are no more than ten. */
export function capUpdaters(managers: Managers): void {
  const updaters = [...managers].filter(([, { operation }]) => operation === "Update");
  let count = updaters.length;
  if (count <= MOST_UPDATERS) return;
  updaters.sort(([a, left], [b, right]) => order(left.time ?? "", right.time ?? "") || order(a, b));
  const first = new Map<string, string>();
  for (const [id, managed] of updaters) {
    if (count <= MOST_UPDATERS) break;
    const { apiVersion, time } = managed;
    const firstOfVersion = first.get(apiVersion);
    if (firstOfVersion === undefined) {
      first.set(apiVersion, id);
      continue;
    }
    const bucket: Omit<Managed, "set"> = { manager: OLDEST, operation: "Update", apiVersion, time };
    const bucketId = identity(bucket);
    const gathered = managers.get(bucketId) ?? managers.get(firstOfVersion)!;
    if (!managers.has(bucketId)) managers.delete(firstOfVersion);
    managers.delete(id);
    managers.set(bucketId, { ...bucket, set: union(managed.set, gathered.set) });
    count--;
  }
}
