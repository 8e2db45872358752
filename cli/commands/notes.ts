import { Option } from "@commander-js/extra-typings";
import process from "node:process";
import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import { parsers } from "../option_values.ts";
import type { AddCommand } from "../program.ts";
import { REPORT_FORMATS } from "../report_formats.ts";

/** `drydock notes`: checks Markdown notes. */
export const notes: AddCommand = (program, { messages, exit }) => {
  const { about, arguments: args, notes: words, options } = messages;
  program.command("notes").description(about.notes)
    .argument("<files...>", args.notes)
    .addOption(new Option("--report <format>", options.report).choices(REPORT_FORMATS))
    .option("--fix", options.fix)
    .option("--dry-run", options.fixDryRun)
    .option("--kubernetes <version>", options.kubernetes, parsers(messages).version)
    .option("--no-run", options.noRun)
    .option("--practise", options.practise)
    .action(async (files, { report, dryRun = false, fix = dryRun, kubernetes, run, practise = false }, command) => {
      const { checkNotes } = await import("../check_notes.ts");
      const { printNotes } = await import("../notes_output.ts");
      const { findKubectl } = await import("../../checks/notes/kubectl/sandbox.ts");
      const { diffOf, fixNote } = await import("../../checks/notes/fix.ts");
      const { totalOf } = await import("../../checks/notes/reports/total.ts");
      const { writeFile } = await import("node:fs/promises");
      const out = outputFor(commonOptions(command));
      if (practise) {
        const { practiseNotes } = await import("../practise_notes.ts");
        const { learner } = await import("../learner.ts");
        const { catalogue } = await learner(commonOptions(command));
        await practiseNotes(files, catalogue, out, words.nothingToPractise);
        return;
      }
      const kubectl = run ? findKubectl() : undefined;
      if (run && kubectl === undefined) out.note(words.noKubectl);
      const checked = await checkNotes(files, { kubernetes, kubectl });
      let mended = 0;
      for (const { file, source, findings } of fix ? checked : []) {
        const fixed = fixNote(source, findings);
        if (fixed.count === 0) continue;
        mended += fixed.count;
        if (dryRun) process.stdout.write(diffOf(file, source, fixed.text));
        else await writeFile(file, fixed.text);
      }
      if (!(fix && dryRun)) printNotes(checked, out, report);
      if (fix) out.note(dryRun ? words.wouldMend(mended) : words.mended(mended));
      exit(totalOf(checked).errors > (fix && !dryRun ? mended : 0) ? EXIT.notPassed : EXIT.passed);
    });
};
