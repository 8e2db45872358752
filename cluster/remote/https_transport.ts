/**
 * HTTP to an API server with the credentials of a kubeconfig context, over connections that are kept open.
 *
 * The official client works out certificates, tokens and exec plugins once; every request then reuses its dispatcher.
 * (Left to itself the client opens a TLS connection for each request.) A 401 makes it work them out again, for tokens
 * that have run out.
 */
import type { KubeConfig } from "@kubernetes/client-node";
import type { Dispatcher } from "undici";
import { Problem } from "../problem.ts";
import type { Answer, OutgoingRequest, Transport } from "./transport.ts";

export interface HttpsOptions {
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

export class HttpsTransport implements Transport {
  readonly server: string;
  readonly #config: KubeConfig;
  readonly #timeout: number;
  #credentials: Promise<Credentials> | undefined;

  constructor(config: KubeConfig, { timeout = 15_000 }: HttpsOptions = {}) {
    this.#config = config;
    this.#timeout = timeout;
    this.server = (config.getCurrentCluster()?.server ?? "").replace(/\/$/, "");
  }

  /** With new credentials where the server does not take the old ones any more. */
  async send(request: OutgoingRequest): Promise<Answer> {
    const answer = await this.#sendOnce(request);
    if (answer.status !== 401) return answer;
    await this.#forget();
    return await this.#sendOnce(request);
  }

  async stream(request: OutgoingRequest, onChunk: () => void, signal: AbortSignal): Promise<Answer | undefined> {
    try {
      // A watch answers with its first event, which may be long in coming.
      const answer = await this.#ask(request, { signal, headersTimeout: 0, bodyTimeout: 0 });
      if (answer.statusCode >= 300) return { status: answer.statusCode, text: await answer.body.text() };
      for await (const _ of answer.body) onChunk();
    } catch (error) {
      if (!signal.aborted) throw noAnswer(this.server, error as Error);
    }
  }

  async [Symbol.asyncDispose]() {
    await this.#forget();
  }

  async #sendOnce(request: OutgoingRequest): Promise<Answer> {
    try {
      const answer = await this.#ask(request, { headersTimeout: this.#timeout, bodyTimeout: this.#timeout });
      return { status: answer.statusCode, text: await answer.body.text() };
    } catch (error) {
      throw noAnswer(this.server, error as Error);
    }
  }

  async #ask({ method, path, headers, body }: OutgoingRequest, options: Partial<Dispatcher.RequestOptions>) {
    const credentials = await (this.#credentials ??= this.#authenticate());
    const { request } = await undici();
    return await request(this.server + path, {
      ...options,
      method: method as Dispatcher.HttpMethod,
      dispatcher: credentials.dispatcher,
      headers: { ...credentials.headers, ...headers },
      body: body ?? null,
    });
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
  if (error instanceof Problem) return error;
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
