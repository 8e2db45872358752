/**
 * Requests to a server in this very process: the same text, the same handler, without sockets and encryption between
 * them. Most of what a request costs is in those.
 */
import { Buffer } from "node:buffer";
import type { VirtualClock } from "./memory/clock.ts";
import type { Handler } from "./memory/api/http/handler.ts";
import { apiRequest, type ApiResponse } from "./memory/api/http/message.ts";
import type { User } from "./memory/api/user.ts";
import type { Answer, OutgoingRequest, Transport } from "./remote/transport.ts";

export interface InProcessTransportOptions {
  /** The server's URL, for those who ask where it is. */
  readonly server: string;
  readonly handler: Handler;
  /** Whose certificate it would be. */
  readonly user: User;
  readonly clock: Pick<VirtualClock, "quiet">;
}

export function inProcessTransport({ server, handler, user, clock }: InProcessTransportOptions): Transport {
  const handle = ({ method, path: target, headers, body = "" }: OutgoingRequest) =>
    handler(apiRequest({
      method,
      target,
      headers,
      body: () => Promise.resolve(new TextEncoder().encode(body)),
      certificateUser: user,
    }));
  return {
    server,
    async send(request) {
      const response = await handle(request);
      // As over a network, the answer to a write comes when those who watch have heard of it.
      if (request.method !== "GET") await clock.quiet();
      return await answerOf(response);
    },
    async stream(request, onChunk, signal) {
      const response = await handle(request);
      const { stream } = response;
      if (stream === undefined) return await answerOf(response);
      await new Promise<void>((end) => {
        const stop = stream({ write: onChunk, end, waiting: 0 });
        signal.addEventListener("abort", () => {
          stop();
          end();
        }, { once: true });
      });
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

/** The whole of an answer, also where it is written bit by bit. */
async function answerOf({ status, body = "", stream }: ApiResponse): Promise<Answer> {
  if (stream === undefined) return { status, text: textOf([body]) };
  const chunks: (string | Uint8Array)[] = [];
  await new Promise<void>((end) => void stream({ write: (chunk) => void chunks.push(chunk), end, waiting: 0 }));
  return { status, text: textOf(chunks) };
}

/** What was written bit by bit, as one text; most of it comes in one piece, as text. */
export function textOf(chunks: readonly (string | Uint8Array)[]): string {
  if (chunks.every((chunk) => typeof chunk === "string")) return chunks.join("");
  return Buffer.concat(chunks.map((chunk) => typeof chunk === "string" ? Buffer.from(chunk) : chunk)).toString();
}
