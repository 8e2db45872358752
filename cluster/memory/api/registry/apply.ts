/**
 * Server-side apply: PATCH with what a manager wants, and nothing of what it does not care about.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/patch.go` (applyPatcher).
 */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import { applyConfiguration } from "../managed_fields/mod.ts";
import type { Call, Core } from "./call.ts";
import { writeOptions } from "./field_management.ts";
import type { Change } from "./update.ts";

export interface Configuration {
  /** As the client sent it. */
  readonly config: unknown;
  /** Takes fields over instead of failing on conflicts. */
  readonly force: boolean;
  /** Reads the merged object as a body is read. */
  decode(object: unknown): Draft<KubeObject>;
}

export function applyChange(core: Core, call: Call, { config, force, decode }: Configuration): Change {
  return {
    managesFields: true,
    creates: call.subresource === "",
    partial: true,
    make(current) {
      const options = { ...writeOptions(core, call), force, kind: call.served.kind.kind };
      const { object, managedFields } = applyConfiguration(current, config, options);
      const decoded = decode(object);
      if (managedFields === undefined) delete decoded.metadata.managedFields;
      return decoded;
    },
  };
}
