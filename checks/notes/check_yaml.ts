/** Checks a block of YAML: manifests on the cluster, fragments by their fields. */
import type { Cluster } from "../../cluster/cluster.ts";
import { containerPrograms } from "./container_programs.ts";
import type { BlockResult } from "./counted.ts";
import type { Finding } from "./finding.ts";
import { checkFragment } from "./fragments.ts";
import { checkManifest, isManifest, isOutline, type ManifestContext } from "./manifests.ts";
import type { CodeBlock } from "./markdown.ts";
import { yamlChanges } from "./versions/check_changes.ts";
import { readYamlBlock } from "./yaml_documents.ts";
import { readMended, yamlFinding } from "./yaml_slips.ts";

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
  let [verified, parsed] = [0, 0];
  for (const document of documents) {
    if (!isManifest(document) || isOutline(document)) {
      if (!isOutline(document)) findings.push(...checkFragment(document).findings);
      parsed++;
      continue;
    }
    const result = await checkManifest(cluster, document, context);
    findings.push(...result.findings, ...containerPrograms(document));
    if (result.verified) verified++;
    else parsed++;
  }
  return { findings, counted: { verified, parsed, notCheckable: 0 } };
}

function onePerLine(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ line }, i) => findings.findIndex((other) => other.line === line) === i);
}
