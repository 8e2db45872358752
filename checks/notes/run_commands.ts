/** Runs a note's kubectl commands in their order on the note's cluster, and says what came of each. */
import type { Text } from "../../cluster/text.ts";
import { isElsewhere, namespaceOf } from "./kubectl/contexts.ts";
import { hasOwnCommand } from "./kubectl/own_command.ts";
import { nameManifest } from "./unnamed_manifest.ts";
import { type OtherName, otherName } from "./kubectl/other_name.ts";
import type { ReadCommand } from "./commands.ts";
import type { Finding, Unchecked } from "./finding.ts";
import { isOlder } from "./kubectl/facts.ts";
import { failureOf } from "./kubectl/failure.ts";
import { UNKNOWN_INPUT, whyNotRun } from "./kubectl/may_run.ts";
import type { NoteRun } from "./note_run.ts";
import { changesCluster, isDry, runPrepared } from "./run_prepared.ts";
import { compareTranscript } from "./transcript/compare.ts";
import type { Exchange } from "./shell.ts";
import type { Place } from "./yaml_documents.ts";

export interface CommandResult {
  readonly findings: readonly Finding[];
  readonly unchecked?: Unchecked;
}

/**
 * @param stdin what the note feeds the command
 * @param version the Kubernetes version that the note is about; the newest unless given
 */
export async function runCommand(
  read: ReadCommand,
  { output, commands }: Exchange,
  stdin: string | undefined,
  run: NoteRun,
  version?: string,
): Promise<CommandResult> {
  const { command, shell, words } = read;
  const place = { line: shell.line, column: shell.column };
  const refuse = (reason: Text): CommandResult => {
    run.diverged ||= changesCluster(command);
    return { findings: [], unchecked: { ...place, reason } };
  };
  if (!read.isSound) return refuse(WRONG);
  if (run.left-- <= 0 || performance.now() > run.until) return refuse(TOO_MANY);
  await nameManifest(command, run);
  const why = whyNotRun(command, { files: run.files, stdin, open: words.some(({ open }) => open) });
  if (why !== undefined) return refuse(why);
  if (shell.piped && stdin === undefined && command.flags.has("filename")) return refuse(UNKNOWN_INPUT);

  const ran = await runPrepared(read, stdin, run);
  if (ran.code === undefined) return refuse(TOO_LONG);
  const alone = commands.length === 1 && !shell.piped && shell.redirects.length === 0;
  const shown = alone ? output : [];
  // "no" is an answer, and no failure.
  if (ran.code !== 0 && !(command.path === "auth can-i" && /^no\b/.test(ran.stdout))) {
    const failure = failureOf(command, ran.stderr, command.flags.has("filename") || stdin !== undefined);
    if (failure.is === "done") return { findings: [] };
    if (isShown(failure.message, output.map(({ text }) => text).join("\n"))) return { findings: [] };
    if (failure.is === "unknown") {
      const { findings, unchecked } = refuse(cannotTell(failure.message));
      const other = await otherName(ran.stderr, run.cluster, namespaceOf(command, run.contexts), run.kinds);
      return { findings: other === undefined ? findings : [misnamed(place, failure.message, other)], unchecked };
    }
    return { findings: [{ ...place, rule: "command-failed", severity: "error", ...failed(failure.message) }] };
  }
  run.diverged ||= isElsewhere(run.contexts);
  const ownCommand = command.path === "logs" && shown.length > 0 && await hasOwnCommand(command, run);
  // What only this command makes and shows is the same on every cluster.
  const diverged = run.diverged && !(/^(create|run)\b/.test(command.path) && isDry(command.flags));
  return {
    findings: compareTranscript(shown, command, ran, { diverged, ownCommand, older: isOlder(version) }),
  };
}

/** Whether the note shows the failure itself. */
const isShown = (message: string, shown: string): boolean => message !== "" && shown.includes(message.slice(0, 40));

const WRONG = { en: "it is mistaken", ko: "잘못된 명령입니다" };
const TOO_MANY = { en: "the note's commands are too many or too slow", ko: "노트의 명령이 너무 많거나 느립니다" };
const TOO_LONG = { en: "it took too long", ko: "너무 오래 걸렸습니다" };

const cannotTell = (message: string): Text => ({
  en: `it needs what the note has not made: ${message.slice(0, 160)}`,
  ko: `노트에서 만들지 않은 것이 필요합니다: ${message.slice(0, 160)}`,
});

function failed(message: string): Pick<Finding, "message" | "explanation"> {
  return {
    message,
    explanation: { en: "kubectl refuses this command.", ko: "kubectl이 이 명령을 거부합니다." },
  };
}

function misnamed(place: Place, message: string, { name, made }: OtherName): Finding {
  return {
    ...place,
    rule: "unknown-name",
    severity: "warning",
    message,
    explanation: {
      en: `The note has made ${made}, and no ${name}.`,
      ko: `노트에서 만든 것은 ${made}입니다. 다음은 만든 적이 없습니다: ${name}`,
    },
  };
}
