import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock hint`: one more hint each time, among those that fit the state of the work. */
export const hint: AddCommand = (program, { messages: { about, arguments: args, hint: words }, signal }) => {
  program.command("hint").description(about.hint)
    .argument("[id]", args.currentId)
    .action(async (id, _options, command) => {
      const { exerciseMeant, learner, mustBeStarted, openFor } = await import("../learner.ts");
      const { nextHint } = await import("../../exercises/hints.ts");
      const { withExercise, writeProgress } = await import("../../exercises/progress.ts");
      const { progressFile } = await import("../paths.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const who = await learner(common);
      const exercise = await exerciseMeant(who, id);
      await using opened = await openFor(common, out, { changes: false, otherwise: "refuse", signal });
      await mustBeStarted(opened, exercise);

      const shown = who.progress.exercises[exercise.id]?.hints ?? [];
      const hint = await nextHint(opened.cluster, exercise, shown);
      if (hint !== undefined) {
        const hints = [...shown, hint.index];
        await writeProgress(progressFile(), withExercise(who.progress, exercise.id, { hints }));
      }
      const before = shown.map((index) => exercise.hints[index]?.text).filter((text) => text !== undefined);
      out.data({ id: exercise.id, hint: hint?.text ?? null, before });
      if (hint !== undefined) return out.line(hint.text);
      out.note(words.none);
      for (const text of before) out.line(`- ${out.say(text)}`);
    });
};
