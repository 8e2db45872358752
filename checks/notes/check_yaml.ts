/** Checks a block of YAML: manifests on the cluster, fragments by their fields. */
import type { Cluster } from "../../cluster/cluster.ts";
import { containerPrograms } from "./container_programs.ts";
import type { BlockResult } from "./counted.ts";
import type { Text } from "../../cluster/text.ts";
import type { Finding, Unchecked } from "./finding.ts";
import { checkFragment } from "./fragments.ts";
import { checkManifest, isManifest, isOutline, type ManifestContext } from "./manifests.ts";
import type { CodeBlock } from "./markdown.ts";
import { yamlChanges } from "./versions/check_changes.ts";
import { readYamlBlock } from "./yaml_documents.ts";
import { readMended, yamlFinding } from "./yaml_slips.ts";

/** Reads a block of YAML, and sends its manifests to the cluster. */
export async function checkYaml(
  { lines }: Pick<CodeBlock, "lines">,
  cluster: Cluster,
  context: ManifestContext,
): Promise<BlockResult> {
  const { documents: read, problems } = readYamlBlock(lines);
  // One slip makes the reader stumble several times; the first time says it.
  const findings: Finding[] = onePerLine(problems.map((problem) => yamlFinding(problem, lines)));
  const documents = findings.some(({ mend }) => mend?.edit !== undefined) ? readMended(lines, findings) : read;
  if (documents.length > 0) findings.push(...yamlChanges(lines, context.version));
  const unchecked: Unchecked[] = [];
  let [verified, parsed] = [0, 0];
  for (const document of documents) {
    if (!isManifest(document) || isOutline(document)) {
      const fragment = isOutline(document) ? undefined : checkFragment(document);
      findings.push(...fragment?.findings ?? []);
      if (fragment !== undefined && fragment.type === undefined && fragment.findings.length === 0) {
        unchecked.push({ ...document.locate([]), reason: UNCLEAR });
      }
      parsed++;
      continue;
    }
    const result = await checkManifest(cluster, document, context);
    findings.push(...result.findings, ...containerPrograms(document));
    if (!result.verified && result.findings.length === 0) {
      unchecked.push({ ...document.locateKey(["kind"]), reason: NO_KIND });
    }
    if (result.verified) verified++;
    else parsed++;
  }
  return { findings, counted: { verified, parsed, notCheckable: 0 }, unchecked };
}

const UNCLEAR: Text = {
  en: "it is not clear what this YAML is a part of",
  ko: "무엇의 일부인지 분명하지 않은 YAML입니다",
};

const NO_KIND: Text = { en: "a new cluster has no such kind", ko: "새 클러스터에는 없는 종류(kind)입니다" };

function onePerLine(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ line }, i) => findings.findIndex((other) => other.line === line) === i);
}
