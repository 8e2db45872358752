/** `nc`, `nslookup`, `dig`, `host`, `ping` and `redis-cli`, over the container's network. */
import { isAddress, parseResolvConf, type RecordType } from "../network.ts";
import { decodeText } from "../streams.ts";
import { duration, fail, out, type Program, type ProgramContext, readAll, track } from "./program.ts";
import { addressOf, answerOf, connect, headOf, lookUp, originOf } from "./reaching.ts";

const nc: Program = async (args, context) => {
  const flags = args.filter((arg) => /^-[a-z]+$/.test(arg)).join("");
  const timed = args.findIndex((arg) => /^-[a-z]*w$/.test(arg));
  const attached = args.find((arg) => /^-w\d+$/.test(arg));
  const timeout = timed >= 0
    ? duration(args[timed + 1])
    : attached === undefined
    ? undefined
    : duration(attached.slice(2));
  const words = args.filter((arg, i) => !arg.startsWith("-") && (timed < 0 || i !== timed + 1));
  const { process } = context;
  if (flags.includes("l")) {
    const index = args.findIndex((arg) => /^-[a-z]*p$/.test(arg));
    const port = Number(index >= 0 ? args[index + 1] : words[0]);
    const said = flags.includes("e") ? undefined : readAll(context);
    process.machine.listeners.set({
      ports: [port],
      line(text) {
        void out(context, text);
        return "";
      },
      http: ({ method = "GET", path, host }) => {
        void out(context, `${method} ${path} HTTP/1.1\r\nHost: ${host ?? ""}\r\n\r\n`);
        if (!flags.includes("k")) process.machine.clock.soon(() => process.end({ code: 0 }));
        return undefined;
      },
    }, process);
    if (said !== undefined) await said;
    await process.sleep();
  }
  const [host, portText] = words;
  const port = Number(portText);
  if (host === undefined || !Number.isInteger(port)) {
    return await fail(context, "BusyBox v1.36.1 multi-call binary.\n\nUsage: nc [OPTIONS] HOST PORT");
  }
  const address = await addressOf(host, context);
  if (address === undefined) return await fail(context, `nc: bad address '${host}'`);
  const peer = await connect(address, port, timeout, context);
  if (typeof peer === "string") {
    const why = peer === "refused"
      ? "Connection refused"
      : peer === "timeout"
      ? "Connection timed out"
      : "Network is unreachable";
    return flags.includes("v") || !flags.includes("z")
      ? await fail(context, `nc: ${host} (${address}:${port}): ${why}`)
      : 1;
  }
  if (flags.includes("v")) await fail(context, `${host} (${address}:${port}) open`);
  if (flags.includes("z")) return 0;
  const text = decodeText(await readAll(context));
  const [, method, path] = /^(GET|HEAD|POST) (\S+)/.exec(text) ?? [];
  if (method !== undefined) {
    const headers = Object.fromEntries(
      text.split(/\r?\n/).slice(1).filter((line) => line.includes(":")).map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const answer = peer.http({ port, path, host: headers.host, headers, https: false, method });
    const response = await answerOf(context, answer, timeout);
    if (response !== undefined && response !== "timeout") {
      await out(context, headOf(response) + (method === "HEAD" ? "" : response.body));
    }
    return 0;
  }
  for (const line of text.split(/\r?\n/).filter((one) => one !== "")) {
    const answer = peer.line(line);
    if (answer !== undefined) await out(context, `${answer}\r\n`);
  }
  return 0;
};

const serverOf = (context: ProgramContext) =>
  parseResolvConf(context.process.machine.files.readText("/etc/resolv.conf") ?? "").servers[0] ?? "127.0.0.1";

const nslookup: Program = async (args, context) => {
  const words = args.filter((arg) => !arg.startsWith("-"));
  const asked = args.map((arg) => /^-(?:type|query|q)=(\w+)$/i.exec(arg)?.[1]).find(Boolean);
  const [name = ""] = words;
  const server = serverOf(context);
  const busybox = context.process.machine.config.image.repository.endsWith("busybox");
  await out(
    context,
    busybox ? `Server:\t\t${server}\nAddress:\t${server}:53\n\n` : `Server:\t\t${server}\nAddress:\t${server}#53\n\n`,
  );
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

const ping: Program = async (args, context) => {
  const option = (letter: string) => {
    const index = args.findIndex((arg) => arg.startsWith(`-${letter}`));
    return index < 0 ? undefined : Number(args[index].slice(2) || args[index + 1]);
  };
  const count = option("c") ?? Infinity;
  const [name = ""] = args.filter((arg, i) => !arg.startsWith("-") && !/^-[cwWi]$/.test(args[i - 1] ?? ""));
  const address = await addressOf(name, context);
  if (address === undefined) return await fail(context, `ping: bad address '${name}'`);
  await out(context, `PING ${name} (${address}): 56 data bytes\n`);
  const { network } = context.process.machine.config;
  let [sent, received] = [0, 0];
  const report = () =>
    out(
      context,
      `\n--- ${name} ping statistics ---\n${sent} packets transmitted, ${received} packets received, ${
        Math.round(100 * (1 - received / Math.max(1, sent)))
      }% packet loss\n${received > 0 ? "round-trip min/avg/max = 0.045/0.052/0.061 ms\n" : ""}`,
    );
  if (count === Infinity) context.process.repeat();
  context.process.trap("SIGINT", () => {
    void report();
    context.process.end({ code: received > 0 ? 0 : 1 });
  });
  while (sent < count) {
    sent++;
    if (await track(context, network!.ping?.(originOf(context), address) ?? Promise.resolve(false))) {
      await out(context, `64 bytes from ${address}: seq=${received++} ttl=62 time=0.052 ms\n`);
    }
    if (sent < count) await context.process.sleep(1000);
  }
  await report();
  return received > 0 ? 0 : 1;
};

/** Talks to Redis: `redis-cli -h HOST PING`. */
const redisCli: Program = async (args, context) => {
  let [hostname, port] = ["127.0.0.1", 6379];
  const words: string[] = [];
  let password: string | undefined;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "-h") hostname = args[++i];
    else if (args[i] === "-p") port = Number(args[++i]);
    else if (args[i] === "-a") password = args[++i];
    else words.push(args[i]);
  }
  const address = await addressOf(hostname, context);
  const peer = address === undefined ? "unreachable" : await connect(address, port, undefined, context);
  if (typeof peer === "string") {
    return await fail(context, `Could not connect to Redis at ${hostname}:${port}: Connection refused`);
  }
  if (password !== undefined) peer.line(`AUTH ${password}`);
  const lines = words.length > 0
    ? [words.join(" ")]
    : decodeText(await readAll(context)).split("\n").filter((line) => line.trim() !== "");
  for (const line of lines) await out(context, `${shown(peer.line(line) ?? "")}\n`);
  return 0;
};

/** A reply as redis-cli prints it when nobody looks at it on a terminal. */
function shown(reply: string): string {
  if (reply.startsWith("*")) return reply.split("\r\n").slice(1).filter((line) => !line.startsWith("$")).join("\n");
  if (reply.startsWith("$")) return reply === "$-1" ? "" : reply.slice(reply.indexOf("\r\n") + 2);
  return reply.replace(/^[+:]/, "").replace(/^-/, "");
}

export const NETWORKING: Readonly<Record<string, Program>> = {
  nc,
  telnet: nc,
  nslookup,
  dig,
  host,
  ping,
  "redis-cli": redisCli,
};
