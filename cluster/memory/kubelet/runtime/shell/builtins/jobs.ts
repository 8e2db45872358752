/** Builtins for processes: background jobs, and signals sent and caught. */
import { type Process, signalName, SIGNALS } from "../../process.ts";
import { type Builtin, complain, print } from "./builtin.ts";

/** The exit code of a process, as soon as it has ended. */
const codeOf = (process: Process): Promise<number> =>
  new Promise((resolve) => process.onExit(({ code }) => resolve(code)));

const trap: Builtin = async (call) => {
  const { shell, args } = call;
  const { traps } = shell.state;
  if (args.length === 0) {
    for (const [signal, script] of traps) await print(call, `trap -- '${script}' ${signal.replace("SIG", "")}\n`);
    return 0;
  }
  const [script, ...signals] = args[0] === "--" ? args.slice(1) : args;
  for (const given of signals) {
    const name = given === "0" || given === "EXIT" ? "EXIT" : signalName(given);
    if (name !== "EXIT" && SIGNALS[name] === undefined) {
      await complain(call, `trap: ${given}: invalid signal specification`);
      return 1;
    }
    if (script === "-") {
      traps.delete(name);
      shell.process.trap(name, undefined);
    } else {
      traps.set(name, script);
      if (name !== "EXIT") shell.process.trap(name, () => script === "" ? undefined : shell.traps.add(script));
    }
  }
  return 0;
};

const wait: Builtin = async ({ args, shell }) => {
  const { state } = shell;
  const wanted = args.length === 0
    ? state.jobs
    : state.jobs.filter(({ id, process }) => args.some((arg) => arg === `%${id}` || arg === String(process.pid)));
  if (args.length > 0 && wanted.length === 0) return 127;
  let status = 0;
  for (const { process } of wanted) {
    const code = await shell.process.wait(Promise.race([codeOf(process), shell.traps.arrival().then(() => -1)]));
    if (code === -1) return 143;
    status = code;
  }
  state.jobs = state.jobs.filter((job) => !wanted.includes(job));
  return args.length === 0 ? 0 : status;
};

const kill: Builtin = async (call) => {
  const { args, shell } = call;
  let signal = signalName("TERM");
  let code = 0;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "-l") {
      await print(call, `${Object.keys(SIGNALS).map((name) => name.slice(3)).join(" ")}\n`);
      return 0;
    }
    if (i === 0 && /^-\w/.test(arg)) {
      const given = arg === "-s" ? args[++i] : arg.slice(1);
      signal = signalName(given ?? "TERM");
      continue;
    }
    const job = shell.state.jobs.find(({ id }) => arg === `%${id}`)?.process;
    const process = job ?? shell.process.machine.processes.get(Number(arg));
    if (process === undefined) {
      await complain(call, `can't kill pid ${arg}: No such process`);
      code = 1;
    } else process.kill(signal);
  }
  return code;
};

const fg: Builtin = async ({ shell }) => {
  const job = shell.state.jobs.pop();
  return job === undefined ? 1 : await shell.process.wait(codeOf(job.process));
};

const jobs: Builtin = async (call) => {
  for (const { id, process, text } of call.shell.state.jobs) {
    await print(call, `[${id}]+  ${process.ended === undefined ? "Running" : "Done"}                 ${text}\n`);
  }
  return 0;
};

export const JOBS: Readonly<Record<string, Builtin>> = { bg: () => 0, fg, jobs, kill, trap, wait };
