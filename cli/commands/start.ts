import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock start`: sets an exercise up and shows its task. */
export const start: AddCommand = (program, { messages, signal, exit }) => {
  const { about, arguments: args, start: words } = messages;
  program.command("start").description(about.start)
    .argument("[id]", args.currentId)
    .action(async (id, _options, command) => {
      const { exerciseMeant, learner, openFor } = await import("../learner.ts");
      const { beginExercise } = await import("../begin.ts");
      const { started } = await import("../../exercises/lifecycle.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const exercise = await exerciseMeant(await learner(common), id);
      await using opened = await openFor(common, out, {
        changes: true,
        otherwise: "launch",
        requires: exercise.requires,
        signal,
      });
      if (await started(opened.cluster, exercise) !== undefined) out.note(words.alreadyStarted(exercise.id));
      await beginExercise(opened.cluster, exercise, out, messages, { signal });
      exit(EXIT.passed);
    });
};
