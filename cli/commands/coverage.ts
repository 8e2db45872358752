import { readFile, writeFile } from "node:fs/promises";
import { Problem } from "../../cluster/problem.ts";
import { message } from "../messages/messages.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock coverage`: topics and exam competencies against exercises, as Markdown, printed or written into a document. */
export const coverage: AddCommand = (program, { messages: { about, author: { coverage: words } } }) => {
  program.command("coverage").description(about.coverage)
    .option("--write <file>", words.write)
    .action(async ({ write }, command) => {
      const { learner } = await import("../learner.ts");
      const { coverage, coverageMarkdown, withCoverage } = await import("../../exercises/coverage.ts");
      const { loadCurricula } = await import("../../exercises/curriculum.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const { catalogue } = await learner(common);
      const found = coverage(catalogue, await loadCurricula());

      out.data(found);
      const markdown = coverageMarkdown(found, out.language);
      if (write === undefined) out.line(markdown);
      else {
        const document = withCoverage(await readFile(write, "utf8").catch(() => ""), markdown);
        if (document === undefined) {
          throw new Problem(
            "usage",
            message(({ author }) => author.coverage.noMarkers(write)),
          );
        }
        await writeFile(write, document);
      }
      for (const { exam, domains } of found.exams) {
        const competencies = domains.flatMap((domain) => domain.competencies);
        const covered = competencies.filter(({ exercises }) => exercises.length > 0).length;
        out.note(words.covered(covered, competencies.length, exam.toUpperCase()));
      }
    });
};
