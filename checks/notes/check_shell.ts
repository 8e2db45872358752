/** Checks a block of commands: reads them all, sends the manifests in them to the cluster, runs those that may run. */
import type { Cluster } from "../../cluster/cluster.ts";
import { checkYaml } from "./check_yaml.ts";
import type { CommandContext } from "./command_context.ts";
import { checkCommands, type ReadCommand } from "./commands.ts";
import { addCounts, type BlockResult } from "./counted.ts";
import type { Finding, Unchecked } from "./finding.ts";
import { type Contexts, currentNamespace, followConfig, namespaceOf } from "./kubectl/contexts.ts";
import { fileName } from "./kubectl/may_run.ts";
import type { CodeBlock } from "./markdown.ts";
import type { NoteRun } from "./note_run.ts";
import { runCommand } from "./run_commands.ts";
import type { Exchange, ShellCommand } from "./shell.ts";

/** @param run absent where kubectl is not to run: the commands are only read */
export async function checkShell(
  { lines }: CodeBlock,
  cluster: Cluster,
  context: CommandContext,
  run: NoteRun | undefined,
): Promise<BlockResult> {
  const read = checkCommands(lines, context);
  const findings: Finding[] = [...read.findings];
  const unchecked: Unchecked[] = [];
  let counted = read.counted;
  for (const exchange of read.block.exchanges) {
    for (const shell of exchange.commands) {
      const { heredoc, line } = shell;
      const command = read.commands.find((one) => one.shell === shell);
      if (heredoc !== undefined && /^\s*apiVersion:/m.test(heredoc)) {
        const inside = lines.filter((one) => one.line > line).slice(0, heredoc.trimEnd().split("\n").length);
        const checked = await checkYaml({ lines: inside }, cluster, {
          version: context.version,
          namespace: fedNamespace(shell, exchange, read.commands, context.contexts),
        });
        findings.push(...checked.findings);
        unchecked.push(...checked.unchecked ?? []);
        counted = addCounts(counted, checked.counted);
      }
      if (run === undefined) {
        if (command?.isSound) followConfig(context.contexts, command.command);
        continue;
      }
      keepFile(shell, run);
      if (command === undefined) {
        run.diverged ||= CHANGES_CLUSTER.test(shell.words[0]?.value ?? "");
        continue;
      }
      const result = await runCommand(command, exchange, fedTo(shell, exchange), run, context.version);
      if (command.isSound) followConfig(context.contexts, command.command);
      findings.push(...result.findings);
      if (result.unchecked !== undefined) unchecked.push(result.unchecked);
      else counted = { ...counted, verified: counted.verified + 1, parsed: counted.parsed - 1 };
    }
  }
  if (run !== undefined) delete run.unnamed;
  return { findings, counted, unchecked };
}

/** The namespace of the command that a heredoc feeds: `cat <<EOF | kubectl apply -n dev -f -`. */
function fedNamespace(
  shell: ShellCommand,
  { commands }: Exchange,
  read: readonly ReadCommand[],
  contexts: Contexts,
): string {
  const reader = commands[commands.indexOf(shell) + 1];
  const fed = read.find((one) => one.shell === shell || (one.shell === reader && reader.piped));
  return fed === undefined ? currentNamespace(contexts) : namespaceOf(fed.command, contexts);
}

/** Programs that change a cluster past its API. */
const CHANGES_CLUSTER = /^(sudo|helm|kustomize|kubeadm|systemctl|service|etcdctl|etcdutl|reboot|docker|crictl|ctr)$/;

/** `cat <<EOF > web.yaml` */
function keepFile({ heredoc, redirects }: ShellCommand, { files }: NoteRun): void {
  const target = fileName(redirects.find(({ operator }) => operator === ">")?.target ?? "");
  if (heredoc !== undefined && /^[\w.-]+$/.test(target)) files.set(target, { text: heredoc, used: false });
}

/** What a heredoc feeds a command, directly or through `cat`. */
function fedTo(shell: ShellCommand, { commands }: Exchange): string | undefined {
  if (shell.heredoc !== undefined) return shell.heredoc;
  const before = commands[commands.indexOf(shell) - 1];
  return shell.piped && before?.words.length === 1 && before.words[0].value === "cat" ? before.heredoc : undefined;
}

/** A block's file name, where the note says one: in the fence, in its first line, or in the text above. */
export function fileOf({ meta, lead, lines }: CodeBlock): string | undefined {
  const said = /(?:title|file(?:name)?)=["']?([\w.-]+\.(?:ya?ml|json|env|txt|conf|properties))\b/.exec(meta)?.[1];
  if (said !== undefined) return said;
  const comment = /^#\s*(?:file(?:name)?:\s*)?([\w.-]+\.(?:ya?ml|json))\s*$/i.exec(lines[0]?.text ?? "")?.[1];
  if (comment !== undefined) return comment;
  const named = [...new Set(lead.slice(0, 1000).match(/(?<![\w./-])[\w-][\w.-]{0,80}\.(?:ya?ml|json)\b/g) ?? [])];
  return named.length === 1 ? named[0] : undefined;
}
