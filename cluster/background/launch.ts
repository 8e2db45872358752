/** Starts a memory cluster in a process of its own, which outlives this one. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { Problem } from "../problem.ts";
import { clusterFiles, type ClusterRecord, isRunning, readRecord } from "./record.ts";

/** Milliseconds. */
const START_LIMIT = 30_000;
const STOP_LIMIT = 10_000;
const POLL_INTERVAL = 20;

/** The exit code by which the process says that it was told something impossible. */
const USAGE = 2;

export interface LaunchOptions {
  readonly name: string;
  /** The command that serves the cluster in the foreground. */
  readonly command: readonly [string, ...string[]];
  readonly signal?: AbortSignal;
}

/**
 * Launches the command and waits until the cluster has left its record.
 *
 * @throws {Problem} `unavailable` with what the process said before it ended
 */
export async function launch(folder: string, { name, command, signal }: LaunchOptions): Promise<ClusterRecord> {
  const files = clusterFiles(folder, name);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  const log = await open(files.log, "w", 0o600);
  const [program, ...rest] = command;
  const child = spawn(program, rest, { detached: true, windowsHide: true, stdio: ["ignore", log.fd, log.fd] });
  let ended = false;
  let exitCode: number | null = null;
  child.once("exit", (code) => [ended, exitCode] = [true, code]);
  child.once("error", () => ended = true);
  try {
    const end = performance.now() + START_LIMIT;
    while (performance.now() < end) {
      const record = await readRecord(folder, name);
      if (record?.pid === child.pid) {
        child.unref();
        return record!;
      }
      if (ended) break;
      await delay(POLL_INTERVAL, undefined, { signal });
    }
    throw didNotStart((await readFile(files.log, "utf8")).trim(), exitCode);
  } catch (error) {
    if (!ended) {
      child.kill();
      await once(child, "exit").catch(() => {});
    }
    await rm(files.folder, { recursive: true, force: true });
    throw error;
  } finally {
    await log.close();
  }
}

/** The process's own words, which are in the person's language already, as an error of this one. */
function didNotStart(said: string, exitCode: number | null): Problem {
  const words = said.replace(/^\S+: /, "");
  return new Problem(exitCode === USAGE ? "usage" : "unavailable", {
    en: words || "The memory cluster did not start.",
    ko: words || "메모리 클러스터가 시작되지 않았습니다.",
  });
}

/**
 * Stops a cluster and waits until it is gone.
 *
 * @returns whether it was running
 */
export async function stop(folder: string, record: ClusterRecord): Promise<boolean> {
  const files = clusterFiles(folder, record.name);
  // Only a server that proves to be this cluster says that the process is the one that was recorded.
  const wasRunning = await isRunning(record);
  if (wasRunning) {
    process.kill(record.pid, "SIGTERM");
    const end = performance.now() + STOP_LIMIT;
    while (await isRunning(record) && performance.now() < end) await delay(POLL_INTERVAL);
    if (await isRunning(record)) process.kill(record.pid, "SIGKILL");
  }
  await rm(files.folder, { recursive: true, force: true });
  await removeKubeconfig(record);
  return wasRunning;
}

/** A cluster that was killed could not take its kubeconfig away; a file that leads elsewhere by now is not its own. */
async function removeKubeconfig({ kubeconfig, server }: ClusterRecord): Promise<void> {
  const text = await readFile(kubeconfig, "utf8").catch(() => "");
  if (text.includes(server)) await rm(kubeconfig, { force: true });
}
