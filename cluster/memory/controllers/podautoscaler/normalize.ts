/**
 * What becomes of a proposal: it may wait until it is steady, and go only so far at a time.
 *
 * Source: `pkg/controller/podautoscaler/horizontal.go` (normalizeDesiredReplicas…, convertDesiredReplicas…).
 */
import type { HorizontalPodAutoscalerBehavior, HPAScalingRules } from "../../kinds/schema/types.ts";

/** Seconds. */
const DOWN_STABILIZATION = 300;

interface Stamped {
  readonly at: number;
  readonly replicas: number;
}

export interface Verdict {
  readonly replicas: number;
  readonly stabilized: { readonly reason: string; readonly message: string };
  readonly limited: { readonly status: "True" | "False"; readonly reason: string; readonly message: string };
}

export interface Proposal {
  readonly current: number;
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly behavior?: HorizontalPodAutoscalerBehavior;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const READY = { reason: "ReadyForNewScale", message: "recommended size matches current size" };
const within = { reason: "DesiredWithinRange", message: "the desired count is within the acceptable range" };
const HIGHER = "recent recommendations were higher than current one, applying the highest recent recommendation";
const LOWER = "recent recommendations were lower than current one, applying the lowest recent recommendation";

/** What an autoscaler remembers: what was proposed, and what was done. */
export class ScaleHistory {
  #recommendations: Stamped[] = [];
  #ups: Stamped[] = [];
  #downs: Stamped[] = [];

  /** The size at which the autoscaler found its target counts as the first recommendation. */
  begin(replicas: number, now: number): void {
    if (this.#recommendations.length === 0) this.#recommendations.push({ at: now, replicas });
  }

  normalize(proposal: Proposal): Verdict {
    const stable = this.#stabilize(proposal);
    const { desired, now } = proposal;
    this.#recommendations.push({ at: now, replicas: desired });
    const limited = this.#limit({ ...proposal, desired: stable });
    const reason = desired >= proposal.current && proposal.behavior !== undefined
      ? { reason: "ScaleUpStabilized", message: LOWER }
      : { reason: "ScaleDownStabilized", message: HIGHER };
    return {
      replicas: limited.replicas,
      stabilized: stable === desired ? READY : reason,
      limited: {
        status: limited.replicas === stable ? "False" : "True",
        reason: limited.reason,
        message: limited.message,
      },
    };
  }

  /** Takes note of a scaling. */
  scaled(from: number, to: number, now: number): void {
    if (to > from) this.#ups.push({ at: now, replicas: to - from });
    else this.#downs.push({ at: now, replicas: from - to });
  }

  #stabilize({ current, desired, behavior, now }: Proposal): number {
    const up = behavior?.scaleUp?.stabilizationWindowSeconds ?? 0;
    const down = behavior?.scaleDown?.stabilizationWindowSeconds ?? DOWN_STABILIZATION;
    this.#forget(now, Math.max(up, down));
    const since = (seconds: number) =>
      this.#recommendations.filter(({ at }) => at > now - seconds * 1000).map(({ replicas }) => replicas);
    const highest = Math.max(desired, ...since(down));
    if (behavior === undefined) return highest;
    const lowest = Math.min(desired, ...since(up));
    return Math.min(Math.max(current, lowest), highest);
  }

  #forget(now: number, seconds: number): void {
    this.#recommendations = this.#recommendations.filter(({ at }) => at >= now - seconds * 1000);
    // No policy looks back further than half an hour.
    const recent = ({ at }: Stamped) => at >= now - 1_800_000;
    this.#ups = this.#ups.filter(recent);
    this.#downs = this.#downs.filter(recent);
  }

  #limit(proposal: Proposal) {
    return proposal.behavior === undefined ? byRules(proposal) : this.#byBehavior(proposal, proposal.behavior);
  }

  #byBehavior({ current, desired, min, max, now }: Proposal, { scaleUp, scaleDown }: HorizontalPodAutoscalerBehavior) {
    if (desired > current) {
      const limit = Math.max(current, this.#bound(current, scaleUp ?? {}, 1, now));
      const [most, reason, message] = max > limit
        ? [limit, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"] as const
        : [max, "TooManyReplicas", "the desired replica count is more than the maximum replica count"] as const;
      if (desired > most) return { replicas: most, reason, message };
    } else if (desired < current) {
      const limit = Math.min(current, this.#bound(current, scaleDown ?? {}, -1, now));
      const [least, reason, message] = min < limit
        ? [
          limit,
          "ScaleDownLimit",
          "the desired replica count is decreasing faster than the maximum scale rate",
        ] as const
        : [min, "TooFewReplicas", "the desired replica count is less than the minimum replica count"] as const;
      if (desired < least) return { replicas: least, reason, message };
    }
    return { replicas: desired, ...within };
  }

  /** How far the policies let it go. @param direction 1 up, -1 down */
  #bound(current: number, { selectPolicy, policies = [] }: HPAScalingRules, direction: 1 | -1, now: number): number {
    if (selectPolicy === "Disabled") return current;
    const changed = (events: readonly Stamped[], seconds: number) =>
      events.filter(({ at }) => at > now - seconds * 1000).reduce((sum, { replicas }) => sum + replicas, 0);
    const bounds = policies.map(({ type, value, periodSeconds }) => {
      const start = current - changed(this.#ups, periodSeconds) + changed(this.#downs, periodSeconds);
      if (type === "Pods") return start + direction * value;
      const scaled = start * (1 + direction * value / 100);
      return direction > 0 ? Math.ceil(scaled) : Math.trunc(scaled);
    });
    const farthest = selectPolicy !== "Min";
    return (direction > 0) === farthest ? Math.max(...bounds) : Math.min(...bounds);
  }
}

/** Without behavior: at most double, or four, and within the bounds. */
function byRules({ current, desired, min, max }: Proposal) {
  const limit = Math.max(2 * current, 4);
  const [most, reason, message] = max > limit
    ? [limit, "ScaleUpLimit", "the desired replica count is increasing faster than the maximum scale rate"] as const
    : [max, "TooManyReplicas", "the desired replica count is more than the maximum replica count"] as const;
  if (desired < min) {
    const few = "the desired replica count is less than the minimum replica count";
    return { replicas: min, reason: "TooFewReplicas", message: few };
  }
  if (desired > most) return { replicas: most, reason, message };
  return { replicas: desired, ...within };
}
