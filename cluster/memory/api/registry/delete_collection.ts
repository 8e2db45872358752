/**
 * DELETE of many: each as if it were deleted alone.
 *
 * Source: `k8s.io/apiserver/pkg/registry/generic/registry/store.go` (DeleteCollection).
 */
import type { DeleteOptions } from "../../kinds/schema/types.ts";
import { StatusError } from "../status.ts";
import type { Call, Core } from "./call.ts";
import { remove } from "./delete.ts";
import { type List, list, type ListQuery } from "./get.ts";

/** @returns the objects as they were before, or the page of them that a limit allowed */
export async function removeCollection(
  core: Core,
  call: Call,
  query: ListQuery,
  options: DeleteOptions,
): Promise<List> {
  const found = list(core, call, query);
  for (const { metadata } of found.objects) {
    const one = { ...call, namespace: metadata.namespace ?? "", name: metadata.name! };
    try {
      await remove(core, one, options);
    } catch (error) {
      // Somebody else may have been faster.
      if (!(error instanceof StatusError && error.reason === "NotFound")) throw error;
    }
  }
  return found;
}
