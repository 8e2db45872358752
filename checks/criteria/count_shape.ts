/** How many objects there should be: `count: 3` or `count: { min: 1, max: 3 }`. */
import type { Text } from "../../cluster/text.ts";
import { fields, integer, optional, type Shape } from "../shape.ts";
import type { Mismatch } from "./criterion.ts";

export interface CountRange {
  readonly min?: number;
  readonly max?: number;
}

const exactly = integer(0, 10_000);
const between = fields({ min: optional(exactly), max: optional(exactly) });

/** A number, or a map of `min` and `max`. */
export const count: Shape<CountRange> = (place) => {
  if (typeof place.value === "object") return between(place);
  const value = exactly(place);
  return value === undefined ? undefined : { min: value, max: value };
};

/** Empty when `number` lies in the range. */
export function countMismatch(range: CountRange, number: number, kind: string): readonly Mismatch[] {
  const { min = 0, max = Number.POSITIVE_INFINITY } = range;
  if (number >= min && number <= max) return [];
  const should = wanted(min, max);
  return [{
    subject: kind,
    note: {
      en: `${number} ${number === 1 ? "matches" : "match"}, but there should be ${should.en}`,
      ko: `조건에 맞는 것이 ${number}개입니다. ${should.ko} 합니다`,
    },
  }];
}

function wanted(min: number, max: number): Text {
  if (min === max) return { en: `${min}`, ko: `${min}개여야` };
  if (max === Number.POSITIVE_INFINITY) return { en: `at least ${min}`, ko: `${min}개 이상이어야` };
  return { en: `${min} to ${max}`, ko: `${min}~${max}개여야` };
}
