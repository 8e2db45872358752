/** Where Drydock keeps its files, by the custom of each operating system. */
import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** What decides about the places. */
export interface Machine {
  readonly platform: NodeJS.Platform;
  readonly home: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

const THIS_MACHINE: Machine = { platform: process.platform, home: homedir(), env: process.env };

/**
 * The folder of Drydock's state: `$DRYDOCK_STATE` if set, else `$XDG_STATE_HOME/drydock` or `~/.local/state/drydock`
 * on Linux, `~/Library/Application Support/drydock` on macOS, `%LOCALAPPDATA%\drydock` on Windows.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(stateFolder({ platform: "linux", home: "/home/mina", env: {} }), "/home/mina/.local/state/drydock");
 * ```
 */
export function stateFolder({ platform, home, env }: Machine = THIS_MACHINE): string {
  if (env.DRYDOCK_STATE) return env.DRYDOCK_STATE;
  switch (platform) {
    case "darwin":
      return join(home, "Library", "Application Support", "drydock");
    case "win32":
      return join(env.LOCALAPPDATA ?? join(home, "AppData", "Local"), "drydock");
    default:
      return join(env.XDG_STATE_HOME || join(home, ".local", "state"), "drydock");
  }
}

/** The memory clusters' records. */
export function clustersFolder(machine: Machine = THIS_MACHINE): string {
  return join(stateFolder(machine), "clusters");
}

/** Where what has been solved is kept. */
export function progressFile(machine: Machine = THIS_MACHINE): string {
  return join(stateFolder(machine), "progress.json");
}

/** The images that somebody has added for memory clusters. */
export function imagesFolder(machine: Machine = THIS_MACHINE): string {
  return join(stateFolder(machine), "images");
}

/** The keys and certificates of the memory cluster `name`. */
export function keysFolder(name: string, machine: Machine = THIS_MACHINE): string {
  return join(stateFolder(machine), "keys", name);
}
