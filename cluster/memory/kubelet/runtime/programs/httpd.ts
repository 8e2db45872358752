/** busybox' web server, started from a shell. */
import { pythonHttpServer } from "../../images/python_http_server.ts";
import { Process } from "../process.ts";
import { pathOf, type Program, type ProgramContext } from "./program.ts";
import { serve } from "./server.ts";

/** `httpd -f -p 8080 -h /www`, as busybox has it. */
export const httpd: Program = async (args, context) => {
  const option = (letter: string) => {
    const index = args.findIndex((arg) => arg.startsWith(`-${letter}`));
    return index < 0 ? undefined : args[index].slice(2) || args[index + 1];
  };
  const port = Number(/(\d+)$/.exec(option("p") ?? "80")?.[1] ?? 80);
  const folder = pathOf(context, option("h") ?? ".");
  const server = pythonHttpServer(port, folder === "/" ? "" : folder, "");
  if (args.some((arg) => /^-[vi]*f/.test(arg))) return await serve(server, "httpd", [], context);
  return inBackground((background) => serve(server, "httpd", [], background), context);
};

/** Goes on by itself, below the container's first process. */
function inBackground(run: (context: ProgramContext) => Promise<number>, context: ProgramContext): number {
  const { machine } = context.process;
  const process = new Process(machine, { argv: context.process.argv, background: true });
  void process.begin(() => run({ ...context, process }));
  return 0;
}
