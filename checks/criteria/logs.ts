/** `logs`: what a container has written, as `kubectl logs` shows it. */
import { ApiError } from "../../cluster/cluster.ts";
import { verbatim } from "../../cluster/text.ts";
import { boolean, complain, fields, inside, optional } from "../shape.ts";
import { CONTAINER_FIELDS, lookInto, oneWayToPods, podTarget } from "./container.ts";
import type { CriterionType } from "./criterion.ts";
import { TEXT_FIELDS, textMismatches } from "./text_shape.ts";

const OWN_FIELDS = {
  logs: oneWayToPods(fields({
    ...CONTAINER_FIELDS,
    /** Of the run before the last restart. */
    previous: optional(boolean),
    contains: TEXT_FIELDS.contains,
    matches: TEXT_FIELDS.matches,
  })),
};

export const logs: CriterionType = {
  keyword: "logs",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { contains, matches, previous = false, ...target } = reading.logs;
    if (contains === undefined && matches === undefined) {
      return complain(inside(place, "logs"), {
        en: "says nothing about the log: give contains or matches",
        ko: "로그에 대한 기대가 없습니다. contains나 matches를 적으세요",
      });
    }
    const expectation = {
      ...contains === undefined ? {} : { contains },
      ...matches === undefined ? {} : { matches },
    };
    return {
      targets: [podTarget(target)],
      evaluate: (scope) =>
        lookInto(scope, target, async (container, subject) => {
          try {
            const text = await scope.objects.logs(container, { previous });
            return textMismatches(expectation, text, subject, "logs");
          } catch (error) {
            // The server answers so while a container has not started, or has no previous run.
            if (error instanceof ApiError && error.code === 400) return [{ subject, note: verbatim(error.message) }];
            throw error;
          }
        }, { mustRun: false }),
    };
  },
};
