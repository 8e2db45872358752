/**
 * Namespaces: they are Terminating until everything in them is gone, which their controller says by taking out the
 * last of `spec.finalizers`.
 *
 * Source: `pkg/registry/core/namespace/{storage/storage.go,strategy.go}`.
 */
import { validateFinalize } from "../../kinds/core/namespace.ts";
import type { Draft } from "../../kinds/object.ts";
import type { Namespace } from "../../kinds/schema/types.ts";
import type { StorageHooks } from "../registry/storage_hooks.ts";
import { copyField, type UpdateStrategy } from "../registry/update_strategy.ts";
import { timestamp } from "../timestamps.ts";

const isEmptied = ({ spec }: Namespace | Draft<Namespace>): boolean => (spec?.finalizers ?? []).length === 0;

export const namespaceStorage: StorageHooks = {
  beginDelete(object, now) {
    const namespace = object as Draft<Namespace>;
    if (namespace.metadata.deletionTimestamp !== undefined) return !isEmptied(namespace);
    namespace.metadata.deletionTimestamp = timestamp(now);
    namespace.status = { ...namespace.status, phase: "Terminating" };
    return true;
  },
  deletesDuringUpdate: (object) => isEmptied(object as Namespace),
};

/** PUT …/namespaces/NAME/finalize */
export const namespaceFinalize: UpdateStrategy = {
  prepare: (object, old) => copyField("status", object, old),
  validate: (object) => validateFinalize(object as Namespace),
};
