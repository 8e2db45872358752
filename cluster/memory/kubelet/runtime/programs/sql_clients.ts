/** `mysql` and `psql`, as far as people see with them that a database works and keeps what it is given. */
import type { Result } from "../../images/sql/database.ts";
import type { SqlAnswer, SqlRequest } from "../../images/sql/server.ts";
import { decodeText } from "../streams.ts";
import { fail, out, type Program, type ProgramContext, readAll } from "./program.ts";
import { addressOf, connect } from "./reaching.ts";

/** How a product says things. */
interface Dialect {
  readonly prompt: (database: string | undefined, continued: boolean) => string;
  readonly show: (result: Result, context: ProgramContext) => string;
  /** What went wrong with a statement. */
  readonly problem: (problem: NonNullable<SqlAnswer["problem"]>, request: SqlRequest) => string;
  /** Statements of the client itself, as SQL or as an answer. */
  readonly own: (
    line: string,
  ) => { readonly sql?: string; readonly text?: string; readonly quits?: boolean } | undefined;
}

type Ask = (request: SqlRequest) => SqlAnswer | undefined;

/** Runs what it is told, or what comes line by line. @returns the exit code */
async function converse(
  given: string | undefined,
  first: Omit<SqlRequest, "sql">,
  ask: Ask,
  dialect: Dialect,
  context: ProgramContext,
): Promise<number> {
  let { database } = first;
  const run = async (text: string): Promise<number> => {
    const own = dialect.own(text.trim());
    if (own?.text !== undefined) return await out(context, own.text), 0;
    const request = { ...first, sql: own?.sql ?? text, database };
    const answer = ask(request);
    if (answer === undefined) return await fail(context, "ERROR: the server does not answer", 1);
    database = answer.database ?? database;
    for (const result of answer.results) await out(context, dialect.show(result, context));
    return answer.problem === undefined ? 0 : await fail(context, dialect.problem(answer.problem, request));
  };
  if (given !== undefined) return await run(given);
  const { stdin, process } = context;
  if (!stdin.isTerminal) {
    let code = 0;
    for (const part of statements(decodeText(await readAll(context)))) code = await run(part) || code;
    return code;
  }
  let [pending, rest] = ["", ""];
  for (;;) {
    await out(context, dialect.prompt(database, pending.trim() !== ""));
    while (!rest.includes("\n")) {
      const chunk = await process.wait(stdin.read());
      if (chunk === undefined) return await out(context, "\n"), 0;
      rest += chunk;
    }
    const newline = rest.indexOf("\n");
    pending += `${decodeText(rest.slice(0, newline))}\n`;
    rest = rest.slice(newline + 1);
    if (pending.trim() === "") pending = "";
    else if (dialect.own(pending.trim())?.quits) return 0;
    else if (/;\s*$/.test(pending) || dialect.own(pending.trim()) !== undefined) {
      await run(pending);
      pending = "";
    }
  }
}

/** The lines of a script, each statement by itself. */
const statements = (text: string): readonly string[] =>
  text.split(/;\s*(?:\n|$)|(?<=^\\.*)\n/m).map((part) => part.trim()).filter((part) => part !== "");

/** Finds the server. @returns how to ask it, or what is said where it is not there */
async function reach(
  host: string,
  port: number,
  context: ProgramContext,
  words: { readonly unknown: string; readonly refused: (address: string) => string },
): Promise<Ask | string> {
  const parse = (text: string | undefined): SqlAnswer | undefined =>
    text === undefined ? undefined : JSON.parse(text) as SqlAnswer;
  if (["localhost", "127.0.0.1", ""].includes(host)) {
    const server = context.process.machine.listener(port);
    if (server?.line === undefined) return words.refused("127.0.0.1");
    return (request) => parse(server.line!(JSON.stringify(request)));
  }
  const address = await addressOf(host, context);
  if (address === undefined) return words.unknown;
  const peer = await connect(address, port, undefined, context);
  if (typeof peer === "string") return words.refused(address);
  return (request) => parse(peer.line(JSON.stringify(request)));
}

