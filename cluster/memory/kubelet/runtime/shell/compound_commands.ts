/** What the nodes of a script do: lists, pipes, conditions, loops, functions. */
import type { AndOr, ArithmeticFor, CaseItem, CommandNode, For, Pipeline, While } from "unbash";
import { Pipe, type Source } from "../streams.ts";
import { arithmetic, expandPattern, expandText, expandWords } from "./expand.ts";
import type { Node, Shell } from "./interpreter.ts";
import { compile, matches } from "./pattern.ts";
import { redirected, runSimple } from "./simple_command.ts";
import { type Descriptors, LoopControl } from "./state.ts";
import { testExpression } from "./test_command.ts";

/** Runs a node. @returns its status */
export async function runNode(command: Node, open: Descriptors, shell: Shell): Promise<number> {
  switch (command.type) {
    case "AndOr":
      return await andOr(command, open, shell);
    case "Pipeline":
      return await pipeline(command, open, shell);
    case "CompoundList":
      return await shell.statements(command.commands, open);
    case "BraceGroup":
      return await shell.statements(command.body.commands, open);
    case "Redirected": {
      const inner = await redirected(command.redirects, open, shell);
      return inner === undefined ? 1 : await shell.node(command.command, inner);
    }
    case "Subshell":
      return shell.exitOnFailure(await shell.subshell(open, (inner) => inner.node(command.body, open)));
    case "If":
      for (const { clause, then } of [command, ...command.elif]) {
        if (await shell.condition(() => shell.node(clause, open)) === 0) return await shell.node(then, open);
      }
      return command.else === undefined ? 0 : await shell.node(command.else, open);
    case "While":
    case "For":
    case "ArithmeticFor":
      return await loop(command, open, shell);
    case "Case":
      return await cases(command.items, await expandText(command.word, shell), open, shell);
    case "Function":
      shell.state.functions.set(command.name.value, command.body);
      return 0;
    case "TestCommand":
      return shell.exitOnFailure(await testExpression(command.expression, shell) ? 0 : 1);
    case "ArithmeticCommand":
      return shell.exitOnFailure(await arithmetic(command.expression, shell) !== 0 ? 0 : 1);
    case "Command":
      return shell.exitOnFailure(await runSimple(command, open, shell));
    default:
      await shell.complain(`${command.type.toLowerCase()} is not supported here`, open);
      return 2;
  }
}

/** A failure decides what comes next, and only that of the last command ends a shell under `set -e`. */
async function andOr({ commands, operators }: AndOr, open: Descriptors, shell: Shell): Promise<number> {
  let status = await shell.condition(() => shell.node(commands[0], open));
  for (const [i, operator] of operators.entries()) {
    if ((status === 0) !== (operator === "&&")) continue;
    const run = () => shell.node(commands[i + 1], open);
    status = i === operators.length - 1 ? await run() : await shell.condition(run);
  }
  return status;
}

async function cases(items: readonly CaseItem[], text: string, open: Descriptors, shell: Shell): Promise<number> {
  let falls = false;
  for (const { pattern, body, terminator } of items) {
    let fits = falls;
    for (const one of pattern) fits ||= matches(compile(await expandPattern(one, shell)), text);
    if (!fits) continue;
    const status = await shell.node(body, open);
    if (terminator !== ";&" && terminator !== ";;&") return status;
    falls = terminator === ";&";
  }
  return 0;
}

type Loop = While | For | ArithmeticFor;

async function loop(command: Loop, open: Descriptors, shell: Shell): Promise<number> {
  const goesOn = await rounds(command, open, shell);
  // What may go on for ever is a container's steady state.
  const endless = command.type === "While" || (command.type === "ArithmeticFor" && command.test === undefined);
  const end = endless ? shell.process.repeat() : () => {};
  let status = 0;
  try {
    while (await goesOn()) {
      try {
        status = await shell.node(command.body, open);
      } catch (error) {
        if (!(error instanceof LoopControl)) throw error;
        if (error.depth > 1) {
          error.depth--;
          throw error;
        }
        status = 0;
        if (error.kind === "break") break;
      }
    }
  } finally {
    end();
  }
  return status;
}

/** What says before each round whether there is one. */
async function rounds(command: Loop, open: Descriptors, shell: Shell): Promise<() => Promise<boolean>> {
  switch (command.type) {
    case "While":
      return async () =>
        (await shell.condition(() => shell.node(command.clause, open)) === 0) === (command.kind === "while");
    case "For": {
      const { name, wordlist } = command;
      const words = wordlist === undefined ? [...shell.state.positional] : await expandWords(wordlist, shell);
      return () => {
        const next = words.shift();
        if (next !== undefined) shell.state.set(name.value, next);
        return Promise.resolve(next !== undefined);
      };
    }
    case "ArithmeticFor": {
      await arithmetic(command.initialize, shell);
      let first = true;
      return async () => {
        if (!first) await arithmetic(command.update, shell);
        first = false;
        return command.test === undefined || await arithmetic(command.test, shell) !== 0;
      };
    }
  }
}

async function pipeline(
  { commands, operators, prefixes }: Pipeline,
  open: Descriptors,
  shell: Shell,
): Promise<number> {
  const negated = prefixes.some(({ type }) => type === "Negation");
  const started = shell.process.machine.clock.now();
  const status = negated
    ? await shell.condition(() => stages(commands, operators, open, shell))
    : await stages(commands, operators, open, shell);
  if (prefixes.some(({ type }) => type === "Time")) {
    const seconds = (shell.process.machine.clock.now() - started) / 1000;
    await open.get(2)?.sink?.write(`real\t0m${seconds.toFixed(3)}s\nuser\t0m0.000s\nsys\t0m0.000s\n`);
  }
  return negated ? Number(status === 0) : shell.exitOnFailure(status);
}

/** Runs the stages of a pipe at the same time, each in a process of its own. */
async function stages(
  commands: readonly CommandNode[],
  operators: readonly string[],
  open: Descriptors,
  shell: Shell,
): Promise<number> {
  if (commands.length === 1) return await shell.node(commands[0], open);
  let source: Source | undefined;
  const running = [];
  for (const [i, command] of commands.entries()) {
    const own = new Map(open);
    const input = source;
    if (input !== undefined) own.set(0, { source: input });
    const pipe = i === commands.length - 1 ? undefined : new Pipe();
    if (pipe !== undefined) {
      own.set(1, { sink: pipe });
      if (operators[i] === "|&") own.set(2, { sink: pipe });
    }
    source = pipe;
    running.push(
      shell.subshell(own, (inner) => inner.node(command, own)).finally(() => {
        pipe?.end();
        input?.close?.();
      }),
    );
  }
  const codes = await Promise.all(running);
  return shell.state.options.pipefail ? codes.findLast((code) => code !== 0) ?? 0 : codes.at(-1)!;
}
