import process from "node:process";
import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock lint`: what an author can have forgotten, found without a cluster. */
export const lint: AddCommand = (program, { messages: { about, author: { lint: words } }, exit }) => {
  program.command("lint").description(about.lint)
    .argument("[folders...]", words.folders)
    .action(async (folders, _options, command) => {
      const { formatIssue } = await import("../../checks/content_error.ts");
      const { SHIPPED_EXERCISES } = await import("../../exercises/catalogue.ts");
      const { loadCurricula } = await import("../../exercises/curriculum.ts");
      const { lintFolder } = await import("../../exercises/lint_folder.ts");
      const { catalogueFolder } = await import("../../exercises/external.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const asked = folders.length > 0 ? folders : [common.exercises ?? SHIPPED_EXERCISES];
      const curricula = await loadCurricula();

      const looked = await Promise.all(
        asked.map(async (folder) => await lintFolder(await catalogueFolder(folder, process.cwd()), curricula)),
      );
      const issues = looked.flatMap((one) => one.issues);
      const count = looked.reduce((sum, one) => sum + one.exercises, 0);
      out.data({ exercises: count, issues });
      for (const issue of issues) out.line(formatIssue(issue, out.language));
      out.note(issues.length === 0 ? words.clean(count) : words.found(issues.length, count));
      exit(issues.length === 0 ? EXIT.passed : EXIT.notPassed);
    });
};
