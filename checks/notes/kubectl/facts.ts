/** What kubectl's versions know: commands, aliases and flags (facts.json, from kubectl's own help). */
import facts from "./facts.json" with { type: "json" };

export type FlagType = "bool" | "string" | "list" | "int" | "duration";

export interface Span {
  /** The first version that has it, of those looked at; absent when the oldest has it. */
  readonly since?: string;
  /** The last version that has it; absent when the newest has it. */
  readonly until?: string;
}

export interface Flag extends Span {
  readonly type: FlagType;
  readonly short?: string;
}

export interface Command extends Span {
  readonly usage?: string;
  readonly aliases?: readonly string[];
  readonly flags: Readonly<Record<string, Flag>>;
}

const commands = facts.commands as unknown as Readonly<Record<string, Command>>;

/** The versions that the facts are from, the oldest first. */
export const knownVersions: readonly string[] = facts.versions;

/** The command of a path, "create deployment"; "" holds the flags that all commands take. */
export const commandAt = (path: string): Command | undefined => commands[path];

/** The names, and by alias the names, of what comes after a path. */
export function subcommandsOf(path: string): ReadonlyMap<string, string> {
  let found = bySubcommand.get(path);
  if (found === undefined) {
    found = new Map();
    const prefix = path === "" ? "" : `${path} `;
    for (const [known, { aliases = [] }] of Object.entries(commands)) {
      const name = known.slice(prefix.length);
      if (known === "" || !known.startsWith(prefix) || name === "" || name.includes(" ")) continue;
      for (const word of [name, ...aliases]) found.set(word, name);
    }
    bySubcommand.set(path, found);
  }
  return found;
}

const bySubcommand = new Map<string, Map<string, string>>();

/** Below zero when `a` is the older version. */
export function compareVersions(a: string, b: string): number {
  const minor = (version: string) => Number(version.split(".")[1]);
  return minor(a) - minor(b);
}

/** Whether something with such a span is in a version. Without a version, whether any has it. */
export function inVersion({ since, until }: Span, version: string | undefined): boolean {
  if (version === undefined) return true;
  return (since === undefined || compareVersions(since, version) <= 0) &&
    (until === undefined || compareVersions(version, until) <= 0);
}

/** Whether a version is older than the newest that the facts are from. */
export const isOlder = (version: string | undefined): boolean =>
  version !== undefined && compareVersions(version, knownVersions.at(-1)!) < 0;
