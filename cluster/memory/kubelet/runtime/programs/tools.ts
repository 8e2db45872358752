/** Programs of certain images: package managers, interpreters, clients of databases. */
import { pythonHttpServer } from "../../images/python_http_server.ts";
import { fail, out, pathOf, type Program } from "./program.ts";
import { serve } from "./server.ts";

/** What real package managers do not say, as they do not know it. */
const NO_INTERNET = "(a cluster in memory has no internet: nothing can be installed here)";

/** Packages come from the world, and there is none. */
const aptGet: Program = async (args, context) => {
  if ((context.process.machine.config.user ?? 0) !== 0) {
    return await fail(
      context,
      "E: Could not open lock file /var/lib/apt/lists/lock - open (13: Permission denied)",
      100,
    );
  }
  if (args.includes("update")) {
    await fail(
      context,
      "W: Failed to fetch http://deb.debian.org/debian/dists/bookworm/InRelease  Temporary failure resolving 'deb.debian.org'",
    );
    await fail(context, NO_INTERNET);
    await fail(context, "W: Some index files failed to download. They have been ignored, or old ones used instead.");
    return 0;
  }
  const packages = args.filter((arg) => !arg.startsWith("-") && arg !== "install");
  if (!args.includes("install")) return 0;
  await out(context, "Reading package lists...\nBuilding dependency tree...\nReading state information...\n");
  await fail(context, `E: Unable to locate package ${packages[0] ?? ""}`);
  return await fail(context, NO_INTERNET, 100);
};

const apk: Program = async (args, context) => {
  const [command] = args.filter((arg) => !arg.startsWith("-"));
  if (command !== "add" && command !== "update") return 0;
  const names = args.filter((arg) => !arg.startsWith("-")).slice(1);
  await fail(context, "fetch https://dl-cdn.alpinelinux.org/alpine/v3.22/main/x86_64/APKINDEX.tar.gz");
  await fail(
    context,
    "WARNING: fetching https://dl-cdn.alpinelinux.org/alpine/v3.22/main: DNS: transient error (try again later)",
  );
  await fail(context, NO_INTERNET);
  if (command === "update") return 1;
  return await fail(
    context,
    `ERROR: unable to select packages:\n${
      names.map((name) => `  ${name} (no such package):\n    required by: world[${name}]`).join("\n")
    }`,
    names.length,
  );
};

/** What is said of a program that is there, and does not do here what it does elsewhere. */
const notSimulated = (name: string, beyond = "") =>
  `${name}: not simulated in this container${
    beyond === "" ? "" : ` ${beyond}`
  }; the memory cluster runs no real programs`;

const versionOnly = (name: string, version: string): Program => (args, context) =>
  /^(-v|-V|--version|version)$/.test(args[0] ?? "")
    ? answer(context, version)
    : fail(context, notSimulated(name, "beyond its version"));

const answer = async (context: Parameters<Program>[1], text: string) => (await out(context, `${text}\n`), 0);

/** `pip` and `npm` fetch from the world, and there is none. */
const fetching = (name: string, version: string, host: string): Program => (args, context) =>
  /^(install|i|ci|add|download|fetch|clone|pull|get|update)$/.test(args[0] ?? "")
    ? fail(
      context,
      `${name}: cannot reach ${host}: Temporary failure in name resolution (a cluster in memory has no internet)`,
    )
    : versionOnly(name, version)(args, context);

const mongosh: Program = async (args, context) => {
  if (args[0] === "--version") return await answer(context, "2.5.8");
  const at = args.indexOf("--eval");
  const script = at < 0 ? "" : args[at + 1] ?? "";
  if (!listens(27017, context) && !args.some((arg) => /:\/\/|--host/.test(arg))) {
    return await fail(context, "MongoNetworkError: connect ECONNREFUSED 127.0.0.1:27017");
  }
  if (/ping/.test(script)) return await answer(context, "{ ok: 1 }");
  if (/^\s*db\.version\(\)/.test(script)) return await answer(context, "8.0.15");
  if (/show dbs/.test(script)) return await answer(context, "admin   40.00 KiB\nconfig  12.00 KiB\nlocal   40.00 KiB");
  return await fail(context, notSimulated("mongosh", "beyond ping, db.version() and show dbs"));
};

const rabbit: Program = async (args, context) => {
  const ready = listens(5672, context);
  if (!ready) {
    return await fail(
      context,
      "Error: unable to perform an operation on node. Please see diagnostics information and suggestions below.",
      69,
    );
  }
  if (args[0] === "ping") return await answer(context, "Ping succeeded");
  if (args[0] === "status" || args[0] === "check_running") {
    return await answer(context, "Status of node rabbit@localhost ...\nRuntime\n\nOS PID: 1\nRabbitMQ version: 4.1.4");
  }
  return await fail(context, notSimulated("rabbitmqctl", "beyond ping and status"));
};

const kubectl: Program = (_args, context) =>
  fail(
    context,
    `${notSimulated("kubectl")}. Ask the API with curl:\n` +
      'curl --cacert /var/run/secrets/kubernetes.io/serviceaccount/ca.crt -H "Authorization: Bearer $(cat ' +
      '/var/run/secrets/kubernetes.io/serviceaccount/token)" https://kubernetes.default.svc/api',
  );

