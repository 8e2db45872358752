/**
 * A table of packet filter rules as `iptables -L` lists it, out of what `iptables-save` says.
 *
 * Source: iptables 1.8.11 (`iptables/nft-shared.c` and the `print` functions of its extensions).
 */

export interface ListOptions {
  /** "filter" unless said. */
  readonly table?: string;
  /** This chain alone. */
  readonly chain?: string;
  /** Addresses and protocols as numbers. */
  readonly numeric?: boolean;
  /** With counters and interfaces. */
  readonly verbose?: boolean;
  readonly lineNumbers?: boolean;
}

interface Chain {
  readonly name: string;
  /** Of a built-in chain. */
  readonly policy?: string;
  readonly rules: readonly string[];
}

/** @returns undefined where there is no such table or chain */
export function iptablesList(saved: string, options: ListOptions = {}): string | undefined {
  const { chain: wanted, verbose, lineNumbers } = options;
  const chains = chainsOf(saved, options.table ?? "filter");
  const shown = chains?.filter(({ name }) => wanted === undefined || name === wanted);
  if (chains === undefined || shown === undefined || (wanted !== undefined && shown.length === 0)) return undefined;
  const header = `${lineNumbers ? "num  " : ""}${verbose ? " pkts bytes " : ""}target     prot opt ` +
    `${verbose ? "in     out     " : ""}source               destination         `;
  return shown.map(({ name, policy, rules }) => {
    const about = policy === undefined
      ? `${references(chains, name)} references`
      : `policy ${policy}${verbose ? " 0 packets, 0 bytes" : ""}`;
    const lines = rules.map((rule, i) => `${lineNumbers ? `${i + 1}`.padEnd(5) : ""}${listed(rule, options)}`);
    return [`Chain ${name} (${about})`, header, ...lines, ""].join("\n");
  }).join("\n");
}

/** One table of what `iptables-save` says, undefined where it is not there. */
export function savedTable(saved: string, table: string): string | undefined {
  const from = saved.split("\n");
  const start = from.indexOf(`*${table}`);
  if (start < 0) return undefined;
  return `${from.slice(start - 1, from.indexOf("# Completed", start) + 1).join("\n")}\n`;
}

/** A table's chains, or one, as `iptables -S` writes them. */
export function iptablesSpecs(saved: string, table: string, wanted?: string): string | undefined {
  const chains = chainsOf(saved, table)?.filter(({ name }) => wanted === undefined || name === wanted);
  if (chains === undefined || (wanted !== undefined && chains.length === 0)) return undefined;
  const heads = chains.map(({ name, policy }) => policy === undefined ? `-N ${name}` : `-P ${name} ${policy}`);
  const rules = chains.flatMap(({ name, rules }) => rules.map((rule) => `-A ${name} ${rule}`));
  return [...heads, ...rules].map((line) => `${line}\n`).join("");
}

function chainsOf(saved: string, table: string): readonly Chain[] | undefined {
  const lines = savedTable(saved, table)?.split("\n");
  return lines?.flatMap((line) => {
    const [, name, policy] = /^:(\S+) (\S+)/.exec(line) ?? [];
    if (name === undefined) return [];
    const own = `-A ${name} `;
    const rules = lines.filter((one) => one.startsWith(own)).map((one) => one.slice(own.length));
    return [{ name, rules, ...policy === "-" ? {} : { policy } }];
  });
}

const references = (chains: readonly Chain[], name: string): number =>
  chains.flatMap(({ rules }) => rules).filter((rule) => rule.endsWith(`-j ${name}`)).length;

const PROTOCOL_NUMBERS: Readonly<Record<string, string>> = { all: "0", icmp: "1", tcp: "6", udp: "17", sctp: "132" };

