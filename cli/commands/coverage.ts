import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock coverage`: topics and exam competencies against exercises, as Markdown. */
export const coverage: AddCommand = (program, { messages: { about, author: { coverage: words } } }) => {
  program.command("coverage").description(about.coverage)
    .action(async (_options, command) => {
      const { learner } = await import("../learner.ts");
      const { coverage, coverageMarkdown } = await import("../../exercises/coverage.ts");
      const { loadCurricula } = await import("../../exercises/curriculum.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const { catalogue } = await learner(common);
      const found = coverage(catalogue, await loadCurricula());

      out.data(found);
      out.line(coverageMarkdown(found, out.language));
      for (const { exam, domains } of found.exams) {
        const competencies = domains.flatMap((domain) => domain.competencies);
        const covered = competencies.filter(({ exercises }) => exercises.length > 0).length;
        out.note(words.covered(covered, competencies.length, exam.toUpperCase()));
      }
    });
};
