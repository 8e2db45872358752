/** What a shell does itself, because it is about the shell. */
import { FileError } from "../files/entry.ts";
import { normalize } from "../files/file_system.ts";
import { signalName, SIGNALS } from "../process.ts";
import { decodeText, encodeText } from "../streams.ts";
import { hasProgram } from "../programs/names.ts";
import type { Shell } from "./interpreter.ts";
import { type Descriptors, Exit, LoopControl, Return } from "./state.ts";
import { test, TestError } from "./test_command.ts";

export interface BuiltinCall {
  readonly args: readonly string[];
  readonly shell: Shell;
  readonly open: Descriptors;
  /** Without the call's own redirections. */
  readonly outer: Descriptors;
}

type Builtin = (call: BuiltinCall) => number | Promise<number>;

const print = async ({ open }: BuiltinCall, text: string) => void await open.get(1)?.sink?.write(encodeText(text));
const complain = ({ shell, open }: BuiltinCall, text: string) => shell.complain(text, open);

function declare(call: BuiltinCall, change: (name: string) => void): number {
  const { state } = call.shell;
  for (const arg of call.args) {
    if (arg.startsWith("-")) continue;
    const [, name, append, value] = /^(\w+)(\+?)(?:=([^]*))?$/.exec(arg) ?? [];
    if (name === undefined) throw new Exit(2, `${arg}: bad variable name`);
    change(name);
    if (value !== undefined) state.set(name, append ? `${state.get(name) ?? ""}${value}` : value);
  }
  return 0;
}

const local: Builtin = (call) => {
  const { state } = call.shell;
  const covered = state.locals.at(-1);
  return declare(call, (name) => {
    if (covered === undefined || covered.has(name)) return;
    const before = state.variables.get(name);
    covered.set(name, before === undefined ? undefined : { ...before });
    if (before !== undefined) state.unset(name);
  });
};

const exported: Builtin = async (call) => {
  const { state } = call.shell;
  if (call.args.length === 0 || call.args[0] === "-p") {
    for (const [name, value] of [...state.environment()].sort(([a], [b]) => a < b ? -1 : 1)) {
      await print(call, `export ${name}='${value}'\n`);
    }
    return 0;
  }
  const removes = call.args[0] === "-n";
  const code = declare(call, () => {});
  for (const arg of call.args) {
    const [name] = arg.split(/\+?=/);
    if (name.startsWith("-")) continue;
    const variable = state.variables.get(name);
    state.set(name, variable?.value ?? "", !removes);
  }
  return code;
};

const set: Builtin = async (call) => {
  const { state } = call.shell;
  const { args } = call;
  if (args.length === 0) {
    for (const [name, { value }] of [...state.variables].sort(([a], [b]) => a < b ? -1 : 1)) {
      await print(call, `${name}='${Array.isArray(value) ? value.join(" ") : value}'\n`);
    }
    return 0;
  }
  const names: Readonly<Record<string, keyof typeof state.options>> = {
    e: "errexit",
    u: "nounset",
    x: "xtrace",
    f: "noglob",
    errexit: "errexit",
    nounset: "nounset",
    xtrace: "xtrace",
    pipefail: "pipefail",
    noglob: "noglob",
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--" || !/^[-+]/.test(arg)) {
      state.positional = args.slice(arg === "--" ? i + 1 : i);
      return 0;
    }
    const on = arg[0] === "-";
    for (const letter of arg.slice(1)) {
      const name = letter === "o" ? names[args[++i] ?? ""] : names[letter];
      if (name !== undefined) state.options[name] = on;
    }
  }
  return 0;
};

const cd: Builtin = async (call) => {
  const { state } = call.shell;
  const asked = call.args.find((arg) => arg === "-" || !arg.startsWith("-")) ?? state.get("HOME") ?? "/";
  const target = asked === "-" ? state.get("OLDPWD") ?? state.cwd : asked;
  const path = normalize(state.cwd, target) || "/";
  try {
    const entry = call.shell.process.machine.files.stat(path);
    if (entry.kind !== "folder") throw new FileError("ENOTDIR", path);
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    await complain(call, `cd: can't cd to ${target}: ${error.reason}`);
    return 2;
  }
  state.set("OLDPWD", state.cwd);
  state.cwd = path;
  state.set("PWD", path);
  if (asked === "-") await print(call, `${path}\n`);
  return 0;
};

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
    const ended = new Promise<number>((resolve) => process.onExit(({ code }) => resolve(code)));
    const code = await shell.process.wait(Promise.race([ended, shell.traps.arrival().then(() => -1)]));
    if (code === -1) return 143;
    status = code;
  }
  state.jobs = state.jobs.filter((job) => !wanted.includes(job));
  return args.length === 0 ? 0 : status;
};

