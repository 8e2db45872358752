/**
 * Kubeconfig files: which apply, and what their contexts are.
 *
 * Reading them is the official client's job (certificates, tokens, exec plugins, proxies); this module finds the files
 * as kubectl does and says plainly what is wrong with them.
 */
import { readFile } from "node:fs/promises";
import { homedir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import type { KubeConfig } from "@kubernetes/client-node";
import { Problem } from "../problem.ts";

/** Where kubectl would look: the files of KUBECONFIG that exist, else `~/.kube/config`. */
export function kubeconfigPaths(env: Readonly<Record<string, string | undefined>> = process.env): readonly string[] {
  const named = (env.KUBECONFIG ?? "").split(delimiter).filter((path) => path !== "");
  return named.length > 0 ? named : [join(homedir(), ".kube", "config")];
}

/** A parsed kubeconfig with the text or files that it came from. */
export interface LoadedKubeconfig {
  readonly config: KubeConfig;
  readonly paths: readonly string[];
}

/**
 * Reads and merges kubeconfig files. Files that do not exist are passed over, as kubectl does.
 *
 * @returns undefined when no file exists
 * @throws {Problem} `usage` when a file cannot be read or is no kubeconfig
 */
export async function loadKubeconfig(paths: readonly string[]): Promise<LoadedKubeconfig | undefined> {
  let merged: KubeConfig | undefined;
  const found: string[] = [];
  for (const path of paths) {
    const text = await readIfThere(path);
    if (text === undefined) continue;
    const config = await parseKubeconfig(text, path);
    config.makePathsAbsolute(dirname(path));
    found.push(path);
    if (merged === undefined) merged = config;
    else mergeInto(merged, config);
  }
  return merged === undefined ? undefined : { config: merged, paths: found };
}

/** @throws {Problem} `usage`, naming `source` */
export async function parseKubeconfig(text: string, source: string): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  try {
    config.loadFromString(text, { onInvalidEntry: "throw" });
  } catch (error) {
    const why = (error as Error).message.split("\n")[0];
    throw new Problem("usage", {
      en: `${source} is not a kubeconfig: ${why}`,
      ko: `${source} 파일은 kubeconfig가 아닙니다: ${why}`,
    });
  }
  return config;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    if (code === "ENOENT") return undefined;
    throw new Problem("usage", {
      en: `The kubeconfig ${path} cannot be read (${code}).`,
      ko: `kubeconfig ${path} 파일을 읽을 수 없습니다 (${code}).`,
    }, {
      en: "Check its permissions, or name another one with KUBECONFIG.",
      ko: "파일 권한을 확인하거나 KUBECONFIG로 다른 파일을 지정하세요.",
    });
  }
}

/** The first file that names something wins, as in kubectl. */
function mergeInto(target: KubeConfig, more: KubeConfig) {
  const added = <T extends { readonly name: string }>(have: T[], want: readonly T[]) => [
    ...have,
    ...want.filter((entry) => !have.some(({ name }) => name === entry.name)),
  ];
  target.clusters = added(target.clusters, more.clusters);
  target.users = added(target.users, more.users);
  target.contexts = added(target.contexts, more.contexts);
  target.currentContext ||= more.currentContext;
}

/** A context with the server it leads to. */
export interface ContextInfo {
  readonly name: string;
  readonly server: string;
}

/** The context `name` (the current one unless said), undefined where there is none. */
export function contextOf(config: KubeConfig, name = config.currentContext): ContextInfo | undefined {
  const context = config.contexts.find((entry) => entry.name === name);
  const cluster = config.clusters.find((entry) => entry.name === context?.cluster);
  return context === undefined || cluster === undefined ? undefined : { name: context.name, server: cluster.server };
}
