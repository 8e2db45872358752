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

/** How many answers are remembered before all of them are forgotten. */
const MOST_ANSWERS = 100;

/** An open way to one API server. */
export class Connection {
  readonly #transport: Transport;
  /** By path. While one waits for something, a question gets the same answer again and again: it is parsed once. */
  readonly #answers = new Map<string, { readonly text: string; readonly value: unknown }>();

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** The server's URL, without a slash at the end. */
  get server(): string {
    return this.#transport.server;
  }

  /**
   * Sends a request and reads the JSON that comes back, which others may hold, too: it must not be changed.
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
    return method === "GET" ? this.#parsed(path, text) : parsed(text);
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

  #parsed(path: string, text: string): unknown {
    const known = this.#answers.get(path);
    if (known?.text === text) return known.value;
    if (this.#answers.size >= MOST_ANSWERS) this.#answers.clear();
    const value = parsed(text);
    this.#answers.set(path, { text, value });
    return value;
  }

  async #send(request: OutgoingRequest): Promise<string> {
    const { status, text } = await this.#transport.send(request);
    if (status >= 300) throw apiErrorOf(status, text);
    return text;
  }
}

const parsed = (text: string): unknown => text === "" ? undefined : JSON.parse(text);
