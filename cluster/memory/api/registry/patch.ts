/**
 * PATCH, but for apply: a change described by its difference.
 *
 * Source: `k8s.io/apiserver/pkg/endpoints/handlers/patch.go`.
 */
import type { Draft, KubeObject } from "../../kinds/object.ts";
import type { PatchType } from "../client.ts";
import { applyPatch } from "../patch/apply_patch.ts";
import { notFound } from "../status.ts";
import { type Call, resourceOfCall } from "./call.ts";
import type { Change } from "./update.ts";

export interface Patch {
  readonly type: PatchType;
  /** The decoded body. */
  readonly body: unknown;
  /**
   * Reads the patched object strictly, as a body is read.
   * @param strictErrors those of the patch itself
   * @throws {Error} when it is no object of the kind
   */
  decode(object: unknown, strictErrors: readonly string[]): Draft<KubeObject>;
}

/** The change that a patch makes to an object that must be there. */
export function patchChange(call: Call, { type, body, decode }: Patch): Change {
  return {
    partial: true,
    make(current) {
      if (current === undefined) throw notFound(resourceOfCall(call), call.name);
      const { object, strictErrors, rejected } = applyPatch({ type, current, body, shape: call.served.shape });
      try {
        return decode(object, strictErrors);
      } catch (error) {
        if (error instanceof PatchedObjectError) throw rejected(error.message);
        throw error;
      }
    },
  };
}

/** The patched object cannot be read as one of its kind. */
export class PatchedObjectError extends Error {
  override readonly name = "PatchedObjectError";
}
