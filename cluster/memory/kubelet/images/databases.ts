/** Databases as their official images run them: what they need, what they write, what they answer. */
import type { Server, ServerContext } from "./image.ts";
import { keptDatabases, sqlLine } from "./sql/server.ts";
import { dashTime, microTime, postgresTime, redisTime } from "./log_time.ts";

const REDIS_VERSION = "7.4.6";

/** Redis with strings, counters and keys: enough to see that a client reaches it. */
export const redis: Server = ({ args, pid, now, out, readFile }) => {
  const given = (name: string) => args[args.indexOf(`--${name}`) + 1];
  const file = args[0]?.startsWith("-") === false ? readFile(args[0]) : undefined;
  const fromFile = (name: string) => new RegExp(`^\\s*${name}\\s+"?([^"\\n]+?)"?\\s*$`, "m").exec(file ?? "")?.[1];
  const port = Number((args.includes("--port") ? given("port") : fromFile("port")) ?? 6379);
  const password = args.includes("--requirepass") ? given("requirepass") : fromFile("requirepass");
  const line = (role: string, mark: string, text: string) => out(`${pid}:${role} ${redisTime(now())} ${mark} ${text}`);
  line("C", "*", "oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo");
  line("C", "*", `Redis version=${REDIS_VERSION}, bits=64, commit=00000000, modified=0, pid=${pid}, just started`);
  if (args.length === 0) {
    line(
      "C",
      "#",
      "Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf",
    );
  } else line("C", "*", "Configuration loaded");
  line("M", "*", "monotonic clock: POSIX clock_gettime");
  line("M", "*", `Running mode=standalone, port=${port}.`);
  line("M", "*", "Server initialized");
  line("M", "*", "Ready to accept connections tcp");
  const data = new Map<string, string>();
  let allowed = password === undefined;
  return {
    ports: [port],
    line(text) {
      const [command = "", key = "", ...rest] = text.trim().split(/\s+/);
      const name = command.toUpperCase();
      if (name === "AUTH") {
        allowed = key === password;
        return allowed ? "+OK" : "-WRONGPASS invalid username-password pair or user is disabled.";
      }
      if (!allowed) return "-NOAUTH Authentication required.";
      return redisAnswer(name, key, rest, data);
    },
    stop() {
      out(`${pid}:signal-handler (${Math.floor(now() / 1000)}) Received SIGTERM scheduling shutdown...`);
      line("M", "*", "User requested shutdown...");
      line("M", "#", "Redis is now ready to exit, bye bye...");
    },
  };
};

function redisAnswer(name: string, key: string, rest: readonly string[], data: Map<string, string>): string {
  const bulk = (value: string | undefined) => value === undefined ? "$-1" : `$${value.length}\r\n${value}`;
  switch (name) {
    case "PING":
      return key === "" ? "+PONG" : bulk(key);
    case "ECHO":
      return bulk([key, ...rest].join(" "));
    case "SET":
      data.set(key, rest.join(" "));
      return "+OK";
    case "GET":
      return bulk(data.get(key));
    case "DEL":
      return `:${data.delete(key) ? 1 : 0}`;
    case "EXISTS":
      return `:${data.has(key) ? 1 : 0}`;
    case "INCR":
    case "DECR": {
      const next = Number(data.get(key) ?? 0) + (name === "INCR" ? 1 : -1);
      if (Number.isNaN(next)) return "-ERR value is not an integer or out of range";
      data.set(key, String(next));
      return `:${next}`;
    }
    case "KEYS":
      return `*${data.size}${[...data.keys()].map((one) => `\r\n${bulk(one)}`).join("")}`;
    case "DBSIZE":
      return `:${data.size}`;
    case "FLUSHALL":
      data.clear();
      return "+OK";
    case "INFO":
      return bulk(`# Server\r\nredis_version:${REDIS_VERSION}\r\nredis_mode:standalone\r\nrole:master`);
    case "QUIT":
      return "+OK";
    default:
      return `-ERR unknown command '${name.toLowerCase()}', with args beginning with: ${key === "" ? "" : `'${key}' `}`;
  }
}

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

