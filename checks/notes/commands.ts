/** Checks the commands of a note: kubectl's in full, other programs as far as their names go. */
import type { Text } from "../../cluster/text.ts";
import { type KubectlCommand, type KubectlProblem, parseKubectl } from "./kubectl/command_line.ts";
import type { Counted, Finding, Rule } from "./finding.ts";
import { didYouMean } from "./mends.ts";
import { isKnownProgram, isKubectl, misspeltProgram } from "./programs.ts";
import { agingFlags, commandChanges, habitFindings, versionProblem } from "./versions/check_changes.ts";
import { resourceFindings, taintFindings } from "./kubectl/arguments.ts";
import { type CommandContext, expand, noteDefinitions } from "./command_context.ts";
import { readShell, type ShellBlock, type ShellCommand, type ShellWord } from "./shell.ts";
import type { CodeLine } from "./markdown.ts";
import { formFindings } from "./kubectl/argument_forms.ts";
import { completeFindings } from "./kubectl/complete.ts";
import { exportFindings, typedFindings } from "./typed.ts";

/** A command of kubectl's as it was read. */
export interface ReadCommand {
  readonly command: KubectlCommand;
  /** What follows the program. */
  readonly words: readonly ShellWord[];
  readonly shell: ShellCommand;
  readonly isSound: boolean;
}

export interface CommandsResult {
  /** The kubectl commands in their order. */
  readonly commands: readonly ReadCommand[];
  readonly findings: readonly Finding[];
  readonly counted: Counted;
  readonly block: ShellBlock;
}

const RULES: Readonly<Record<KubectlProblem["type"], Rule>> = {
  "unknown-command": "unknown-command",
  "unknown-flag": "unknown-flag",
  "missing-value": "flag-value",
  "wrong-value": "flag-value",
  "other-version": "other-version",
};

/** Reads a block of commands; nothing is run. What they leave for those after them goes into the context. */
export function checkCommands(lines: readonly CodeLine[], context: CommandContext): CommandsResult {
  const { version } = context;
  const block = readShell(lines);
  const findings: Finding[] = [];
  const commands: ReadCommand[] = [];
  let [parsed, notCheckable] = [0, 0];
  for (const shell of block.exchanges.flatMap(({ commands }) => commands)) {
    noteDefinitions(shell.words, context);
    const [program, ...words] = expand(withoutPrefix(shell.words), context);
    if (program === undefined) continue;
    if (isKubectl(program.value)) {
      parsed++;
      const command = parseKubectl(words.map(({ value }) => value), context.version);
      const own = [
        ...kubectlFindings(command, words, context),
        ...commandChanges(
          "kubectl",
          command.rest === undefined ? words : words.slice(0, -command.rest.length),
          version,
        ),
      ];
      findings.push(...own);
      commands.push({ command, words, shell, isSound: own.every(({ severity }) => severity === "warning") });
      continue;
    }
    if (!program.open) findings.push(...programFindings(program), ...exportFindings(shell));
    findings.push(...commandChanges(program.value, words, version));
    // What a shell does around kubectl is no check that is missing.
    if (!isShellOnly(program.value)) notCheckable++;
  }
  return { commands, findings, counted: { verified: 0, parsed, notCheckable }, block };
}

/** `sudo`, `time`, `watch -n1` and variables run what comes after them. */
function withoutPrefix(words: readonly ShellWord[]): readonly ShellWord[] {
  let i = 0;
  while (i < words.length && /^(sudo|time|watch|nohup|\w+=[\s\S]*)$/.test(words[i].value)) {
    i++;
    while (i < words.length && words[i].value.startsWith("-")) i++;
  }
  return words.slice(i);
}

const isShellOnly = (program: string): boolean =>
  isKnownProgram(program) &&
  /^(alias|export|cd|echo|grep|clear|cat|head|tail|wc|sort|less|more|awk|sed|cut|jq|yq|tee|vi|vim|nano|base64|watch|sleep|ls|mkdir|touch|source|exit|set|unset|true|false)$/
    .test(program);

function programFindings({ value, line, column }: ShellWord): Finding[] {
  const meant = misspeltProgram(value);
  if (meant === undefined) return [];
  return [{
    line,
    column,
    rule: "unknown-program",
    severity: "error",
    message: `${value}: command not found`,
    explanation: { en: `There is no program ${value}.`, ko: `${value} 프로그램은 없습니다.` },
    mend: didYouMean(meant, { line, column, length: value.length }),
  }];
}

function kubectlFindings(command: KubectlCommand, words: readonly ShellWord[], context: CommandContext): Finding[] {
  const findings = command.problems.filter(({ word }) => !words[word]?.open).flatMap((problem) => {
    const { line, column } = words[problem.word];
    const changed = versionProblem(problem, { line, column }, context.version);
    return changed === "none" ? [] : [changed ?? kubectlFinding(problem, words[problem.word])];
  });
  const own = command.rest === undefined ? words : words.slice(0, -command.rest.length);
  const typed = typedFindings(own, command.path);
  if (findings.length + typed.length > 0) {
    return [
      ...typed,
      ...findings.filter(({ line, column }) => !typed.some((other) => other.line === line && other.column === column)),
    ];
  }
  return [
    ...completeFindings(command, words),
    ...formFindings(command, words, context.kinds),
    ...resourceFindings(command, words, context.resources),
    ...taintFindings(command, words),
    ...agingFlags(command, words, context.version),
    ...habitFindings(command, words, context.version),
  ];
}

function kubectlFinding(
  { type, found, path, nearest: meant, expected }: KubectlProblem,
  { line, column }: ShellWord,
): Finding {
  const where = path === "" ? "kubectl" : `kubectl ${path}`;
  const [message, explanation] = describeProblem(type, found, where, expected);
  return {
    line,
    column,
    rule: RULES[type],
    severity: type === "other-version" ? "warning" : "error",
    message,
    explanation,
    ...meant === undefined ? {} : { mend: didYouMean(meant, { line, column, length: found.length }) },
  };
}

function describeProblem(type: KubectlProblem["type"], found: string, where: string, expected = ""): [string, Text] {
  switch (type) {
    case "unknown-command":
      return [`error: unknown command ${JSON.stringify(found)} for ${JSON.stringify(where)}`, {
        en: `${where} has no command ${found}.`,
        ko: `${where}에는 ${found} 명령이 없습니다.`,
      }];
    case "unknown-flag":
      return [`error: unknown ${found.startsWith("--") ? "" : "shorthand "}flag: ${found}`, {
        en: `${where} has no flag ${found}.`,
        ko: `${where}에는 ${found} 플래그가 없습니다.`,
      }];
    case "missing-value":
      return [`error: flag needs an argument: ${found}`, {
        en: `${found} needs a value.`,
        ko: `${found}에는 값이 필요합니다.`,
      }];
    case "wrong-value":
      return [`error: invalid argument ${JSON.stringify(found)} for ${JSON.stringify(expected.split(":")[0])}`, {
        en: `This flag takes ${expected.split(": ")[1]}.`,
        ko: `이 플래그에 쓸 수 없는 값입니다: ${found}`,
      }];
    case "other-version":
      return [`${found} is not in this version of kubectl`, {
        en: `${found} is in kubectl ${expected}.`,
        ko: `kubectl ${expected}에 있습니다: ${found}`,
      }];
  }
}
