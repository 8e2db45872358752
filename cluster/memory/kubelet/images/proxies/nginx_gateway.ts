/**
 * NGINX Gateway Fabric as programs: its control plane, whose work is done by `controllers/gateway`, and the proxy of a
 * Gateway, which forwards by the table that the control plane makes.
 */
import type { HttpResponse } from "../../runtime/runtime.ts";
import type { Server } from "../image.ts";
import { accessTime } from "../log_time.ts";
import { answerer } from "./forward.ts";

const [READY_PORT, METRICS_PORT, AGENT_PORT] = [8081, 9113, 8443];

export const nginxGatewayControl: Server = ({ err, now, tag }) => {
  const log = (msg: string) =>
    err(JSON.stringify({ level: "info", ts: new Date(now()).toISOString(), msg, version: tag }));
  log("Starting the NGINX Gateway Fabric control plane");
  return {
    ports: [READY_PORT, METRICS_PORT, AGENT_PORT],
    http: ({ path }) => ready(path),
    stop: () => log("Stopping"),
  };
};

export const nginxGatewayProxy: Server = (context) => {
  const { out, now, podIP } = context;
  const answer = answerer(context);
  return {
    get ports() {
      return [READY_PORT, METRICS_PORT, ...context.proxyTable()?.ports ?? []];
    },
    async http(request) {
      const { port, path, method = "GET", from = podIP, headers } = request;
      if (port === READY_PORT || port === METRICS_PORT) return ready(path);
      const { response } = await answer(request);
      const bytes = new TextEncoder().encode(response.body).length;
      out(
        `${from} - - [${accessTime(now())}] "${method} ${path} HTTP/1.1" ${response.status} ${bytes} ` +
          `"${headers.referer ?? "-"}" "${headers["user-agent"] ?? "-"}"`,
      );
      return { ...response, headers: { server: "nginx", ...response.headers } };
    },
    certificate: (port, serverName) => context.proxyTable()?.certificate(port, serverName),
  };
};

function ready(path: string): HttpResponse {
  const well = path.split("?")[0] === "/readyz";
  return { status: well ? 200 : 404, headers: { "content-type": "text/plain" }, body: well ? "OK" : "" };
}
