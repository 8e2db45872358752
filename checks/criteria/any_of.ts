/** `anyOf`: several accepted ways. Each is a criterion, or a list of criteria that must hold together. */
import { complain, inside, list, type Shape } from "../shape.ts";
import type { Criterion, CriterionType, Mismatch } from "./criterion.ts";

/** @param criterion reads any criterion */
export function anyOf(criterion: Shape<Criterion>): CriterionType {
  const together = list(criterion);
  const way: Shape<readonly Criterion[]> = (place) => {
    if (Array.isArray(place.value)) return together(place);
    const one = criterion(place);
    return one && [one];
  };
  const fields = { anyOf: list(way) };
  return {
    keyword: "anyOf",
    fields,
    read(place) {
      const ways = fields.anyOf(inside(place, "anyOf"));
      if (ways === undefined) return undefined;
      if (ways.length < 2 || ways.some((one) => one.length === 0)) {
        return complain(inside(place, "anyOf"), {
          en: "must have at least two ways, each with a criterion",
          ko: "방법이 둘 이상 있어야 하고, 각 방법에는 기준이 있어야 합니다",
        });
      }
      return {
        targets: ways.flat().flatMap(({ targets }) => targets),
        async evaluate(scope) {
          const each = await Promise.all(
            ways.map(async (way): Promise<readonly Mismatch[]> =>
              (await Promise.all(way.map((one) => one.evaluate(scope)))).flat()
            ),
          );
          // The way that the learner has come furthest on is the one to tell about.
          return each.reduce((nearest, one) => one.length < nearest.length ? one : nearest);
        },
      };
    },
  };
}
