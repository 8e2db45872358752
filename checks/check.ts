/** A check: a criterion with a title, points and patience. */
import { CAPABILITIES, type Capability } from "../cluster/cluster.ts";
import type { Text } from "../cluster/text.ts";
import { answer } from "./criteria/answer.ts";
import { anyOf } from "./criteria/any_of.ts";
import { can } from "./criteria/can.ts";
import { code } from "./criteria/code.ts";
import { condition } from "./criteria/condition.ts";
import { connect } from "./criteria/connect.ts";
import type { Criterion, CriterionType } from "./criteria/criterion.ts";
import { dns } from "./criteria/dns.ts";
import { event } from "./criteria/event.ts";
import { exec } from "./criteria/exec.ts";
import { http } from "./criteria/http.ts";
import { list } from "./criteria/list.ts";
import { logs } from "./criteria/logs.ts";
import { object } from "./criteria/object.ts";
import { rollout } from "./criteria/rollout.ts";
import {
  complain,
  fields,
  integer,
  isMap,
  list as listOf,
  oneOf,
  optional,
  type Place,
  refuseUnknown,
} from "./shape.ts";
import { type Shape, string, text } from "./shape.ts";
import type { Position } from "./yaml.ts";

/**
 * An objective must hold in the end. A safeguard must hold from the start to the end: something that was there and
 * must not be broken on the way.
 */
export type Role = "objective" | "safeguard";

export interface Check {
  readonly id: string;
  readonly title: Text;
  readonly points: number;
  readonly role: Role;
  readonly criterion: Criterion;
  /** How long it may take until it holds, in milliseconds; unless said, until the cluster is at rest. */
  readonly within?: number;
  /** For how long it must then hold, in milliseconds. */
  readonly hold?: number;
  /** What the cluster must be able to do. */
  readonly requires: readonly Capability[];
  readonly source: Position & { readonly file: string };
}

/** Every kind of criterion that there is. A new one is a file in `criteria/` and a line here. */
export const CRITERIA: readonly CriterionType[] = [
  object,
  list,
  rollout,
  condition,
  event,
  logs,
  exec,
  http,
  connect,
  dns,
  can,
  answer,
  code,
  // It holds criteria itself.
  anyOf((place) => criterion(place)),
];

const COMMON = {
  id: string(
    /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    "a short lower-case name such as image-changed",
    "image-changed 같은 짧은 소문자 이름",
  ),
  title: text,
  points: optional(integer(1, 100)),
  role: optional(oneOf("objective", "safeguard")),
  within: optional(integer(1, 3600)),
  hold: optional(integer(1, 3600)),
  requires: optional(listOf(oneOf(...CAPABILITIES))),
};

/** A check of an exercise. Times in the file are seconds. */
export const check: Shape<Check> = (place) => {
  if (!isMap(place.value)) return fields(COMMON)(place) as undefined;
  const type = criterionType(place, Object.keys(COMMON));
  if (type === undefined) return undefined;
  const common = fields(COMMON)(withOnly(place, COMMON));
  const criterion = type.read(withOnly(place, type.fields));
  if (common === undefined || criterion === undefined) return undefined;
  const { points = 1, role = "objective", within, hold, requires = [], ...rest } = common;
  return {
    ...rest,
    points,
    role,
    criterion,
    requires,
    ...within === undefined ? {} : { within: within * 1000 },
    ...hold === undefined ? {} : { hold: hold * 1000 },
    source: { file: place.document.file, ...place.document.locate(place.path) },
  };
};

/** A criterion alone, as a step waits for it. */
export const criterion: Shape<Criterion> = (place) => {
  if (!isMap(place.value)) return complain(place, { en: "must be a map", ko: "맵이어야 합니다" });
  return criterionType(place, [])?.read(place);
};

/** The one kind of criterion whose keyword stands in the map; complains about other fields. */
function criterionType(place: Place, others: readonly string[]): CriterionType | undefined {
  const value = place.value as Readonly<Record<string, unknown>>;
  const chosen = CRITERIA.filter(({ keyword }) => keyword in value);
  if (chosen.length === 1) {
    refuseUnknown(place, [...others, ...Object.keys(chosen[0].fields)]);
    return chosen[0];
  }
  refuseUnknown(place, [...others, ...CRITERIA.flatMap((type) => Object.keys(type.fields))]);
  const keywords = CRITERIA.map(({ keyword }) => keyword).join(", ");
  return complain(place, {
    en: `must have exactly one of ${keywords}`,
    ko: `${keywords} 중에서 정확히 하나가 있어야 합니다`,
  });
}

/** The place with only some of its fields, for a shape that knows no others. */
function withOnly(place: Place, known: Readonly<Record<string, unknown>>): Place {
  const entries = Object.entries(place.value as object).filter(([name]) => name in known);
  return { ...place, value: Object.fromEntries(entries) };
}
