/** Programs that scripts use all the time; they are ours because they cost next to nothing. */
import { FileError } from "../files/entry.ts";
import { duration, fail, out, pathOf, type Program, reasonOf } from "./program.ts";
import { runProgram } from "./run.ts";

const sleep: Program = async (args, context) => {
  let total = 0;
  if (args.length === 0) return await fail(context, "sleep: missing operand");
  for (const arg of args) {
    const ms = duration(arg);
    if (ms === undefined) return await fail(context, `sleep: invalid number '${arg}'`);
    total += ms;
  }
  await context.process.sleep(total === Infinity ? undefined : total);
  return 0;
};

const ESCAPES: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
  "\\": "\\",
  e: "\x1b",
};

const echo: Program = async (args, context) => {
  let [at, newline, escapes] = [0, true, false];
  for (; /^-[neE]+$/.test(args[at] ?? ""); at++) {
    if (args[at].includes("n")) newline = false;
    if (args[at].includes("e")) escapes = true;
  }
  let text = args.slice(at).join(" ");
  if (escapes) {
    const end = text.indexOf("\\c");
    if (end >= 0) [text, newline] = [text.slice(0, end), false];
    text = text.replaceAll(
      /\\(0[0-7]{1,3}|x[\da-fA-F]{1,2}|[ntrabfve\\])/g,
      (_, code: string) =>
        code[0] === "0"
          ? String.fromCharCode(parseInt(code, 8))
          : code[0] === "x"
          ? String.fromCharCode(parseInt(code.slice(1), 16))
          : ESCAPES[code],
    );
  }
  await out(context, newline ? `${text}\n` : text);
  return 0;
};

const printenv: Program = async (args, context) => {
  if (args.length === 0) {
    await out(context, [...context.env].map(([name, value]) => `${name}=${value}\n`).join(""));
    return 0;
  }
  let code = 0;
  for (const name of args) {
    const value = context.env.get(name);
    if (value === undefined) code = 1;
    else await out(context, `${value}\n`);
  }
  return code;
};

const env: Program = async (args, context) => {
  const variables = new Map(context.env);
  let at = 0;
  for (; at < args.length; at++) {
    if (args[at] === "-i" || args[at] === "-") variables.clear();
    else if (args[at] === "-u") variables.delete(args[++at]);
    else if (args[at].includes("=")) {
      const equals = args[at].indexOf("=");
      variables.set(args[at].slice(0, equals), args[at].slice(equals + 1));
    } else break;
  }
  const changed = { ...context, env: variables };
  return at < args.length ? await runProgram(args.slice(at), changed) : await printenv([], changed);
};

const touch: Program = async (args, context) => {
  const { files, clock, config } = context.process.machine;
  let code = 0;
  for (const arg of args.filter((one) => !one.startsWith("-"))) {
    const path = pathOf(context, arg);
    try {
      if (files.find(path) === undefined) files.write(path, "", { uid: config.user });
      else files.change(path, { mtime: clock.now() });
    } catch (error) {
      code = await fail(context, `touch: ${arg}: ${reasonOf(error)}`);
    }
  }
  return code;
};

const truncate: Program = async (args, context) => {
  const size = Number(args[args.indexOf("-s") + 1]?.replace(/[^\d]/g, "") ?? 0);
  const unit = /[KMG]/i.exec(args[args.indexOf("-s") + 1] ?? "")?.[0].toUpperCase() ?? "";
  const bytes = size * ({ "": 1, K: 1024, M: 1 << 20, G: 1 << 30 }[unit] ?? 1);
  const { files } = context.process.machine;
  const path = args.at(-1) ?? "";
  try {
    if (bytes > 1 << 27) throw new FileError("ENOSPC", path);
    files.write(pathOf(context, path), "\0".repeat(bytes));
    return 0;
  } catch (error) {
    return await fail(context, `truncate: ${path}: ${reasonOf(error)}`);
  }
};

/** chown and chgrp: only root changes owners, and nobody looks at groups. */
const chown: Program = async (args, context) => {
  const { files, config } = context.process.machine;
  const [owner = "", ...paths] = args.filter((arg) => !arg.startsWith("-"));
  const uid = Number(owner.split(":")[0]);
  for (const path of paths) {
    if ((config.user ?? 0) !== 0) return await fail(context, `chown: ${path}: Operation not permitted`);
    try {
      if (Number.isInteger(uid)) files.change(pathOf(context, path), { uid });
    } catch (error) {
      return await fail(context, `chown: ${path}: ${reasonOf(error)}`);
    }
  }
  return 0;
};

const which: Program = async (args, context) => {
  let code = 0;
  for (const name of args.filter((arg) => !arg.startsWith("-"))) {
    const folders = (context.env.get("PATH") ?? "").split(":");
    const found = folders.map((folder) => `${folder}/${name}`).find((path) =>
      context.process.machine.files.find(path) !== undefined
    );
    if (found === undefined) code = 1;
    else await out(context, `${found}\n`);
  }
  return code;
};

const mktemp: Program = async (args, context) => {
  const { clock, files, config } = context.process.machine;
  const letters = Array.from({ length: 6 }, () => "abcdefghijklmnopqrstuvwxyz"[Math.floor(clock.random() * 26)]).join(
    "",
  );
  const path = `/tmp/tmp.${letters}`;
  if (args.includes("-d")) files.makeFolder(path, { uid: config.user });
  else files.write(path, "", { uid: config.user });
  await out(context, `${path}\n`);
  return 0;
};

const realpath: Program = async (args, context) => {
  for (const arg of args) await out(context, `${context.process.machine.files.resolve(pathOf(context, arg)) || "/"}\n`);
  return 0;
};

const time: Program = async (args, context) => {
  const { clock } = context.process.machine;
  const started = clock.now();
  const code = await runProgram(args, context);
  await fail(context, `real\t0m ${((clock.now() - started) / 1000).toFixed(2)}s\nuser\t0m 0.00s\nsys\t0m 0.00s`);
  return code;
};

export const BASIC: Readonly<Record<string, Program>> = {
  sleep,
  usleep: (args, context) => context.process.sleep(Number(args[0]) / 1000).then(() => 0),
  echo,
  printenv,
  env,
  touch,
  truncate,
  chown,
  chgrp: chown,
  which,
  mktemp,
  realpath,
  time,
  nohup: (args, context) => runProgram(args, context),
  true: () => 0,
  false: () => 1,
  sync: () => 0,
};
