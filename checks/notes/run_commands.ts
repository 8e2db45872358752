/** Runs a note's kubectl commands in their order on the note's cluster, and says what came of each. */
import type { Cluster } from "../../cluster/cluster.ts";
import type { Text } from "../../cluster/text.ts";
import { ContentError } from "../content_error.ts";
import { readYaml } from "../yaml.ts";
import { type Contexts, currentNamespace, isElsewhere } from "./kubectl/contexts.ts";
import type { KubectlCommand } from "./kubectl/command_line.ts";
import { hasOwnCommand } from "./kubectl/own_command.ts";
import { nameManifest } from "./unnamed_manifest.ts";
import type { CommandContext } from "./command_context.ts";
import { type OtherName, otherName } from "./kubectl/other_name.ts";
import type { ReadCommand } from "./commands.ts";
import type { Finding, Unchecked } from "./finding.ts";
import { isOlder } from "./kubectl/facts.ts";
import { failureOf } from "./kubectl/failure.ts";
import { fileName, whyNotRun } from "./kubectl/may_run.ts";
import type { Ran, Sandbox } from "./kubectl/sandbox.ts";
import { makeRoom } from "./manifests.ts";
import { compareTranscript } from "./transcript/compare.ts";
import type { Exchange } from "./shell.ts";
import type { Place } from "./yaml_documents.ts";

export interface NoteFile {
  readonly text: string;
  used: boolean;
}

/** What a note's commands share. */
export interface NoteRun {
  readonly cluster: Cluster;
  readonly sandbox: Sandbox;
  /** The files that the note gives; those that no command has used yet still have their objects from the check. */
  readonly files: Map<string, NoteFile>;
  /** The manifest right above, where the note does not say what it is called: the first file that a command names. */
  unnamed?: NoteFile;
  readonly contexts: Contexts;
  /** The kinds of the words that name resources. */
  readonly kinds: ReadonlyMap<string, string>;
  /** Something that changes the cluster was only read: from there on the note's cluster may differ from this one. */
  diverged: boolean;
  /** Something was changed since the cluster last came to rest. */
  busy: boolean;
  /** Commands that may still run. */
  left: number;
  /** When the note has had its time, by `performance.now()`. */
  readonly until: number;
}

/** A note with more commands than this is no note. */
const MOST_COMMANDS = 400;

/** Milliseconds of the world's time that a note's commands may take together. */
const MOST_TIME = 90_000;

/** Milliseconds of the cluster's time in which what was changed comes to rest. */
const REST = 30_000;

export interface CommandResult {
  readonly findings: readonly Finding[];
  readonly unchecked?: Unchecked;
}

export function newRun(cluster: Cluster, sandbox: Sandbox, { contexts, kinds }: CommandContext): NoteRun {
  return {
    cluster,
    sandbox,
    files: new Map(),
    contexts,
    kinds,
    diverged: false,
    busy: false,
    left: MOST_COMMANDS,
    until: performance.now() + MOST_TIME,
  };
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
      const other = await otherName(ran.stderr, run.cluster, namespaceOf(command, run), run.kinds);
      return { findings: other === undefined ? findings : [misnamed(place, failure.message, other)], unchecked };
    }
    return { findings: [{ ...place, rule: "command-failed", severity: "error", ...failed(failure.message) }] };
  }
  run.diverged ||= isElsewhere(run.contexts);
  const ownCommand = command.path === "logs" && shown.length > 0 && await hasOwnCommand(command, run);
  return {
    findings: compareTranscript(shown, command, ran, { diverged: run.diverged, ownCommand, older: isOlder(version) }),
  };
}

