/** Serves a forwarded connection from what listens in a container: HTTP/1.1, or a protocol of lines. */
import type { ForwardedConnection } from "../../api/streaming/port_forward.ts";
import { headOf } from "../runtime/programs/reaching.ts";
import type { ContainerProcess, HttpResponse } from "../runtime/runtime.ts";

/** More than this before the end of a line or of the headers is nothing that is understood here. */
const LONGEST = 64 * 1024;

/** Answers what comes on a connection, one thing after the other, until the client closes it. */
export async function serveConnection(
  process: Pick<ContainerProcess, "http" | "line">,
  { port, input, output, end }: ForwardedConnection,
): Promise<void> {
  const [decoder, encoder] = [new TextDecoder(), new TextEncoder()];
  let text = "";
  for await (const chunk of input) {
    text += decoder.decode(chunk, { stream: true });
    for (let newline = text.indexOf("\n"); newline >= 0; newline = text.indexOf("\n")) {
      if (/ HTTP\/1\.[01]\r?$/.test(text.slice(0, newline))) {
        const request = cutRequest(text);
        if (request === undefined) break;
        text = request.rest;
        const { method, path, headers, body } = request;
        const answer = await process.http({ port, path, host: headers.host, headers, https: false, method, body });
        output(encoder.encode(responseText(answer ?? BAD_REQUEST, method)));
        if (answer === undefined || headers.connection?.toLowerCase() === "close") return end();
      } else {
        const command = cutCommand(text);
        if (command === undefined) break;
        text = command.rest;
        const answer = process.line?.(port, command.line);
        if (answer !== undefined) output(encoder.encode(`${answer}\r\n`));
      }
    }
    if (text.length > LONGEST && !text.includes("\r\n\r\n")) break;
  }
  end();
}

const BAD_REQUEST: HttpResponse = { status: 400, headers: { connection: "close" }, body: "" };

const responseText = (response: HttpResponse, method: string) =>
  headOf(response) + (method === "HEAD" ? "" : response.body);

interface Request {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** What comes after the request. */
  readonly rest: string;
}

/** Takes one whole request off the front of what has come, if there is one. */
function cutRequest(text: string): Request | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [first, ...lines] = text.slice(0, headEnd).split("\r\n");
  const [method, path = "/"] = first.split(" ");
  const headers = Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const start = headEnd + 4;
  const end = start + Math.max(0, Number(headers["content-length"] ?? 0) || 0);
  if (text.length < end) return undefined;
  return { method, path, headers, body: text.slice(start, end), rest: text.slice(end) };
}

/** Takes one line off the front, or the words that a Redis client sends one by one: "*1\r\n$4\r\nPING\r\n". */
function cutCommand(text: string): { readonly line: string; readonly rest: string } | undefined {
  const [first, ...lines] = text.split("\n");
  const [, count] = /^\*(\d{1,4})\r?$/.exec(first) ?? [];
  if (count === undefined) return { line: first.replace(/\r$/, ""), rest: lines.join("\n") };
  const taken = 2 * Number(count);
  // The last piece is what has come of the next line.
  if (lines.length <= taken) return undefined;
  const words = lines.slice(0, taken).filter((_, i) => i % 2 === 1).map((word) => word.replace(/\r$/, ""));
  return { line: words.join(" "), rest: lines.slice(taken).join("\n") };
}
