import { EXIT } from "../exit_code.ts";
import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock why pod/NAME`: the scheduler's reasons, node by node. */
export const why: AddCommand = (program, { messages: { about, arguments: args, options, why: words }, exit }) => {
  program.command("why").description(about.why)
    .argument("<pod>", args.pod)
    .option("-n, --namespace <namespace>", options.namespace)
    .option("--name <name>", options.name)
    .action(async (pod, { namespace, name }, command) => {
      const { controlCluster } = await import("../../cluster/background/control.ts");
      const { clustersFolder } = await import("../paths.ts");
      const { objectArgument } = await import("../object_argument.ts");
      const out = outputFor(commonOptions(command));
      const object = objectArgument(pod.includes("/") ? pod : `pod/${pod}`, namespace);
      await using control = await controlCluster(clustersFolder(), name);
      const nodes = await control.why(object);
      out.data(nodes);
      for (const { node, refused, scores = {}, total } of nodes) {
        if (refused !== undefined) {
          out.line(`${out.style("red", "✗")} ${node}  ${words.refused(refused.plugin)} ${refused.reasons.join("; ")}`);
          continue;
        }
        out.line(`${out.style("green", "✓")} ${node}  ${words.total(total ?? 0)}`);
        for (const [plugin, score] of Object.entries(scores)) out.line(`    ${plugin.padEnd(34)} ${score}`);
      }
      if (nodes.every(({ refused }) => refused !== undefined)) {
        out.line(words.nowhere);
        exit(EXIT.notPassed);
      }
    });
};
