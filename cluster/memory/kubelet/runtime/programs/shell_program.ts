/** `sh`: a script from `-c`, from a file, or line by line from the input, with a prompt on a terminal. */
import { parse } from "unbash";
import { Shell } from "../shell/interpreter.ts";
import { runProgram } from "./run.ts";
import { Exit, Interrupted, ShellState } from "../shell/state.ts";
import type { Descriptors } from "../shell/state.ts";
import { decodeText, encodeText } from "../streams.ts";
import { textOf } from "../files/entry.ts";
import { completion } from "../shell/completion.ts";
import { fail, pathOf, type Program, type ProgramContext, reasonOf } from "./program.ts";

export const shellProgram = (name: string): Program => async (args, context) => {
  const state = new ShellState(context.process);
  for (const [key, value] of context.env) state.variables.set(key, { value, exported: true });
  state.cwd = context.cwd;
  state.variables.set("PWD", { value: context.cwd, exported: true });
  state.variables.set("OPTIND", { value: "1", exported: false });
  state.name = name;
  const shell = new Shell(state, runProgram);
  const open: Descriptors = new Map([
    [0, { source: context.stdin }],
    [1, { sink: context.stdout }],
    [2, { sink: context.stderr }],
  ]);
  let at = 0;
  let [command, interactive] = [false, false];
  for (; at < args.length && /^[-+]./.test(args[at]); at++) {
    if (args[at] === "--") {
      at++;
      break;
    }
    if (args[at].startsWith("--")) continue;
    for (const letter of args[at].slice(1)) {
      if (letter === "c") command = true;
      else if (letter === "i") interactive = true;
      else if (letter === "o") {
        if (args[++at] === "pipefail") state.options.pipefail = true;
      } else if (letter === "e") state.options.errexit = true;
      else if (letter === "u") state.options.nounset = true;
      else if (letter === "x") state.options.xtrace = true;
    }
  }
  if (command) {
    const [script, zero, ...rest] = args.slice(at);
    if (script === undefined) return await fail(context, `${name}: -c requires an argument`, 2);
    if (zero !== undefined) state.name = zero;
    state.positional = rest;
    return await shell.runWhole(() => shell.runText(script, open), open);
  }
  if (at < args.length) {
    const [file, ...rest] = args.slice(at);
    let text: string;
    try {
      text = textOf(context.process.machine.files.read(pathOf(context, file)));
    } catch (error) {
      return await fail(context, `${name}: can't open '${file}': ${reasonOf(error)}`, 2);
    }
    state.name = file;
    state.positional = rest;
    return await shell.runWhole(() => shell.runText(text, open), open);
  }
  state.interactive = interactive || context.stdin.isTerminal === true;
  return await shell.runWhole(() => lines(shell, open, context), open);
};

/** Reads and runs what comes, command by command. */
async function lines(shell: Shell, open: Descriptors, context: ProgramContext): Promise<number> {
  const { state, process } = shell;
  const { stdin, stderr } = context;
  let text = "";
  let rest = "";
  const prompt = () => state.interactive ? stderr.write(encodeText(text === "" ? promptOf(shell) : "> ")) : undefined;
  const { terminal } = process.options;
  if (terminal !== undefined) terminal.complete = (line) => shell.busy ? "" : completion(line, state, process.machine);
  if (state.interactive) {
    process.trap("SIGINT", () => {
      if (shell.busy) shell.interrupted = true;
      else {
        text = rest = "";
        void prompt();
      }
    });
    process.trap("SIGTERM", () => {});
    process.trap("SIGQUIT", () => {});
  }
  await prompt();
  for (;;) {
    let newline = rest.indexOf("\n");
    if (newline < 0) {
      const chunk = await process.wait(stdin.read());
      if (chunk === undefined) {
        if (text === "" && rest === "") break;
        text += decodeText(rest);
        rest = "";
        await runOne(shell, text, open);
        text = "";
        break;
      }
      rest += chunk;
      newline = rest.indexOf("\n");
      if (newline < 0) continue;
    }
    text += decodeText(rest.slice(0, newline + 1));
    rest = rest.slice(newline + 1);
    if (unfinished(text)) {
      await prompt();
      continue;
    }
    // What the command reads comes after it.
    if (rest !== "") {
      stdin.unread(rest);
      rest = "";
    }
    await runOne(shell, text, open);
    text = "";
    await prompt();
  }
  if (state.interactive && context.stdin.isTerminal) await stderr.write("exit\n");
  return state.status;
}

async function runOne(shell: Shell, text: string, open: Descriptors): Promise<void> {
  if (text.trim() === "") return;
  shell.busy = true;
  try {
    await shell.runText(text, open);
  } catch (error) {
    if (error instanceof Interrupted) shell.state.status = 130;
    else if (error instanceof Exit && (error.problem === undefined || !shell.state.interactive)) throw error;
    else shell.state.status = await shell.endOf(error, open);
  } finally {
    shell.busy = false;
    shell.interrupted = false;
  }
}

/** Whether more lines have to come until the text is a command. */
const unfinished = (text: string): boolean =>
  /\\\n$/.test(text) || (parse(text).errors ?? []).some(({ message }) =>
    /unterminated|expected|to close|here-?doc/i.test(message)
  ) ||
  missesHereDoc(text);

function missesHereDoc(text: string): boolean {
  const [, word] = /<<-?\s*['"]?(\w+)['"]?/.exec(text) ?? [];
  return word !== undefined && !text.split("\n").slice(1).some((line) => line.trim() === word);
}

function promptOf({ state, process }: Shell): string {
  const root = (process.machine.config.user ?? 0) === 0;
  const { hostname } = process.machine.config;
  const home = state.get("HOME") ?? "/root";
  const shown = state.cwd === home && home !== "/"
    ? "~"
    : state.cwd.startsWith(`${home}/`) && home !== "/"
    ? `~${state.cwd.slice(home.length)}`
    : state.cwd;
  if (state.name === "bash") return `${root ? "root" : "I have no name!"}@${hostname}:${shown}${root ? "#" : "$"} `;
  return process.machine.config.image.repository.endsWith("/busybox") ||
      process.machine.config.image.repository.endsWith("/alpine")
    ? `${shown} ${root ? "#" : "$"} `
    : `${root ? "#" : "$"} `;
}
