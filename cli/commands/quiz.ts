import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import { parsers } from "../option_values.ts";
import type { AddCommand } from "../program.ts";

/** `drydock quiz`: asks for a note's commands and fields. */
export const quiz: AddCommand = (program, { messages, exit }) => {
  const { about, arguments: args, options, quiz: words } = messages;
  program.command("quiz").description(about.quiz)
    .argument("<file>", args.note)
    .option("--count <number>", options.count, parsers(messages).count)
    .action(async (file, { count }, command) => {
      const { quizOf } = await import("../quiz.ts");
      const { askAll } = await import("../quiz_asking.ts");
      const out = outputFor(commonOptions(command));
      const { questions, resources } = await quizOf(file);
      const asked = questions.slice(0, count);
      out.data(asked);
      if (out.json) return;
      if (asked.length === 0) {
        out.note(words.nothing);
        return;
      }
      const right = await askAll(asked, resources, out, words);
      out.line(words.score(right, asked.length));
      exit(right === asked.length ? EXIT.passed : EXIT.notPassed);
    });
};
