/** `mysql`, as far as people see with it that a database works and keeps what it is given. */
import { fail, out, type Program } from "../program.ts";
import { converse, type Dialect, reach, valueText } from "./client.ts";

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
    const shown = rows.map((row) => row.map((value) => valueText(value, "NULL")));
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

/** The client of MySQL and MariaDB. */
export const mysql: Program = async (args, context) => {
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