function listed(rule: string, { numeric, verbose }: ListOptions): string {
  const { target, protocol, source, destination, notes } = parse(rule);
  const address = (text: string) => text !== "" ? text.replace(/\/32$/, "") : numeric ? "0.0.0.0/0" : "anywhere";
  const named = numeric ? PROTOCOL_NUMBERS[protocol] ?? protocol : protocol;
  const counters = verbose ? "    0     0 " : "";
  const interfaces = verbose ? "*      *       " : "";
  return `${counters}${target.padEnd(9)}  ${named.padEnd(5)}--  ${interfaces}${address(source).padEnd(19)} ` +
    ` ${address(destination).padEnd(19)} ${notes.map((note) => ` ${note}`).join("")}`;
}

interface Parsed {
  target: string;
  protocol: string;
  source: string;
  destination: string;
  readonly notes: string[];
}

function parse(rule: string): Parsed {
  const words = [...rule.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word);
  const parsed: Parsed = { target: "", protocol: "all", source: "", destination: "", notes: [] };
  let not = "";
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    if (word === "!") {
      not = "!";
      continue;
    }
    const negated = not === "" ? "" : "! ";
    if (word === "-s") parsed.source = not + words[++i];
    else if (word === "-d") parsed.destination = not + words[++i];
    else if (word === "-p") parsed.protocol = not + words[++i];
    else if (word === "-j") parsed.target = words[++i];
    else if (word === "-m" && (words[i + 1] === "tcp" || words[i + 1] === "udp" || words[i + 1] === "sctp")) {
      const port = words[i + 2] === "--dport" ? ` dpt:${words[i + 3]}` : "";
      parsed.notes.push(words[i + 1] + port);
      i += port === "" ? 1 : 3;
    } else if (word === "-m" && words[i + 1] === "recent") {
      const after = words.findIndex((one, at) => at > i && (one === "-m" || one === "-j"));
      const end = after < 0 ? words.length : after;
      parsed.notes.push(recent(words.slice(i + 2, end)));
      i = end - 1;
    } else if (word === "-m") {
      const [note, used] = matchNote(words.slice(i + 1), negated);
      if (note !== "") parsed.notes.push(note);
      i += used;
    } else {
      const [note, used] = targetNote(word, words[i + 1]);
      parsed.notes.push(note);
      i += used;
    }
    not = "";
  }
  return parsed;
}

/** What a match says, and how many words it took. */
function matchNote([name, option, value, ...more]: readonly string[], negated: string): readonly [string, number] {
  switch (name) {
    case "comment":
      return [`/* ${value} */`, 3];
    case "conntrack":
      return option === "!" ? [`! ctstate ${more[0]}`, 4] : [`ctstate ${value}`, 3];
    case "mark":
      return option === "!" ? [`mark match ! ${more[0]}`, 4] : [`mark match ${negated}${value}`, 3];
    case "addrtype":
      return [`ADDRTYPE match dst-type ${value}`, 3];
    case "statistic":
      return [`statistic mode ${value} probability ${more[1]}`, 5];
    default:
      return [name, 1];
  }
}

function recent(options: readonly string[]): string {
  const value = (name: string) => options[options.indexOf(name) + 1];
  const seconds = options.includes("--seconds") ? ` seconds: ${value("--seconds")}` : "";
  const reap = options.includes("--reap") ? " reap" : "";
  const what = options.includes("--set") ? "SET" : options.includes("--rcheck") ? "CHECK" : "UPDATE";
  return `recent: ${what}${seconds}${reap} name: ${value("--name")} side: source mask: ${value("--mask")}`;
}

/** What a target does, and how many words more it took. */
function targetNote(option: string, value: string): readonly [string, number] {
  switch (option) {
    case "--to-destination":
      return [`to:${value}`, 1];
    case "--reject-with":
      return [`reject-with ${value}`, 1];
    case "--set-xmark": {
      const [mark, mask] = value.split("/");
      return [mask === "0x0" ? `MARK xor ${mark}` : mark === mask ? `MARK or ${mark}` : `MARK xset ${value}`, 1];
    }
    case "--random-fully":
      return ["random-fully", 0];
    default:
      return [option, 0];
  }
}
