/** Puts the commands together, and turns whatever they throw into a message and an exit code. */
import { Command, CommanderError, type CommandUnknownOpts, Option } from "@commander-js/extra-typings";
import process from "node:process";
import { Problem } from "../cluster/problem.ts";
import type { Language } from "../cluster/text.ts";
import { answer } from "./commands/answer.ts";
import { check } from "./commands/check.ts";
import { clock } from "./commands/clock.ts";
import { cleanup } from "./commands/cleanup.ts";
import { coverage } from "./commands/coverage.ts";
import { down } from "./commands/down.ts";
import { hint } from "./commands/hint.ts";
import { image } from "./commands/image.ts";
import { lint } from "./commands/lint.ts";
import { list } from "./commands/list.ts";
import { newExercise } from "./commands/new.ts";
import { next } from "./commands/next.ts";
import { notes } from "./commands/notes.ts";
import { overview } from "./commands/overview.ts";
import { parity } from "./commands/parity.ts";
import { progress } from "./commands/progress.ts";
import { quiz } from "./commands/quiz.ts";
import { reset } from "./commands/reset.ts";
import { run } from "./commands/run.ts";
import { solution } from "./commands/solution.ts";
import { start } from "./commands/start.ts";
import { status } from "./commands/status.ts";
import { trace } from "./commands/trace.ts";
import { up } from "./commands/up.ts";
import { verify } from "./commands/verify.ts";
import { watch } from "./commands/watch.ts";
import { why } from "./commands/why.ts";
import { EXIT, type ExitCode } from "./exit_code.ts";
import { usageText } from "./messages/commander_ko.ts";
import { MESSAGES, type Messages } from "./messages/messages.ts";
import { languageAsked } from "./options.ts";
import { exitCodeOf, type Interruption, interruption, overdue } from "./signals.ts";
import { VERSION } from "./version.ts";

/** What a command is given besides its options. */
export interface Surroundings {
  readonly language: Language;
  readonly messages: Messages;
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
  /** For a command that lets signals be, because another program must hear them. */
  readonly ignoreSignals: () => void;
  /** Sets the exit code; 0 unless a command sets another. */
  readonly exit: (code: ExitCode) => void;
}

/** Adds a command to the program. */
export type AddCommand = (program: Program, surroundings: Surroundings) => void;

/** Runs a command line and returns the exit code. Throws nothing. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  const language = languageAsked(args, process.env);
  const messages = MESSAGES[language];
  using ending = interruption();
  let code: ExitCode = EXIT.passed;
  const program = buildProgram({
    language,
    messages,
    signal: ending.signal,
    ignoreSignals: () => ending[Symbol.dispose](),
    exit: (given) => code = given,
  });
  try {
    await Promise.race([program.parseAsync(args, { from: "user" }), overdue(ending.signal)]);
    return code;
  } catch (error) {
    return explain(error, language, ending);
  }
}

const COMMANDS: readonly AddCommand[] = [
  overview,
  list,
  start,
  check,
  watch,
  answer,
  hint,
  solution,
  next,
  reset,
  progress,
  verify,
  notes,
  quiz,
  up,
  down,
  status,
  run,
  image,
  clock,
  why,
  trace,
  cleanup,
  newExercise,
  lint,
  coverage,
  parity,
];

/** The whole command line. */
export function buildProgram(surroundings: Surroundings) {
  const { messages: { about } } = surroundings;
  const program = newProgram(surroundings);
  for (const add of COMMANDS) add(program, surroundings);
  for (const command of withSubcommands(program)) {
    if (command.commands.length > 0) command.helpCommand("help [command]", about.help);
    command.helpOption("-h, --help", about.help).exitOverride().configureOutput({
      // One place says what went wrong: `explain`.
      outputError: () => {},
    }).configureHelp({
      showGlobalOptions: true,
      // Descriptions name the choices themselves, in the person's language.
      optionDescription: ({ description }) => description,
      styleTitle: (title) => titleIn(title, surroundings.messages),
    });
  }
  return program;
}

function withSubcommands(command: CommandUnknownOpts): readonly CommandUnknownOpts[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

/** The program with the options that every command understands. */
function newProgram({ messages: { about, options } }: Surroundings) {
  return new Command("drydock")
    .description(about.drydock)
    .version(VERSION, "-V, --version", about.version)
    .option("--json", options.json)
    .addOption(new Option("--lang <language>", options.lang).choices(["en", "ko"] as const))
    .option("--context <name>", options.context)
    .option("--allow-context <name>", options.allowContext)
    .option("--exercises <folder>", options.exercises);
}

export type Program = ReturnType<typeof newProgram>;

/** Commander's headings in the person's language. */
function titleIn(title: string, { help }: Messages): string {
  const titles: Readonly<Record<string, string>> = {
    "Usage:": help.usage,
    "Arguments:": help.arguments,
    "Options:": help.options,
    "Commands:": help.commands,
    "Global Options:": help.globalOptions,
  };
  return titles[title] ?? title;
}

/** Says what went wrong and returns the exit code for it. */
function explain(error: unknown, language: Language, ending: Interruption): ExitCode {
  const { errors } = MESSAGES[language];
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (ending.signal.aborted) {
    say(errors.interrupted);
    return exitCodeOf(ending.by ?? "SIGINT");
  }
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return EXIT.passed;
    // With no arguments left, commander has printed its help already.
    if (error.code !== "commander.help") say(`${errors.prefix} ${usageText(error, language)}`);
    return EXIT.usage;
  }
  if (error instanceof Problem) {
    say(`${errors.prefix} ${error.text[language]}`);
    if (error.hint !== undefined) say(error.hint[language]);
    return error.kind === "usage" ? EXIT.usage : EXIT.couldNotCheck;
  }
  say(`${errors.prefix} ${errors.defect} ${(error as Error).message}`);
  say(process.env.DRYDOCK_DEBUG ? (error as Error).stack ?? "" : errors.defectHint);
  return EXIT.couldNotCheck;
}
