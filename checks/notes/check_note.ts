/** Checks one note: every block in its order, against one cluster. */
import type { Cluster } from "../../cluster/cluster.ts";
import { classify } from "./classify.ts";
import { checkShell, fileOf } from "./check_shell.ts";
import { checkYaml } from "./check_yaml.ts";
import { type CommandContext, newCommandContext } from "./command_context.ts";
import { addCounts, type BlockResult, NOTHING } from "./counted.ts";
import type { Counted, Finding, Unchecked } from "./finding.ts";
import type { Sandbox } from "./kubectl/sandbox.ts";
import { type CodeBlock, readNote } from "./markdown.ts";
import { currentNamespace } from "./kubectl/contexts.ts";
import { newRun, type NoteRun } from "./run_commands.ts";
import { isIgnored, NO_SETTINGS, type NoteSettings, parseDirective, readFrontMatter } from "./settings.ts";

export interface NoteReport {
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly counted: Counted;
  /** The kubectl commands that were to run and could not. */
  readonly unchecked: readonly Unchecked[];
}

export interface NoteOptions {
  /** The repository's settings; those in the note's front matter come on top. */
  readonly settings?: NoteSettings;
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
  { settings = NO_SETTINGS, sandbox }: NoteOptions = {},
): Promise<NoteReport> {
  const note = readNote(source);
  const own = readFrontMatter(note.frontMatter, file);
  const ignores = [...settings.ignore, ...own.ignore];
  const version = own.kubernetes ?? settings.kubernetes;
  const context = await newCommandContext(version);
  const run = sandbox === undefined ? undefined : newRun(cluster, sandbox, context);
  const findings: Finding[] = [];
  const unchecked: Unchecked[] = [];
  let counted: Counted = NOTHING;
  for (const block of note.blocks) {
    const skipped = skip(block);
    if (skipped !== undefined) {
      findings.push(...skipped);
      counted = addCounts(counted, { ...NOTHING, notCheckable: 1 });
      continue;
    }
    const result = await checkBlock(block, cluster, context, run);
    findings.push(...result.findings);
    unchecked.push(...result.unchecked ?? []);
    counted = addCounts(counted, result.counted);
  }
  const told = findings.filter((finding) => !isIgnored(finding, file, ignores));
  return { file, findings: told.sort((a, b) => a.line - b.line || a.column - b.column), counted, unchecked };
}

/** What is wrong with a skipped block's comment; undefined for a block that is not skipped. */
function skip({ directive, line }: CodeBlock): Finding[] | undefined {
  if (directive === undefined) return undefined;
  const { action, values } = parseDirective(directive);
  if (action !== "skip") return undefined;
  if (values.reason) return [];
  return [{
    line,
    column: 1,
    rule: "directive",
    severity: "error",
    message: `<!-- drydock: ${directive} -->`,
    explanation: { en: "A block that is skipped says why.", ko: "검사를 건너뛰는 블록에는 이유가 있어야 합니다." },
    mend: { text: { en: 'Write skip reason="…".', ko: 'skip reason="…" 형식으로 쓰세요.' } },
  }];
}

async function checkBlock(
  block: CodeBlock,
  cluster: Cluster,
  context: CommandContext,
  run: NoteRun | undefined,
): Promise<BlockResult> {
  switch (classify(block)) {
    case "yaml": {
      if (run !== undefined) keepManifest(block, run);
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

function keepManifest(block: CodeBlock, run: NoteRun): void {
  const name = fileOf(block);
  const file = { text: block.lines.map(({ text }) => text).join("\n"), used: false };
  if (name === undefined) run.unnamed = file;
  else run.files.set(name, file);
  run.busy = true;
}
