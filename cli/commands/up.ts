import { exportLine } from "../kubectl_setup.ts";
import { commonOptions, outputFor } from "../options.ts";
import { parsers } from "../option_values.ts";
import type { AddCommand } from "../program.ts";

/** `drydock up`: a memory cluster that goes on when the command ends. */
export const up: AddCommand = (program, { messages, ignoreSignals, signal }) => {
  const { about, options, up: words, errors } = messages;
  const parse = parsers(messages);
  program.command("up").description(about.up)
    .option("--foreground", options.foreground)
    .option("--name <name>", options.name, parse.name)
    .option("--port <port>", options.port, parse.port)
    .option("--kubeconfig <file>", options.kubeconfig)
    .option("--nodes <names>", options.nodes, parse.names)
    .option("--token <token>", options.token)
    .option("--components <names>", options.components, parse.components)
    .option("--speed <factor>", options.speed, parse.speed)
    .option("--with <add-ons>", options.with, parse.addons)
    .option("--load-balancers <range>", options.loadBalancers, parse.range)
    .option("--node-ports", options.nodePorts)
    .action(async ({ foreground, ...serving }, command) => {
      const { DEFAULT_NAME, isRunning, readRecord } = await import("../../cluster/background/record.ts");
      const { clustersFolder, imagesFolder, keysFolder } = await import("../paths.ts");
      const out = outputFor(commonOptions(command));
      const folder = clustersFolder();
      const { name = DEFAULT_NAME } = serving;

      const show = (
        { name, server, nodes, kubeconfig, context, pid }: Awaited<ReturnType<typeof readRecord>> & object,
      ) => {
        out.data({ name, server, nodes, kubeconfig, context, pid });
        out.note(words.running(name, server, nodes.join(", ")));
        out.line(exportLine(kubeconfig));
      };
      const record = await readRecord(folder, name);
      if (record !== undefined && await isRunning(record)) {
        out.note(errors.alreadyUp(name));
        return show(record);
      }
      if (foreground) {
        const { serve } = await import("../../cluster/background/serve.ts");
        const { readImageFolder } = await import("../../checks/images/image_folder.ts");
        const { untilEnded } = await import("../signals.ts");
        const images = await readImageFolder(imagesFolder());
        ignoreSignals();
        const ended = untilEnded();
        await using served = await serve(folder, { ...serving, name, keys: keysFolder(name), images });
        show(served.record);
        out.note(words.stopHint);
        await ended;
        return;
      }
      const { launch } = await import("../../cluster/background/launch.ts");
      const { serveArguments, serveCommand } = await import("../own_command.ts");
      show(
        await launch(folder, {
          name,
          command: serveCommand(out.language, serveArguments({ ...serving, name })),
          signal,
        }),
      );
    });
};
