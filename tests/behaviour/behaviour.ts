/**
 * How near a whole cluster is to a real one: runs the recorded scenarios with kubectl against the memory cluster and
 * prints what differs in the objects and events that they leave. It takes as long as the scenarios wait, some 8 minutes;
 * `deno task behaviour` plays them on virtual time in seconds, without kubectl.
 *
 *     deno run -A tests/behaviour/behaviour.ts [--only TEXT] [--show N] [--json]
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { startMemoryCluster } from "../../cluster/memory/cluster.ts";

const GOLDEN = fileURLToPath(new URL("../../../shared/golden/", import.meta.url));
const NODES = ["node01", "node02"];

/** The kubectl to use: the one of $KUBECTL, or the one of the path. */
function findKubectl(): string | undefined {
  const kubectl = process.env.KUBECTL ?? "kubectl";
  try {
    execFileSync(kubectl, ["version", "--client"], { stdio: "ignore" });
    return kubectl;
  } catch {
    return undefined;
  }
}

const kubectl = findKubectl();
if (kubectl === undefined || !existsSync(`${GOLDEN}behave.mjs`)) {
  console.log(`nothing to compare with: there is no ${kubectl === undefined ? "kubectl" : `${GOLDEN}behave.mjs`}`);
  process.exit(0);
}

await using cluster = await startMemoryCluster({
  nodes: NODES,
  report: (where, error) => console.error(where, error),
});
const folder = await mkdtemp(join(tmpdir(), "drydock-behaviour-"));
const kubeconfig = join(folder, "kubeconfig");
await writeFile(kubeconfig, cluster.kubeconfig);
const flags = ["--kubeconfig", kubeconfig, "--kubectl", kubectl, "--nodes", NODES.join(",")];
const script = [`${GOLDEN}behave.mjs`, "compare", ...flags, ...process.argv.slice(2), `${GOLDEN}behaviours.json`];
const command = "deno" in process.versions ? ["run", "-A", ...script] : script;
const child = spawn(process.execPath, command, { stdio: "inherit" });
await new Promise((resolve) => child.on("close", resolve));
await rm(folder, { recursive: true });