/** A variable, or the content of the file that the variable with _FILE names. */
const secretOf = ({ env, readFile }: ServerContext, ...names: readonly string[]): string | undefined =>
  names.map((name) => env[name] ?? (env[`${name}_FILE`] ? readFile(env[`${name}_FILE`])?.trimEnd() : undefined))
    .find((value) => value !== undefined);

const initial = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, {}]));

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

export const postgres: Server = (context) => {
  const { env, now, out, err, pid } = context;
  const file = `${env.PGDATA ?? "/var/lib/postgresql/data"}/drydock.json`;
  const user = secretOf(context, "POSTGRES_USER") ?? "postgres";
  const databases = [...new Set(["postgres", "template0", "template1", env.POSTGRES_DB || user])];
  const trusts = env.POSTGRES_HOST_AUTH_METHOD === "trust";
  if (keptDatabases(context, file) === undefined) {
    if (!env.POSTGRES_PASSWORD && !env.POSTGRES_PASSWORD_FILE && !trusts) {
      for (const line of POSTGRES_REFUSAL) err(line);
      return 1;
    }
    for (const line of POSTGRES_INIT) out(line);
    context.writeFile(file, JSON.stringify(initial(databases)));
  } else {
    out("");
    out("PostgreSQL Database directory appears to contain a database; Skipping initialization");
    out("");
  }
  const log = (text: string) => err(`${postgresTime(now())} [${pid}] LOG:  ${text}`);
  log(
    "starting PostgreSQL 17.6 (Debian 17.6-1.pgdg13+1) on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit",
  );
  log('listening on IPv4 address "0.0.0.0", port 5432');
  log('listening on IPv6 address "::", port 5432');
  log('listening on Unix socket "/var/run/postgresql/.s.PGSQL.5432"');
  log("database system is ready to accept connections");
  return {
    ports: [5432],
    line: sqlLine({
      context,
      version: "PostgreSQL 17.6 (Debian 17.6-1.pgdg13+1) on x86_64-pc-linux-gnu",
      file,
      databases,
      // Over its own socket everybody is believed.
      allows: ({ user: asked, password, local }) =>
        asked === user && (local || trusts || password === secretOf(context, "POSTGRES_PASSWORD")),
    }),
    stop(signal) {
      log(`received ${signal === "SIGINT" ? "fast" : "smart"} shutdown request`);
      log("database system is shut down");
    },
  };
};

const POSTGRES_REFUSAL = [
  "Error: Database is uninitialized and superuser password is not specified.",
  "       You must specify POSTGRES_PASSWORD to a non-empty value for the",
  '       superuser. For example, "-e POSTGRES_PASSWORD=password" on "docker run".',
  "",
  '       You may also use "POSTGRES_HOST_AUTH_METHOD=trust" to allow all',
  "       connections without a password. This is *not* recommended.",
  "",
  '       See PostgreSQL documentation about "trust":',
  "       https://www.postgresql.org/docs/current/auth-trust.html",
];
const POSTGRES_INIT = [
  'The files belonging to this database system will be owned by user "postgres".',
  "This user must also own the server process.",
  "",
  "fixing permissions on existing directory /var/lib/postgresql/data ... ok",
  "creating subdirectories ... ok",
  "syncing data to disk ... ok",
  "",
  "PostgreSQL init process complete; ready for start up.",
  "",
];

/** A program that says that it is ready and listens. */
export const plainServer =
  (ports: readonly number[], greeting: (context: ServerContext) => readonly string[] = () => []): Server =>
  (
    context,
  ) => {
    for (const line of greeting(context)) context.out(line);
    return { ports };
  };

export const mongo = plainServer([27017], ({ now }) => [
  `{"t":{"$date":"${
    new Date(now()).toISOString().replace("Z", "+00:00")
  }"},"s":"I",  "c":"NETWORK",  "id":23016,   "ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}`,
]);
