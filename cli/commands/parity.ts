import { Problem } from "../../cluster/problem.ts";
import { EXIT } from "../exit_code.ts";
import { message } from "../messages/messages.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock parity --context C`: the exercises' verdicts on the memory cluster and on another, differences first. */
export const parity: AddCommand = (program, { messages: { about, arguments: args, author }, signal, exit }) => {
  const words = author.parity;
  program.command("parity").description(about.parity)
    .argument("[ids...]", args.ids)
    .action(async (ids, _options, command) => {
      const { learner, openFor } = await import("../learner.ts");
      const { findExercise, loadExercise } = await import("../../exercises/catalogue.ts");
      const { comparison, inOrder } = await import("../../exercises/parity.ts");
      const { parityLines } = await import("../parity_text.ts");
      const common = commonOptions(command);
      const out = outputFor(common);
      if (common.context === undefined) {
        throw new Problem("usage", message(({ author }) => author.parity.needsContext));
      }
      const { catalogue } = await learner(common);
      const chosen = ids.length > 0 ? ids : catalogue.exercises.map(({ id }) => id);
      const exercises = await Promise.all(chosen.map((id) => loadExercise(findExercise(catalogue, id))));

      await using other = await openFor(common, out, { changes: true, otherwise: "refuse", signal });
      await using memory = await openFor({}, out, {
        changes: true,
        otherwise: "in-process",
        fresh: true,
        requires: exercises.flatMap(({ requires }) => requires),
        signal,
      });
      const rows = [];
      for (const exercise of exercises) {
        signal.throwIfAborted();
        out.note(words.running(exercise.id));
        rows.push(await comparison(memory.cluster, other.cluster, exercise, { signal }));
      }
      const differing = rows.filter(({ differs }) => differs).length;
      out.data(inOrder(rows));
      for (const line of parityLines(inOrder(rows), [words.exercise, words.memory, common.context], out)) {
        out.line(line);
      }
      out.note(words.differences(differing, rows.length));
      exit(differing === 0 ? EXIT.passed : EXIT.notPassed);
    });
};
