/** The solutions that learners are shown solve the exercises: each script runs with the real kubectl. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { symlink, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import process from "node:process";
import { addonsFor } from "../../cluster/addons_for.ts";
import { startMemoryCluster } from "../../cluster/memory/cluster.ts";
import { parseKubeconfig } from "../../cluster/remote/kubeconfig.ts";
import { connect } from "../../cluster/remote/remote_cluster.ts";
import { loadCatalogue, loadExercise } from "../../exercises/catalogue.ts";
import { remove, setUp } from "../../exercises/lifecycle.ts";
import { judge } from "../../exercises/prove.ts";
import { mismatchText } from "../../checks/reports/mismatch_text.ts";
import { findKubectl } from "../find_kubectl.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const KUBECTL = findKubectl();
const POSIX = Deno.build.os !== "windows";
/** kubectl waits for real, so the cluster's clock runs faster. */
const SPEED = 20;

Deno.test({
  name: KUBECTL === undefined ? "solution.sh: there is no kubectl on PATH" : "solution.sh",
  ignore: KUBECTL === undefined || !POSIX,
  // The official client's HTTP library keeps a timer for its own purposes.
  sanitizeOps: false,
  sanitizeResources: false,
  async fn(t) {
    const folder = await temporaryFolder();
    const { exercises } = await loadCatalogue();
    const addons = addonsFor(exercises.flatMap(({ requires }) => requires));
    await using memory = await startMemoryCluster({ speed: SPEED, addons });
    await using cluster = await connect(await parseKubeconfig(memory.kubeconfig, "kubeconfig"), {
      time: {
        now: () => memory.clock.now(),
        pass: async (ms) => (await memory.clock.sleep(ms), false),
      },
    });
    await writeFile(join(folder, "kubeconfig"), memory.kubeconfig);
    await symlink(KUBECTL!, join(folder, "kubectl"));
    for (const entry of exercises) {
      await t.step({
        name: entry.id,
        sanitizeOps: false,
        sanitizeResources: false,
        async fn() {
          const exercise = await loadExercise(entry);
          const begun = await setUp(cluster, exercise);
          const said = await runScript(exercise.script, folder);
          const results = await judge(cluster, exercise, begun);
          await remove(cluster, exercise);
          const open = results.filter(({ verdict }) => verdict !== "passed");
          const why = open.flatMap((
            { check, mismatches },
          ) => [check.id, ...mismatches.map((one) => mismatchText(one, "en"))]);
          assert.deepEqual(open.map(({ check }) => check.id), [], `${why.join("\n")}\n${said}`);
        },
      });
    }
  },
});

/** Runs a script in which every command must succeed. Returns what it printed. */
function runScript(script: string, folder: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-e"], {
      cwd: folder,
      env: {
        ...process.env,
        HOME: folder,
        KUBECONFIG: join(folder, "kubeconfig"),
        PATH: [folder, process.env.PATH].join(delimiter),
      },
      stdio: ["pipe", "pipe", "pipe"],
    });
    let text = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk) => text += chunk);
    child.once("error", reject);
    child.once("close", (code) => code === 0 ? resolve(text) : reject(new Error(`exit code ${code}:\n${text}`)));
    child.stdin.end(script);
  });
}
