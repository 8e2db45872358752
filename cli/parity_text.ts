/** The table of `drydock parity`. */
import { displayWidth } from "../checks/display_width.ts";
import { VERDICTS } from "../checks/verdict.ts";
import type { ParityRow } from "../exercises/parity.ts";
import type { Output } from "./output.ts";

const PROOFS = {
  "passed": VERDICTS.passed,
  "failed": VERDICTS.wrong,
  "could-not-check": VERDICTS["could-not-check"],
  "not-checkable-here": VERDICTS["not-checkable-here"],
};

/** A head and a line for each row; under one that differs, the checks and what went wrong. */
export function parityLines(rows: readonly ParityRow[], head: readonly string[], out: Output): readonly string[] {
  const cells = rows.map(({ id, verdicts: [one, two] }) => [id, out.say(PROOFS[one]), out.say(PROOFS[two])]);
  const widths = head.map((title, i) => Math.max(...[title, ...cells.map((row) => row[i])].map(displayWidth)));
  const line = (row: readonly string[]) =>
    row.map((cell, i) => cell + " ".repeat(widths[i] - displayWidth(cell))).join("  ").trimEnd();
  return [
    out.style("bold", `  ${line(head)}`),
    ...rows.flatMap(({ differs, checks, trouble }, i) => [
      `${differs ? out.style("red", "≠") : out.style("green", "=")} ${line(cells[i])}`,
      ...checks.map(({ id, verdicts }) =>
        `    ${id}: ${verdicts.map((one) => one === undefined ? "—" : out.say(VERDICTS[one])).join(" ≠ ")}`
      ),
      ...differs ? trouble.flat().map((text) => `    ${out.say(text)}`) : [],
    ]),
  ];
}
