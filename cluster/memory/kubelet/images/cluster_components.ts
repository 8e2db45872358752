/** The programs that a cluster itself is made of, as they show themselves on their nodes. */
import type { Server } from "./image.ts";
import { klogTime } from "./log_time.ts";
import { notFound, text } from "./responses.ts";

const HEALTHY: readonly string[] = ["/healthz", "/livez", "/readyz", "/health", "/ready"];

/** A component that runs for ever, listens, and says that it is well. @param secure it speaks TLS alone */
export const component =
  (name: string, ports: readonly number[], secure = true): Server => ({ err, now, tag, pid }) => {
    err(`${klogTime(now())}       ${pid} server.go:100] "Starting" component="${name}" version="${tag}"`);
    return {
      ports,
      // A certificate of its own, which nobody knows.
      certificate: () => secure ? "" : undefined,
      http({ path, https }) {
        const [page] = path.split("?");
        if (secure && !https) return text("Client sent an HTTP request to an HTTPS server.\n", 400);
        return HEALTHY.includes(page) ? text("ok") : notFound();
      },
    };
  };

/** The API server answers with the cluster's own API. */
export const kubeApiserver: Server = (context) => {
  const { apiServer } = context;
  const alone = component("kube-apiserver", API_PORTS)(context);
  if (apiServer === undefined) return alone;
  return {
    ports: API_PORTS,
    certificate: () => apiServer.certificate,
    http: (request) => apiServer.request(request),
  };
};

const API_PORTS = [6443];

export const coredns: Server = ({ out, tag, readFile }) => {
  const corefile = readFile("/etc/coredns/Corefile");
  const zones = [...(corefile ?? ".:53 {").matchAll(/^(\S+)\s*\{/gm)].map(([, zone]) => zone);
  for (const zone of zones) out(zone.includes(":") ? zone : `${zone}:53`);
  out(`CoreDNS-${tag.replace(/^v/, "")}`);
  out("linux/amd64, go1.24.4, ");
  return {
    ports: [53, 8080, 8181, 9153],
    http: ({ path }) => text(path === "/health" || path === "/ready" ? "OK" : ""),
    stop: () => out("[INFO] SIGTERM: Shutting down servers then terminating"),
  };
};

export const etcd: Server = ({ err, now, tag }) => {
  const line = (msg: string) => {
    const ts = new Date(now()).toISOString().replace("Z", "000Z");
    err(JSON.stringify({ level: "info", ts, caller: "embed/serve.go:210", msg }));
  };
  line(`starting etcd ${tag}`);
  line("serving client traffic securely");
  return {
    ports: [2379, 2380, 2381],
    http: ({ path }) => ({
      status: 200,
      headers: {},
      body: path.startsWith("/health") ? '{"health":"true","reason":""}' : "ok",
    }),
    grpcHealth: (port, service) => port !== 2379 ? undefined : service === "" ? "SERVING" : "NOT_FOUND",
  };
};

/** registry.k8s.io/pause: waits for the signal that ends it. */
export const pause: Server = ({ err }) => ({ ports: [], stop: () => err("Shutting down, got signal: Terminated") });
