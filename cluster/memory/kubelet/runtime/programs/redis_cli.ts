/** The client of Redis. */
import { decodeText } from "../streams.ts";
import { fail, out, type Program, readAll } from "./program.ts";
import { addressOf, connect } from "./reaching.ts";

/** Talks to Redis: `redis-cli -h HOST PING`. */
export const redisCli: Program = async (args, context) => {
  let [hostname, port] = ["127.0.0.1", 6379];
  const words: string[] = [];
  let password: string | undefined;
  for (let i = 0; i < args.length; i++) {
    if (args[i] === "-h") hostname = args[++i];
    else if (args[i] === "-p") port = Number(args[++i]);
    else if (args[i] === "-a") password = args[++i];
    else words.push(args[i]);
  }
  const address = await addressOf(hostname, context);
  const peer = address === undefined ? "unreachable" : await connect(address, port, undefined, context);
  if (typeof peer === "string") {
    return await fail(context, `Could not connect to Redis at ${hostname}:${port}: Connection refused`);
  }
  if (password !== undefined) peer.line(`AUTH ${password}`);
  const lines = words.length > 0
    ? [words.join(" ")]
    : decodeText(await readAll(context)).split("\n").filter((line) => line.trim() !== "");
  for (const line of lines) await out(context, `${shown(peer.line(line) ?? "")}\n`);
  return 0;
};

/** A reply as redis-cli prints it when nobody looks at it on a terminal. */
function shown(reply: string): string {
  if (reply.startsWith("*")) return reply.split("\r\n").slice(1).filter((line) => !line.startsWith("$")).join("\n");
  if (reply.startsWith("$")) return reply === "$-1" ? "" : reply.slice(reply.indexOf("\r\n") + 2);
  return reply.replace(/^[+:]/, "").replace(/^-/, "");
}
