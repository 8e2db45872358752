/** How Drydock runs itself again, for a cluster in a process of its own. */
import process from "node:process";
import { fileURLToPath } from "node:url";
import { resolve } from "node:path";
import type { Language } from "../cluster/text.ts";
import type { ServeOptions } from "../cluster/background/serve.ts";

/** The command that serves a memory cluster in the foreground, with these arguments of `drydock up`. */
export function serveCommand(language: Language, args: readonly string[] = []): readonly [string, ...string[]] {
  const main = new URL("./main.ts", import.meta.url);
  const entry = main.protocol === "file:" ? fileURLToPath(main) : main.href;
  return [process.execPath, "run", "--quiet", "--allow-all", entry, "up", "--foreground", "--lang", language, ...args];
}

/** The arguments of `drydock up` that mean these options. */
export function serveArguments(options: Partial<ServeOptions>): readonly string[] {
  const { kubeconfig, ...rest } = options;
  const values = { ...rest, ...kubeconfig === undefined ? {} : { kubeconfig: resolve(kubeconfig) } };
  const dashed = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  return Object.entries(values).filter(([, value]) => value !== undefined && value !== false)
    .map(([name, value]) => value === true ? `--${dashed(name)}` : `--${dashed(name)}=${value}`);
}
