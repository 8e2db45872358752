/** `http`: what a URL answers to a pod. */
import { fields, integer, optional, string } from "../shape.ts";
import { from, lookInto, podTarget } from "./container.ts";
import type { CriterionType } from "./criterion.ts";
import { ask, httpPrograms } from "./probe_programs.ts";
import { outcomeMismatches, textExpectation } from "./text_shape.ts";

const OWN_FIELDS = {
  http: fields({
    from,
    url: string(/^https?:\/\/\S+$/, "a URL such as http://web:8080/", "http://web:8080/ 같은 URL"),
    /** 200 unless said. */
    status: optional(integer(100, 599)),
    body: optional(textExpectation),
  }),
};

export const http: CriterionType = {
  keyword: "http",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { from: origin, url, status = 200, body } = reading.http;
    return {
      targets: [podTarget(origin)],
      evaluate: (scope) =>
        lookInto(scope, origin, async (container, subject) => {
          const answer = await ask(scope.objects, container, httpPrograms(url));
          if (answer.status === undefined) {
            const why = answer.said === "" ? "" : ` (${answer.said})`;
            return [{
              subject,
              note: { en: `gets no answer from ${url}${why}`, ko: `${url}에서 응답이 없습니다${why}` },
            }];
          }
          const path = `GET ${url}`;
          const outcome = {
            path: `${path} status`,
            is: answer.status,
            should: status,
            text: answer.body,
            textPath: path,
          };
          return outcomeMismatches(outcome, body, subject);
        }),
    };
  },
};
