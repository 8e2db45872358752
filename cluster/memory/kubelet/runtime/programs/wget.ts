/** `wget`, as busybox has it. */
import { STATUS_TEXT } from "../../images/static_site.ts";
import type { HttpResponse } from "../runtime.ts";
import { encodeText } from "../streams.ts";
import { duration, fail, out, pathOf, type Program, type ProgramContext, reasonOf } from "./program.ts";
import { addressOf, answerOf, connect, type Target, targetOf } from "./reaching.ts";

interface WgetOptions {
  url?: string;
  /** "-" for the program's output. */
  output?: string;
  quiet: boolean;
  spider: boolean;
  /** Milliseconds. */
  timeout?: number;
  post?: string;
  tries: number;
  readonly headers: Record<string, string>;
}

/** Why nothing was fetched. */
class WgetError extends Error {
  override readonly name = "WgetError";
}

export const wget: Program = async (args, context) => {
  const options = optionsOf(args);
  const target = options.url === undefined ? undefined : targetOf(options.url);
  if (target === undefined) return await fail(context, "wget: missing URL");
  const say = async (text: string) => {
    if (!options.quiet) await context.stderr.write(encodeText(text));
  };
  try {
    const response = await fetched(target, options, context, say);
    if (options.spider) await say("remote file exists\n");
    else await save(response, target, options, context, say);
    return 0;
  } catch (error) {
    if (!(error instanceof WgetError)) throw error;
    return await fail(context, `wget: ${error.message}`);
  }
};

function optionsOf(args: readonly string[]): WgetOptions {
  const options: WgetOptions = { quiet: false, spider: false, tries: 1, headers: { "user-agent": "Wget" } };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const value = () => arg.includes("=") && arg.startsWith("--") ? arg.slice(arg.indexOf("=") + 1) : args[++i];
    if (/^-[a-zA-Z]*O/.test(arg)) {
      options.quiet ||= /q.*O/.test(arg);
      options.output = arg.slice(arg.indexOf("O") + 1) || args[++i];
    } else if (arg === "--spider") options.spider = true;
    else if (/^-[a-zA-Z]*T/.test(arg)) options.timeout = duration(arg.slice(arg.indexOf("T") + 1) || args[++i]);
    else if (arg.startsWith("--timeout")) options.timeout = duration(value());
    else if (arg === "-t" || arg.startsWith("--tries")) options.tries = Number(value());
    else if (arg.startsWith("--header")) {
      const [name, ...rest] = value().split(":");
      options.headers[name.trim().toLowerCase()] = rest.join(":").trim();
    } else if (arg.startsWith("--post-data")) options.post = value();
    else if (/^-q/.test(arg) || arg === "--quiet") options.quiet = true;
    else if (!arg.startsWith("-")) options.url = arg;
  }
  return options;
}

type Say = (text: string) => Promise<void>;

/** @throws {WgetError} */
async function fetched(
  { host, port, path, https }: Target,
  { timeout, tries, post, headers }: WgetOptions,
  context: ProgramContext,
  say: Say,
): Promise<HttpResponse> {
  const named = port === (https ? 443 : 80) ? host : `${host}:${port}`;
  const address = await addressOf(host, context);
  if (address === undefined) throw new WgetError(`bad address '${named}'`);
  await say(`Connecting to ${named} (${address}:${port})\n`);
  let peer = await connect(address, port, timeout, context);
  for (let i = 1; i < tries && peer === "timeout"; i++) peer = await connect(address, port, timeout, context);
  if (peer === "timeout" && timeout !== undefined) throw new WgetError("download timed out");
  if (typeof peer === "string") {
    throw new WgetError(`can't connect to remote host (${address}): ${UNREACHED[peer]}`);
  }
  if (https) {
    if (peer.certificate?.(host) === undefined) {
      throw new WgetError("TLS error from peer (alert code 80): internal error");
    }
    // busybox' own TLS looks at no certificate.
    await say("wget: note: TLS certificate validation not implemented\n");
  }
  const answer = peer.http({
    port,
    path,
    host: named,
    headers: { host: named, ...headers },
    https,
    method: post === undefined ? "GET" : "POST",
    body: post,
  });
  const response = await answerOf(context, answer, timeout);
  if (response === "timeout") throw new WgetError("download timed out");
  if (response === undefined) throw new WgetError("error getting response: Invalid argument");
  if (response.status >= 400) {
    throw new WgetError(`server returned error: HTTP/1.1 ${response.status} ${STATUS_TEXT[response.status] ?? ""}`);
  }
  return response;
}

const UNREACHED = {
  timeout: "Connection timed out",
  unreachable: "Network unreachable",
  refused: "Connection refused",
} as const;

/** @throws {WgetError} */
async function save(
  { body }: HttpResponse,
  { path }: Target,
  { output }: WgetOptions,
  context: ProgramContext,
  say: Say,
): Promise<void> {
  const file = output ?? (path.split("/").pop()?.split("?")[0] || "index.html");
  await say(file === "-" ? "writing to stdout\n" : `saving to '${file}'\n`);
  const { files, config } = context.process.machine;
  try {
    if (file === "-") await out(context, body);
    else if (file !== "/dev/null") files.write(pathOf(context, file), body, { uid: config.user });
  } catch (error) {
    throw new WgetError(`can't open '${file}': ${reasonOf(error)}`);
  }
  const size = String(encodeText(body).length).padStart(5);
  await say(`${file.padEnd(20)} 100% |********************************| ${size}  0:00:00 ETA\n`);
  await say(file === "-" ? "written to stdout\n" : `'${file}' saved\n`);
}
