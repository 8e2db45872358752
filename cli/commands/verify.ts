import { Option } from "@commander-js/extra-typings";
import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";
import { REPORT_FORMATS } from "../report_formats.ts";

/** `drydock verify`: the proof that exercises are good. */
export const verify: AddCommand = (program, { messages, signal, exit }) => {
  const { about, arguments: args, options, author, verify: words } = messages;
  program.command("verify").description(about.verify)
    .argument("[ids...]", args.ids)
    .option("--fresh", options.fresh)
    .option("--mutate", author.verify.mutate)
    .addOption(new Option("--report <format>", options.report).choices(REPORT_FORMATS))
    .action(async (ids, { fresh, mutate, report }, command) => {
      const begin = performance.now();
      const { learner, openFor } = await import("../learner.ts");
      const { verifyChosen } = await import("../verify_chosen.ts");
      const { printReport, coloured } = await import("../report_output.ts");
      const { entryLines } = await import("../../checks/reports/tty.ts");
      const { totalOutcome } = await import("../../checks/reports/report.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const { catalogue } = await learner(common);
      const live = !out.json && (report ?? "tty") === "tty";

      const entries = await verifyChosen(
        catalogue,
        ids,
        (requires) =>
          openFor(common, out, {
            changes: true,
            otherwise: "in-process",
            requires,
            signal,
            ...fresh ? { fresh } : {},
          }),
        {
          signal,
          mutate: mutate ?? false,
          onEntry(entry) {
            const tty = { language: out.language, colour: coloured(), brief: true };
            if (live) { for (const line of entryLines(entry, tty)) out.line(line); }
          },
        },
      );
      printReport(entries, out, { report, brief: true, onlySummary: live });
      if (live) out.note(words.took(((performance.now() - begin) / 1000).toFixed(1)));
      exit(
        {
          "passed": EXIT.passed,
          "not-passed": EXIT.notPassed,
          "could-not-check": EXIT.couldNotCheck,
        }[totalOutcome(entries)],
      );
    });
};
