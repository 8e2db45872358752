/** A number, or a share of a total: 1 or "25%". Source: `k8s.io/apimachinery/pkg/util/intstr`. */

/**
 * ```ts
 * import { scaledValue } from "./int_or_percent.ts";
 * import assert from "node:assert/strict";
 * assert.equal(scaledValue("25%", 10, true), 3);
 * assert.equal(scaledValue("25%", 10, false), 2);
 * assert.equal(scaledValue(1, 10, true), 1);
 * ```
 */
export function scaledValue(value: number | string | undefined, total: number, roundUp: boolean): number {
  if (value === undefined) return 0;
  if (typeof value === "number") return value;
  if (!/^[0-9]+%$/.test(value)) {
    throw new Error(`invalid value for IntOrString: invalid type: string is not a percentage`);
  }
  const share = parseInt(value, 10) * total / 100;
  return roundUp ? Math.ceil(share) : Math.floor(share);
}