const text = (value: string | number | null, none: string) => value === null ? none : String(value);

/** A table with lines around it. */
function boxed(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = columns.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i].length)));
  const rule = `+${widths.map((width) => "-".repeat(width + 2)).join("+")}+\n`;
  const line = (cells: readonly string[]) => `|${cells.map((cell, i) => ` ${cell.padEnd(widths[i])} `).join("|")}|\n`;
  return `${rule}${line(columns)}${rule}${rows.map(line).join("")}${rule}`;
}

const MYSQL: Dialect = {
  prompt: (_, continued) => continued ? "    -> " : "mysql> ",
  show({ columns, rows = [], affected }, { stdin, stdout }) {
    const terminal = stdin.isTerminal || stdout.isTerminal;
    if (columns === undefined) {
      return terminal ? `Query OK, ${affected ?? 0} row${affected === 1 ? "" : "s"} affected (0.01 sec)\n\n` : "";
    }
    const shown = rows.map((row) => row.map((value) => text(value, "NULL")));
    if (!terminal) return rows.length === 0 ? "" : [columns, ...shown].map((row) => `${row.join("\t")}\n`).join("");
    if (rows.length === 0) return "Empty set (0.00 sec)\n\n";
    const count = `${rows.length} row${rows.length === 1 ? "" : "s"} in set (0.00 sec)\n\n`;
    return boxed(columns, shown) + (stdin.isTerminal ? count : "");
  },
  problem(problem, { user, password, database, local }) {
    switch (problem.kind) {
      case "denied":
        return `ERROR 1045 (28000): Access denied for user '${user}'@'${local ? "localhost" : "%"}' (using password: ${
          password === undefined ? "NO" : "YES"
        })`;
      case "no database":
        return `ERROR 1049 (42000): Unknown database '${database}'`;
      case "syntax":
        return "ERROR 1064 (42000) at line 1: You have an error in your SQL syntax; check the manual that corresponds to " +
          `your MySQL server version for the right syntax to use near '${problem.near}' at line 1`;
      case "failed": {
        const { subject } = problem;
        const words: Readonly<Record<typeof problem.problem, string>> = {
          "no database": "1046 (3D000) at line 1: No database selected",
          "unknown database": `1049 (42000) at line 1: Unknown database '${subject}'`,
          "unknown table": `1146 (42S02) at line 1: Table '${database ?? ""}.${subject}' doesn't exist`,
          "unknown column": `1054 (42S22) at line 1: Unknown column '${subject}' in 'field list'`,
          "exists": `1050 (42S01) at line 1: Table '${subject}' already exists`,
          "count": "1136 (21S01) at line 1: Column count doesn't match value count at row 1",
          "taken": `1062 (23000) at line 1: Duplicate entry '${subject}' for key 'PRIMARY'`,
        };
        return `ERROR ${words[problem.problem]}`;
      }
    }
  },
  own: (line) => /^(exit|quit|\\q)\s*;?$/i.test(line) ? { quits: true, text: "Bye\n" } : undefined,
};

const MYSQL_PORT = 3306;

