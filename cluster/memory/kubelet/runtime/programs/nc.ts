/** `nc`: connects, or listens, and passes lines on. Where HTTP is typed, HTTP is spoken. */
import type { Peer } from "../network.ts";
import { decodeText } from "../streams.ts";
import { duration, fail, out, type Program, type ProgramContext, readAll } from "./program.ts";
import { addressOf, answerOf, connect, headOf } from "./reaching.ts";

/** As busybox has it. */
export const nc: Program = async (args, context) => {
  const flags = args.filter((arg) => /^-[a-z]+$/.test(arg)).join("");
  const timed = args.findIndex((arg) => /^-[a-z]*w$/.test(arg));
  const attached = args.find((arg) => /^-w\d+$/.test(arg));
  const timeout = timed >= 0
    ? duration(args[timed + 1])
    : attached === undefined
    ? undefined
    : duration(attached.slice(2));
  const words = args.filter((arg, i) => !arg.startsWith("-") && (timed < 0 || i !== timed + 1));
  if (flags.includes("l")) return await listen(flags, args, words, context);
  const [host, portText] = words;
  const port = Number(portText);
  if (host === undefined || !Number.isInteger(port)) {
    return await fail(context, "BusyBox v1.36.1 multi-call binary.\n\nUsage: nc [OPTIONS] HOST PORT");
  }
  const address = await addressOf(host, context);
  if (address === undefined) return await fail(context, `nc: bad address '${host}'`);
  const peer = await connect(address, port, timeout, context);
  if (typeof peer === "string") {
    const why = peer === "refused"
      ? "Connection refused"
      : peer === "timeout"
      ? "Connection timed out"
      : "Network is unreachable";
    return flags.includes("v") || !flags.includes("z")
      ? await fail(context, `nc: ${host} (${address}:${port}): ${why}`)
      : 1;
  }
  if (flags.includes("v")) await fail(context, `${host} (${address}:${port}) open`);
  if (flags.includes("z")) return 0;
  return await speak(decodeText(await readAll(context)), peer, port, timeout, context);
};

/** Answers whoever connects; without `-k` it ends with the first request. */
async function listen(
  flags: string,
  args: readonly string[],
  [first]: readonly string[],
  context: ProgramContext,
): Promise<number> {
  const { process } = context;
  const index = args.findIndex((arg) => /^-[a-z]*p$/.test(arg));
  const port = Number(index >= 0 ? args[index + 1] : first);
  const said = flags.includes("e") ? undefined : readAll(context);
  process.machine.listeners.set({
    ports: [port],
    line(text) {
      void out(context, text);
      return "";
    },
    http: ({ method = "GET", path, host }) => {
      void out(context, `${method} ${path} HTTP/1.1\r\nHost: ${host ?? ""}\r\n\r\n`);
      if (!flags.includes("k")) process.machine.clock.soon(() => process.end({ code: 0 }));
      return undefined;
    },
  }, process);
  if (said !== undefined) await said;
  await process.sleep();
  return 0;
}

/** Sends what was typed, and shows what comes back. */
async function speak(
  text: string,
  peer: Peer,
  port: number,
  timeout: number | undefined,
  context: ProgramContext,
): Promise<number> {
  const [, method, path] = /^(GET|HEAD|POST) (\S+)/.exec(text) ?? [];
  if (method !== undefined) {
    const headers = Object.fromEntries(
      text.split(/\r?\n/).slice(1).filter((line) => line.includes(":")).map((line) => {
        const colon = line.indexOf(":");
        return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
      }),
    );
    const answer = peer.http({ port, path, host: headers.host, headers, https: false, method });
    const response = await answerOf(context, answer, timeout);
    if (response !== undefined && response !== "timeout") {
      await out(context, headOf(response) + (method === "HEAD" ? "" : response.body));
    }
    return 0;
  }
  for (const line of text.split(/\r?\n/).filter((one) => one !== "")) {
    const answer = peer.line(line);
    if (answer !== undefined) await out(context, `${answer}\r\n`);
  }
  return 0;
}
