/** When an indexed Job has succeeded before all its indexes have. Source: `pkg/controller/job/success_policy.go`. */
import type { SuccessPolicy } from "../../kinds/schema/types.ts";
import { countIndexes, type Intervals, overlap, parseIntervals } from "./intervals.ts";

/** Which rule is met, in words; undefined when none is. */
export function matchSuccessPolicy(policy: SuccessPolicy | undefined, completions: number, succeeded: Intervals) {
  if (succeeded.length === 0) return undefined;
  const met = (policy?.rules ?? []).findIndex(({ succeededIndexes, succeededCount }) => {
    if (succeededIndexes === undefined) {
      return succeededCount !== undefined && countIndexes(succeeded) >= succeededCount;
    }
    const required = parseIntervals(succeededIndexes, completions);
    if (required.length === 0) return false;
    const contained = overlap(required, succeeded);
    return contained === countIndexes(required) || (succeededCount !== undefined && contained >= succeededCount);
  });
  return met < 0 ? undefined : `Matched rules at index ${met}`;
}
