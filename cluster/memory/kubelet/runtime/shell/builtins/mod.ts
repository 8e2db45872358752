/** What a shell does itself, because it is about the shell. */
import { FileError } from "../../files/entry.ts";
import { normalize } from "../../files/file_system.ts";
import { hasProgram } from "../../programs/names.ts";
import { type Descriptors, Exit, LoopControl, Return } from "../state.ts";
import { test, TestError } from "../test_command.ts";
import { type Builtin, type BuiltinCall, complain, print } from "./builtin.ts";
import { JOBS } from "./jobs.ts";
import { read } from "./read.ts";
import { VARIABLES } from "./variables.ts";

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

/** Gives commands other names; `unalias` takes them back. */
const alias: Builtin = ({ args, shell }) => {
  for (const arg of args) {
    const [name, ...value] = arg.split("=");
    shell.state.aliases.set(name, value.join("="));
  }
  return 0;
};

const exec: Builtin = async ({ args, shell, open, outer }) => {
  if (args.length === 0) {
    // Redirections of the shell itself.
    for (const [number, file] of open) (outer as Map<number, typeof file>).set(number, file);
    return 0;
  }
  shell.state.traps.delete("EXIT");
  // A program takes the place of the shell: its signals are the program's from now on.
  throw new Exit(await shell.runProgram(args, shell.contextFor(shell.process, open)));
};

const type: Builtin = async (call) => {
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
};

const OWN: Readonly<Record<string, Builtin>> = {
  ":": () => 0,
  "[": (call) => testing({ ...call, args: call.args.at(-1) === "]" ? call.args.slice(0, -1) : call.args }),
  test: testing,
  ".": source,
  source,
  alias,
  unalias: ({ args, shell }) => (args.forEach((name) => shell.state.aliases.delete(name)), 0),
  break: ({ args }) => {
    throw new LoopControl("break", Number(args[0] ?? 1));
  },
  continue: ({ args }) => {
    throw new LoopControl("continue", Number(args[0] ?? 1));
  },
  return: ({ args, shell }) => {
    throw new Return(Number(args[0] ?? shell.state.status) & 255);
  },
  exit: ({ args, shell }) => {
    throw new Exit((args[0] === undefined ? shell.state.status : Number(args[0])) & 255);
  },
  cd,
  command,
  builtin: (call) => runWords(call, call.args, call.open),
  eval: ({ args, shell, open }) => shell.runText(args.join(" "), open),
  exec,
  read,
  type,
  hash: () => 0,
  shopt: () => 0,
  times: () => 0,
  ulimit: async (call) => (await print(call, "unlimited\n"), 0),
  umask: async (call) => (call.args.length === 0 ? await print(call, "0022\n") : undefined, 0),
};

/** By their names; nothing else is found in it, whatever somebody calls. */
export const BUILTINS: Readonly<Record<string, Builtin>> = Object.assign(Object.create(null), OWN, VARIABLES, JOBS);