const mysql: Program = async (args, context) => {
  let [host, port, user] = ["localhost", MYSQL_PORT, "root"];
  let [password, database, sql] = [
    context.env.get("MYSQL_PWD"),
    undefined as string | undefined,
    undefined as string | undefined,
  ];
  let shown = false;
  for (let i = 0; i < args.length; i++) {
    const [, letter, attached] = /^-([hPueDp])(.*)$/s.exec(args[i]) ?? [];
    const [, long, value] = /^--(host|port|user|execute|database|password)(?:=(.*))?$/s.exec(args[i]) ?? [];
    const option = letter ??
      ({ host: "h", port: "P", user: "u", execute: "e", database: "D", password: "p" })[long ?? ""];
    if (option === "p") {
      password = attached || value;
      shown = password !== undefined && password !== "";
      continue;
    }
    if (option === undefined) {
      if (/^--?(version|V)$/.test(args[i])) {
        return await out(context, "mysql  Ver 8.4.7 for Linux on x86_64 (MySQL Community Server - GPL)\n"), 0;
      }
      if (!args[i].startsWith("-")) database = args[i];
      continue;
    }
    const given = (attached || value) ?? args[++i] ?? "";
    if (option === "h") host = given;
    else if (option === "P") port = Number(given);
    else if (option === "u") user = given;
    else if (option === "e") sql = given;
    else database = given;
  }
  if (shown) await fail(context, "mysql: [Warning] Using a password on the command line interface can be insecure.");
  const local = host === "localhost";
  const ask = await reach(host, port, context, {
    unknown: `ERROR 2005 (HY000): Unknown MySQL server host '${host}' (-2)`,
    refused: () =>
      local
        ? "ERROR 2002 (HY000): Can't connect to local MySQL server through socket '/var/run/mysqld/mysqld.sock' (2)"
        : `ERROR 2003 (HY000): Can't connect to MySQL server on '${host}:${port}' (111)`,
  });
  if (typeof ask === "string") return await fail(context, ask);
  const first = { user, password, database, local };
  const greeting = ask({ ...first, sql: "select 1" });
  if (greeting?.problem !== undefined) {
    return await fail(context, MYSQL.problem(greeting.problem, { ...first, sql: "" }));
  }
  if (sql === undefined && context.stdin.isTerminal) {
    await out(
      context,
      "Welcome to the MySQL monitor.  Commands end with ; or \\g.\nServer version: 8.4.7 MySQL Community Server - GPL\n\n",
    );
  }
  return await converse(sql, first, ask, MYSQL, context);
};

const PSQL: Dialect = {
  prompt: (database, continued) => `${database ?? "postgres"}${continued ? "-" : "="}# `,
  show({ columns, rows = [], tag }) {
    if (columns === undefined) return `${tag}\n`;
    const named = columns.map((name) =>
      /^\w+$/.test(name) && !/^\d/.test(name) ? name : /^(\w+)\(/.exec(name)?.[1] ?? "?column?"
    );
    const shown = rows.map((row) => row.map((value) => text(value, "")));
    const widths = named.map((name, i) => Math.max(name.length, ...shown.map((row) => row[i].length)));
    const numeric = named.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === "number"));
    const center = (name: string, width: number) => {
      const left = Math.floor((width - name.length) / 2);
      return " ".repeat(left) + name + " ".repeat(width - name.length - left);
    };
    const line = (cells: readonly string[]) =>
      ` ${cells.map((cell, i) => numeric[i] ? cell.padStart(widths[i]) : cell.padEnd(widths[i])).join(" | ")}`
        .trimEnd();
    return [
      ` ${named.map((name, i) => center(name, widths[i])).join(" | ")} `,
      widths.map((width) => "-".repeat(width + 2)).join("+"),
      ...shown.map(line),
      `(${rows.length} row${rows.length === 1 ? "" : "s"})`,
      "",
      "",
    ].join("\n");
  },
  problem(problem, { user, database, sql }) {
    const fatal = "psql: error: connection to server failed: FATAL:  ";
    switch (problem.kind) {
      case "denied":
        return `${fatal}password authentication failed for user "${user}"`;
      case "no database":
        return `${fatal}database "${database}" does not exist`;
      case "syntax":
        return `ERROR:  syntax error at or near "${problem.near.split(/\s/)[0]}"\nLINE 1: ${sql.split("\n")[0]}`;
      case "failed": {
        const { subject } = problem;
        const words: Readonly<Record<typeof problem.problem, string>> = {
          "no database": "no database is selected",
          "unknown database": `database "${subject}" does not exist`,
          "unknown table": `relation "${subject}" does not exist`,
          "unknown column": `column "${subject}" does not exist`,
          "exists": `relation "${subject}" already exists`,
          "count": "INSERT has more expressions than target columns",
          "taken": "duplicate key value violates unique constraint",
        };
        return `ERROR:  ${words[problem.problem]}`;
      }
    }
  },
  own(line) {
    if (/^(\\q|exit|quit);?$/.test(line)) return { quits: true, text: "" };
    if (/^\\l\+?$/.test(line)) return { sql: "show databases" };
    if (/^\\dt\+?$|^\\d$/.test(line)) return { sql: "show tables" };
    if (/^\\d\s+\S+$/.test(line)) return { sql: `describe ${line.split(/\s+/)[1]}` };
    if (/^\\c(onnect)?\s+\S+/.test(line)) return { sql: `use ${line.split(/\s+/)[1]}` };
    return line.startsWith("\\") ? { text: `invalid command ${line.split(/\s/)[0]}\nTry \\? for help.\n` } : undefined;
  },
};

