/** Sends an AdmissionReview to a webhook's URL. */
import { request } from "node:https";

export interface WebhookCall {
  readonly clientConfig: WebhookClientConfig;
  readonly body: unknown;
  /** Seconds until the call is given up. */
  readonly timeout: number;
}

/** The part of a webhook that says where it is. */
export interface WebhookClientConfig {
  readonly url?: string;
  /** Base64 of the PEM certificates that the webhook's server is trusted by. */
  readonly caBundle?: string;
  readonly service?: {
    readonly namespace: string;
    readonly name: string;
    readonly path?: string;
    readonly port?: number;
  };
}

/** Where requests for a Service in the cluster go: a URL that this process can reach, or undefined. */
export type ServiceResolver = (namespace: string, name: string, port: number) => string | undefined;

const LARGEST_ANSWER = 3 * 1024 * 1024;

/**
 * The webhook's answer, parsed.
 *
 * @throws {Error} as Go's HTTP client words it: `Post "https://…": dial tcp …: connect: connection refused`
 */
export function callWebhook({ clientConfig, body, timeout }: WebhookCall, resolve: ServiceResolver): Promise<unknown> {
  const url = urlOf(clientConfig, resolve);
  url.searchParams.set("timeout", `${timeout}s`);
  const { caBundle } = clientConfig;
  const ca = caBundle === undefined ? undefined : atob(caBundle);
  return new Promise((done, fail) => {
    const failed = (why: string) => fail(new Error(`Post ${JSON.stringify(url.href)}: ${why}`));
    const headers = { "Content-Type": "application/json", Accept: "application/json" };
    const outgoing = request(url, { method: "POST", headers, ca, timeout: timeout * 1000 }, (answer) => {
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        text += chunk;
        if (text.length > LARGEST_ANSWER) outgoing.destroy(new Error("the webhook's answer is too large"));
      });
      answer.on("end", () => {
        if (answer.statusCode !== 200) return fail(new Error(text.trim() || `status ${answer.statusCode}`));
        try {
          done(JSON.parse(text));
        } catch {
          fail(new Error("the webhook's answer is not JSON"));
        }
      });
    });
    outgoing.on("timeout", () => outgoing.destroy(new Error("context deadline exceeded")));
    outgoing.on("error", (error: Error & { code?: string; address?: string; port?: number }) => {
      const refused = error.code === "ECONNREFUSED";
      failed(
        refused
          ? `dial tcp ${error.address ?? url.hostname}:${error.port ?? url.port}: connect: connection refused`
          : error.message,
      );
    });
    outgoing.end(JSON.stringify(body));
  });
}

function urlOf({ url, service }: WebhookClientConfig, resolve: ServiceResolver): URL {
  if (service === undefined) return new URL(url!);
  const { namespace, name, path = "", port = 443 } = service;
  const base = resolve(namespace, name, port);
  if (base === undefined) {
    throw new Error(
      `Post "https://${name}.${namespace}.svc:${port}${path}": no endpoints available for service ${
        JSON.stringify(name)
      }`,
    );
  }
  return new URL(path, base);
}
