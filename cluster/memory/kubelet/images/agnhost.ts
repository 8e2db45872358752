/**
 * The subcommands of agnhost that tests and the documentation use.
 *
 * Source: `kubernetes/test/images/agnhost`.
 */
import type { Server, ServerContext } from "./image.ts";
import { dashTime, slashTime } from "./log_time.ts";
import { notFound, text } from "./responses.ts";
import { serveFile } from "./static_site.ts";

/** The value of an option, written in the same word or the next one. */
function option({ args }: ServerContext, name: string, otherwise: string): string {
  const index = args.findIndex((arg) => arg === `--${name}` || arg.startsWith(`--${name}=`));
  if (index < 0) return otherwise;
  return args[index].includes("=") ? args[index].replace(/^[^=]*=/, "") : args[index + 1] ?? otherwise;
}

const netexec: Server = (context) => {
  const { hostname, podIP, err, now } = context;
  const port = Number(option(context, "http-port", "8080"));
  err(`${slashTime(now())} Started HTTP server on port ${port}`);
  err(`${slashTime(now())} Started UDP server on port  ${option(context, "udp-port", "8081")}`);
  return {
    ports: [port],
    http({ path, from = podIP }) {
      const url = new URL(path, "http://pod");
      err(`${slashTime(now())} GET ${path}`);
      switch (url.pathname) {
        case "/hostname":
        case "/hostName":
          return text(hostname);
        case "/clientip":
          return text(`${from}:41234`);
        case "/healthz":
          return text("");
        case "/echo":
          return text(url.searchParams.get("msg") ?? "");
        case "/":
          return text(`NOW: ${dashTime(now())}.000000000 +0000 UTC m=+1.000000000`);
        default:
          return notFound();
      }
    },
  };
};

/** Well for ten seconds, and then no more. */
const liveness: Server = ({ out, now }) => {
  const started = now();
  out("Starting server");
  return {
    ports: [8080],
    http({ path }) {
      const seconds = (now() - started) / 1000;
      if (path === "/started") return text(String(seconds));
      return seconds > 10 ? text(`error: ${seconds}`, 500) : text("ok");
    },
  };
};

const grpcHealthChecking: Server = (context) => {
  const { out, now } = context;
  const [port, httpPort] = [
    Number(option(context, "port", "5000")),
    Number(option(context, "http-port", "8080")),
  ];
  const limit = Number(option(context, "delay-unhealthy-sec", "-1"));
  const started = now();
  let forced = false;
  out(`${slashTime(now())} Http server starting to listen on :${httpPort}`);
  out(`${slashTime(now())} gRPC server starting to listen on :${port}`);
  return {
    ports: [port, httpPort],
    http({ path, port: asked }) {
      if (asked !== httpPort) return undefined;
      if (path.startsWith("/make-not-serving")) forced = true;
      else if (!path.startsWith("/make-serving")) return notFound();
      else forced = false;
      return text("");
    },
    grpcHealth(asked, service) {
      if (asked !== port) return undefined;
      if (service !== option(context, "service", "")) return "NOT_FOUND";
      return forced || (limit >= 0 && now() - started >= limit * 1000) ? "NOT_SERVING" : "SERVING";
    },
  };
};

const files: Server = (context) => ({ ports: [80], http: ({ path }) => serveFile("", path, context) });

const SUBCOMMANDS: Readonly<Record<string, Server>> = {
  pause: ({ out }) => (out("Paused"), { ports: [] }),
  netexec,
  "serve-hostname": (context) => ({
    ports: [Number(option(context, "port", "9376"))],
    http: () => text(context.hostname),
  }),
  porter: files,
  "test-webserver": files,
  liveness,
  "grpc-health-checking": grpcHealthChecking,
  "entrypoint-tester": ({ args, out }) => (out(`/agnhost ${args.join(" ")}`), 0),
  "logs-generator": ({ hostname, out }) => {
    out(`I0101 00:00:00.000000       1 logs_generator.go:76] 0 GET /api/v1/namespaces/default/pods/${hostname} 200`);
    return 0;
  },
  env: ({ env, out }) => {
    for (const [name, value] of Object.entries(env)) out(`${name}=${value}`);
    return 0;
  },
};

/** registry.k8s.io/e2e-test-images/agnhost: it pauses unless told what to do. */
export const agnhost: Server = (context) => {
  const [command = "pause"] = context.args;
  if (Object.hasOwn(SUBCOMMANDS, command)) return SUBCOMMANDS[command](context);
  context.err(`Error: unknown command "${command}" for "app"`);
  context.err("Run 'app --help' for usage.");
  return 1;
};
