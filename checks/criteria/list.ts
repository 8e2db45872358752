/** `list`: the objects of a kind that a label selector finds. Without `count`, there must be some and all must match. */
import { type ApiObject, describeRef } from "../../cluster/cluster.ts";
import { differences } from "../match.ts";
import { anyMap, fields, optional, string } from "../shape.ts";
import { cel, celMismatches } from "./cel_shape.ts";
import { count, countMismatch } from "./count_shape.ts";
import { apiVersion, type CriterionType, kindName, type Mismatch } from "./criterion.ts";

const OWN_FIELDS = {
  list: fields({ apiVersion, kind: kindName, namespace: optional(string()), selector: string() }),
  /** What each object must look like. */
  match: optional(anyMap),
  /** Over all of them, as `objects`. */
  cel: optional(cel("objects")),
  count: optional(count),
};

export const list: CriterionType = {
  keyword: "list",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { list: { selector, ...target }, match, cel, count } = reading;
    return {
      targets: [target],
      async evaluate({ objects, namespace }) {
        const all = (await objects.list({ namespace, ...target, labelSelector: selector }))
          .filter((one) => one.metadata.deletionTimestamp === undefined);
        const subject = `${target.kind} (${selector})`;
        const judged = all.map((one) => ({ one, mismatches: itemMismatches(match, one) }));
        return [
          ...count === undefined
            ? all.length === 0 ? [none(subject)] : judged.flatMap(({ mismatches }) => mismatches)
            : countMismatch(count, judged.filter(({ mismatches }) => mismatches.length === 0).length, subject),
          ...cel === undefined ? [] : celMismatches(cel, { objects: all }, subject),
        ];
      },
    };
  },
};

function itemMismatches(match: Readonly<Record<string, unknown>> | undefined, one: ApiObject): readonly Mismatch[] {
  if (match === undefined) return [];
  const subject = describeRef({ kind: one.kind, name: one.metadata.name });
  return differences(match, one).map((difference) => ({ subject, ...difference }));
}

function none(subject: string): Mismatch {
  return { subject, note: { en: "there is none", ko: "하나도 없습니다" } };
}
