/** Programs that say what names mean: `nslookup`, `dig` and `host`, which ask name servers, and `getent`. */
import { isAddress, parseResolvConf, type RecordType } from "../network.ts";
import { busyboxNslookup } from "./busybox_nslookup.ts";
import { isBusybox } from "./names.ts";
import { fail, out, type Program, type ProgramContext } from "./program.ts";
import { lookUp } from "./reaching.ts";

const serverOf = (context: ProgramContext) =>
  parseResolvConf(context.process.machine.files.readText("/etc/resolv.conf") ?? "").servers[0] ?? "127.0.0.1";

const nslookup: Program = async (args, context) => {
  if (isBusybox(context.process.machine.config.image)) return await busyboxNslookup(args, context);
  const words = args.filter((arg) => !arg.startsWith("-"));
  const asked = args.map((arg) => /^-(?:type|query|q)=(\w+)$/i.exec(arg)?.[1]).find(Boolean);
  const [name = ""] = words;
  const server = serverOf(context);
  await out(context, `Server:\t\t${server}\nAddress:\t${server}#53\n\n`);
  const reverse = isAddress(name);
  const type = (reverse ? "PTR" : asked?.toUpperCase() ?? "A") as RecordType;
  const question = reverse ? `${name.split(".").reverse().join(".")}.in-addr.arpa.` : name;
  const found = await lookUp(question, context, type);
  if (found.records.length === 0) {
    if (found.code === "TIMEOUT") {
      await context.process.sleep(15_000);
      return await fail(context, ";; connection timed out; no servers could be reached\n");
    }
    const full = /\.$/.test(question) ? question.slice(0, -1) : question;
    await out(context, `** server can't find ${full}: ${found.code === "NOERROR" ? "NXDOMAIN" : found.code}\n\n`);
    return 1;
  }
  for (const { name: owner, type: kind, value } of found.records) {
    if (kind === "A") await out(context, `Name:\t${owner}\nAddress: ${value}\n`);
    else if (kind === "CNAME") await out(context, `${owner}\tcanonical name = ${value}\n`);
    else if (kind === "PTR") await out(context, `${owner}\tname = ${value}\n`);
    else await out(context, `${owner}\tservice = ${value}\n`);
  }
  await out(context, "\n");
  return 0;
};

const dig: Program = async (args, context) => {
  const words = args.filter((arg) => !/^[-+@]/.test(arg));
  const type =
    (words.find((word) => /^(A|AAAA|SRV|PTR|CNAME|TXT|ANY)$/i.test(word))?.toUpperCase() ?? "A") as RecordType;
  const reverse = args.includes("-x");
  const [given = "."] = words.filter((word) => word.toUpperCase() !== type);
  const name = reverse ? `${given.split(".").reverse().join(".")}.in-addr.arpa` : given;
  const kind = reverse ? "PTR" : type;
  const found = await lookUp(args.includes("+search") ? name : `${name.replace(/\.$/, "")}.`, context, kind);
  if (found.code === "TIMEOUT") {
    await context.process.sleep(15_000);
    return await fail(context, ";; communications error: timed out\n;; no servers could be reached", 9);
  }
  if (args.includes("+short")) {
    await out(context, found.records.map(({ value }) => `${value}\n`).join(""));
    return 0;
  }
  const lines = found.records.map(({ name: owner, ttl, type: t, value }) => `${owner}.\t${ttl}\tIN\t${t}\t${value}\n`)
    .join("");
  await out(
    context,
    `\n; <<>> DiG 9.18.39 <<>> ${
      args.join(" ")
    }\n;; global options: +cmd\n;; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: ${found.code}, id: 4242\n` +
      `;; flags: qr aa rd; QUERY: 1, ANSWER: ${found.records.length}, AUTHORITY: 0, ADDITIONAL: 1\n\n;; QUESTION SECTION:\n;${
        name.replace(/\.$/, "")
      }.\t\tIN\t${kind}\n\n` +
      `${lines === "" ? "" : `;; ANSWER SECTION:\n${lines}\n`};; Query time: 1 msec\n;; SERVER: ${
        serverOf(context)
      }#53(${serverOf(context)}) (UDP)\n\n`,
  );
  return 0;
};

const host: Program = async (args, context) => {
  const [name = ""] = args.filter((arg) => !arg.startsWith("-"));
  const found = await lookUp(name, context);
  if (found.records.length === 0) return await out(context, `Host ${name} not found: 3(NXDOMAIN)\n`), 1;
  for (const { name: owner, type, value } of found.records) {
    await out(context, type === "CNAME" ? `${owner} is an alias for ${value}\n` : `${owner} has address ${value}\n`);
  }
  return 0;
};

/** `getent hosts web`, `getent passwd root` */
const getent: Program = async (args, context) => {
  const [database, ...keys] = args;
  if (database === "hosts" || database === "ahosts" || database === "ahostsv4") {
    for (const key of keys) {
      const { records, name } = await lookUp(key, context);
      const addresses = records.filter(({ type }) => type === "A").map(({ value }) => value);
      if (addresses.length === 0) return 2;
      for (const address of addresses) {
        const line = database === "hosts" ? `${address.padEnd(15)} ${name}` : `${address.padEnd(15)} STREAM ${key}`;
        await out(context, `${line}\n`);
      }
    }
    return 0;
  }
  if (database !== "passwd" && database !== "group") {
    return await fail(context, `getent: unknown database: ${database ?? ""}`, 1);
  }
  const lines = (context.process.machine.files.readText(`/etc/${database}`) ?? "").split("\n").filter((one) =>
    one !== ""
  );
  const found = lines.filter((line) =>
    keys.length === 0 || keys.some((key) => line.split(":")[0] === key || line.split(":")[2] === key)
  );
  await out(context, found.map((line) => `${line}\n`).join(""));
  return found.length > 0 ? 0 : 2;
};

export const NAME_LOOKUPS: Readonly<Record<string, Program>> = { nslookup, dig, host, getent };
