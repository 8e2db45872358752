/**
 * HTTP to an API server with the credentials of a kubeconfig context, over connections that are kept open.
 *
 * The official client works out certificates, tokens and exec plugins once; every request then reuses its dispatcher.
 * (Left to itself the client opens a TLS connection for each request.) A 401 makes it work them out again, for tokens
 * that have run out.
 */
import type { KubeConfig } from "@kubernetes/client-node";
import type { Dispatcher } from "undici";
import { ApiError } from "../cluster.ts";
import { Problem } from "../problem.ts";
import { apiErrorOf } from "./api_error.ts";

export interface RequestOptions {
  readonly body?: unknown;
  /** "application/json" unless said. */
  readonly contentType?: string;
}

type SendOptions = RequestOptions & { readonly accept: string };

export interface ConnectionOptions {
  /** How long an answer may take, in milliseconds; 15 seconds unless said. */
  readonly timeout?: number;
}

let loaded: Promise<typeof import("undici")> | undefined;
/** Loaded with the first request, and not looked for again with each. */
const undici = () => loaded ??= import("undici");

interface Credentials {
  readonly headers: Readonly<Record<string, string>>;
  readonly dispatcher: Dispatcher;
}

/** An open way to one API server. */
export class Connection {
  readonly server: string;
  readonly #config: KubeConfig;
  readonly #timeout: number;
  #credentials: Promise<Credentials> | undefined;

  constructor(config: KubeConfig, { timeout = 15_000 }: ConnectionOptions = {}) {
    this.#config = config;
    this.#timeout = timeout;
    this.server = (config.getCurrentCluster()?.server ?? "").replace(/\/$/, "");
  }

  /**
   * Sends a request and reads the JSON that comes back.
   *
   * @throws {ApiError} the server refused
   * @throws {Problem} `unavailable`: no answer, or credentials that cannot be worked out
   */
  async request(method: string, path: string, options: RequestOptions = {}): Promise<unknown> {
    const text = await this.#sendAgain(method, path, { accept: "application/json", ...options });
    return text === "" ? undefined : JSON.parse(text);
  }

  /**
   * Reads what is no JSON, such as a log.
   *
   * @throws as {@linkcode request} does
   */
  text(path: string): Promise<string> {
    return this.#sendAgain("GET", path, { accept: "*/*" });
  }

  /**
   * Reads an answer that goes on, such as a watch, and calls `onChunk` for each part that comes, until the server ends
   * it or `signal` does.
   *
   * @throws as {@linkcode request} does
   */
  async stream(path: string, onChunk: () => void, signal: AbortSignal): Promise<void> {
    const { headers, dispatcher } = await (this.#credentials ??= this.#authenticate());
    const { request } = await undici();
    try {
      const answer = await request(this.server + path, {
        dispatcher,
        signal,
        headers: { ...headers, accept: "application/json", "user-agent": "drydock" },
        // A watch answers with its first event, which may be long in coming.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
      if (answer.statusCode >= 300) throw apiErrorOf(answer.statusCode, await answer.body.text());
      for await (const _ of answer.body) onChunk();
    } catch (error) {
      if (signal.aborted) return;
      throw error instanceof ApiError ? error : noAnswer(this.server, error as Error);
    }
  }

  /** With new credentials where the server does not take the old ones any more. */
  async #sendAgain(method: string, path: string, options: SendOptions): Promise<string> {
    try {
      return await this.#send(method, path, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 401) throw error;
      await this.#forget();
      return await this.#send(method, path, options);
    }
  }

  async [Symbol.asyncDispose]() {
    await this.#forget();
  }

  async #send(method: string, path: string, options: SendOptions): Promise<string> {
    const { accept, body, contentType = "application/json" } = options;
    const { headers, dispatcher } = await (this.#credentials ??= this.#authenticate());
    const { request } = await undici();
    let status: number;
    let text: string;
    try {
      const answer = await request(this.server + path, {
        method: method as Dispatcher.HttpMethod,
        dispatcher,
        headers: {
          ...headers,
          accept,
          "user-agent": "drydock",
          ...body === undefined ? {} : { "content-type": contentType },
        },
        body: body === undefined ? null : JSON.stringify(body),
        headersTimeout: this.#timeout,
        bodyTimeout: this.#timeout,
      });
      status = answer.statusCode;
      text = await answer.body.text();
    } catch (error) {
      throw noAnswer(this.server, error as Error);
    }
    if (status >= 300) throw apiErrorOf(status, text);
    return text;
  }

  async #authenticate(): Promise<Credentials> {
    const [{ RequestContext, HttpMethod }, { Agent }] = await Promise.all([
      import("@kubernetes/client-node"),
      undici(),
    ]);
    const context = new RequestContext(this.server, HttpMethod.GET);
    try {
      await this.#config.applySecurityAuthentication(context);
    } catch (error) {
      const why = (error as Error).message.split("\n")[0];
      throw new Problem("unavailable", {
        en: `The credentials of context ${this.#config.currentContext} do not work: ${why}`,
        ko: `컨텍스트 ${this.#config.currentContext}의 인증 정보를 쓸 수 없습니다: ${why}`,
      });
    }
    const dispatcher = context.getDispatcher() as Dispatcher | undefined;
    return { headers: context.getHeaders(), dispatcher: dispatcher ?? new Agent() };
  }

  /** Closes the connections. Nothing is lost by it but time: the next request opens them again. */
  async #forget() {
    const credentials = this.#credentials;
    this.#credentials = undefined;
    await credentials?.then(({ dispatcher }) => dispatcher.destroy(), () => {});
  }
}

function noAnswer(server: string, error: Error): Problem {
  const cause = error.cause as (Error & { code?: string }) | undefined;
  const code = (error as Error & { code?: string }).code ?? cause?.code;
  const why = code ?? cause?.message ?? error.message;
  return new Problem("unavailable", {
    en: `The cluster at ${server} does not answer (${why}).`,
    ko: `클러스터 ${server}에서 응답이 없습니다 (${why}).`,
  }, {
    en: "Is it running? `kubectl cluster-info` asks the same server.",
    ko: "클러스터가 실행 중인가요? `kubectl cluster-info`도 같은 서버에 물어봅니다.",
  });
}