/** Characters of a line from which on the shell says how much memory it uses. */
const NOTICED = 1 << 16;

const read: Builtin = async ({ args, shell, open }) => {
  const names: string[] = [];
  let [raw, limit, prompt, timeout] = [false, Infinity, "", undefined as number | undefined];
  for (let i = 0; i < args.length; i++) {
    const [, flags, letter, attached] = /^-([a-z]*?)(?:([pntdu])(.*))?$/.exec(args[i]) ?? [];
    if (flags === undefined) {
      names.push(args[i]);
      continue;
    }
    raw ||= flags.includes("r");
    if (letter === undefined) continue;
    const value = attached || (args[++i] ?? "");
    if (letter === "p") prompt = value;
    else if (letter === "n") limit = Number(value);
    else if (letter === "t") timeout = Number(value) * 1000;
  }
  const source = open.get(0)?.source;
  if (prompt !== "" && source?.isTerminal) await open.get(2)?.sink?.write(encodeText(prompt));
  const { state, process } = shell;
  let line = "";
  let ended = false;
  const end = process.repeat();
  const timer = timeout === undefined ? undefined : process.sleep(timeout).then(() => undefined);
  try {
    for (;;) {
      const chunk = source === undefined
        ? undefined
        : await process.wait(timer === undefined ? source.read() : Promise.race([source.read(), timer]));
      if (chunk === undefined) {
        ended = true;
        break;
      }
      const found = chunk.indexOf("\n");
      const newline = found < 0 ? -1 : line.length + found;
      line += chunk;
      // Who never ends a line fills the memory, and takes its time for it.
      if (line.length > NOTICED) process.use(line.length);
      const pause = process.step();
      if (pause !== undefined) await pause;
      const stop = newline < 0 ? limit : Math.min(newline, limit);
      if (line.length < stop || stop === Infinity) continue;
      source!.unread(line.slice(stop === newline ? stop + 1 : stop));
      line = line.slice(0, stop);
      break;
    }
  } finally {
    end();
  }
  let text = decodeText(line);
  if (!raw) text = text.replaceAll(/\\([^])/g, "$1");
  const ifs = state.get("IFS") ?? " \t\n";
  const isBlank = (character: string) => ifs.includes(character);
  const targets = names.length === 0 ? ["REPLY"] : names;
  for (const [i, name] of targets.entries()) {
    while (text !== "" && isBlank(text[0]) && /\s/.test(text[0])) text = text.slice(1);
    if (i === targets.length - 1) {
      while (text !== "" && isBlank(text.at(-1)!) && /\s/.test(text.at(-1)!)) text = text.slice(0, -1);
      state.set(name, text);
      break;
    }
    let stop = 0;
    while (stop < text.length && !isBlank(text[stop])) stop++;
    state.set(name, text.slice(0, stop));
    text = text.slice(stop + 1);
  }
  return ended ? 1 : 0;
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

const command: Builtin = async (call) => {
  const { args, shell, open } = call;
  if (args[0] !== "-v" && args[0] !== "-V") return args.length === 0 ? 0 : await runWords(call, args, open);
  const name = args[1] ?? "";
  const known = shell.state.functions.has(name) || BUILTINS[name] !== undefined;
  const path = known ? name : hasProgram(shell.process.machine, name) ? `/bin/${name}` : undefined;
  if (path === undefined) return 127;
  await print(call, `${path}\n`);
  return 0;
};

async function runWords({ shell, outer }: BuiltinCall, words: readonly string[], open: Descriptors): Promise<number> {
  const builtin = BUILTINS[words[0]];
  return builtin === undefined
    ? await shell.program(words, open)
    : await builtin({ args: words.slice(1), shell, open, outer });
}

const testing: Builtin = async (call) => {
  try {
    return test(call.args, call.shell.state) ? 0 : 1;
  } catch (error) {
    if (!(error instanceof TestError)) throw error;
    await complain(call, error.message);
    return 2;
  }
};

const source: Builtin = async (call) => {
  const { shell, args, open } = call;
  const text = shell.process.machine.files.readText(normalize(shell.state.cwd, args[0] ?? ""));
  if (text === undefined) throw new Exit(2, `.: can't open '${args[0] ?? ""}': No such file or directory`);
  try {
    return await shell.runText(text, open);
  } catch (error) {
    if (error instanceof Return) return error.code;
    throw error;
  }
};

export const BUILTINS: Readonly<Record<string, Builtin>> = Object.assign(Object.create(null), {
  ":": () => 0,
  "[": (call: BuiltinCall) => testing({ ...call, args: call.args.at(-1) === "]" ? call.args.slice(0, -1) : call.args }),
  test: testing,
  ".": source,
  source,
  alias: ({ args, shell }: BuiltinCall) => {
    for (const arg of args) {
      const [name, ...value] = arg.split("=");
      shell.state.aliases.set(name, value.join("="));
    }
    return 0;
  },
  unalias: ({ args, shell }: BuiltinCall) => (args.forEach((name) => shell.state.aliases.delete(name)), 0),
  break: ({ args }: BuiltinCall) => {
    throw new LoopControl("break", Number(args[0] ?? 1));
  },
  continue: ({ args }: BuiltinCall) => {
    throw new LoopControl("continue", Number(args[0] ?? 1));
  },
  cd,
  command,
  builtin: (call: BuiltinCall) => runWords(call, call.args, call.open),
  declare: (call: BuiltinCall) => call.shell.state.locals.length > 0 ? local(call) : declare(call, () => {}),
  typeset: (call: BuiltinCall) => declare(call, () => {}),
  eval: ({ args, shell, open }: BuiltinCall) => shell.runText(args.join(" "), open),
  exec: async ({ args, shell, open, outer }: BuiltinCall) => {
    if (args.length === 0) {
      // Redirections of the shell itself.
      for (const [number, file] of open) (outer as Map<number, typeof file>).set(number, file);
      return 0;
    }
    shell.state.traps.delete("EXIT");
    // A program takes the place of the shell: its signals are the program's from now on.
    throw new Exit(await shell.runProgram(args, shell.contextFor(shell.process, open)));
  },
  exit: ({ args, shell }: BuiltinCall) => {
    throw new Exit((args[0] === undefined ? shell.state.status : Number(args[0])) & 255);
  },
  export: exported,
  fg: async ({ shell }: BuiltinCall) => {
    const job = shell.state.jobs.pop();
    return job === undefined
      ? 1
      : await shell.process.wait(new Promise<number>((resolve) => job.process.onExit(({ code }) => resolve(code))));
  },
  bg: () => 0,
  hash: () => 0,
  jobs: async (call: BuiltinCall) => {
    for (const { id, process, text } of call.shell.state.jobs) {
      await print(call, `[${id}]+  ${process.ended === undefined ? "Running" : "Done"}                 ${text}\n`);
    }
    return 0;
  },
  kill,
  local,
  read,
  readonly: (call: BuiltinCall) => {
    const code = declare(call, () => {});
    for (const arg of call.args) {
      const variable = call.shell.state.variables.get(arg.split("=")[0]);
      if (variable !== undefined) (variable as { readonly?: boolean }).readonly = true;
    }
    return code;
  },
  return: ({ args, shell }: BuiltinCall) => {
    throw new Return(Number(args[0] ?? shell.state.status) & 255);
  },
  set,
  shift: ({ args, shell }: BuiltinCall) => {
    const count = Number(args[0] ?? 1);
    if (count > shell.state.positional.length) return 1;
    shell.state.positional = shell.state.positional.slice(count);
    return 0;
  },
  shopt: () => 0,
  times: () => 0,
  trap,
  type: async (call: BuiltinCall) => {
    const [name = ""] = call.args;
    const { shell } = call;
    const what = shell.state.functions.has(name)
      ? "is a function"
      : BUILTINS[name] !== undefined
      ? "is a shell builtin"
      : hasProgram(shell.process.machine, name)
      ? `is /bin/${name}`
      : undefined;
    await print(call, `${name}${what === undefined ? ": not found" : ` ${what}`}\n`);
    return what === undefined ? 127 : 0;
  },
  ulimit: async (call: BuiltinCall) => (await print(call, "unlimited\n"), 0),
  umask: async (call: BuiltinCall) => (call.args.length === 0 ? await print(call, "0022\n") : undefined, 0),
  unset: ({ args, shell }: BuiltinCall) => {
    for (const name of args) {
      if (name === "-v" || name === "-f") continue;
      shell.state.unset(name);
      shell.state.functions.delete(name);
    }
    return 0;
  },
  wait,
});
