/**
 * ingress-nginx's controller as a program: it listens, forwards by the table that its other half makes of the cluster's
 * Ingresses (`controllers/ingress`), and writes nginx' access log.
 *
 * Source: `kubernetes/ingress-nginx`, https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/log-format/
 */
import type { HttpRequest, HttpResponse } from "../../runtime/runtime.ts";
import type { Server, ServerContext } from "../image.ts";
import { accessTime, klogTime } from "../log_time.ts";
import { notFound, text } from "../responses.ts";
import { answerer, type Forwarded } from "./forward.ts";

const [HTTP, HTTPS, HEALTH] = [80, 443, 10254];
const RULER = "-".repeat(79);

export const ingressNginx: Server = (context) => {
  const { out, err, now, tag, pid, args } = context;
  for (
    const line of [
      RULER,
      "NGINX Ingress controller",
      `  Release:       ${tag}`,
      "  Repository:    https://github.com/kubernetes/ingress-nginx",
      "  nginx version: nginx/1.27.1",
      "",
      RULER,
      "",
    ]
  ) out(line);
  const log = (text: string) => err(`${klogTime(now())}       ${pid} ${text}`);
  if (args.includes("--version")) return 0;
  log('main.go:205] "Creating API client" host="https://10.96.0.1:443"');
  log('nginx.go:317] "Starting NGINX process"');
  log('controller.go:238] "Backend successfully reloaded"');
  const answer = answerer(context);
  const webhook = Number(option(args, "validating-webhook")?.replace(/^.*:/, "")) || undefined;
  let served = 0;
  return {
    ports: [HTTP, HTTPS, HEALTH, ...webhook === undefined ? [] : [webhook]],
    async http(request) {
      if (request.port === HEALTH) return health(request.path);
      if (request.port === webhook) return review(request, context);
      const id = request.headers["x-request-id"] ?? requestId(now(), ++served);
      const forwarded = await answer(request, { "x-request-id": id });
      logAccess(request, forwarded, id, context);
      return forwarded.response;
    },
    certificate(port, serverName) {
      if (port !== webhook) return context.proxyTable()?.certificate(port, serverName);
      return context.readFile(option(args, "validating-webhook-certificate") ?? "");
    },
    stop() {
      log('sigterm.go:36] "Received SIGTERM, shutting down"');
      log('nginx.go:393] "Shutting down controller queues"');
      log('nginx.go:401] "Stopping NGINX process"');
      log("sigterm.go:47] Exiting code=0");
    },
  };
};

const option = (args: readonly string[], name: string): string | undefined =>
  args.findLast((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);

/** Answers an AdmissionReview: what overlaps with another Ingress is refused. */
function review({ body = "" }: HttpRequest, context: ServerContext): HttpResponse {
  const headers = { "content-type": "application/json" };
  try {
    const { apiVersion, kind, request } = JSON.parse(body);
    const message = request.object === null ? undefined : context.proxyTable()?.refusal?.(request.object);
    const status = message === undefined ? {} : { status: { code: 400, reason: "BadRequest", message } };
    const response = { uid: request.uid, allowed: message === undefined, ...status };
    return { status: 200, headers, body: JSON.stringify({ apiVersion, kind, response }) };
  } catch {
    return { status: 400, headers, body: "Bad Request" };
  }
}

const health = (path: string): HttpResponse => path.split("?")[0] === "/healthz" ? text("ok") : notFound();

function logAccess(
  request: HttpRequest,
  { response, upstream, endpoint }: Forwarded,
  id: string,
  context: ServerContext,
): void {
  const { method = "GET", path, headers, from = context.podIP } = request;
  const bytes = new TextEncoder().encode(response.body).length;
  const head = Object.entries(headers).reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
  const length = head + method.length + path.length + 13;
  // What the controller answers itself comes from a server of its own, but for redirects and missing backends.
  const [name, by] = upstream === undefined && response.status === 404
    ? ["upstream-default-backend", "127.0.0.1:8181"]
    : [upstream ?? "", endpoint === undefined ? undefined : `${endpoint.host}:${endpoint.port}`];
  context.out(
    `${from} - - [${accessTime(context.now())}] "${method} ${path} HTTP/1.1" ${response.status} ${bytes} ` +
      `"${headers.referer ?? "-"}" "${headers["user-agent"] ?? "-"}" ${length} 0.001 [${name}] [] ` +
      `${by === undefined ? "- - - -" : `${by} ${bytes} 0.001 ${response.status}`} ${id}`,
  );
}

/** 32 hexadecimal digits that are another's for every request of a container. */
function requestId(now: number, count: number): string {
  let digits = "";
  let hash = Math.imul(now ^ count, 0x9e3779b1);
  while (digits.length < 32) {
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b) + count;
    digits += ((hash ^ (hash >>> 13)) >>> 0).toString(16).padStart(8, "0");
  }
  return digits;
}
