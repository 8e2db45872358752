import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock cleanup`: removes from the cluster all that Drydock made there, and nothing else. */
export const cleanup: AddCommand = (program, { messages: { about, cleanup: words }, signal }) => {
  program.command("cleanup").description(about.cleanup)
    .action(async (_options, command) => {
      const { learner, openFor } = await import("../learner.ts");
      const { loadExercise } = await import("../../exercises/catalogue.ts");
      const { remove } = await import("../../exercises/lifecycle.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      const { catalogue } = await learner(common);
      await using opened = await openFor(common, out, { changes: true, otherwise: "refuse", signal });
      const removed: string[] = [];
      for (const entry of catalogue.exercises) {
        removed.push(...await remove(opened.cluster, await loadExercise(entry), { signal }));
      }
      out.data({ removed });
      for (const what of removed) out.line(words.removed(what));
      if (removed.length === 0) out.line(words.nothing);
    });
};