async function runPrepared({ command, shell, words }: ReadCommand, stdin: string | undefined, run: NoteRun) {
  const { cluster, sandbox, files } = run;
  const namespace = namespaceOf(command, run);
  for (const name of (command.flags.get("filename") ?? []).flatMap((value) => value.split(",")).map(fileName)) {
    const file = files.get(name);
    if (file === undefined || file.used) continue;
    await sandbox.write(name, file.text);
    file.used = true;
    if (/^(create|apply)$/.test(command.path)) await removeObjects(cluster, file.text, namespace);
  }
  if (stdin !== undefined && /^(create|apply)$/.test(command.path)) await removeObjects(cluster, stdin, namespace);
  for (const flag of ["from-file", "from-env-file", "patch-file"]) {
    for (const value of command.flags.get(flag) ?? []) {
      const name = fileName(value.replace(/^[^=]*=/, ""));
      const file = files.get(name);
      if (file !== undefined) await sandbox.write(name, file.text);
    }
  }
  if (run.busy) await cluster.pass(REST);
  run.busy = changesCluster(command);
  const given = words.map(({ value }) => value);
  const ran = await sandbox.run(await prepareConfig(command, given, run), stdin);
  keepOutput(shell.redirects, ran, run);
  return ran;
}

const namespaceOf = ({ flags }: KubectlCommand, { contexts }: NoteRun): string =>
  flags.get("namespace")?.at(-1) ?? currentNamespace(contexts);

/** Whatever a note's contexts lead to elsewhere, here they lead to its own cluster. */
async function prepareConfig({ path, args }: KubectlCommand, words: readonly string[], { sandbox, contexts }: NoteRun) {
  if (path === "config use-context" && !contexts.namespaces.has(args[0])) {
    await sandbox.run(["config", "set-context", args[0], ...sandbox.ownContext]);
  }
  if (path !== "config set-context" || words.includes("--current")) return words;
  const kept = words.filter((word, i) => !/^--(cluster|user)\b/.test(word) && !/^--(cluster|user)$/.test(words[i - 1]));
  return [...kept, ...sandbox.ownContext];
}

/** `kubectl … -o yaml > web.yaml` makes a file for the commands that follow. */
function keepOutput(redirects: ReadCommand["shell"]["redirects"], { code, stdout }: Ran, { files }: NoteRun): void {
  const target = fileName(redirects.find(({ operator }) => operator === ">")?.target ?? "");
  if (code === 0 && /^[\w.-]+$/.test(target)) files.set(target, { text: stdout, used: false });
}

/** The check of the manifest has made them; the note's own command is to make them itself. */
async function removeObjects(cluster: Cluster, text: string, namespace: string): Promise<void> {
  let documents;
  try {
    documents = readYaml(text, "");
  } catch (error) {
    if (error instanceof ContentError) return; // Told where the manifest stands.
    throw error;
  }
  for (const { value } of documents) {
    const { apiVersion, kind, metadata } = (value ?? {}) as Record<string, unknown>;
    if (typeof apiVersion !== "string" || typeof kind !== "string" || typeof metadata !== "object") continue;
    await makeRoom(cluster, { namespace, ...metadata }, { apiVersion, kind });
  }
}

/** Whether a command leaves the cluster another than it was. */
function changesCluster({ path, flags }: KubectlCommand): boolean {
  if (isDry(flags) || flags.has("rm")) return false;
  return !/^(api-resources|api-versions|auth|cluster-info|completion|config|describe|diff|events|explain|get|help|kustomize|logs|options|plugin|port-forward|proxy|rollout (status|history)|top|version|wait)?( |$)/
    .test(path);
}

const isDry = (flags: KubectlCommand["flags"]): boolean =>
  flags.get("dry-run")?.every((value) => !/^(none|false)$/.test(value)) ?? false;

/** Whether the note shows the failure itself. */
const isShown = (message: string, shown: string): boolean => message !== "" && shown.includes(message.slice(0, 40));

const WRONG = { en: "it is mistaken", ko: "잘못된 명령입니다" };
const TOO_MANY = { en: "the note's commands are too many or too slow", ko: "노트의 명령이 너무 많거나 느립니다" };
const TOO_LONG = { en: "it took too long", ko: "너무 오래 걸렸습니다" };
const UNKNOWN_INPUT = { en: "what it reads is not in the note", ko: "입력으로 읽는 내용이 노트에 없습니다" };

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
      ko: `노트에서 만든 것은 ${made}이고, ${name}은(는) 없습니다.`,
    },
  };
}
