/** Checks one note: every block in its order, against one cluster. */
import type { Cluster } from "../../cluster/cluster.ts";
import { classify } from "./classify.ts";
import { checkShell, fileOf } from "./check_shell.ts";
import { checkYaml } from "./check_yaml.ts";
import { type CommandContext, newCommandContext } from "./command_context.ts";
import { addCounts, type BlockResult, NOTHING } from "./counted.ts";
import type { Counted, Finding, Unchecked } from "./finding.ts";
import type { Sandbox } from "./kubectl/sandbox.ts";
import { type Directive, directiveFinding, readDirective } from "./directives.ts";
import { type CodeBlock, readNote } from "./markdown.ts";
import { currentNamespace } from "./kubectl/contexts.ts";
import { newRun, type NoteRun } from "./note_run.ts";
import { isIgnored, NO_SETTINGS, type NoteSettings, readFrontMatter } from "./settings.ts";

export interface NoteReport {
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly counted: Counted;
  /** Commands that were to run and could not, and YAML that no cluster can judge. */
  readonly unchecked: readonly Unchecked[];
}

export interface NoteOptions {
  /** The repository's settings; those in the note's front matter come on top. */
  readonly settings?: NoteSettings;
  /** The Kubernetes version to hold the note against, whatever it says itself. */
  readonly kubernetes?: string | undefined;
  /** Where the note's kubectl commands run against the cluster; without it they are only read. */
  readonly sandbox?: Sandbox;
}

/**
 * @param cluster a memory cluster of the note's own: its manifests are created there
 * @throws {ContentError} for front matter of ours that says nonsense
 */
export async function checkNote(
  file: string,
  source: string,
  cluster: Cluster,
  { settings = NO_SETTINGS, kubernetes, sandbox }: NoteOptions = {},
): Promise<NoteReport> {
  const note = readNote(source);
  const own = readFrontMatter(note.frontMatter, file);
  const ignores = [...settings.ignore, ...own.ignore];
  const context = await newCommandContext(kubernetes ?? own.kubernetes ?? settings.kubernetes);
  const run = sandbox === undefined ? undefined : newRun(cluster, sandbox, context);
  const findings: Finding[] = [];
  const unchecked: Unchecked[] = [];
  let counted: Counted = NOTHING;
  const standing = [...note.directives];
  for (const block of note.blocks) {
    while (standing.length > 0 && standing[0].line < block.line) {
      const { text, line } = standing.shift()!;
      const said = readDirective(text);
      findings.push(...directiveFinding(said, text, line));
      context.version = kubernetes ?? said.kubernetes ?? context.version;
      await moveTo(said.namespace, context, run);
    }
    const { directive = "", line } = block;
    const said: Directive = directive === "" ? {} : readDirective(directive);
    findings.push(...directiveFinding(said, directive, line));
    await moveTo(said.namespace, context, run);
    if (said.skip !== undefined) {
      counted = addCounts(counted, { ...NOTHING, notCheckable: 1 });
      continue;
    }
    const own = { ...context, version: kubernetes ?? said.kubernetes ?? context.version };
    const result = await checkBlock(block, said.file, cluster, own, run);
    const { ignore } = said;
    findings.push(...result.findings.filter((one) => ignore === undefined || !isIgnored(one, file, [ignore])));
    unchecked.push(...result.unchecked ?? []);
    counted = addCounts(counted, result.counted);
  }
  for (const { text, line } of standing) findings.push(...directiveFinding(readDirective(text), text, line));
  const told = findings.filter((finding) => !isIgnored(finding, file, ignores));
  return { file, findings: told.sort((a, b) => a.line - b.line || a.column - b.column), counted, unchecked };
}

/** From here on, what does not say its namespace goes to this one. */
async function moveTo(namespace: string | undefined, { contexts }: CommandContext, run: NoteRun | undefined) {
  if (namespace === undefined) return;
  contexts.namespaces.set(contexts.current, namespace);
  await run?.sandbox.run(["config", "set-context", "--current", `--namespace=${namespace}`]);
}

async function checkBlock(
  block: CodeBlock,
  name: string | undefined,
  cluster: Cluster,
  context: CommandContext,
  run: NoteRun | undefined,
): Promise<BlockResult> {
  switch (classify(block)) {
    case "yaml": {
      if (run !== undefined) keepManifest(block, run, name ?? fileOf(block));
      return await checkYaml(block, cluster, {
        version: context.version,
        namespace: currentNamespace(context.contexts),
      });
    }
    case "shell":
      return await checkShell(block, cluster, context, run);
    case "other":
      return { findings: [], counted: NOTHING };
  }
}

function keepManifest(block: CodeBlock, run: NoteRun, name: string | undefined): void {
  const file = { text: block.lines.map(({ text }) => text).join("\n"), used: false };
  if (name === undefined) run.unnamed = file;
  else run.files.set(name, file);
  run.busy = true;
}
