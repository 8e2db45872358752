/**
 * Runs kubectl, and nothing else, where it can do no harm: without a shell, in a temporary folder that is its home too,
 * with an environment that holds nothing of the person's, and with an end.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import type { Cluster } from "../../../cluster/cluster.ts";
import { readYaml } from "../../yaml.ts";

export interface Ran {
  /** Undefined when it was ended because it took too long or wrote too much. */
  readonly code: number | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Sandbox extends AsyncDisposable {
  /** @param words what follows `kubectl` */
  run(words: readonly string[], stdin?: string): Promise<Ran>;
  /** Puts a file into the folder. @param name a plain file name */
  write(name: string, text: string): Promise<void>;
  /** The flags with which `config set-context` makes a context that leads to the cluster. */
  readonly ownContext: readonly string[];
}

export interface SandboxOptions {
  /** The program's path. */
  readonly kubectl: string;
  /** The text of a kubeconfig. */
  readonly kubeconfig: string;
  /** On its time the commands wait for what they wait for. */
  readonly cluster: Pick<Cluster, "pass">;
}

/** Milliseconds that one command may take. */
const LIMIT = 10_000;

/** Characters that one command may write. */
const MOST_OUTPUT = 1_000_000;

/** Milliseconds of the cluster's time that pass while a command runs, every `TICK` of the world's. */
const STEP = 1000;
const TICK = 15;

/** The kubectl that DRYDOCK_KUBECTL names, else the first one on PATH; undefined where there is none. */
export function findKubectl(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  if (env.DRYDOCK_KUBECTL) return existsSync(env.DRYDOCK_KUBECTL) ? env.DRYDOCK_KUBECTL : undefined;
  const name = process.platform === "win32" ? "kubectl.exe" : "kubectl";
  return (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "").map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/** Makes the folder; disposing of the sandbox removes it. */
export async function openSandbox({ kubectl, kubeconfig, cluster }: SandboxOptions): Promise<Sandbox> {
  const home = await mkdtemp(join(tmpdir(), "drydock-notes-"));
  const folder = join(home, "notes");
  await writeFile(join(home, "kubeconfig"), kubeconfig, { mode: 0o600 });
  await mkdir(folder);
  // An empty PATH: no plugin, credential helper, pager or editor is found.
  const env = {
    HOME: home,
    USERPROFILE: home,
    KUBECONFIG: join(home, "kubeconfig"),
    TMPDIR: home,
    PATH: join(home, "nothing"),
    ...process.env.SystemRoot === undefined ? {} : { SystemRoot: process.env.SystemRoot },
  };
  return {
    run: (words, stdin) => runOne(kubectl, words, { cwd: folder, env, stdin, cluster }),
    write: (name, text) => writeFile(join(folder, name), text),
    ownContext: ownContext(kubeconfig),
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}

function ownContext(kubeconfig: string): string[] {
  const { contexts: [{ context }] } = readYaml(kubeconfig, "kubeconfig")[0].value as {
    readonly contexts: readonly [{ readonly context: { readonly cluster: string; readonly user: string } }];
  };
  return [`--cluster=${context.cluster}`, `--user=${context.user}`];
}

interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  readonly stdin?: string;
  readonly cluster: Pick<Cluster, "pass">;
}

async function runOne(kubectl: string, words: readonly string[], options: RunOptions): Promise<Ran> {
  const { cwd, env, stdin = "", cluster } = options;
  const child = spawn(kubectl, [...words], { cwd, env, stdio: ["pipe", "pipe", "pipe"], windowsHide: true });
  let [stdout, stderr, ended] = ["", "", false];
  let code: number | undefined;
  const over = new Promise<void>((resolve) => {
    child.once("error", (error) => (stderr += error.message, resolve()));
    child.once("close", (exit) => (code = exit ?? undefined, resolve()));
  }).then(() => void (ended = true));
  const take = (text: string) => {
    if (stdout.length + stderr.length > MOST_OUTPUT) child.kill("SIGKILL");
    return text;
  };
  child.stdout.setEncoding("utf8").on("data", (text) => stdout += take(text));
  child.stderr.setEncoding("utf8").on("data", (text) => stderr += take(text));
  // It may end without reading.
  child.stdin.on("error", () => {});
  child.stdin.end(stdin);

  let killed = false;
  const end = performance.now() + LIMIT;
  while (!ended) {
    await Promise.race([over, delay(TICK)]);
    if (ended) break;
    if (performance.now() > end && !killed) killed = child.kill("SIGKILL");
    await cluster.pass(STEP);
  }
  return { code: killed ? undefined : code, stdout, stderr };
}
