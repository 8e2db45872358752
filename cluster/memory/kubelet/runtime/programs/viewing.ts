/** Programs with which people look at files, and those of them that would want a whole screen. */
import { pythonHttpServer } from "../../images/demo_apps.ts";
import { Process } from "../process.ts";
import { FLOWING } from "./flowing.ts";
import { fail, out, pathOf, type Program, type ProgramContext, track } from "./program.ts";
import { addressOf, lookUp, originOf } from "./reaching.ts";
import { serve } from "./server.ts";

/** `less` and `more`: all at once, as they do where their output is no terminal. */
const pager: Program = (args, context) => FLOWING.cat(args.filter((arg) => !/^[-+]./.test(arg)), context);

/** An editor would take over the terminal. What helps instead is said. */
const editor = (name: string): Program => (args, context) =>
  fail(
    context,
    `${name}: editing on the screen is not simulated in this container; write the file instead: ` +
      `cat > ${args.find((arg) => !arg.startsWith("-")) ?? "FILE"} <<EOF`,
  );

/** `httpd -f -p 8080 -h /www`, as busybox has it. */
const httpd: Program = async (args, context) => {
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

/** `getent hosts web`, `getent passwd root` */
const getent: Program = async (args, context) => {
  const [database, ...keys] = args;
  if (database === "hosts" || database === "ahosts" || database === "ahostsv4") {
    for (const key of keys) {
      const { records, name } = await lookUp(key, context);
      const addresses = records.filter(({ type }) => type === "A").map(({ value }) => value);
      if (addresses.length === 0) return 2;
      for (const address of addresses) {
        const line = database === "hosts" ? `${address.padEnd(15)} ${name}` : `${address.padEnd(15)} STREAM ${key}`;
        await out(context, `${line}\n`);
      }
    }
    return 0;
  }
  if (database !== "passwd" && database !== "group") {
    return await fail(context, `getent: unknown database: ${database ?? ""}`, 1);
  }
  const lines = (context.process.machine.files.readText(`/etc/${database}`) ?? "").split("\n").filter((one) =>
    one !== ""
  );
  const found = lines.filter((line) =>
    keys.length === 0 || keys.some((key) => line.split(":")[0] === key || line.split(":")[2] === key)
  );
  await out(context, found.map((line) => `${line}\n`).join(""));
  return found.length > 0 ? 0 : 2;
};

/** The way to an address: the node, and what is behind it. */
const traceroute: Program = async (args, context) => {
  const [name = ""] = args.filter((arg) => !arg.startsWith("-"));
  const address = await addressOf(name, context);
  if (address === undefined) return await fail(context, `traceroute: bad address '${name}'`);
  const { network, podIP } = context.process.machine.config;
  await out(context, `traceroute to ${name} (${address}), 30 hops max, 46 byte packets\n`);
  const gateway = podIP.replace(/\d+$/, "1");
  await out(context, ` 1  ${gateway} (${gateway})  0.004 ms  0.003 ms  0.002 ms\n`);
  const reached = await track(context, network!.ping?.(originOf(context), address) ?? Promise.resolve(false));
  if (reached) await out(context, ` 2  ${address} (${address})  0.031 ms  0.028 ms  0.027 ms\n`);
  else for (let hop = 2; hop <= 30; hop++) await out(context, `${String(hop).padStart(2)}  *  *  *\n`);
  return 0;
};

export const VIEWING: Readonly<Record<string, Program>> = {
  less: pager,
  more: pager,
  vi: editor("vi"),
  vim: editor("vim"),
  nano: editor("nano"),
  httpd,
  getent,
  traceroute,
};
