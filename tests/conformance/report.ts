/** Runs the cases about the inside of containers on one cluster, and prints a table of verdicts. */
import process from "node:process";
import { parseArgs } from "node:util";
import { type ClusterUnderTest, inNamespace, MEMORY, real } from "./clusters.ts";
import { inside, type InsideCase } from "./inside/inside_case.ts";
import { INSIDE_CASES } from "./inside/mod.ts";

interface Verdict {
  readonly of: InsideCase;
  /** Undefined where the case passed. */
  readonly trouble?: string;
  /** Real milliseconds. */
  readonly took: number;
}

/** So many at once where time passes by itself: most of it is waiting. */
const AT_ONCE = 4;

/** The verdicts in the order of the cases. */
async function judge(cases: readonly InsideCase[], { open }: ClusterUnderTest): Promise<readonly Verdict[]> {
  const { cluster, access } = await open();
  await using _cluster = cluster;
  const verdicts: Verdict[] = [];
  const waiting = [...cases.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, of] = next;
      const begin = performance.now();
      const trouble = await inNamespace(cluster, (surroundings) => of.run(inside(surroundings, access)))
        .then(() => undefined, ({ message }: Error) => message.trim().replaceAll(/\s+/g, " "));
      verdicts[index] = { of, took: performance.now() - begin, ...trouble === undefined ? {} : { trouble } };
      process.stderr.write(trouble === undefined ? "." : "x");
    }
  };
  // On virtual time one waits for nothing, and the cases would move each other's time.
  const workers = cluster.capabilities.has("virtual-time") ? 1 : AT_ONCE;
  await Promise.all(Array.from({ length: workers }, work));
  process.stderr.write("\n");
  return verdicts;
}

/** Markdown: each case with its verdict and images; then what failed, and why. */
export function table(verdicts: readonly Verdict[]): string {
  const rows = verdicts.map(({ of: { title, images, needs }, trouble, took }) =>
    `| ${title.replaceAll("|", "\\|")} | ${trouble === undefined ? "passed" : "failed"} | ${images.join(", ")} | ${
      needs ?? ""
    } | ${(took / 1000).toFixed(1)} |`
  );
  const failed = verdicts.filter(({ trouble }) => trouble !== undefined);
  return [
    "| case | verdict | images | needs | s |",
    "| --- | --- | --- | --- | --- |",
    ...rows,
    "",
    `${verdicts.length - failed.length} of ${verdicts.length} cases passed.`,
    ...failed.map(({ of: { title }, trouble }) => `- ${title}: ${trouble}`),
  ].join("\n");
}

if (import.meta.main) {
  const { values: { context = process.env.DRYDOCK_CONFORMANCE_CONTEXT, only = "" } } = parseArgs({
    options: { context: { type: "string" }, only: { type: "string" } },
  });
  const cases = INSIDE_CASES.filter(({ title }) => title.includes(only));
  const verdicts = await judge(cases, context === undefined ? MEMORY : real(context));
  console.log(table(verdicts));
  // The official client keeps connections, and with them the program.
  process.exit(verdicts.every(({ trouble }) => trouble === undefined) ? 0 : 1);
}
