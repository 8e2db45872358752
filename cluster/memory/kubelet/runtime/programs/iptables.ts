/**
 * `iptables-save`, and `iptables` as far as it shows rules: those of the network that the container is in, its node's
 * where it has none of its own.
 */
import { iptablesList, iptablesSpecs, savedTable } from "../../../network/iptables_list.ts";
import { fail, out, type Program, type ProgramContext } from "./program.ts";
import { originOf } from "./reaching.ts";

const VERSION = "v1.8.11";
const TABLES = ["filter", "nat", "mangle", "raw", "security"];

/** A container's own network has no rules. */
const rulesOf = (context: ProgramContext): string =>
  context.process.machine.config.network?.packetFilter?.(originOf(context)) ?? "";

const refused = (name: string, context: ProgramContext): boolean | Promise<number> =>
  (context.process.machine.config.user ?? 0) !== 0 &&
  fail(context, `${name}: Could not fetch rule set generation id: Permission denied (you must be root)`, 4);

/** The value of an option, written in the same word or the next one. */
function option(args: readonly string[], short: string, long: string): string | undefined {
  for (const [i, arg] of args.entries()) {
    if (arg === short || arg === long) return args[i + 1];
    if (arg.startsWith(`${long}=`)) return arg.slice(long.length + 1);
  }
  return undefined;
}

const iptablesSave: Program = async (args, context) => {
  const name = `iptables-save ${VERSION} (nf_tables)`;
  const denied = refused(name, context);
  if (denied) return await denied as number;
  const saved = rulesOf(context);
  const table = option(args, "-t", "--table");
  if (table !== undefined && !TABLES.includes(table)) {
    return await fail(context, `${name}: Invalid table name: ${table}`);
  }
  await out(context, table === undefined ? saved : savedTable(saved, table) ?? "");
  return 0;
};

/** Of the chains that every table has. */
const EMPTY: Readonly<Record<string, readonly string[]>> = {
  filter: ["INPUT", "FORWARD", "OUTPUT"],
  nat: ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"],
  mangle: ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"],
  raw: ["PREROUTING", "OUTPUT"],
  security: ["INPUT", "FORWARD", "OUTPUT"],
};

const withoutRules = (table: string): string =>
  ["#", `*${table}`, ...EMPTY[table].map((chain) => `:${chain} ACCEPT [0:0]`), "COMMIT", "# Completed"].join("\n");

const iptables: Program = async (args, context) => {
  const name = `iptables ${VERSION} (nf_tables)`;
  if (args.includes("-V") || args.includes("--version")) return await out(context, `${name}\n`), 0;
  const denied = refused(name, context);
  if (denied) return await denied as number;
  const table = option(args, "-t", "--table") ?? "filter";
  if (!TABLES.includes(table)) {
    return await fail(context, `${name}: can't initialize iptables table \`${table}': Table does not exist`, 3);
  }
  const all = rulesOf(context);
  const saved = savedTable(all, table) === undefined ? withoutRules(table) : all;
  const flags = args.filter((arg) => /^-[A-Za-z]+$/.test(arg)).join("");
  const has = (letter: string, long: string) => flags.includes(letter) || args.includes(long);
  const chainAfter = (pattern: RegExp) => {
    const next = args[args.findIndex((arg) => pattern.test(arg)) + 1];
    return next === undefined || next.startsWith("-") ? undefined : next;
  };
  let text: string | undefined;
  if (has("S", "--list-rules")) text = iptablesSpecs(saved, table, chainAfter(/^(-[a-z]*S[a-z]*|--list-rules)$/));
  else if (has("L", "--list")) {
    text = iptablesList(saved, {
      table,
      chain: chainAfter(/^(-[a-z]*L[a-z]*|--list)$/),
      numeric: has("n", "--numeric"),
      verbose: has("v", "--verbose"),
      lineNumbers: args.includes("--line-numbers"),
    });
  } else if (args.length === 0) {
    return await fail(
      context,
      `${name}: no command specified\nTry \`iptables -h' or 'iptables --help' for more information.`,
      2,
    );
  } else return await fail(context, `${name}: the rules of this node are kube-proxy's: they can only be shown here`, 4);
  if (text === undefined) return await fail(context, "iptables: No chain/target/match by that name.");
  await out(context, text);
  return 0;
};

export const IPTABLES: Readonly<Record<string, Program>> = {
  iptables,
  "iptables-save": iptablesSave,
  "iptables-nft": iptables,
  "iptables-nft-save": iptablesSave,
};
