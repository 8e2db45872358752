import { Option } from "@commander-js/extra-typings";
import process from "node:process";
import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";
import { REPORT_FORMATS } from "../report_formats.ts";

/** `drydock check`: judges the learner's work. */
export const check: AddCommand = (program, { messages, signal, exit }) => {
  const { about, arguments: args, check: words, options } = messages;
  program.command("check").description(about.check)
    .argument("[id]", args.currentId)
    .addOption(new Option("--report <format>", options.report).choices(REPORT_FORMATS))
    .action(async (id, { report }, command) => {
      const { exerciseMeant, learner, mustBeStarted, openFor } = await import("../learner.ts");
      const { judge } = await import("../../exercises/prove.ts");
      const { printReport } = await import("../report_output.ts");
      const { outcome } = await import("../../checks/verdict.ts");
      const { withResults, writeProgress } = await import("../../exercises/progress.ts");
      const { progressFile } = await import("../paths.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const who = await learner(common);
      const exercise = await exerciseMeant(who, id);
      await using opened = await openFor(common, out, { changes: false, otherwise: "refuse", signal });
      const results = await judge(opened.cluster, exercise, await mustBeStarted(opened, exercise), { signal });

      const passed = outcome(results) === "passed";
      await writeProgress(progressFile(), withResults(who.progress, exercise.id, results, Date.now()));
      printReport([{ id: exercise.id, title: exercise.title, results, trouble: [] }], out, { report });
      const advice = passed
        ? words.next
        : results.some(({ verdict }) => verdict === "wrong" || verdict === "safeguard-broken")
        ? words.again
        : words.wait;
      if (process.stdout.isTTY) out.line(advice);
      exit(
        {
          "passed": EXIT.passed,
          "not-passed": EXIT.notPassed,
          "could-not-check": EXIT.couldNotCheck,
        }[outcome(results)],
      );
    });
};
