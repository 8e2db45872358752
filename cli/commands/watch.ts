import process from "node:process";
import { Problem } from "../../cluster/problem.ts";
import { message } from "../messages/messages.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock watch`: checks again at every change of the cluster; keys go on, hint, reset and quit. */
export const watch: AddCommand = (program, { messages, signal }) => {
  const { about, arguments: args } = messages;
  program.command("watch").description(about.watch)
    .argument("[id]", args.currentId)
    .action(async (id, _options, command) => {
      const { exerciseMeant, learner, openFor } = await import("../learner.ts");
      const { nextExercise } = await import("../../exercises/progress.ts");
      const { progressFile } = await import("../paths.ts");
      const { terminalKeys } = await import("../keys.ts");
      const { openScreen } = await import("../watch_screen.ts");
      const { runSession } = await import("../watch_session.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      if (!process.stdin.isTTY || !process.stdout.isTTY || out.json) {
        throw new Problem("usage", message(({ watch }) => watch.notTerminal));
      }
      const who = await learner(common);
      const first = id ?? who.progress.current ?? nextExercise(who.catalogue.exercises, who.progress)?.id;
      const exercise = await exerciseMeant(who, first);
      await using opened = await openFor(common, out, {
        changes: true,
        otherwise: "launch",
        requires: exercise.requires,
        signal,
      });
      using keys = terminalKeys();
      using screen = openScreen();
      await runSession({
        cluster: opened.cluster,
        catalogue: who.catalogue,
        progressFile: progressFile(),
        out,
        messages,
        signal,
        draw: screen.draw,
        listen: keys.listen,
      }, exercise);
    });
};
