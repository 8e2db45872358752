/** `object`: one object by name; or, with `count`, how many objects of a kind match. */
import { describeRef } from "../../cluster/cluster.ts";
import type { CelExpression } from "../cel.ts";
import { differences } from "../match.ts";
import { anyMap, boolean, complain, fields, inside, optional, string } from "../shape.ts";
import { cel, celMismatches } from "./cel_shape.ts";
import { count, countMismatch, type CountRange } from "./count_shape.ts";
import {
  apiVersion,
  type Criterion,
  type CriterionType,
  kindName,
  type Mismatch,
  ofObject,
  refIn,
  type Scope,
  type Target,
} from "./criterion.ts";

const OWN_FIELDS = {
  object: fields({ apiVersion, kind: kindName, name: optional(string()), namespace: optional(string()) }),
  match: optional(anyMap),
  cel: optional(cel("object")),
  absent: optional(boolean),
  count: optional(count),
};

interface Expectation {
  readonly match?: Readonly<Record<string, unknown>>;
  readonly cel?: CelExpression;
}

export const object: CriterionType = {
  keyword: "object",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { object: target, absent = false, count, ...expectation } = reading;
    if (count !== undefined) return counted(target, expectation, count);
    if (target.name === undefined) {
      return complain(inside(place, "object"), {
        en: "needs a name (or give `count` to count the objects of a kind)",
        ko: "name이 필요합니다 (종류별 개수를 세려면 `count`를 쓰세요)",
      });
    }
    return absent ? gone(target) : named(target, expectation);
  },
};

function named(target: Target, { match, cel }: Expectation): Criterion {
  return ofObject(target, (found, subject) => [
    ...match === undefined ? [] : differences(match, found).map((difference) => ({ subject, ...difference })),
    ...cel === undefined ? [] : celMismatches(cel, { object: found }, subject),
  ]);
}

function gone(target: Target): Criterion {
  return {
    targets: [target],
    async evaluate(scope): Promise<readonly Mismatch[]> {
      const ref = refIn(scope, target);
      const found = await scope.objects.get(ref);
      if (found === undefined) return [];
      const note = found.metadata.deletionTimestamp === undefined
        ? { en: "exists, but should not", ko: "아직 있습니다. 없어야 합니다" }
        : { en: "is still being deleted", ko: "아직 삭제되는 중입니다" };
      return [{ subject: describeRef(ref), note }];
    },
  };
}

function counted(target: Target, { match, cel }: Expectation, range: CountRange): Criterion {
  return {
    targets: [target],
    async evaluate(scope: Scope) {
      const { apiVersion, kind, namespace = scope.namespace } = target;
      const all = await scope.objects.list({ apiVersion, kind, namespace });
      const matching = all.filter((one) =>
        (target.name === undefined || one.metadata.name === target.name) &&
        (match === undefined || differences(match, one).length === 0) &&
        (cel === undefined || cel.unmet({ object: one }).length === 0)
      );
      return countMismatch(range, matching.length, kind);
    },
  };
}
