import { commonOptions, outputFor } from "../options.ts";
import { parsers } from "../option_values.ts";
import type { AddCommand } from "../program.ts";

/** `drydock down`: stops a memory cluster, and removes what a dead one left. */
export const down: AddCommand = (program, { messages }) => {
  const { about, options, down: words } = messages;
  program.command("down").description(about.down)
    .option("--name <name>", options.name, parsers(messages).name)
    .option("--all", options.all)
    .action(async ({ name, all }, command) => {
      const { DEFAULT_NAME, readRecord, recorded } = await import("../../cluster/background/record.ts");
      const { stop } = await import("../../cluster/background/launch.ts");
      const { clustersFolder } = await import("../paths.ts");
      const out = outputFor(commonOptions(command));
      const folder = clustersFolder();
      const one = name ?? DEFAULT_NAME;
      const records = all
        ? await recorded(folder)
        : [await readRecord(folder, one)].filter((found) => found !== undefined);

      const stopped: string[] = [];
      for (const record of records) if (await stop(folder, record)) stopped.push(record.name);
      out.data({ stopped });
      for (const each of stopped) out.line(words.stopped(each));
      if (stopped.length === 0) out.line(words.notRunning(one));
    });
};
