/** PostgreSQL as its official image runs it. */
import type { Server } from "../image.ts";
import { postgresTime } from "../log_time.ts";
import { keptDatabases, sqlLine } from "../sql/server.ts";
import { initial, secretOf } from "./settings.ts";

/** PostgreSQL 17 after its entrypoint script. */
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
