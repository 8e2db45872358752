/** Runs a command after the files that it reads are there, and what it makes is not; keeps the files that it writes. */
import type { Cluster } from "../../cluster/cluster.ts";
import { ContentError } from "../content_error.ts";
import { readYaml } from "../yaml.ts";
import type { ReadCommand } from "./commands.ts";
import type { KubectlCommand } from "./kubectl/command_line.ts";
import { namespaceOf } from "./kubectl/contexts.ts";
import { fileName } from "./kubectl/may_run.ts";
import type { Ran } from "./kubectl/sandbox.ts";
import { makeRoom } from "./manifests.ts";
import type { NoteRun } from "./note_run.ts";

/** Milliseconds of the cluster's time in which what was changed comes to rest. */
const REST = 30_000;

/** Puts what a command needs in its place, and runs it. */
export async function runPrepared({ command, shell, words }: ReadCommand, stdin: string | undefined, run: NoteRun) {
  const { cluster, sandbox, files } = run;
  const namespace = namespaceOf(command, run.contexts);
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
export function changesCluster({ path, flags }: KubectlCommand): boolean {
  if (isDry(flags) || flags.has("rm")) return false;
  return !/^(api-resources|api-versions|auth|cluster-info|completion|config|describe|diff|events|explain|get|help|kustomize|logs|options|plugin|port-forward|proxy|rollout (status|history)|top|version|wait)?( |$)/
    .test(path);
}

/** Whether a command only says what it would do. */
export const isDry = (flags: KubectlCommand["flags"]): boolean =>
  flags.get("dry-run")?.every((value) => !/^(none|false)$/.test(value)) ?? false;
