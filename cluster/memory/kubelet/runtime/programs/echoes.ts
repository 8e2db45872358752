/** Programs that ask whether an address answers to an echo: `ping`, `traceroute`. */
import { fail, out, type Program, type ProgramContext, track } from "./program.ts";
import { addressOf, originOf } from "./reaching.ts";

/** A network without echoes answers none. */
const echoes = (address: string, context: ProgramContext): Promise<boolean> =>
  track(context, context.process.machine.config.network!.ping?.(originOf(context), address) ?? Promise.resolve(false));

const ping: Program = async (args, context) => {
  const option = (letter: string) => {
    const index = args.findIndex((arg) => arg.startsWith(`-${letter}`));
    return index < 0 ? undefined : Number(args[index].slice(2) || args[index + 1]);
  };
  const count = option("c") ?? Infinity;
  const [name = ""] = args.filter((arg, i) => !arg.startsWith("-") && !/^-[cwWi]$/.test(args[i - 1] ?? ""));
  const address = await addressOf(name, context);
  if (address === undefined) return await fail(context, `ping: bad address '${name}'`);
  await out(context, `PING ${name} (${address}): 56 data bytes\n`);
  let [sent, received] = [0, 0];
  const report = () =>
    out(
      context,
      `\n--- ${name} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${
        Math.round(100 * (1 - received / Math.max(1, sent)))
      }% packet loss\n${received > 0 ? "round-trip min/avg/max = 0.045/0.052/0.061 ms\n" : ""}`,
    );
  if (count === Infinity) context.process.repeat();
  context.process.trap("SIGINT", () => {
    void report();
    context.process.end({ code: received > 0 ? 0 : 1 });
  });
  while (sent < count) {
    sent++;
    if (await echoes(address, context)) {
      await out(context, `64 bytes from ${address}: seq=${received++} ttl=62 time=0.052 ms\n`);
    }
    if (sent < count) await context.process.sleep(1000);
  }
  await report();
  return received > 0 ? 0 : 1;
};

/** The way to an address: the node, and what is behind it. */
const traceroute: Program = async (args, context) => {
  const [name = ""] = args.filter((arg) => !arg.startsWith("-"));
  const address = await addressOf(name, context);
  if (address === undefined) return await fail(context, `traceroute: bad address '${name}'`);
  const { podIP } = context.process.machine.config;
  await out(context, `traceroute to ${name} (${address}), 30 hops max, 46 byte packets\n`);
  const gateway = podIP.replace(/\d+$/, "1");
  await out(context, ` 1  ${gateway} (${gateway})  0.004 ms  0.003 ms  0.002 ms\n`);
  if (await echoes(address, context)) await out(context, ` 2  ${address} (${address})  0.031 ms  0.028 ms  0.027 ms\n`);
  else for (let hop = 2; hop <= 30; hop++) await out(context, `${String(hop).padStart(2)}  *  *  *\n`);
  return 0;
};

export const ECHOES: Readonly<Record<string, Program>> = { ping, traceroute };
