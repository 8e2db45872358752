/** Conditions of the Gateway API's objects: they keep the time of their last transition while their status stays. */
import { timestamp } from "../../api/timestamps.ts";
import type { Condition } from "../../kinds/schema/types.ts";

export type Wanted = Pick<Condition, "type" | "reason" | "message"> & { readonly status: "True" | "False" };

export const isTrue = (type: string, reason: string, message: string): Wanted => ({
  type,
  status: "True",
  reason,
  message,
});

export const isFalse = (type: string, reason: string, message: string): Wanted => ({
  type,
  status: "False",
  reason,
  message,
});

/**
 * @param generation of the object that the conditions were found of
 * @param now milliseconds
 */
export function conditionsOf(
  wanted: readonly Wanted[],
  previous: readonly Condition[] | undefined,
  generation: number,
  now: number,
): readonly Condition[] {
  return wanted.map((condition) => {
    const before = previous?.find(({ type }) => type === condition.type);
    const lastTransitionTime = before?.status === condition.status ? before.lastTransitionTime : timestamp(now);
    return { ...condition, observedGeneration: generation, lastTransitionTime };
  });
}
