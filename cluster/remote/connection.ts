/** The verbs of HTTP, with the JSON that the Kubernetes API speaks, over any transport. */
import { apiErrorOf } from "./api_error.ts";
import type { OutgoingRequest, Transport } from "./transport.ts";

export interface RequestOptions {
  readonly body?: unknown;
  /** "application/json" unless said. */
  readonly contentType?: string;
}

const JSON_ACCEPTED = { accept: "application/json", "user-agent": "drydock" };
const ANYTHING_ACCEPTED = { accept: "*/*", "user-agent": "drydock" };

/** An open way to one API server. */
export class Connection {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The server's URL, without a slash at the end. */
  get server(): string {
    return this.#transport.server;
  }

  /**
   * Sends a request and reads the JSON that comes back.
   *
   * @throws {ApiError} the server refused
   * @throws {Problem} `unavailable`: no answer, or credentials that cannot be worked out
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const { body, contentType = "application/json" } = options;
    const text = await this.#send({
      method,
      path,
      headers: body === undefined ? JSON_ACCEPTED : { ...JSON_ACCEPTED, "content-type": contentType },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    });
    return text === "" ? undefined : JSON.parse(text);
  }

  /**
   * Reads what is no JSON, such as a log.
   *
   * @throws as {@linkcode request} does
   */
  text(path: string): Promise<string> {
    return this.#send({ method: "GET", path, headers: ANYTHING_ACCEPTED });
  }

  /**
   * Reads an answer that goes on, such as a watch, and calls `onChunk` for each part that comes, until the server ends
   * it or `signal` does.
   *
   * @throws as {@linkcode request} does
   */
  async stream(path: string, onChunk: () => void, signal: AbortSignal): Promise<void> {
    const refusal = await this.#transport.stream({ method: "GET", path, headers: JSON_ACCEPTED }, onChunk, signal);
    if (refusal !== undefined) throw apiErrorOf(refusal.status, refusal.text);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve(this.#transport[Symbol.asyncDispose]());
  }

  async #send(request: OutgoingRequest): Promise<string> {
    const { status, text } = await this.#transport.send(request);
    if (status >= 300) throw apiErrorOf(status, text);
    return text;
  }
}
