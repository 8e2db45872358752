import { parsers } from "../option_values.ts";
import type { AddCommand } from "../program.ts";

/** `drydock run -- COMMAND`: a cluster for the life of one command. */
export const run: AddCommand = (program, { messages, ignoreSignals, exit }) => {
  const { about, arguments: args, options } = messages;
  const parse = parsers(messages);
  program.command("run").description(about.run)
    .usage("[options] -- COMMAND [ARGUMENTS…]")
    .argument("<command...>", args.command)
    .option("--nodes <names>", options.nodes, parse.names)
    .option("--token <token>", options.token)
    .option("--components <names>", options.components, parse.components)
    .option("--speed <factor>", options.speed, parse.speed)
    .option("--with <add-ons>", options.with, parse.addons)
    .option("--load-balancers <range>", options.loadBalancers, parse.range)
    .option("--node-ports", options.nodePorts)
    .action(async ([program, ...rest], serving) => {
      const { runWithCluster } = await import("../run_command.ts");
      // The terminal sends Ctrl-C to the command too, and it is the command that decides what it means.
      ignoreSignals();
      exit(await runWithCluster([program, ...rest], serving));
    });
};
