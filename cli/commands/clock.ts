import { Problem } from "../../cluster/problem.ts";
import { message } from "../messages/messages.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock clock [+6m]`: shows or moves a memory cluster's time. */
export const clock: AddCommand = (program, { messages: { about, arguments: args, options, clock: words } }) => {
  program.command("clock").description(about.clock)
    .argument("[step]", args.step)
    .option("--name <name>", options.name)
    .action(async (step, { name }, command) => {
      const { controlCluster } = await import("../../cluster/background/control.ts");
      const { clustersFolder } = await import("../paths.ts");
      const { durationArgument } = await import("../object_argument.ts");
      const out = outputFor(commonOptions(command));
      const ms = step === undefined ? 0 : durationArgument(step);
      if (ms === undefined) throw new Problem("usage", message(({ clock }) => clock.badStep(step!)));
      await using control = await controlCluster(clustersFolder(), name);
      const now = step === undefined ? await control.now() : await control.advance(ms);
      out.data({ now: new Date(now).toISOString() });
      out.line(words.now(new Date(now).toISOString()));
    });
};
