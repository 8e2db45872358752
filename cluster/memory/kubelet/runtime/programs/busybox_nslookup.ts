/**
 * The `nslookup` of busybox. Unlike a resolver it looks into the search list for names without a dot alone, asks for
 * all names of the list at once, for addresses of both families, and ends with 1 when one of them is not there.
 *
 * Source: busybox's `networking/nslookup.c` (the big one), by what it prints.
 */
import { type DnsAnswer, type DnsRecord, isAddress, parseResolvConf, type RecordType } from "../network.ts";
import { out, type Program, track } from "./program.ts";
import { originOf } from "./reaching.ts";

interface Question {
  readonly type: RecordType;
  readonly name: string;
}

/** So long it asks a server that does not answer, in milliseconds. */
const PATIENCE = 15_000;

export const busyboxNslookup: Program = async (args, context) => {
  const { files, config: { network } } = context.process.machine;
  const { servers, search } = parseResolvConf(files.readText("/etc/resolv.conf") ?? "");
  const asked = args.map((arg) => /^-(?:type|query|q)=(\w+)$/i.exec(arg)?.[1]).find(Boolean);
  const [name = "", server = servers[0] ?? "127.0.0.1"] = args.filter((arg) => !arg.startsWith("-"));
  const answers: (DnsAnswer & Question)[] = [];
  for (const question of questions(name, asked?.toUpperCase() as RecordType | undefined, search)) {
    const full = question.name.replace(/\.$/, "");
    const answer = await track(context, network!.resolve(originOf(context), full, question.type, server));
    if (answer.code === "TIMEOUT") {
      await context.process.sleep(PATIENCE);
      await out(context, ";; connection timed out; no servers could be reached\n\n");
      return 1;
    }
    answers.push({ ...question, ...answer });
  }
  await out(context, `Server:\t\t${server}\nAddress:\t${server}:53\n\n`);
  for (const { name, code, records } of answers) {
    const missing = `** server can't find ${name}: ${code}\n`;
    await out(context, `${code === "NOERROR" ? records.map(line).join("") : missing}\n`);
  }
  return answers.every(({ code }) => code === "NOERROR") ? 0 : 1;
};

function questions(name: string, asked: RecordType | undefined, search: readonly string[]): readonly Question[] {
  if (asked === undefined && isAddress(name)) {
    return [{ type: "PTR", name: `${name.split(".").reverse().join(".")}.in-addr.arpa` }];
  }
  const isWhole = asked === "PTR" || search.length === 0 || name.includes(".");
  const names = isWhole ? [name] : search.map((domain) => `${name}.${domain}`);
  const types: readonly RecordType[] = asked === undefined ? ["A", "AAAA"] : [asked];
  return types.flatMap((type) => names.map((name) => ({ type, name })));
}

function line({ name, type, value }: DnsRecord): string {
  switch (type) {
    case "A":
    case "AAAA":
      return `Name:\t${name}\nAddress: ${value}\n`;
    case "CNAME":
      return `${name}\tcanonical name = ${value}\n`;
    case "PTR":
      return `${name}\tname = ${value}\n`;
    case "SRV":
      return `${name}\tservice = ${value}\n`;
    case "TXT":
      return `${name}\ttext = "${value}"\n`;
  }
}
