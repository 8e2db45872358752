/** Builtins that set variables, options and parameters. */
import { Exit, type ShellState } from "../state.ts";
import { type Builtin, type BuiltinCall, print } from "./builtin.ts";

/** Sets what the words `NAME=VALUE` and `NAME+=VALUE` say, after `change` has been told of each name. */
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

/** Options by their letters and by their names after `-o`. */
const OPTIONS: Readonly<Record<string, keyof ShellState["options"]>> = {
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

const set: Builtin = async (call) => {
  const { state } = call.shell;
  const { args } = call;
  if (args.length === 0) {
    for (const [name, { value }] of [...state.variables].sort(([a], [b]) => a < b ? -1 : 1)) {
      await print(call, `${name}='${Array.isArray(value) ? value.join(" ") : value}'\n`);
    }
    return 0;
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--" || !/^[-+]/.test(arg)) {
      state.positional = args.slice(arg === "--" ? i + 1 : i);
      return 0;
    }
    const on = arg[0] === "-";
    for (const letter of arg.slice(1)) {
      const name = letter === "o" ? OPTIONS[args[++i] ?? ""] : OPTIONS[letter];
      if (name !== undefined) state.options[name] = on;
    }
  }
  return 0;
};

const readonly: Builtin = (call) => {
  const code = declare(call, () => {});
  for (const arg of call.args) {
    const variable = call.shell.state.variables.get(arg.split("=")[0]);
    if (variable !== undefined) variable.readonly = true;
  }
  return code;
};

const shift: Builtin = ({ args, shell: { state } }) => {
  const count = Number(args[0] ?? 1);
  if (count > state.positional.length) return 1;
  state.positional = state.positional.slice(count);
  return 0;
};

const unset: Builtin = ({ args, shell: { state } }) => {
  for (const name of args) {
    if (name === "-v" || name === "-f") continue;
    state.unset(name);
    state.functions.delete(name);
  }
  return 0;
};

export const VARIABLES: Readonly<Record<string, Builtin>> = {
  declare: (call) => call.shell.state.locals.length > 0 ? local(call) : declare(call, () => {}),
  typeset: (call) => declare(call, () => {}),
  export: exported,
  local,
  readonly,
  set,
  shift,
  unset,
};
