import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock trace deploy/web`: what happened to an object, and who did it. */
export const trace: AddCommand = (program, { messages: { about, arguments: args, options, trace: words } }) => {
  program.command("trace").description(about.trace)
    .argument("<object>", args.object)
    .option("-n, --namespace <namespace>", options.namespace)
    .option("--name <name>", options.name)
    .action(async (object, { namespace, name }, command) => {
      const { controlCluster } = await import("../../cluster/background/control.ts");
      const { clustersFolder } = await import("../paths.ts");
      const { objectArgument } = await import("../object_argument.ts");
      const { describeStep } = await import("../trace_text.ts");
      const out = outputFor(commonOptions(command));
      await using control = await controlCluster(clustersFolder(), name);
      const steps = await control.trace(objectArgument(object, namespace));
      out.data(steps);
      if (steps.length === 0) return out.line(words.nothing);
      const [{ time: start }] = steps;
      out.line(words.begin(new Date(start).toISOString()));
      for (const step of steps) {
        const [head, ...details] = describeStep(step, words);
        out.line(`${out.style("dim", `+${((step.time - start) / 1000).toFixed(3)}s`.padStart(10))}  ${head}`);
        for (const detail of details) out.line(`${" ".repeat(12)}${out.style("dim", detail)}`);
      }
    });
};
