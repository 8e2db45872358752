/**
 * Generates the facts about kubectl's commands and flags by which notes are checked, by asking several kubectls for
 * their help: which commands there are, what flags they take, and in which versions.
 *
 *     deno run --allow-read --allow-run --allow-write scripts/generate_kubectl_facts.ts KUBECTL…
 *
 * The programs are given from the oldest to the newest.
 */

interface Flag {
  readonly type: "bool" | "string" | "list" | "int" | "duration";
  readonly short?: string;
}

interface Command {
  readonly usage: string;
  readonly aliases: readonly string[];
  readonly flags: Readonly<Record<string, Flag>>;
}

type Facts = ReadonlyMap<string, Command>;

async function help(kubectl: string, ...args: string[]): Promise<string> {
  const { stdout } = await new Deno.Command(kubectl, { args: [...args, "--help"] }).output();
  return new TextDecoder().decode(stdout);
}

/** The names in the help's tables of commands: two spaces, a name, spaces, what it does. */
function subcommands(text: string): string[] {
  const tables = text.matchAll(/^(?:[A-Z][\w ()]*Commands.*|Available Commands|Other Commands):\n((?: {2}\S.*\n)+)/gm);
  return [...tables].flatMap(([, table]) => table.trimEnd().split("\n").map((line) => line.trim().split(/\s+/)[0]));
}

function parse(text: string): Command {
  const flags: Record<string, Flag> = {};
  for (const [, short, name, value] of text.matchAll(/^ {4}(?:-(\w), )?--([\w-]+)=(.*):$/gm)) {
    flags[name] = { type: typeOf(value), ...short === undefined ? {} : { short } };
  }
  const aliases = /^Aliases:\n(.+)$/m.exec(text)?.[1].split(", ").slice(1) ?? [];
  const usage = /^Usage:\n {2}(.+)$/m.exec(text)?.[1] ?? "";
  return { usage: usage.replace(/ \[options\]$/, ""), aliases, flags };
}

function typeOf(value: string): Flag["type"] {
  if (value === "true" || value === "false") return "bool";
  if (value.startsWith("[")) return "list";
  if (/^-?\d+(\.\d+)?$/.test(value)) return "int";
  if (/^(\d+(h|m|s|ms))+$/.test(value)) return "duration";
  return "string";
}

async function ask(kubectl: string): Promise<Facts> {
  const found = new Map<string, Command>();
  const options = await new Deno.Command(kubectl, { args: ["options"] }).output();
  found.set("", parse(new TextDecoder().decode(options.stdout)));
  const visit = async (path: readonly string[]) => {
    const text = await help(kubectl, ...path);
    if (path.length > 0) found.set(path.join(" "), parse(text));
    for (const name of subcommands(text)) await visit([...path, name]);
  };
  await visit([]);
  return found;
}

async function versionOf(kubectl: string): Promise<string> {
  const { stdout } = await new Deno.Command(kubectl, { args: ["version", "--client", "-o", "json"] }).output();
  const { clientVersion } = JSON.parse(new TextDecoder().decode(stdout));
  return `${clientVersion.major}.${clientVersion.minor.replace(/\D/g, "")}`;
}

/** In which versions something is: `since` and `until` are left out where it is in the first and the last one. */
function span(present: readonly boolean[], versions: readonly string[]): { since?: string; until?: string } {
  const [first, last] = [present.indexOf(true), present.lastIndexOf(true)];
  return {
    ...first > 0 ? { since: versions[first] } : {},
    ...last < versions.length - 1 ? { until: versions[last] } : {},
  };
}

if (Deno.args.length === 0) {
  console.error("usage: generate_kubectl_facts.ts KUBECTL…");
  Deno.exit(2);
}
const versions: string[] = [];
const asked: Facts[] = [];
for (const kubectl of Deno.args) {
  versions.push(await versionOf(kubectl));
  asked.push(await ask(kubectl));
}

const lines = [...new Set(asked.flatMap((facts) => [...facts.keys()]))].sort().map((path) => {
  const seen = asked.map((facts) => facts.get(path));
  const newest = seen.findLast((command) => command !== undefined)!;
  const names = [...new Set(seen.flatMap((command) => Object.keys(command?.flags ?? {})))].sort();
  const flags = Object.fromEntries(names.map((name) => {
    const flag = seen.findLast((command) => command?.flags[name] !== undefined)!.flags[name];
    // A flag of a command that did not exist is as old as the command.
    const known = seen.map((command) => command?.flags[name] !== undefined);
    const relevant = known.filter((_, i) => seen[i] !== undefined);
    const among = versions.filter((_, i) => seen[i] !== undefined);
    return [name, { ...flag, ...span(relevant, among) }];
  }));
  const { usage, aliases } = newest;
  const command = {
    ...usage === "" ? {} : { usage },
    ...aliases.length === 0 ? {} : { aliases },
    ...span(seen.map((command) => command !== undefined), versions),
    flags,
  };
  return `  ${JSON.stringify(path)}: ${JSON.stringify(command)}`;
});
const target = new URL("../checks/notes/kubectl/facts.json", import.meta.url);
const about = 'kubectl\'s commands and flags by version, from its own help. The command "" holds the global flags.';
await Deno.writeTextFile(
  target,
  `{\n"about": ${JSON.stringify(about)},\n"versions": ${JSON.stringify(versions)},\n"commands": {\n${
    lines.join(",\n")
  }\n}\n}\n`,
);
console.log(`${lines.length} commands of kubectl ${versions.join(", ")}`);
