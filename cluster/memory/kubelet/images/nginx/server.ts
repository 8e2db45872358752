/**
 * nginx as its official image runs it: start-up log, access log, error pages, and as much of its configuration as
 * courses write into ConfigMaps.
 */
import type { Server, ServerContext, Serving } from "../image.ts";
import { slashTime } from "../log_time.ts";
import { ConfigError, value } from "./config.ts";
import { NGINX_DEFAULT } from "./files.ts";
import { loadConfig, type NginxConfig } from "./load.ts";
import { answer, serverFor } from "./respond.ts";
import { nginxVersion } from "./version.ts";

const WORKERS = 4;

export const nginx: Server = async (context) => {
  const { args, err, now, pid, tag, takePid } = context;
  if (args.includes("-v") || args.includes("-V")) return err(`nginx version: nginx/${nginxVersion(tag)}`), 0;
  const notice = (text: string) => err(`${slashTime(now())} [notice] ${pid}#${pid}: ${text}`);
  const emergency = (error: ConfigError) => {
    err(`${slashTime(now())} [emerg] ${pid}#${pid}: ${error.message}`);
    err(`nginx: [emerg] ${error.message}`);
  };
  if (pid === 1) greet(context);
  const path = args[args.indexOf("-c") + 1 || args.length] ?? "/etc/nginx/nginx.conf";
  let config: NginxConfig;
  try {
    config = await loadConfig(path, context);
    checkFolders(config, context);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    emergency(error);
    return 1;
  }
  if (args.includes("-t")) {
    err(`nginx: the configuration file ${path} syntax is ok`);
    err(`nginx: configuration file ${path} test is successful`);
    return 0;
  }
  if (!await bound(portsOf(config), context, emergency)) return 1;
  notice('using the "epoll" event method');
  notice(`nginx/${nginxVersion(tag)}`);
  notice(tag.includes("alpine") ? "built by gcc 14.2.0 (Alpine 14.2.0) " : "built by gcc 12.2.0 (Debian 12.2.0-14) ");
  notice("OS: Linux 6.8.0");
  notice("getrlimit(RLIMIT_NOFILE): 1048576:1048576");
  notice("start worker processes");
  const workers = Array.from({ length: WORKERS }, () => ({ pid: takePid(), title: "nginx: worker process", uid: 101 }));
  for (const worker of workers) notice(`start worker process ${worker.pid}`);
  let ports = portsOf(config);
  let connections = 0;
  const serving: Serving = {
    title: `nginx: master process nginx ${args.join(" ")}`.trim(),
    workers,
    get ports() {
      return ports;
    },
    http: (request) => answer(request, config, context, ++connections),
    certificate(port, host) {
      const { certificate, listens } = serverFor({ port, host }, config);
      return listens.some((listen) => listen.port === port && listen.ssl) ? certificate : undefined;
    },
    async reload() {
      notice("signal 1 (SIGHUP) received from 1, reconfiguring");
      notice("reconfiguring");
      try {
        config = await loadConfig(path, context);
        ports = portsOf(config);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        emergency(error);
      }
    },
    stop(signal) {
      const [number, what] = signal === "SIGQUIT" ? [3, "shutting down"] : [15, "exiting"];
      notice(`signal ${number} (${signal}) received from 1, ${what}`);
      notice("exit");
    },
  };
  return serving;
};

/** What the image's entrypoint script says before nginx runs. */
function greet({ out, names, readFile }: ServerContext): void {
  const script = "/docker-entrypoint.sh:";
  const custom = names("/etc/nginx/conf.d").includes("default.conf") === false ||
    readFile("/etc/nginx/conf.d/default.conf") !== NGINX_DEFAULT;
  out(`${script} /docker-entrypoint.d/ is not empty, will attempt to perform configuration`);
  out(`${script} Looking for shell scripts in /docker-entrypoint.d/`);
  out(`${script} Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh`);
  const ipv6 = "10-listen-on-ipv6-by-default.sh: info:";
  if (custom) out(`${ipv6} /etc/nginx/conf.d/default.conf differs from the packaged version`);
  else {
    out(`${ipv6} Getting the checksum of /etc/nginx/conf.d/default.conf`);
    out(`${ipv6} Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf`);
  }
  out(`${script} Sourcing /docker-entrypoint.d/15-local-resolvers.envsh`);
  out(`${script} Launching /docker-entrypoint.d/20-envsubst-on-templates.sh`);
  out(`${script} Launching /docker-entrypoint.d/30-tune-worker-processes.sh`);
  out(`${script} Configuration complete; ready for start up`);
}

/** Folders in which nginx makes others when it starts. */
const TEMPORARY = "/var/cache/nginx/client_temp";

/** @throws {ConfigError} where nginx may not write what it has to */
function checkFolders({ main, http }: NginxConfig, { refusal }: ServerContext): void {
  const problem = (path: string) => refusal(path.slice(0, path.lastIndexOf("/")) || "/");
  const number = { EACCES: 13, EROFS: 30, ENOENT: 2 } as Readonly<Record<string, number>>;
  const temporary = value(http, "client_body_temp_path") ?? TEMPORARY;
  const refused = problem(temporary);
  if (refused !== undefined) {
    throw new ConfigError(`mkdir() "${temporary}" failed (${number[refused.code]}: ${refused.reason})`);
  }
  const pid = value(main, "pid") ?? "/run/nginx.pid";
  const unwritten = problem(pid);
  if (unwritten !== undefined) {
    throw new ConfigError(`open() "${pid}" failed (${number[unwritten.code]}: ${unwritten.reason})`);
  }
}

/** What nginx does when a port is another program's: it tries five times, half a second apart. */
const TRIES = 5;
const PAUSE = 500;

/** @returns whether nobody else listens on the ports, in the end */
async function bound(
  ports: readonly number[],
  { isTaken, after }: ServerContext,
  emergency: (error: ConfigError) => void,
): Promise<boolean> {
  for (let tries = 0; tries < TRIES; tries++) {
    const taken = ports.filter(isTaken);
    if (taken.length === 0) return true;
    for (const port of taken) {
      emergency(new ConfigError(`bind() to 0.0.0.0:${port} failed (98: Address already in use)`));
    }
    await new Promise<void>((resolve) => after(PAUSE, resolve));
  }
  emergency(new ConfigError("still could not bind()"));
  return false;
}

const portsOf = ({ servers }: NginxConfig): number[] => [
  ...new Set(servers.flatMap(({ listens }) => listens.map(({ port }) => port))),
];
