/** MySQL and MariaDB as their official images run them: what they need, what they write, what they answer. */
import type { Server, ServerContext } from "../image.ts";
import { dashTime, microTime } from "../log_time.ts";
import { keptDatabases, sqlLine } from "../sql/server.ts";
import { initial, secretOf } from "./settings.ts";

const MYSQL_NEEDS = ["MYSQL_ROOT_PASSWORD", "MYSQL_ALLOW_EMPTY_PASSWORD", "MYSQL_RANDOM_ROOT_PASSWORD"];
const MYSQL_FILES = MYSQL_NEEDS.map((name) => `${name}_FILE`);

/** MySQL 8.4 after its entrypoint script. */
export const mysql: Server = (context) => {
  const { env, now, out, err, args } = context;
  const version = "8.4.7";
  const note = (text: string) => out(`${dashTime(now())}+00:00 [Note] [Entrypoint]: ${text}`);
  note(`Entrypoint script for MySQL Server ${version}-1.el9 started.`);
  note("Switching to dedicated user 'mysql'");
  note(`Entrypoint script for MySQL Server ${version}-1.el9 started.`);
  const isNew = keptDatabases(context, MYSQL_FILE) === undefined;
  if (isNew) {
    if (![...MYSQL_NEEDS, ...MYSQL_FILES].some((name) => env[name])) {
      err(
        `${dashTime(now())}+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified`,
      );
      err("    You need to specify one of the following as an environment variable:");
      for (const name of MYSQL_NEEDS) err(`    - ${name}`);
      return 1;
    }
    note("Initializing database files");
    note("Database files initialized");
    if (env.MYSQL_DATABASE) note(`Creating database ${env.MYSQL_DATABASE}`);
    if (env.MYSQL_USER) note(`Creating user ${env.MYSQL_USER}`);
    note("MySQL init process done. Ready for start up.");
    context.writeFile(MYSQL_FILE, JSON.stringify(initial(mysqlDatabases(env))));
  }
  const port = Number(args.find((arg) => arg.startsWith("--port="))?.slice(7) ?? 3306);
  const server = (code: string, text: string) => err(`${microTime(now())} 0 [System] [${code}] [Server] ${text}`);
  server("MY-015015", "MySQL Server - start.");
  server("MY-010116", `/usr/sbin/mysqld (mysqld ${version}) starting as process 1`);
  server(
    "MY-010931",
    `/usr/sbin/mysqld: ready for connections. Version: '${version}'  socket: '/var/run/mysqld/mysqld.sock'  port: ${port}  MySQL Community Server - GPL.`,
  );
  return {
    ports: [port],
    line: mysqlLine(context, version),
    stop: () =>
      server("MY-010910", `/usr/sbin/mysqld: Shutdown complete (mysqld ${version})  MySQL Community Server - GPL.`),
  };
};

const mysqlDatabases = (env: ServerContext["env"]): readonly string[] => [
  ...["information_schema", "mysql", "performance_schema", "sys"],
  ...[env.MYSQL_DATABASE || env.MARIADB_DATABASE || []].flat(),
];

const MYSQL_FILE = "/var/lib/mysql/drydock.json";

function mysqlLine(context: ServerContext, version: string) {
  const both = (name: string) => [`MYSQL_${name}`, `MARIADB_${name}`];
  return sqlLine({
    context,
    version,
    file: MYSQL_FILE,
    databases: mysqlDatabases(context.env),
    allows({ user, password = "" }) {
      if (user === "root") return password === (secretOf(context, ...both("ROOT_PASSWORD")) ?? "");
      return user === secretOf(context, ...both("USER")) && password === (secretOf(context, ...both("PASSWORD")) ?? "");
    },
  });
}

/** MariaDB 11.8 after its entrypoint script. */
export const mariadb: Server = (context) => {
  const { env, now, out, err } = context;
  const names = MYSQL_NEEDS.flatMap((name) => [name, name.replace("MYSQL", "MARIADB")]);
  out(
    `${
      dashTime(now())
    }+00:00 [Note] [Entrypoint]: Entrypoint script for MariaDB Server 1:11.8.3+maria~ubu2404 started.`,
  );
  const needed = [...names, ...names.map((name) => `${name}_FILE`)];
  if (keptDatabases(context, MYSQL_FILE) === undefined && !needed.some((name) => env[name])) {
    err(
      `${dashTime(now())}+00:00 [ERROR] [Entrypoint]: Database is uninitialized and password option is not specified` +
        "\n\tYou need to specify one of MARIADB_ROOT_PASSWORD, MARIADB_ROOT_PASSWORD_HASH, MARIADB_ALLOW_EMPTY_ROOT_PASSWORD and MARIADB_RANDOM_ROOT_PASSWORD",
    );
    return 1;
  }
  err(`${dashTime(now())} 0 [Note] mariadbd: ready for connections.`);
  return {
    ports: [3306],
    line: mysqlLine(context, "11.8.3-MariaDB-ubu2404"),
    stop: () => err(`${dashTime(now())} 0 [Note] mariadbd: Shutdown complete`),
  };
};
