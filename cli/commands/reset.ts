import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock reset`: the exercise as at the start. */
export const reset: AddCommand = (program, { messages, signal }) => {
  const { about, arguments: args, reset: words } = messages;
  program.command("reset").description(about.reset)
    .argument("[id]", args.currentId)
    .action(async (id, _options, command) => {
      const { exerciseMeant, learner, openFor } = await import("../learner.ts");
      const { beginExercise } = await import("../begin.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const exercise = await exerciseMeant(await learner(common), id);
      await using opened = await openFor(common, out, {
        changes: true,
        otherwise: "launch",
        requires: exercise.requires,
        signal,
      });
      await beginExercise(opened.cluster, exercise, out, messages, { anew: true, signal });
      out.note(words.done(exercise.id));
    });
};
