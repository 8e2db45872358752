/** Checks one note: every block in its order, against one cluster. */
import type { Cluster } from "../../cluster/cluster.ts";
import { classify } from "./classify.ts";
import { checkCommands, type CommandContext } from "./commands.ts";
import type { Counted, Finding } from "./finding.ts";
import { checkFragment } from "./fragments.ts";
import { checkManifest, isManifest, isOutline } from "./manifests.ts";
import { type CodeBlock, readNote } from "./markdown.ts";
import { knownResources } from "./resources.ts";
import { isIgnored, NO_SETTINGS, type NoteSettings, parseDirective, readFrontMatter } from "./settings.ts";
import { readYamlBlock, type YamlProblem } from "./yaml_documents.ts";

export interface NoteReport {
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly counted: Counted;
}

export interface NoteOptions {
  /** The repository's settings; those in the note's front matter come on top. */
  readonly settings?: NoteSettings;
}

/**
 * @param cluster a memory cluster of the note's own: its manifests are created there
 * @throws {ContentError} for front matter of ours that says nonsense
 */
export async function checkNote(
  file: string,
  source: string,
  cluster: Cluster,
  { settings = NO_SETTINGS }: NoteOptions = {},
): Promise<NoteReport> {
  const note = readNote(source);
  const own = readFrontMatter(note.frontMatter, file);
  const ignores = [...settings.ignore, ...own.ignore];
  const version = own.kubernetes ?? settings.kubernetes;
  const context: CommandContext = { resources: new Set(await knownResources()), aliases: new Set(), version };
  const findings: Finding[] = [];
  let counted: Counted = NOTHING;
  for (const block of note.blocks) {
    const skipped = skip(block);
    if (skipped !== undefined) {
      findings.push(...skipped);
      counted = add(counted, { ...NOTHING, notCheckable: 1 });
      continue;
    }
    const result = await checkBlock(block, cluster, context);
    findings.push(...result.findings);
    counted = add(counted, result.counted);
  }
  const told = findings.filter((finding) => !isIgnored(finding, file, ignores));
  return { file, findings: told.sort((a, b) => a.line - b.line || a.column - b.column), counted };
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

type BlockResult = Pick<NoteReport, "findings" | "counted">;

async function checkBlock(block: CodeBlock, cluster: Cluster, context: CommandContext): Promise<BlockResult> {
  switch (classify(block)) {
    case "yaml":
      return await checkYaml(block, cluster);
    case "shell":
      return await checkShell(block, cluster, context);
    case "other":
      return { findings: [], counted: NOTHING };
  }
}

async function checkYaml({ lines }: Pick<CodeBlock, "lines">, cluster: Cluster): Promise<BlockResult> {
  const { documents, problems } = readYamlBlock(lines);
  // One slip makes the reader stumble several times; the first time says it.
  const findings: Finding[] = firstOfEach(problems).map(({ line, column, text }) => ({
    line,
    column,
    rule: "yaml-syntax",
    severity: "error",
    message: text.en,
    explanation: { en: "This is not YAML that kubectl can read.", ko: "kubectl이 읽을 수 있는 YAML이 아닙니다." },
  }));
  let [verified, parsed] = [0, 0];
  for (const document of documents) {
    if (!isManifest(document) || isOutline(document)) {
      if (!isOutline(document)) findings.push(...checkFragment(document).findings);
      parsed++;
      continue;
    }
    const result = await checkManifest(cluster, document);
    findings.push(...result.findings);
    if (result.verified) verified++;
    else parsed++;
  }
  return { findings, counted: { verified, parsed, notCheckable: 0 } };
}

function firstOfEach(problems: readonly YamlProblem[]): YamlProblem[] {
  return problems.filter(({ line }, i) => problems.findIndex((other) => other.line === line) === i);
}

async function checkShell({ lines }: CodeBlock, cluster: Cluster, context: CommandContext): Promise<BlockResult> {
  const { findings, counted, block } = checkCommands(lines, context);
  const commands = block.exchanges.flatMap(({ commands }) => commands);
  let result: BlockResult = { findings, counted };
  for (const { heredoc, line } of commands) {
    if (heredoc === undefined || !/^\s*apiVersion:/m.test(heredoc)) continue;
    const inside = lines.filter((one) => one.line > line).slice(0, heredoc.trimEnd().split("\n").length);
    const checked = await checkYaml({ lines: inside }, cluster);
    result = { findings: [...result.findings, ...checked.findings], counted: add(result.counted, checked.counted) };
  }
  return result;
}

const NOTHING: Counted = { verified: 0, parsed: 0, notCheckable: 0 };

function add(a: Counted, b: Counted): Counted {
  return {
    verified: a.verified + b.verified,
    parsed: a.parsed + b.parsed,
    notCheckable: a.notCheckable + b.notCheckable,
  };
}
