/** Serves HTTP/1.1 on a forwarded connection, from what listens in a container. */
import type { ForwardedConnection } from "../../api/streaming/port_forward.ts";
import type { ContainerProcess, HttpResponse } from "../runtime/runtime.ts";

/** More than this before the end of the headers is no request. */
const LARGEST_HEAD = 64 * 1024;

const REASONS: Readonly<Record<number, string>> = {
  200: "OK",
  301: "Moved Permanently",
  302: "Found",
  304: "Not Modified",
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

/** Answers the requests on a connection one after the other, until the client closes it. */
export async function serveHttp(
  process: ContainerProcess,
  { port, input, output, end }: ForwardedConnection,
): Promise<void> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const chunk of input) {
    text += decoder.decode(chunk, { stream: true });
    for (let request = cut(text); request !== undefined; request = cut(text)) {
      text = request.rest;
      const answer = process.http({
        port,
        path: request.path,
        host: request.headers.host,
        headers: request.headers,
        https: false,
      });
      output(encode(answer ?? BAD_REQUEST, request.method));
      if (answer === undefined || request.headers.connection?.toLowerCase() === "close") return end();
    }
    if (text.length > LARGEST_HEAD && !text.includes("\r\n\r\n")) break;
  }
  end();
}

const BAD_REQUEST: HttpResponse = { status: 400, headers: { Connection: "close" }, body: "" };

interface HttpHead {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What comes after the request and its body. */
  readonly rest: string;
}

/** Takes one whole request off the front of what has come, if there is one. */
function cut(text: string): HttpHead | undefined {
  const headEnd = text.indexOf("\r\n\r\n");
  if (headEnd < 0) return undefined;
  const [first, ...lines] = text.slice(0, headEnd).split("\r\n");
  const [method, path = "/"] = first.split(" ");
  const headers = Object.fromEntries(lines.map((line) => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
  }));
  const length = Number(headers["content-length"] ?? 0);
  const bodyStart = headEnd + 4;
  if (text.length < bodyStart + length) return undefined;
  return { method, path, headers, rest: text.slice(bodyStart + length) };
}

function encode({ status, headers, body }: HttpResponse, method: string): Uint8Array {
  const length = new TextEncoder().encode(body).length;
  const all = { ...headers, "Content-Length": String(length) };
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Unknown"}`,
    ...Object.entries(all).map(([k, v]) => `${k}: ${v}`),
  ];
  return new TextEncoder().encode(`${lines.join("\r\n")}\r\n\r\n${method === "HEAD" ? "" : body}`);
}
