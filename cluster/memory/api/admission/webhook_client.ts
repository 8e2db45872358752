/** Sends an AdmissionReview to a webhook: to its URL, or to its Service in the cluster. */
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

/** A webhook's call to a Service in the cluster. */
export interface ServiceRequest {
  readonly namespace: string;
  readonly name: string;
  readonly port: number;
  /** With the query. */
  readonly path: string;
  readonly body: string;
  /** PEM: the authorities by which the server is trusted. */
  readonly authorities: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/**
 * Carries a call to a Service, and gives what is answered; undefined where the Service has nobody behind it. Rejects
 * with an error in the words of Go's HTTP client: "dial tcp 10.96.7.7:443: connect: connection refused".
 */
export type ServiceCaller = (
  request: ServiceRequest,
) => Promise<{ readonly status: number; readonly body: string } | undefined>;

const LARGEST_ANSWER = 3 * 1024 * 1024;

/**
 * The webhook's answer, parsed.
 *
 * @throws {Error} as Go's HTTP client words it: `Post "https://…": dial tcp …: connect: connection refused`
 */
export function callWebhook(call: WebhookCall, service: ServiceCaller): Promise<unknown> {
  const { clientConfig, body, timeout } = call;
  if (clientConfig.service !== undefined) return callService(clientConfig, call, service);
  const url = new URL(clientConfig.url!);
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
        try {
          done(parsed(answer.statusCode ?? 0, text));
        } catch (error) {
          fail(error);
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

async function callService(
  { service, caBundle = "" }: WebhookClientConfig,
  { body, timeout }: WebhookCall,
  call: ServiceCaller,
): Promise<unknown> {
  const { namespace, name, path = "", port = 443 } = service!;
  const asked = `${path || "/"}?timeout=${timeout}s`;
  const failed = (why: string) => new Error(`Post "https://${name}.${namespace}.svc:${port}${asked}": ${why}`);
  const request = { namespace, name, port, path: asked, body: JSON.stringify(body), timeout: timeout * 1000 };
  const answer = await call({ ...request, authorities: atob(caBundle) }).catch((error: Error) => {
    throw failed(error.message);
  });
  if (answer === undefined) throw failed(`no endpoints available for service ${JSON.stringify(name)}`);
  return parsed(answer.status, answer.body);
}

function parsed(status: number, text: string): unknown {
  if (status !== 200) throw new Error(text.trim() || `status ${status}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the webhook's answer is not JSON");
  }
}
