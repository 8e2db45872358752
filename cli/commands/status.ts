import { commonOptions, outputFor } from "../options.ts";
import type { AddCommand } from "../program.ts";

/** `drydock status`: the memory clusters of this machine. */
export const status: AddCommand = (program, { messages: { about, status: words } }) => {
  program.command("status").description(about.status)
    .action(async (_options, command) => {
      const { isRunning, recorded } = await import("../../cluster/background/record.ts");
      const { clustersFolder } = await import("../paths.ts");
      const { exportLine } = await import("../kubectl_setup.ts");
      const out = outputFor(commonOptions(command));
      const records = await recorded(clustersFolder());
      const alive = await Promise.all(records.map(isRunning));

      out.data(records.map(({ name, context, server, kubeconfig, nodes, speed, started, pid }, i) => ({
        name,
        context,
        server,
        kubeconfig,
        nodes,
        speed,
        started,
        pid,
        running: alive[i],
      })));
      for (const [i, { context, server, started, kubeconfig }] of records.entries()) {
        if (!alive[i]) out.line(words.dead(context));
        else {
          out.line(words.row(context, server, new Date(started).toLocaleString(out.language)));
          out.line(`  ${exportLine(kubeconfig)}`);
        }
      }
      if (records.length === 0) out.line(words.none);
    });
};