const POSTGRES_PORT = 5432;

const psql: Program = async (args, context) => {
  const { env } = context;
  let host = env.get("PGHOST") ?? "";
  let port = Number(env.get("PGPORT") ?? POSTGRES_PORT);
  let user = env.get("PGUSER") ?? ((context.process.machine.config.user ?? 0) === 0 ? "root" : "postgres");
  let [password, database] = [env.get("PGPASSWORD"), env.get("PGDATABASE")];
  const commands: string[] = [];
  for (let i = 0; i < args.length; i++) {
    const [, letter, attached] = /^-([hpUdc])(.*)$/s.exec(args[i]) ?? [];
    const [, long, value] = /^--(host|port|username|dbname|command)(?:=(.*))?$/s.exec(args[i]) ?? [];
    const option = letter ?? ({ host: "h", port: "p", username: "U", dbname: "d", command: "c" })[long ?? ""];
    if (option === undefined) {
      if (/^--?(version|V)$/.test(args[i])) {
        return await out(context, "psql (PostgreSQL) 17.6 (Debian 17.6-1.pgdg13+1)\n"), 0;
      }
      if (/^-l|^--list$/.test(args[i])) commands.push("show databases");
      const url = /^postgres(?:ql)?:\/\/(?:([^:@]*)(?::([^@]*))?@)?([^:/]+)(?::(\d+))?(?:\/(\w+))?/.exec(args[i]);
      if (url !== null) {
        [user, password] = [url[1] ?? user, url[2] ?? password];
        [host, port, database] = [url[3], Number(url[4] ?? port), url[5] ?? database];
      } else if (!args[i].startsWith("-")) {
        if (database === undefined) database = args[i];
        else user = args[i];
      }
      continue;
    }
    const given = (attached || value) ?? args[++i] ?? "";
    if (option === "h") host = given;
    else if (option === "p") port = Number(given);
    else if (option === "U") user = given;
    else if (option === "d") database = given;
    else commands.push(given);
  }
  database ??= user;
  const socket = 'psql: error: connection to server on socket "/var/run/postgresql/.s.PGSQL.5432" failed: ';
  const over = (address: string) =>
    `psql: error: connection to server at "${host}" (${address}), port ${port} failed: `;
  const ask = await reach(host, port, context, {
    unknown: `psql: error: could not translate host name "${host}" to address: Name or service not known`,
    refused: (address) =>
      host === ""
        ? `${socket}No such file or directory\n\tIs the server running locally and accepting connections on that socket?`
        : `${over(address)}Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?`,
  });
  if (typeof ask === "string") return await fail(context, ask, 2);
  const first = { user, password, database, local: host === "" };
  const greeting = ask({ ...first, sql: "select 1" });
  if (greeting?.problem !== undefined) {
    return await fail(context, PSQL.problem(greeting.problem, { ...first, sql: "" }), 2);
  }
  if (commands.length === 0 && context.stdin.isTerminal) {
    await out(context, 'psql (17.6 (Debian 17.6-1.pgdg13+1))\nType "help" for help.\n\n');
  }
  if (commands.length === 0) return await converse(undefined, first, ask, PSQL, context);
  let code = 0;
  for (const command of commands) code = await converse(command, first, ask, PSQL, context) || code;
  return code;
};

export const SQL_CLIENTS: Readonly<Record<string, Program>> = { mysql, mariadb: mysql, psql };
