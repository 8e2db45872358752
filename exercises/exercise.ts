/** An exercise: what its folder says. See `CONTRIBUTING.md` for how to write one. */
import { type Check, check } from "../checks/check.ts";
import { CAPABILITIES, type Capability } from "../cluster/cluster.ts";
import type { Text } from "../cluster/text.ts";
import type { CelExpression } from "../checks/cel.ts";
import { cel } from "../checks/criteria/cel_shape.ts";
import { apiVersion, kindName, namedTarget, type Target } from "../checks/criteria/criterion.ts";
import { complain, fields, inside, integer, list, oneOf, optional, type Shape, string } from "../checks/shape.ts";
import type { Step } from "./steps.ts";

/** What exercise.yaml says. */
export interface ExerciseHeader {
  readonly id: string;
  readonly title: Text;
  /** A topic of topics.yaml. */
  readonly topic: string;
  /** Words by which a section of somebody's notes finds its exercises. */
  readonly notes: readonly string[];
  /** Competencies of the CKA and CKAD curricula. */
  readonly exam: { readonly cka?: string; readonly ckad?: string };
  readonly difficulty: number;
  readonly minutes: number;
  readonly requires: readonly Capability[];
  /** Where the work happens: Drydock makes it and takes it away. */
  readonly namespace: string;
  /** Objects outside of the exercise's namespace that the task asks for. */
  readonly creates: readonly OutsideObject[];
  /** Objects outside of it that are there already and that the task changes: they are put back afterwards. */
  readonly changes: readonly OutsideObject[];
  readonly hints: readonly Hint[];
  readonly checks: readonly Check[];
}

/** An object that belongs to another namespace, or to none. */
export interface OutsideObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
}

export interface Hint {
  readonly text: Text;
  /** Given only while this holds of an object. */
  readonly when?: { readonly condition: CelExpression; readonly of: Target };
}

/** An exercise with everything in its folder. */
export interface Exercise extends ExerciseHeader {
  readonly folder: string;
  readonly task: Text;
  readonly setup: readonly Step[];
  readonly solution: readonly Step[];
  /** The solution as a learner types it. */
  readonly script: string;
  /** For each check, steps that spoil a finished solution for that check alone. */
  readonly spoiled: ReadonlyMap<string, readonly Step[]>;
}

const NAME = string(
  /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/,
  "lower-case letters, digits and dashes",
  "소문자, 숫자, 대시",
);
const competency = string(
  /^[a-z-]+\/[a-z-]+$/,
  "a competency such as workloads/rolling-updates",
  "workloads/rolling-updates 같은 역량",
);
/** Definitions are called PLURAL.GROUP. */
const CLUSTER_WIDE_NAME = string(
  /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/,
  "lower-case letters, digits, dashes and dots",
  "소문자, 숫자, 대시, 점",
);
const outside = fields({ apiVersion, kind: kindName, name: CLUSTER_WIDE_NAME, namespace: optional(NAME) });

const hint: Shape<Hint> = (place) => {
  const reading = fields({
    en: string(),
    ko: string(),
    when: optional(cel("object")),
    of: optional(namedTarget),
  })(place);
  if (reading === undefined) return undefined;
  const { en, ko, when, of } = reading;
  if (when === undefined && of === undefined) return { text: { en, ko } };
  if (when === undefined || of === undefined) {
    return complain(place, { en: "`when` and `of` belong together", ko: "`when`과 `of`는 함께 써야 합니다" });
  }
  return { text: { en, ko }, when: { condition: when, of } };
};

const FIELDS = fields({
  id: NAME,
  title: fields({ en: string(), ko: string() }),
  topic: NAME,
  notes: list(string()),
  exam: fields({ cka: optional(competency), ckad: optional(competency) }),
  difficulty: integer(1, 3),
  minutes: integer(1, 120),
  requires: list(oneOf(...CAPABILITIES)),
  namespace: optional(NAME),
  creates: optional(list(outside)),
  changes: optional(list(outside)),
  hints: list(hint),
  checks: list(check),
});

/** exercise.yaml. */
export const exerciseHeader: Shape<ExerciseHeader> = (place) => {
  const reading = FIELDS(place);
  if (reading === undefined) return undefined;
  const checks = inside(place, "checks");
  if (reading.checks.length === 0) {
    return complain(checks, { en: "must have at least one check", ko: "확인 항목이 하나 이상 있어야 합니다" });
  }
  reading.checks.forEach(({ id }, i) => {
    if (reading.checks.findIndex((other) => other.id === id) < i) {
      complain(inside(inside(checks, i), "id"), {
        en: `${id} stands for another check already`,
        ko: `다른 확인 항목이 이미 쓰고 있는 ID입니다: ${id}`,
      });
    }
  });
  const { namespace = reading.id, creates = [], changes = [], ...rest } = reading;
  return { ...rest, namespace, creates, changes };
};
