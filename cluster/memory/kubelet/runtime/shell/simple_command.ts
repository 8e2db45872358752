/** Simple commands: words, assignments and redirections, for a function, a builtin or a program. */
import type { Assignment, Command, CommandNode, CompoundList, Redirection } from "unbash";
import { encodeText } from "../streams.ts";
import { assign, assignedText } from "./assign.ts";
import { BUILTINS } from "./builtins/mod.ts";
import { expandText, expandWords } from "./expand.ts";
import type { Shell } from "./interpreter.ts";
import { redirect, RedirectError } from "./redirect.ts";
import { type Descriptors, Exit, Return } from "./state.ts";

/** Functions that call each other deeper than this are ended. */
const DEEPEST = 200;
/** Long commands cost more. */
const WORDS_A_STEP = 50;

/** Runs a command. @returns its status */
export async function runSimple(command: Command, outer: Descriptors, shell: Shell): Promise<number> {
  const { state } = shell;
  const assignments = command.prefix.filter((part): part is Assignment => part.type === "Assignment");
  const words: string[] = [];
  if (command.name !== undefined) words.push(...await expandWords([command.name], shell));
  for (const arg of command.args) {
    if (arg.type === "Word") words.push(...await expandWords([arg], shell));
    else words.push(`${arg.name}${arg.append ? "+" : ""}=${await assignedText(arg, shell)}`);
  }
  if (words.length > WORDS_A_STEP) {
    const pause = shell.process.step(Math.ceil(words.length / WORDS_A_STEP));
    if (pause !== undefined) await pause;
  }
  const open = await redirected(command.redirects, outer, shell);
  if (open === undefined) return 1;
  if (words.length === 0) {
    state.status = 0;
    for (const assignment of assignments) await assign(assignment, shell);
    return state.status;
  }
  if (state.options.xtrace) await outer.get(2)?.sink?.write(encodeText(`+ ${words.join(" ")}\n`));
  const alias = state.aliases.get(words[0]);
  if (alias !== undefined) words.splice(0, 1, ...alias.split(/\s+/).filter((word) => word !== ""));
  const [name, ...args] = words;
  const extra = new Map<string, string>();
  for (const assignment of assignments) {
    if (assignment.value.type === "Word") extra.set(assignment.name, await expandText(assignment.value, shell));
  }
  const body = state.functions.get(name);
  if (body !== undefined) return await runFunction(name, body, args, extra, open, shell);
  const builtin = BUILTINS[name];
  if (builtin !== undefined) {
    for (const [variable, value] of extra) state.set(variable, value);
    return await builtin({ args, shell, open, outer });
  }
  return await shell.program(words, open, extra);
}

async function runFunction(
  name: string,
  body: CommandNode | CompoundList,
  args: readonly string[],
  extra: ReadonlyMap<string, string>,
  open: Descriptors,
  shell: Shell,
): Promise<number> {
  if (++shell.depth > DEEPEST) {
    shell.depth = 0;
    throw new Exit(2, `${name}: maximum function nesting level exceeded`);
  }
  const { state } = shell;
  const positional = state.positional;
  state.positional = [...args];
  state.locals.push(new Map());
  for (const [variable, value] of extra) state.set(variable, value);
  try {
    return await shell.node(body, open);
  } catch (error) {
    if (error instanceof Return) return error.code;
    throw error;
  } finally {
    shell.depth--;
    state.positional = positional;
    for (const [variable, before] of state.locals.pop()!) {
      if (before === undefined) state.unset(variable);
      else state.variables.set(variable, before);
    }
  }
}

/** The files that are open with redirections; undefined where one cannot be, which is said. */
export async function redirected(
  redirects: readonly Redirection[],
  open: Descriptors,
  shell: Shell,
): Promise<Descriptors | undefined> {
  try {
    return await redirect(redirects, open, shell);
  } catch (error) {
    if (!(error instanceof RedirectError)) throw error;
    await shell.complain(error.message, open);
    return undefined;
  }
}
