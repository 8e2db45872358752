/** Checks one note: every block in its order, against one cluster. */
import type { Cluster } from "../../cluster/cluster.ts";
import { classify } from "./classify.ts";
import { checkCommands, type CommandContext } from "./commands.ts";
import type { Counted, Finding } from "./finding.ts";
import { checkManifest, isManifest, isOutline } from "./manifests.ts";
import { type CodeBlock, readNote } from "./markdown.ts";
import { knownResources } from "./resources.ts";
import { readYamlBlock, type YamlProblem } from "./yaml_documents.ts";

export interface NoteReport {
  readonly file: string;
  readonly findings: readonly Finding[];
  readonly counted: Counted;
}

export interface NoteOptions {
  /** The Kubernetes version that the note is about, "1.36". */
  readonly version?: string;
}

/** @param cluster a memory cluster of the note's own: its manifests are created there */
export async function checkNote(
  file: string,
  source: string,
  cluster: Cluster,
  options: NoteOptions = {},
): Promise<NoteReport> {
  const findings: Finding[] = [];
  let counted: Counted = { verified: 0, parsed: 0, notCheckable: 0 };
  const context: CommandContext = { resources: new Set(await knownResources()), aliases: new Set(), ...options };
  for (const block of readNote(source).blocks) {
    if (block.directive?.startsWith("skip")) continue;
    const result = await checkBlock(block, cluster, context);
    findings.push(...result.findings);
    counted = add(counted, result.counted);
  }
  return { file, findings: findings.sort((a, b) => a.line - b.line || a.column - b.column), counted };
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
