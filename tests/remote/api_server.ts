/** A small API server for tests of the connection: answers what a test says, and counts connections. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** No answer at all. */
  readonly hang?: boolean;
}

export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly connections: () => number;
  readonly requests: readonly SeenRequest[];
  /** A kubeconfig for it, with these lines of the user. */
  kubeconfig(user?: string): string;
}

export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization?: string;
  readonly contentType?: string;
  readonly body: unknown;
}

const DISCOVERY: Readonly<Record<string, unknown>> = {
  "/version": { gitVersion: "v1.36.0" },
  "/api/v1": {
    resources: [
      { name: "pods", kind: "Pod", namespaced: true },
      { name: "pods/status", kind: "Pod", namespaced: true },
      { name: "namespaces", kind: "Namespace", namespaced: false },
    ],
  },
};

export async function testServer(answer: (request: SeenRequest) => Answer = () => ({})): Promise<TestServer> {
  const requests: SeenRequest[] = [];
  let connections = 0;
  const server = createServer(async (request, response) => {
    const seen: SeenRequest = {
      method: request.method!,
      path: request.url!,
      authorization: request.headers.authorization,
      contentType: request.headers["content-type"],
      body: await bodyOf(request),
    };
    requests.push(seen);
    const { status = 200, body, hang } = answer(seen);
    if (hang) return;
    const value = body ?? DISCOVERY[seen.path] ?? {};
    response.writeHead(status, { "content-type": "application/json" });
    response.end(typeof value === "string" ? value : JSON.stringify(value));
  });
  server.on("connection", () => connections++);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    requests,
    connections: () => connections,
    kubeconfig: (user = "{ token: secret }") => `
apiVersion: v1
kind: Config
current-context: test
clusters: [{ name: test, cluster: { server: "${url}", insecure-skip-tls-verify: true } }]
users: [{ name: test, user: ${user} }]
contexts: [{ name: test, context: { cluster: test, user: test } }]
`,
    [Symbol.asyncDispose]() {
      server.closeAllConnections();
      return new Promise((resolve) => void server.close(() => resolve()));
    },
  };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  let text = "";
  for await (const chunk of request) text += chunk;
  return text === "" ? undefined : JSON.parse(text);
}
