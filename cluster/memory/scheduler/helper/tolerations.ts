/**
 * Which taints a pod tolerates.
 *
 * Source: `k8s.io/component-helpers/scheduling/corev1/helpers.go`, `k8s.io/api/core/v1/toleration.go`.
 */
import type { Taint, Toleration } from "../../kinds/schema/types.ts";

/** Whether one toleration covers one taint. */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (toleration.key && toleration.key !== taint.key) return false;
  switch (toleration.operator) {
    case undefined:
    case "":
    case "Equal":
      return (toleration.value ?? "") === (taint.value ?? "");
    case "Exists":
      return true;
    default:
      return false;
  }
}

/**
 * The first taint that no toleration covers, among those with one of the given effects.
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { untolerated } from "./tolerations.ts";
 *
 * const taints = [{ key: "app", value: "blue", effect: "NoSchedule" }];
 * assert.equal(untolerated(taints, undefined, ["NoSchedule"])?.key, "app");
 * assert.equal(untolerated(taints, [{ operator: "Exists" }], ["NoSchedule"]), undefined);
 * assert.equal(untolerated(taints, undefined, ["NoExecute"]), undefined);
 * ```
 */
export function untolerated(
  taints: readonly Taint[] | undefined,
  tolerations: readonly Toleration[] | undefined,
  effects: readonly string[],
): Taint | undefined {
  return taints?.find((taint) =>
    effects.includes(taint.effect) && !tolerations?.some((toleration) => tolerates(toleration, taint))
  );
}

/** The effects that keep a pod off a node when it is scheduled. */
export const DO_NOT_SCHEDULE: readonly string[] = ["NoSchedule", "NoExecute"];
