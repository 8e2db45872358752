/**
 * How near the memory cluster is to a real API server: replays the recorded requests beside this repository and prints
 * a score per group, the totals last.
 *
 *     deno task fidelity [--quick] [--managed-fields] [--show N] [--group TEXT] [FILE…]
 */
import { existsSync, readFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import process from "node:process";
import { serviceAccounts } from "../../cluster/memory/api/kind_refs.ts";
import { administrator } from "../../cluster/memory/api/mod.ts";
import { startMemoryCluster } from "../../cluster/memory/cluster.ts";

const GOLDEN = fileURLToPath(new URL("../../../shared/golden/", import.meta.url));
const TOKEN = "admintoken";
/** What fits into a minute. */
const QUICK = ["sequences.json", "validation.json"];
const ALL = [...QUICK, "manifests.json"];

if (!existsSync(`${GOLDEN}golden.mjs`)) {
  console.log(`nothing to compare with: there is no ${GOLDEN}golden.mjs`);
  process.exit(0);
}
const args = process.argv.slice(2);
const quick = args.includes("--quick");
const named = args.filter((arg) => arg.endsWith(".json"));
const passed = args.filter((arg) => arg !== "--quick" && !arg.endsWith(".json"));
const files = named.length > 0 ? named : (quick ? QUICK : ALL).map((file) => GOLDEN + file);

await using cluster = await startMemoryCluster({
  components: ["api"],
  token: TOKEN,
  report: (where, error) => console.error(where, error),
});
const client = cluster.api.client(administrator);
await client.create(serviceAccounts, { metadata: { name: "default", namespace: "default" } });

for (const file of files.filter((file) => existsSync(file))) {
  console.log(`${file.split("/").pop()} (${JSON.parse(readFileSync(file, "utf8")).cases.length} cases)`);
  await compare(file);
}

/** Runs the comparison as a program of its own, under this runtime, which trusts the cluster's certificate. */
function compare(file: string): Promise<number> {
  const flags = ["run", "-A", "--unsafely-ignore-certificate-errors=127.0.0.1"];
  const script = [`${GOLDEN}golden.mjs`, "compare", "--server", cluster.server, "--token", TOKEN, ...passed, file];
  const child = spawn(process.execPath, "deno" in process.versions ? [...flags, ...script] : script, {
    stdio: ["inherit", "inherit", "ignore"],
    env: { ...process.env, NODE_TLS_REJECT_UNAUTHORIZED: "0" },
  });
  return new Promise((resolve) => child.on("close", (code) => resolve(code ?? 1)));
}
