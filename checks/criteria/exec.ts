/** `exec`: what a command in a container gives, as `kubectl exec` runs it. */
import { complain, fields, inside, integer, list, optional, string } from "../shape.ts";
import { CONTAINER_FIELDS, lookInto, oneWayToPods, podTarget } from "./container.ts";
import type { CriterionType } from "./criterion.ts";
import { outcomeMismatches, textExpectation } from "./text_shape.ts";

const OWN_FIELDS = {
  exec: oneWayToPods(fields({
    ...CONTAINER_FIELDS,
    command: list(string()),
    /** 0 unless said. */
    exitCode: optional(integer(0, 255)),
    stdout: optional(textExpectation),
  })),
};

export const exec: CriterionType = {
  keyword: "exec",
  fields: OWN_FIELDS,
  read(place) {
    const reading = fields(OWN_FIELDS)(place);
    if (reading === undefined) return undefined;
    const { command, exitCode = 0, stdout, ...target } = reading.exec;
    if (command.length === 0) {
      return complain(inside(inside(place, "exec"), "command"), {
        en: "must name a program",
        ko: "실행할 프로그램을 적어야 합니다",
      });
    }
    return {
      targets: [podTarget(target)],
      evaluate: (scope) =>
        lookInto(scope, target, async (container, subject) => {
          const result = await scope.objects.exec(container, command);
          const path = `\`${command.join(" ")}\``;
          const outcome = {
            path: `${path} exit code`,
            is: result.exitCode,
            should: exitCode,
            text: result.stdout,
            textPath: path,
          };
          const said = result.exitCode === exitCode ? undefined : result.stderr.trim().split("\n").at(-1);
          return [
            ...outcomeMismatches(outcome, stdout, subject),
            ...said ? [{ subject, note: { en: `${path} said: ${said}`, ko: `${path}의 오류 출력: ${said}` } }] : [],
          ];
        }),
    };
  },
};
