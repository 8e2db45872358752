/**
 * Server-side apply and field ownership: who set which field of an object, in `metadata.managedFields`.
 *
 * For a create, an update or a patch, on the decoded object with its defaults, before admission:
 *
 *     object.metadata.managedFields = updateManagedFields(stored, object, {
 *       manager: managerName(fieldManager, userAgent), apiVersion, shape, subresource, time: timestamp(clock.now()),
 *       reset: resetFields(bucketOf(kind), subresource), otherVersion,
 *     });
 *
 * For an apply (`application/apply-patch+yaml`), whose result is decoded and defaulted as any write's:
 *
 *     const { object } = applyConfiguration(stored, config, { ...the same, kind: "Deployment", force });
 *
 * And after admission, before the object is stored: `keepTimes(object, stored)`.
 *
 * Objects are in the version of the request; nothing is mutated.
 */
export { type Applied, applyConfiguration, type ApplyOptions } from "./apply.ts";
export { managerName } from "./manager_name.ts";
export type { OtherVersion, Version, WriteOptions } from "./ownership.ts";
export { resetFields, type ResetFilter } from "./reset_fields.ts";
export { type ReplicasPaths, toParentEntries, toScaleEntries } from "./scale.ts";
export { keepTimes } from "./timestamps.ts";
export { ItemError } from "./typed_value.ts";
export { updateManagedFields } from "./update.ts";
