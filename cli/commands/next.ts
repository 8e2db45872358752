import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock next`: the next exercise that is not passed yet. Moving on is the learner's decision, never automatic. */
export const next: AddCommand = (program, { messages, signal }) => {
  const { about, next: words } = messages;
  program.command("next").description(about.next)
    .action(async (_options, command) => {
      const { exerciseMeant, learner, openFor } = await import("../learner.ts");
      const { nextExercise } = await import("../../exercises/progress.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const who = await learner(common);
      const chosen = nextExercise(who.catalogue.exercises, who.progress, who.progress.current);
      if (chosen === undefined) {
        out.data({ id: null });
        return out.line(words.allPassed);
      }
      const exercise = await exerciseMeant(who, chosen.id);
      const { beginExercise } = await import("../begin.ts");
      await using opened = await openFor(common, out, {
        changes: true,
        otherwise: "launch",
        requires: exercise.requires,
        signal,
      });
      await beginExercise(opened.cluster, exercise, out, messages, { signal });
    });
};
