/** What clients of databases have in common: they find their server, and run what they are told or what is typed. */
import type { Result } from "../../../images/sql/database.ts";
import type { SqlAnswer, SqlRequest } from "../../../images/sql/server.ts";
import { decodeText } from "../../streams.ts";
import { fail, out, type ProgramContext, readAll } from "../program.ts";
import { addressOf, connect } from "../reaching.ts";

/** How a product says things. */
export interface Dialect {
  readonly prompt: (database: string | undefined, continued: boolean) => string;
  readonly show: (result: Result, context: ProgramContext) => string;
  /** What went wrong with a statement. */
  readonly problem: (problem: NonNullable<SqlAnswer["problem"]>, request: SqlRequest) => string;
  /** Statements of the client itself, as SQL or as an answer. */
  readonly own: (
    line: string,
  ) => { readonly sql?: string; readonly text?: string; readonly quits?: boolean } | undefined;
}

/** Sends a request to the server; undefined where nobody answers. */
export type Ask = (request: SqlRequest) => SqlAnswer | undefined;

/** Runs what it is told, or what comes line by line. @returns the exit code */
export async function converse(
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
export async function reach(
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

/** A value as it is shown. @param none for NULL */
export const valueText = (value: string | number | null, none: string) => value === null ? none : String(value);
