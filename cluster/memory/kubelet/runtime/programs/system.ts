/** Programs that say what the machine is: its name, user, time and addresses. */
import { dashTime } from "../../images/log_time.ts";
import { NODE_CPUS } from "../node_hardware.ts";
import { userName } from "../users.ts";
import { fail, out, type Program, type ProgramContext } from "./program.ts";
import { strftime } from "./strftime.ts";

const date: Program = async (args, context) => {
  let ms = context.process.machine.clock.now();
  let format = "%a %b %e %H:%M:%S UTC %Y";
  for (let i = 0; i < args.length; i++) {
    if (args[i].startsWith("+")) format = args[i].slice(1);
    else if (args[i] === "-d" || args[i].startsWith("--date=")) {
      const text = args[i] === "-d" ? args[++i] ?? "" : args[i].slice(7);
      const parsed = text.startsWith("@")
        ? Number(text.slice(1)) * 1000
        : text === "now"
        ? ms
        : Date.parse(`${text}${/[zZ]|[+-]\d\d:?\d\d$/.test(text) ? "" : " UTC"}`);
      if (Number.isNaN(parsed)) return await fail(context, `date: invalid date '${text}'`);
      ms = parsed;
    } else if (/^-I/.test(args[i])) format = args[i] === "-Iseconds" || args[i] === "-Is" ? "%FT%T+00:00" : "%F";
    else if (args[i] === "-R") format = "%a, %d %b %Y %T +0000";
    else if (args[i] === "-s") return await fail(context, "date: can't set date: Operation not permitted");
  }
  await out(context, `${strftime(format, ms)}\n`);
  return 0;
};

const id: Program = async (args, context) => {
  const { files, config } = context.process.machine;
  const { user: uid = 0, group: gid = uid === 0 ? 0 : uid, groups = [] } = config;
  const name = userName(files, uid);
  const numbers = args.join("");
  if (numbers.includes("u")) return await out(context, `${numbers.includes("n") ? name ?? uid : uid}\n`), 0;
  if (numbers.includes("g")) return await out(context, `${gid}\n`), 0;
  const shown = (number: number) => {
    const known = userName(files, number);
    return known === undefined ? String(number) : `${number}(${known})`;
  };
  const all = [...new Set([gid, ...groups])].map(shown).join(",");
  await out(context, `uid=${shown(uid)} gid=${shown(gid)} groups=${all}\n`);
  return 0;
};

const whoami: Program = async (_args, context) => {
  const { files, config: { user = 0 } } = context.process.machine;
  const name = userName(files, user);
  if (name === undefined) return await fail(context, `whoami: unknown uid ${user}`);
  await out(context, `${name}\n`);
  return 0;
};

const hostname: Program = async (args, context) => {
  const { podIP, hostname: name } = context.process.machine.config;
  const has = (...options: string[]) => args.some((arg) => options.includes(arg));
  let answer = name;
  if (has("-i", "-I", "--ip-address", "--all-ip-addresses")) answer = podIP;
  else if (has("-f", "--fqdn", "--long")) answer = fullName(context);
  else if (has("-d", "--domain")) answer = fullName(context).split(".").slice(1).join(".");
  if (answer !== "") await out(context, `${answer}\n`);
  return 0;
};

/** The first of the names that /etc/hosts has for the machine's address. */
function fullName({ process: { machine } }: ProgramContext): string {
  const { hostname: name } = machine.config;
  const lines = (machine.files.readText("/etc/hosts") ?? "").split("\n").map((line) => line.split("#")[0].split(/\s+/));
  return lines.find((words) => words.includes(name, 1))?.[1] ?? name;
}

const KERNEL = "6.8.0";

const uname: Program = async (args, context) => {
  const { hostname: name } = context.process.machine.config;
  const flags = args.join("");
  const parts: readonly (readonly [string, string])[] = [
    ["s", "Linux"],
    ["n", name],
    ["r", KERNEL],
    ["v", "#1 SMP PREEMPT_DYNAMIC Thu Jan  1 00:00:00 UTC 2026"],
    ["m", "x86_64"],
    ["o", "GNU/Linux"],
  ];
  const chosen = flags === ""
    ? parts.slice(0, 1)
    : flags.includes("a")
    ? parts
    : parts.filter(([flag]) => flags.includes(flag));
  await out(context, `${chosen.map(([, text]) => text).join(" ")}\n`);
  return 0;
};

const uptime: Program = async (_args, context) => {
  const { clock, startedAt } = context.process.machine;
  const minutes = Math.floor((clock.now() - startedAt) / 60_000);
  await out(
    context,
    ` ${dashTime(clock.now()).slice(11)} up ${minutes} min,  0 users,  load average: 0.00, 0.00, 0.00\n`,
  );
  return 0;
};

const ip: Program = async (args, context) => {
  const { podIP } = context.process.machine.config;
  if (args.some((arg) => /^r/.test(arg))) {
    const [a, b, c] = podIP.split(".");
    await out(
      context,
      `default via ${a}.${b}.${c}.1 dev eth0 \n${a}.${b}.${c}.0/24 dev eth0 proto kernel scope link src ${podIP} \n`,
    );
    return 0;
  }
  await out(
    context,
    [
      "1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue qlen 1000",
      "    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00",
      "    inet 127.0.0.1/8 scope host lo",
      "       valid_lft forever preferred_lft forever",
      "2: eth0@if5: <BROADCAST,MULTICAST,UP,LOWER_UP,M-DOWN> mtu 1450 qdisc noqueue qlen 1000",
      `    link/ether ${hardwareAddress(podIP)} brd ff:ff:ff:ff:ff:ff`,
      `    inet ${podIP}/24 brd ${podIP.replace(/\d+$/, "255")} scope global eth0`,
      "       valid_lft forever preferred_lft forever",
    ].map((line) => `${line}\n`).join(""),
  );
  return 0;
};

/** Bridges give a pod's end of the wire one that is made from its address. */
const hardwareAddress = (ip: string) =>
  ["0a", "58", ...ip.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");

const ifconfig: Program = async (_args, context) => {
  const { podIP } = context.process.machine.config;
  await out(
    context,
    `eth0      Link encap:Ethernet\n          inet addr:${podIP}  Bcast:${
      podIP.replace(/\d+$/, "255")
    }  Mask:255.255.255.0\n\nlo        Link encap:Local Loopback\n          inet addr:127.0.0.1  Mask:255.0.0.0\n`,
  );
  return 0;
};

export const SYSTEM: Readonly<Record<string, Program>> = {
  date,
  id,
  whoami,
  hostname,
  uname,
  arch: async (_args, context) => (await out(context, "x86_64\n"), 0),
  nproc: async (_args, context) => (await out(context, `${NODE_CPUS}\n`), 0),
  tty: async (_args, context) =>
    context.process.options.terminal === undefined
      ? (await out(context, "not a tty\n"), 1)
      : (await out(context, "/dev/pts/0\n"), 0),
  stty: async (args, context) => {
    const { width = 80, height = 24 } = context.process.options.terminal?.size ?? {};
    if (args[0] === "size") await out(context, `${height} ${width}\n`);
    return 0;
  },
  uptime,
  ip,
  ifconfig,
};
