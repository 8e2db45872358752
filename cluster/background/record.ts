/**
 * What is known of memory clusters that run in processes of their own: one folder a cluster, with the record of the
 * process, its kubeconfig and its log.
 */
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { join } from "node:path";

/** The context of the cluster that is called nothing else. */
export const DEFAULT_NAME = "drydock";

/** A memory cluster's process. Written by the process itself, once it answers. */
export interface ClusterRecord {
  readonly name: string;
  readonly pid: number;
  /** "https://127.0.0.1:39017" */
  readonly server: string;
  readonly context: string;
  readonly kubeconfig: string;
  /** The certificate by which its server is known, in PEM. */
  readonly certificateAuthority: string;
  /** ISO time. */
  readonly started: string;
  readonly nodes: readonly string[];
  readonly speed: number;
}

/** The context of a cluster: `drydock`, or `drydock-NAME`. */
export function contextName(name: string): string {
  return name === DEFAULT_NAME ? DEFAULT_NAME : `${DEFAULT_NAME}-${name}`;
}

/** The files of the cluster `name` under `folder`. */
export function clusterFiles(folder: string, name: string) {
  const own = join(folder, name);
  return { folder: own, record: join(own, "cluster.json"), kubeconfig: join(own, "kubeconfig"), log: join(own, "log") };
}

/** The record of a cluster, whether it still runs or not. */
export async function readRecord(folder: string, name: string): Promise<ClusterRecord | undefined> {
  try {
    return JSON.parse(await readFile(clusterFiles(folder, name).record, "utf8"));
  } catch {
    return undefined; // None was written, or it is being written at this moment.
  }
}

/** Writes a record as a whole, so that nobody reads half of one. */
export async function writeRecord(folder: string, record: ClusterRecord): Promise<void> {
  const files = clusterFiles(folder, record.name);
  await mkdir(files.folder, { recursive: true, mode: 0o700 });
  await writeFile(`${files.record}.new`, JSON.stringify(record, null, 2), { mode: 0o600 });
  await rename(`${files.record}.new`, files.record);
}

/** Removes the record, but not that of a process that has taken the name over. */
export async function removeRecord(folder: string, { name, pid }: Pick<ClusterRecord, "name" | "pid">): Promise<void> {
  const current = await readRecord(folder, name);
  if (current === undefined || current.pid === pid) {
    await rm(clusterFiles(folder, name).folder, { recursive: true, force: true });
  }
}

/** The clusters that have a record, running or not. */
export async function recorded(folder: string): Promise<readonly ClusterRecord[]> {
  const names = await readdir(folder).catch(() => []);
  const records = await Promise.all(names.sort().map((name) => readRecord(folder, name)));
  return records.filter((record) => record !== undefined);
}

/** The clusters that answer. */
export async function running(folder: string): Promise<readonly ClusterRecord[]> {
  const records = await recorded(folder);
  const answers = await Promise.all(records.map(isRunning));
  return records.filter((_, i) => answers[i]);
}

/** Milliseconds until a server on this machine counts as gone. */
const ANSWER_LIMIT = 2000;

/**
 * Whether a cluster's server answers and proves, by its certificate, to be that cluster. A number of a process alone
 * would prove nothing: the system gives it to others.
 */
export function isRunning({ server, certificateAuthority }: ClusterRecord): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = request(
      `${server}/healthz`,
      { ca: certificateAuthority, agent: false, timeout: ANSWER_LIMIT },
      (answer) => {
        answer.resume();
        resolve(true);
      },
    );
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => resolve(false));
    asked.end();
  });
}
