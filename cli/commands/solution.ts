import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock solution`: one right answer, as one would type it. */
export const solution: AddCommand = (program, { messages: { about, arguments: args, solution: words } }) => {
  program.command("solution").description(about.solution)
    .argument("[id]", args.currentId)
    .action(async (id, _options, command) => {
      const { exerciseMeant, learner } = await import("../learner.ts");
      const { withExercise, writeProgress } = await import("../../exercises/progress.ts");
      const { progressFile } = await import("../paths.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const who = await learner(common);
      const exercise = await exerciseMeant(who, id);
      const { current } = who.progress;
      const progress = withExercise(who.progress, exercise.id, { sawSolution: true });
      await writeProgress(progressFile(), { ...progress, ...current === undefined ? {} : { current } });
      out.data({ id: exercise.id, script: exercise.script });
      out.note(words.intro);
      out.line(exercise.script.trimEnd());
    });
};
