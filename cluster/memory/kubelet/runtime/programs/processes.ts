/** Programs that end, find and use processes: `kill`, `pgrep`, `timeout`, `stress`. */
import { Process, signalName, SIGNALS } from "../process.ts";
import { ps, top } from "./process_list.ts";
import { duration, fail, out, type Program } from "./program.ts";
import { runProgram } from "./run.ts";

const kill: Program = async (args, context) => {
  let signal = signalName("TERM");
  for (const [i, arg] of args.entries()) {
    if (arg === "-l") {
      await out(context, `${Object.keys(SIGNALS).map((name) => name.slice(3)).join(" ")}\n`);
      return 0;
    }
    if (/^-\w/.test(arg)) signal = signalName(arg === "-s" ? args[i + 1] ?? "TERM" : arg.slice(1));
    else if (/^\d+$/.test(arg)) {
      const process = context.process.machine.processes.get(Number(arg));
      if (process === undefined) return await fail(context, `kill: can't kill pid ${arg}: No such process`);
      process.kill(signal);
    }
  }
  return 0;
};

const pgrep = (kills: boolean): Program => async (args, context) => {
  const pattern = args.filter((arg) => !arg.startsWith("-")).at(-1) ?? "";
  const full = args.some((arg) => /^-[a-z]*f/.test(arg));
  const signal = args.map((arg) => /^-([A-Z]+|\d+)$/.exec(arg)?.[1]).find(Boolean) ?? "TERM";
  const found = [...context.process.machine.processes.values()].filter((process) =>
    process !== context.process && (full ? process.argv.join(" ") : process.argv[0] ?? "").includes(pattern)
  );
  for (const process of found) {
    if (kills) process.kill(signalName(signal));
    else await out(context, `${process.pid}\n`);
  }
  return found.length > 0 ? 0 : 1;
};

const timeout: Program = async (args, context) => {
  const words = [...args];
  let signal = signalName("TERM");
  while (words[0]?.startsWith("-")) {
    const option = words.shift()!;
    if (option === "-s" || option === "-k") {
      signal = option === "-s" ? signalName(words.shift() ?? "TERM") : (words.shift(), signal);
    } else if (option === "-t") break;
  }
  const ms = duration(words.shift() ?? "");
  if (ms === undefined) return await fail(context, "timeout: invalid time interval", 125);
  const { process } = context;
  const child = new Process(process.machine, { parent: process, argv: words, terminal: process.options.terminal });
  let over = false;
  const timer = process.machine.clock.after(ms, () => {
    over = true;
    child.kill(signal);
  }, { background: process.repeats });
  try {
    const code = await process.wait(child.begin(() => runProgram(words, { ...context, process: child })));
    return over ? process.machine.config.image.repository.endsWith("busybox") ? 143 : 124 : code;
  } finally {
    timer.cancel();
    child.end({ code: 143 });
  }
};

const MEGABYTE = 1024 * 1024;
const BYTES: Readonly<Record<string, number>> = { B: 1, K: 1024, M: MEGABYTE, G: 1024 * MEGABYTE };

/** Uses memory and CPUs as told: `--vm 1 --vm-bytes 250M --cpu 2`, or vish's `-mem-total 250Mi -cpus 2`. */
const stress: Program = async (args, context) => {
  const { process } = context;
  const value = (names: readonly string[]) => {
    const long = args.find((arg) => names.some((name) => arg.startsWith(`${name}=`)));
    return long?.slice(long.indexOf("=") + 1) ?? args.find((_, i) => names.includes(args[i - 1]));
  };
  const size = /^(\d+)([BKMG]?)i?B?$/i.exec(value(["--vm-bytes", "-mem-total", "--mem-total"]) ?? "");
  const workers = Number(value(["--vm", "-m"]) ?? (size === null ? 0 : 1));
  const cpus = Number(value(["--cpu", "-c", "-cpus", "--cpus"]) ?? 0);
  await out(context, `stress: info: [${process.pid}] dispatching hogs: ${cpus} cpu, 0 io, ${workers} vm, 0 hdd\n`);
  process.cpu = Math.max(cpus, workers) * 1000;
  process.claim(workers * (size === null ? 256 * MEGABYTE : Number(size[1]) * BYTES[size[2].toUpperCase() || "B"]));
  const limit = duration(value(["--timeout", "-t"]) ?? "infinity") ?? Infinity;
  process.repeat();
  await process.sleep(limit === Infinity ? undefined : limit);
  await out(context, `stress: info: [${process.pid}] successful run completed in ${limit / 1000}s\n`);
  return 0;
};

export const PROCESSES: Readonly<Record<string, Program>> = {
  ps,
  kill,
  pgrep: pgrep(false),
  pkill: pgrep(true),
  killall: pgrep(true),
  timeout,
  stress,
  top,
};
