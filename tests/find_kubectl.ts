/** The kubectl that tests drive: the one that DRYDOCK_KUBECTL names, else the one on PATH. */
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import process from "node:process";

/** Its path, or undefined where there is none. */
export function findKubectl(): string | undefined {
  if (process.env.DRYDOCK_KUBECTL) return process.env.DRYDOCK_KUBECTL;
  const name = process.platform === "win32" ? "kubectl.exe" : "kubectl";
  const folders = (process.env.PATH ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}
