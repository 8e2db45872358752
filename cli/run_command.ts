/** Runs a command beside a memory cluster that lives as long as it does. */
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { readImageFolder } from "../checks/images/image_folder.ts";
import { DEFAULT_NAME } from "../cluster/background/record.ts";
import { serve, type ServeOptions } from "../cluster/background/serve.ts";
import { Problem } from "../cluster/problem.ts";
import { message } from "./messages/messages.ts";
import { imagesFolder, keysFolder } from "./paths.ts";
import { exitCodeOf, forwardSignals } from "./signals.ts";

/**
 * Runs the command with KUBECONFIG set, and passes signals on to it.
 *
 * @returns its exit code; 128 and the signal's number where a signal ended it
 * @throws {Problem} `usage` when there is no such command
 */
export async function runWithCluster(
  [program, ...args]: readonly [string, ...string[]] | readonly string[],
  options: Omit<ServeOptions, "name">,
): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), "drydock-"));
  try {
    const images = await readImageFolder(imagesFolder());
    await using served = await serve(folder, { ...options, name: DEFAULT_NAME, keys: keysFolder("run"), images });
    return await new Promise<number>((resolve, reject) => {
      const child = spawn(program, args, {
        stdio: "inherit",
        env: { ...process.env, KUBECONFIG: served.record.kubeconfig },
      });
      // Not child.kill(): Deno takes that for the command's end, whatever the command makes of the signal.
      const stopForwarding = forwardSignals((signal) => process.kill(child.pid!, signal));
      child.once("error", (error: NodeJS.ErrnoException) => {
        stopForwarding();
        reject(new Problem("usage", message(({ errors }) => errors.cannotRun(program, error.code ?? error.message))));
      });
      child.once("exit", (code, signal) => {
        stopForwarding();
        resolve(code ?? exitCodeOf(signal ?? "SIGTERM"));
      });
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
