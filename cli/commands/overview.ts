import { nearest } from "../../checks/nearest.ts";
import { Problem } from "../../cluster/problem.ts";
import { message } from "../messages/messages.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock` alone: where the learner stands, and what to do next. Any other word is a command that does not exist. */
export const overview: AddCommand = (program, { messages: { progress: words } }) => {
  program.allowExcessArguments().action(async (_options, command) => {
    const [word] = command.args as readonly string[];
    if (word !== undefined) throw unknownCommand(word, program.commands.map((one) => one.name()));
    const { learner } = await import("../learner.ts");
    const { nextExercise } = await import("../../exercises/progress.ts");
    const common = commonOptions(command);
    const out = outputFor(common);
    const { catalogue: { exercises }, progress } = await learner(common);
    const passed = exercises.filter(({ id }) => progress.exercises[id]?.passed).length;
    const current = exercises.find(({ id }) => id === progress.current);
    const isOpen = current !== undefined && progress.exercises[current.id]?.passed !== true;
    const next = nextExercise(exercises, progress, progress.current);

    out.data({ passed, of: exercises.length, current: current?.id ?? null, next: next?.id ?? null });
    out.line(words.row(passed, exercises.length));
    if (isOpen) {
      out.line(words.current(current.id, out.say(current.title)));
      out.line(words.goOn);
    } else if (progress.current === undefined) out.line(words.begin);
    else if (next !== undefined) out.line(words.nextUp(next.id, out.say(next.title)));
  });
};

function unknownCommand(word: string, commands: readonly string[]): Problem {
  const meant = nearest(word, commands);
  return new Problem(
    "usage",
    message(({ errors }) => errors.unknownCommand(word)),
    message(({ errors }) => meant === undefined ? errors.seeHelp : errors.didYouMean(`drydock ${meant}`)),
  );
}
