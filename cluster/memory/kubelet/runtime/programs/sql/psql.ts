/** `psql`, as far as people see with it that a database works and keeps what it is given. */
import { fail, out, type Program } from "../program.ts";
import { converse, type Dialect, reach, valueText } from "./client.ts";

const PSQL: Dialect = {
  prompt: (database, continued) => `${database ?? "postgres"}${continued ? "-" : "="}# `,
  show({ columns, rows = [], tag }) {
    if (columns === undefined) return `${tag}\n`;
    const named = columns.map((name) =>
      /^\w+$/.test(name) && !/^\d/.test(name) ? name : /^(\w+)\(/.exec(name)?.[1] ?? "?column?"
    );
    const shown = rows.map((row) => row.map((value) => valueText(value, "")));
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

/** The client of PostgreSQL. */
export const psql: Program = async (args, context) => {
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
