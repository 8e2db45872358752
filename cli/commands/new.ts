import process from "node:process";
import { EXIT } from "../exit_code.ts";
import { message } from "../messages/messages.ts";
import { parsers } from "../option_values.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock new`: a new exercise's folder. Asks on a terminal for what no option says. */
export const newExercise: AddCommand = (program, { messages, exit }) => {
  const { about, author: { new: words } } = messages;
  const parse = parsers(messages);
  program.command("new").description(about.new)
    .argument("[id]", words.id)
    .option("--topic <topic>", words.topic)
    .option("--title-en <title>", words.titleEn)
    .option("--title-ko <title>", words.titleKo)
    .option("--cka <competency>", words.cka)
    .option("--ckad <competency>", words.ckad)
    .option("--difficulty <number>", words.difficulty, parse.difficulty)
    .option("--minutes <number>", words.minutes, parse.minutes)
    .action(async (id, options, command) => {
      const { catalogueFolder } = await import("../../exercises/external.ts");
      const { loadCatalogue, SHIPPED_EXERCISES } = await import("../../exercises/catalogue.ts");
      const { loadCurricula } = await import("../../exercises/curriculum.ts");
      const { writeExercise } = await import("../../exercises/scaffold.ts");
      const { answersFrom } = await import("../new_exercise.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const folder = common.exercises === undefined
        ? SHIPPED_EXERCISES
        : await catalogueFolder(common.exercises, process.cwd());
      const { topics } = await loadCatalogue(folder);
      const asks = process.stdin.isTTY === true && process.stdout.isTTY === true && !out.json;
      const exercise = await answersFrom({ id, ...options }, { topics, curricula: await loadCurricula(), out, asks });
      if (exercise === undefined) {
        out.note(message(({ author }) => author.new.cancelled));
        return exit(EXIT.usage);
      }
      const written = await writeExercise(folder, exercise);
      out.data({ id: exercise.id, folder: written });
      out.line(words.written(written));
      out.line(words.then(exercise.id, common.exercises === undefined ? "" : ` --exercises ${common.exercises}`));
    });
};
