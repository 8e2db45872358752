/**
 * What a database server answers. Its clients are programs of its own images: they talk in lines of JSON, as nobody sees
 * what real ones say on the wire.
 */
import type { ServerContext } from "../image.ts";
import { dashTime } from "../log_time.ts";
import { type Databases, type Result, runSql, type Session, SqlError } from "./database.ts";
import { SqlSyntaxError } from "./tokens.ts";

export interface SqlRequest {
  readonly sql: string;
  readonly user: string;
  readonly password?: string;
  readonly database?: string;
  /** Over the server's own socket instead of the network. */
  readonly local: boolean;
}

export interface SqlAnswer {
  readonly results: readonly Result[];
  /** The one in use after it. */
  readonly database?: string;
  /** Why it went no further. */
  readonly problem?:
    | { readonly kind: "denied" | "no database" }
    | { readonly kind: "syntax"; readonly near: string }
    | { readonly kind: "failed"; readonly problem: SqlError["problem"]; readonly subject: string };
}

export interface SqlServerOptions {
  readonly context: ServerContext;
  readonly version: string;
  /** Where it keeps its data. */
  readonly file: string;
  /** Those that there are at first. */
  readonly databases: readonly string[];
  readonly allows: (request: SqlRequest) => boolean;
}

/** Answers requests of clients; what is no request is answered with nothing. */
export function sqlLine(options: SqlServerOptions): (text: string) => string | undefined {
  return (text) => {
    if (!text.startsWith('{"')) return undefined;
    try {
      return JSON.stringify(answer(JSON.parse(text) as SqlRequest, options));
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
}

/** What is kept from an earlier run. */
export function keptDatabases({ readFile }: ServerContext, file: string): Databases | undefined {
  const text = readFile(file);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as Databases;
  } catch {
    return undefined;
  }
}

function answer(
  request: SqlRequest,
  { context, version, file, databases: first, allows }: SqlServerOptions,
): SqlAnswer {
  if (!allows(request)) return { results: [], problem: { kind: "denied" } };
  const databases = keptDatabases(context, file) ?? Object.fromEntries(first.map((name) => [name, {}]));
  const { database, user, sql } = request;
  if (database !== undefined && databases[database] === undefined) {
    return { results: [], problem: { kind: "no database" } };
  }
  const session: Session = { databases, database, version, user, now: dashTime(context.now()) };
  const before = JSON.stringify(databases);
  try {
    const results = runSql(sql, session);
    return { results, database: session.database };
  } catch (error) {
    if (error instanceof SqlSyntaxError) return { results: [], problem: { kind: "syntax", near: error.near } };
    if (error instanceof SqlError) {
      const { problem, subject } = error;
      return { results: [], database: session.database, problem: { kind: "failed", problem, subject } };
    }
    throw error;
  } finally {
    const after = JSON.stringify(databases);
    if (after !== before) context.writeFile(file, after);
  }
}
