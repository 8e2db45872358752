/** Drives the real kubectl through a student's commands. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { startMemoryCluster } from "../../../cluster/memory/cluster.ts";
import { findKubectl } from "../../find_kubectl.ts";
import { type Exchange, outputMatches, parseTranscript } from "./transcript.ts";
import { temporaryFolder } from "../../temporary_folder.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const KUBECTL = findKubectl();

/** How many times as fast as the world's the cluster's clock runs: kubectl waits for real. */
const SPEED = 20;

const transcript = parseTranscript(await readFile(join(FOLDER, "student.transcript"), "utf8"));

Deno.test("the transcript has the commands that students use", () => {
  assert.ok(new Set(transcript.map(({ command }) => command)).size >= 40);
});

Deno.test({
  name: KUBECTL === undefined
    ? "kubectl, as students use it: there is no kubectl on PATH"
    : "kubectl, as students use it",
  ignore: KUBECTL === undefined,
  async fn() {
    const folder = await temporaryFolder();
    await using cluster = await startMemoryCluster({ speed: SPEED });
    const kubeconfig = join(folder, "kubeconfig");
    await writeFile(kubeconfig, cluster.kubeconfig);
    const wrong: string[] = [];
    for (const exchange of transcript) {
      const { output, exitCode } = await type(exchange, {
        KUBECONFIG: kubeconfig,
        HOME: folder,
        KUBECACHEDIR: join(folder, "cache"),
      });
      if (exitCode === exchange.exitCode && outputMatches(exchange.output, output)) continue;
      const expected = [...exchange.output, `[exit code ${exchange.exitCode}]`].map((line) => `  - ${line}`);
      const printed = [...output, `[exit code ${exitCode}]`].map((line) => `  + ${line}`);
      wrong.push([`line ${exchange.line}: ${exchange.command}`, ...expected, ...printed].join("\n"));
    }
    assert.equal(wrong.length, 0, `\n${wrong.join("\n\n")}`);
  },
});

/** Runs a command of the transcript. */
function type({ command }: Exchange, env: Readonly<Record<string, string>>) {
  const [program, ...args] = command.split(" ");
  assert.equal(program, "kubectl");
  return new Promise<{ readonly output: readonly string[]; readonly exitCode: number }>((resolve, reject) => {
    const child = spawn(KUBECTL!, args, {
      cwd: FOLDER,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => text += chunk);
    child.once("error", reject);
    child.once("close", (code) => resolve({ output: text.split("\n"), exitCode: code ?? -1 }));
  });
}
