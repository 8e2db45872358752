/** How a person's shell is led to a cluster. */
import process from "node:process";
import type { KubeconfigRef } from "../cluster/cluster.ts";

/** The line that makes kubectl in this shell use a kubeconfig. */
export function exportLine(path: string, platform: NodeJS.Platform = process.platform): string {
  return platform === "win32" ? `$env:KUBECONFIG = "${path}"` : `export KUBECONFIG=${quoted(path)}`;
}

/** The commands after which kubectl works on the cluster and in the namespace. */
export function kubectlSetup({ path, context }: KubeconfigRef, namespace: string): readonly string[] {
  return [
    ...path === undefined ? [] : [exportLine(path)],
    `kubectl config use-context ${quoted(context)}`,
    `kubectl config set-context --current --namespace=${namespace}`,
  ];
}

/** As one word of a POSIX shell. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