/** Python as far as a container needs it to serve files or to say hello. */
const python: Program = async (args, context) => {
  const words = args.filter((arg) => arg !== "-u");
  if (words[0] === "--version" || words[0] === "-V") return await out(context, "Python 3.13.7\n"), 0;
  if (words[0] === "-m" && words[1] === "http.server") {
    const port = Number(words.slice(2).find((word) => /^\d+$/.test(word)) ?? 8000);
    const index = words.findIndex((word) => word === "-d" || word === "--directory");
    const folder = index < 0 ? context.cwd : pathOf(context, words[index + 1]);
    return await serve(pythonHttpServer(port, folder === "/" ? "" : folder), "python3", [], context);
  }
  const { programs } = context.process.machine.config.image;
  const own = words[0] === undefined ? undefined : programs[words[0]];
  if (own !== undefined) return await serve(own, words[0], words.slice(1), context);
  if (words[0] === "-c") {
    const [, , text] = /^\s*print\((["'])(.*)\1\)\s*$/.exec(words[1] ?? "") ?? [];
    if (text !== undefined) return await out(context, `${text}\n`), 0;
    return await fail(context, notSimulated("python3", "beyond --version, -m http.server and print() of a text"));
  }
  if (words.length === 0) return 0;
  if (context.process.machine.files.find(pathOf(context, words[0])) !== undefined) {
    return await fail(context, notSimulated("python3", "beyond --version, -m http.server and print() of a text"));
  }
  return await fail(
    context,
    `python3: can't open file '${pathOf(context, words[0])}': [Errno 2] No such file or directory`,
    2,
  );
};

const node: Program = async (args, context) => {
  if (args[0] === "--version" || args[0] === "-v") return await out(context, "v24.11.0\n"), 0;
  const [, , text] = /^\s*console\.log\((["'])(.*)\1\);?\s*$/.exec(args[0] === "-e" ? args[1] ?? "" : "") ?? [];
  if (text !== undefined) return await out(context, `${text}\n`), 0;
  if (args.length === 0) return 0;
  if (args[0] === "-e") {
    return await fail(context, notSimulated("node", "beyond --version and console.log() of a text"));
  }
  if (context.process.machine.files.find(pathOf(context, args[0])) !== undefined) {
    return await fail(context, notSimulated("node", "beyond --version and console.log() of a text"));
  }
  return await fail(
    context,
    `node:internal/modules/cjs/loader:1386\n  throw err;\n  ^\n\nError: Cannot find module '${
      pathOf(context, args[0])
    }'`,
  );
};

/** Perl's one program that the documentation of Jobs uses: the digits of pi. */
const perl: Program = async (args, context) => {
  const script = args.find((arg) => arg.includes("bpi("));
  const [, digits] = /bpi\((\d+)\)/.exec(script ?? "") ?? [];
  if (digits !== undefined) return await out(context, pi(Math.min(Number(digits), 10_000))), 0;
  if (args[0] === "-v") {
    return await out(context, "\nThis is perl 5, version 42, subversion 0 (v5.42.0) built for x86_64-linux-gnu\n"), 0;
  }
  return args.length === 0 ? 0 : await fail(context, notSimulated("perl", "beyond -v and bignum=bpi"), 2);
};

/** Pi with so many significant digits, by Machin's formula. */
export function pi(digits: number): string {
  const scale = 10n ** BigInt(digits + 10);
  const arctan = (x: bigint) => {
    let [power, sum, sign] = [scale / x, 0n, 1n];
    for (let n = 1n; power !== 0n; n += 2n) {
      sum += sign * (power / n);
      power /= x * x;
      sign = -sign;
    }
    return sum;
  };
  const text = String((4n * (4n * arctan(5n) - arctan(239n)) + 5n * 10n ** 10n) / 10n ** 11n);
  return `${text[0]}.${text.slice(1)}`;
}

const listens = (port: number, context: Parameters<Program>[1]) => context.process.machine.listener(port) !== undefined;

const pgIsReady: Program = async (_args, context) => {
  const ready = listens(5432, context);
  await out(context, `/var/run/postgresql:5432 - ${ready ? "accepting connections" : "no response"}\n`);
  return ready ? 0 : 2;
};

const mysqladmin: Program = async (_args, context) => {
  if (listens(3306, context)) return await out(context, "mysqld is alive\n"), 0;
  return await fail(context, "mysqladmin: connect to server at 'localhost' failed");
};

export const TOOLS: Readonly<Record<string, Program>> = {
  "apt-get": aptGet,
  apt: aptGet,
  apk,
  python,
  python3: python,
  node,
  perl,
  pg_isready: pgIsReady,
  mysqladmin,
  "mariadb-admin": mysqladmin,
  mongosh,
  rabbitmqctl: rabbit,
  "rabbitmq-diagnostics": rabbit,
  kubectl,
  pip: fetching("pip", "pip 25.2 from /usr/local/lib/python3.13/site-packages/pip (python 3.13)", "pypi.org"),
  pip3: fetching("pip3", "pip 25.2 from /usr/local/lib/python3.13/site-packages/pip (python 3.13)", "pypi.org"),
  npm: fetching("npm", "11.6.1", "registry.npmjs.org"),
  npx: fetching("npx", "11.6.1", "registry.npmjs.org"),
  git: fetching("git", "git version 2.47.3", "github.com"),
  go: fetching("go", "go version go1.25.3 linux/amd64", "proxy.golang.org"),
  microdnf: fetching("microdnf", "3.9.1", "yum.oracle.com"),
  java: versionOnly("java", 'openjdk version "21.0.9" 2025-10-21 LTS'),
  dpkg: versionOnly("dpkg", "Debian 'dpkg' package management program version 1.21.22 (amd64)."),
};
