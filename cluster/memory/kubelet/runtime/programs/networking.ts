/** `curl`, `wget`, `nc`, `nslookup`, `dig`, `host` and `ping`, over the container's network. */
import { decodeText, encodeText } from "../streams.ts";
import {
  candidates,
  type DnsRecord,
  isAddress,
  type Origin,
  parseResolvConf,
  type Peer,
  type RecordType,
} from "../network.ts";
import { STATUS_TEXT } from "../../images/static_site.ts";
import type { HttpResponse } from "../runtime.ts";
import { duration, fail, out, pathOf, type Program, type ProgramContext, readAll, reasonOf } from "./program.ts";

const originOf = ({ process }: ProgramContext): Origin => {
  const { config } = process.machine;
  return {
    namespace: config.namespace ?? "default",
    pod: config.podName ?? config.hostname,
    ip: config.podIP,
    node: config.nodeName,
  };
};

const track = <T>({ process }: ProgramContext, work: Promise<T>): Promise<T> =>
  process.wait(process.machine.clock.track(work));

interface Found {
  readonly records: readonly DnsRecord[];
  /** The name that was found. */
  readonly name: string;
  readonly code: string;
}

/** A name's records, over /etc/hosts and the search list, following other names. */
async function lookUp(name: string, context: ProgramContext, type: RecordType = "A"): Promise<Found> {
  const { files, config: { network } } = context.process.machine;
  const hosts = (files.readText("/etc/hosts") ?? "").split("\n").map((line) =>
    line.replace(/#.*/, "").trim().split(/\s+/)
  );
  const known = hosts.find(([address, ...names]) => isAddress(address) && names.includes(name));
  if (known !== undefined && type === "A") {
    return { name, code: "NOERROR", records: [{ name, type: "A", ttl: 0, value: known[0] }] };
  }
  const config = parseResolvConf(files.readText("/etc/resolv.conf") ?? "");
  let code = config.servers.length === 0 ? "TIMEOUT" : "NXDOMAIN";
  for (const candidate of config.servers.length === 0 ? [] : candidates(name, config)) {
    const answer = await track(context, network!.resolve(originOf(context), candidate, type, config.servers[0]));
    code = answer.code;
    if (answer.code === "NOERROR" && answer.records.length > 0) {
      const [alias] = answer.records;
      if (alias.type === "CNAME" && type === "A") {
        const next = await lookUp(alias.value, context, type);
        return { ...next, records: [alias, ...next.records] };
      }
      return { name: candidate, code, records: answer.records };
    }
    if (code === "TIMEOUT" || code === "SERVFAIL") break;
  }
  return { name, code, records: [] };
}

async function addressOf(host: string, context: ProgramContext): Promise<string | undefined> {
  if (isAddress(host)) return host;
  const { records } = await lookUp(host, context);
  return records.find(({ type }) => type === "A")?.value;
}

/** Asks until `ms` have passed, as nobody answers. */
const LONG_WAIT = 130_000;

async function connect(
  address: string,
  port: number,
  ms: number | undefined,
  context: ProgramContext,
): Promise<Peer | "refused" | "timeout" | "unreachable"> {
  const { network } = context.process.machine.config;
  const connected = await track(context, network!.connect(originOf(context), address, port));
  if (connected === "timeout") await context.process.sleep(ms ?? LONG_WAIT);
  return connected;
}

interface Target {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly https: boolean;
}

function targetOf(url: string): Target | undefined {
  const [, scheme = "http", authority, path = ""] = /^(?:(\w+):\/\/)?(?:[^/@]*@)?([^/?#]+)([^#]*)/.exec(url) ?? [];
  if (authority === undefined) return undefined;
  const [, host, port] = /^(.*?)(?::(\d+))?$/.exec(authority)!;
  const https = scheme === "https";
  return { host, port: Number(port ?? (https ? 443 : 80)), path: path.startsWith("/") ? path : `/${path}`, https };
}

const curl: Program = async (args, context) => {
  const urls: string[] = [];
  const headers: Record<string, string> = { "user-agent": "curl/8.14.1", accept: "*/*" };
  let [method, body, output, format] = [
    undefined as string | undefined,
    undefined as string | undefined,
    undefined as string | undefined,
    undefined as string | undefined,
  ];
  const flags = new Set<string>();
  let [timeout, retries, delay] = [undefined as number | undefined, 0, 1000];
  const valued = "XHdomwAubFTceUDKEx";
  const take: Readonly<Record<string, (value: string) => void>> = {
    X: (value) => method = value,
    H: (value) => {
      const colon = value.indexOf(":");
      headers[value.slice(0, colon).trim().toLowerCase()] = value.slice(colon + 1).trim();
    },
    d: (value) => body = body === undefined ? value : `${body}&${value}`,
    o: (value) => output = value,
    m: (value) => timeout = duration(value),
    w: (value) => format = value,
    A: (value) => headers["user-agent"] = value,
    u: (value) => headers.authorization = `Basic ${btoa(value)}`,
    b: (value) => headers.cookie = value,
  };
  const long: Readonly<Record<string, string>> = {
    request: "X",
    header: "H",
    data: "d",
    "data-raw": "d",
    output: "o",
    "max-time": "m",
    "connect-timeout": "m",
    "write-out": "w",
    "user-agent": "A",
    user: "u",
    cookie: "b",
    silent: "s",
    "show-error": "S",
    fail: "f",
    location: "L",
    include: "i",
    head: "I",
    insecure: "k",
    verbose: "v",
    get: "G",
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--version" || arg === "-V") return await out(context, "curl 8.14.1 (x86_64-pc-linux-gnu)\n"), 0;
    if (arg === "--retry") retries = Number(args[++i]);
    else if (arg === "--retry-delay") delay = Number(args[++i]) * 1000;
    else if (["--cacert", "--cert", "--key", "--resolve", "--interface"].includes(arg)) i++;
    else if (arg.startsWith("--")) {
      const [name, attached] = arg.slice(2).split(/=(.*)/s);
      const letter = long[name];
      if (letter === undefined) continue;
      if (take[letter] === undefined) flags.add(letter);
      else take[letter](attached ?? args[++i] ?? "");
    } else if (arg.startsWith("-") && arg !== "-") {
      for (let j = 1; j < arg.length; j++) {
        if (take[arg[j]] !== undefined || valued.includes(arg[j])) {
          take[arg[j]]?.(arg.slice(j + 1) || (args[++i] ?? ""));
          break;
        }
        flags.add(arg[j]);
      }
    } else urls.push(arg);
  }
  if (urls.length === 0) {
    return await fail(
      context,
      "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information",
      2,
    );
  }
  const quiet = flags.has("s") && !flags.has("S");
  const problem = async (code: number, text: string) => {
    if (!quiet) await fail(context, `curl: (${code}) ${text}`);
    if (format !== undefined) await out(context, filled(format, { status: 0, headers: {}, body: "" }));
    return code;
  };
  if (body?.startsWith("@")) {
    try {
      body = body === "@-"
        ? decodeText(await readAll(context))
        : context.process.machine.files.readText(pathOf(context, body.slice(1))) ?? "";
    } catch (error) {
      return await problem(26, `Failed to open ${body}: ${reasonOf(error)}`);
    }
  }
  if (body !== undefined) headers["content-type"] ??= "application/x-www-form-urlencoded";
  let code = 0;
  for (const url of urls) {
    for (let attempt = 0;; attempt++) {
      code = await one(url, 0);
      if (code === 0 || attempt >= retries) break;
      await context.process.sleep(delay);
    }
  }
  return code;

  async function one(url: string, hops: number): Promise<number> {
    const target = targetOf(url);
    if (target === undefined) return await problem(3, "URL using bad/illegal format or missing URL");
    const { host, port, path } = target;
    const address = await addressOf(host, context);
    if (address === undefined) return await problem(6, `Could not resolve host: ${host}`);
    const { clock } = context.process.machine;
    const started = clock.now();
    const peer = await connect(address, port, timeout, context);
    const ms = clock.now() - started;
    if (peer === "timeout") {
      return timeout === undefined
        ? await problem(28, `Failed to connect to ${host} port ${port} after ${ms} ms: Couldn't connect to server`)
        : await problem(28, `Connection timed out after ${ms} milliseconds`);
    }
    if (typeof peer === "string") {
      return await problem(7, `Failed to connect to ${host} port ${port} after ${ms} ms: Could not connect to server`);
    }
    if (target.https) return await problem(35, "TLS connect error: error:0A00010B:SSL routines::wrong version number");
    const verb = method ?? (flags.has("I") ? "HEAD" : body !== undefined ? "POST" : "GET");
    const hostHeader = headers.host ?? (port === 80 ? host : `${host}:${port}`);
    const response = peer.http({
      port,
      path,
      host: hostHeader,
      headers: { ...headers, host: hostHeader },
      https: false,
      method: verb,
      body,
    });
    if (response === undefined) {
      return await problem(
        peer.line("") === undefined ? 52 : 1,
        peer.line("") === undefined ? "Empty reply from server" : "Received HTTP/0.9 when not allowed",
      );
    }
    if (flags.has("v")) {
      await fail(
        context,
        `* Connected to ${host} (${address}) port ${port}\n> ${verb} ${path} HTTP/1.1\n> Host: ${hostHeader}\n> \n< ${
          headOf(response).trimEnd().replaceAll("\r\n", "\n< ")
        }`,
      );
    }
    if (flags.has("L") && response.headers.location !== undefined && hops < 50) {
      return await one(new URL(response.headers.location, `http://${hostHeader}${path}`).href, hops + 1);
    }
    if (flags.has("f") && response.status >= 400) {
      return await problem(22, `The requested URL returned error: ${response.status}`);
    }
    const text = (flags.has("i") || flags.has("I") ? headOf(response) : "") + (verb === "HEAD" ? "" : response.body);
    const remote = flags.has("O") ? path.split("/").pop() || undefined : undefined;
    const file = output ?? remote;
    if (file === undefined || file === "-") await out(context, text);
    else if (pathOf(context, file) !== "/dev/null") {
      try {
        context.process.machine.files.write(pathOf(context, file), text, { uid: context.process.machine.config.user });
      } catch {
        return await problem(23, "client returned ERROR on write");
      }
    }
    if (format !== undefined) await out(context, filled(format, response));
    return 0;
  }
};

const headOf = ({ status, headers, body }: HttpResponse) =>
  `HTTP/1.1 ${status} ${STATUS_TEXT[status] ?? ""}\r\n${
    Object.entries({ "content-length": String(encodeText(body).length), ...headers })
      .map(([name, value]) => `${name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase())}: ${value}\r\n`).join("")
  }\r\n`;

const filled = (format: string, { status, headers, body }: HttpResponse) =>
  format.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll(/%\{(\w+)\}/g, (_, name: string) =>
    ({
      http_code: String(status).padStart(3, "0"),
      response_code: String(status).padStart(3, "0"),
      size_download: String(encodeText(body).length),
      content_type: headers["content-type"] ?? "",
      time_total: "0.002",
      exitcode: "0",
    })[name] ?? "");

const wget: Program = async (args, context) => {
  let [output, quiet, spider, timeout, post, tries] = [
    undefined as string | undefined,
    false,
    false,
    undefined as number | undefined,
    undefined as string | undefined,
    1,
  ];
  const headers: Record<string, string> = { "user-agent": "Wget" };
  let url: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const value = () => arg.includes("=") && arg.startsWith("--") ? arg.slice(arg.indexOf("=") + 1) : args[++i];
    if (/^-[a-zA-Z]*O/.test(arg)) {
      quiet ||= /q.*O/.test(arg);
      output = arg.slice(arg.indexOf("O") + 1) || args[++i];
    } else if (arg === "--spider") spider = true;
    else if (/^-[a-zA-Z]*T/.test(arg)) timeout = duration(arg.slice(arg.indexOf("T") + 1) || args[++i]);
    else if (arg.startsWith("--timeout")) timeout = duration(value());
    else if (arg === "-t" || arg.startsWith("--tries")) tries = Number(value());
    else if (arg.startsWith("--header")) {
      const [name, ...rest] = value().split(":");
      headers[name.trim().toLowerCase()] = rest.join(":").trim();
    } else if (arg.startsWith("--post-data")) post = value();
    else if (/^-q/.test(arg) || arg === "--quiet") quiet = true;
    else if (!arg.startsWith("-")) url = arg;
  }
  const target = url === undefined ? undefined : targetOf(url);
  if (target === undefined) return await fail(context, "wget: missing URL");
  const { host, port, path } = target;
  const address = await addressOf(host, context);
  if (address === undefined) return await fail(context, `wget: bad address '${host}${port === 80 ? "" : `:${port}`}'`);
  const say = (text: string) => quiet ? undefined : context.stderr.write(encodeText(text));
  await say(`Connecting to ${host}${port === 80 ? "" : `:${port}`} (${address}:${port})\n`);
  let peer = await connect(address, port, timeout, context);
  for (let i = 1; i < tries && peer === "timeout"; i++) peer = await connect(address, port, timeout, context);
  if (peer === "timeout") {
    return await fail(
      context,
      timeout === undefined
        ? `wget: can't connect to remote host (${address}): Connection timed out`
        : "wget: download timed out",
    );
  }
  if (peer === "unreachable") {
    return await fail(context, `wget: can't connect to remote host (${address}): Network unreachable`);
  }
  if (peer === "refused") {
    return await fail(context, `wget: can't connect to remote host (${address}): Connection refused`);
  }
  const hostHeader = port === 80 ? host : `${host}:${port}`;
  const response = peer.http({
    port,
    path,
    host: hostHeader,
    headers: { host: hostHeader, ...headers },
    https: false,
    method: post === undefined ? "GET" : "POST",
    body: post,
  });
  if (response === undefined) return await fail(context, "wget: error getting response: Invalid argument");
  if (response.status >= 400) {
    return await fail(
      context,
      `wget: server returned error: HTTP/1.1 ${response.status} ${STATUS_TEXT[response.status] ?? ""}`,
    );
  }
  if (spider) return await say("remote file exists\n"), 0;
  const file = output ?? (path.split("/").pop()?.split("?")[0] || "index.html");
  const [where, shown] = file === "-" ? ["writing to stdout\n", "-"] : [`saving to '${file}'\n`, file];
  await say(where);
  try {
    if (file === "-") await out(context, response.body);
    else if (file !== "/dev/null") {
      context.process.machine.files.write(pathOf(context, file), response.body, {
        uid: context.process.machine.config.user,
      });
    }
  } catch (error) {
    return await fail(context, `wget: can't open '${file}': ${reasonOf(error)}`);
  }
  const size = encodeText(response.body).length;
  await say(`${shown.padEnd(20)} 100% |********************************| ${String(size).padStart(5)}  0:00:00 ETA\n`);
  await say(file === "-" ? "written to stdout\n" : `'${file}' saved\n`);
  return 0;
};

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
    const response = peer.http({ port, path, host: headers.host, headers, https: false, method });
    if (response !== undefined) await out(context, headOf(response) + (method === "HEAD" ? "" : response.body));
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
  curl,
  wget,
  nc,
  telnet: nc,
  nslookup,
  dig,
  host,
  ping,
  "redis-cli": redisCli,
};
