/**
 * nginx as its official image runs it: start-up log, access log, error pages, and as much of its configuration as
 * courses write into ConfigMaps (servers, locations, roots, returns, headers).
 */
import type { HttpRequest, HttpResponse } from "../runtime/runtime.ts";
import type { Server, ServerContext, Serving } from "./image.ts";
import { accessTime, httpTime, slashTime } from "./log_time.ts";
import { all, ConfigError, type Directive, parseConfig, value } from "./nginx_config.ts";
import { serveFile, STATUS_TEXT } from "./static_site.ts";

/** The newest release of each line, for tags that say only "1.27". */
const NEWEST: Readonly<Record<string, string>> = {
  "1.25": "1.25.5",
  "1.26": "1.26.3",
  "1.27": "1.27.5",
  "1.28": "1.28.0",
};
const LATEST = "1.29.3";
const WORKERS = 4;

export const NGINX_MAIN = `
user  nginx;
worker_processes  auto;

error_log  /var/log/nginx/error.log notice;
pid        /run/nginx.pid;


events {
    worker_connections  1024;
}


http {
    include       /etc/nginx/mime.types;
    default_type  application/octet-stream;

    log_format  main  '$remote_addr - $remote_user [$time_local] "$request" '
                      '$status $body_bytes_sent "$http_referer" '
                      '"$http_user_agent" "$http_x_forwarded_for"';

    access_log  /var/log/nginx/access.log  main;

    sendfile        on;
    #tcp_nopush     on;

    keepalive_timeout  65;

    #gzip  on;

    include /etc/nginx/conf.d/*.conf;
}
`;

export const NGINX_DEFAULT = `server {
    listen       80;
    listen  [::]:80;
    server_name  localhost;

    #access_log  /var/log/nginx/host.access.log  main;

    location / {
        root   /usr/share/nginx/html;
        index  index.html index.htm;
    }

    #error_page  404              /404.html;

    # redirect server error pages to the static page /50x.html
    #
    error_page   500 502 503 504  /50x.html;
    location = /50x.html {
        root   /usr/share/nginx/html;
    }
}
`;

/** "1.27.5" for the tag "1.27-alpine". */
export function nginxVersion(tag: string): string {
  const [version] = /^\d+(\.\d+)*/.exec(tag) ?? [LATEST];
  return NEWEST[version] ?? (version.split(".").length < 3 ? LATEST : version);
}

export const nginx: Server = (context) => {
  const { args, err, now, pid, tag, takePid } = context;
  if (args.includes("-v") || args.includes("-V")) return err(`nginx version: nginx/${nginxVersion(tag)}`), 0;
  const notice = (text: string) => err(`${slashTime(now())} [notice] ${pid}#${pid}: ${text}`);
  const emergency = (error: ConfigError) => {
    err(`${slashTime(now())} [emerg] ${pid}#${pid}: ${error.message}`);
    err(`nginx: [emerg] ${error.message}`);
  };
  if (pid === 1) greet(context);
  const path = args[args.indexOf("-c") + 1 || args.length] ?? "/etc/nginx/nginx.conf";
  let servers: readonly Directive[];
  try {
    servers = loadServers(path, context);
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
  notice('using the "epoll" event method');
  notice(`nginx/${nginxVersion(tag)}`);
  notice(tag.includes("alpine") ? "built by gcc 14.2.0 (Alpine 14.2.0) " : "built by gcc 12.2.0 (Debian 12.2.0-14) ");
  notice("OS: Linux 6.8.0");
  notice("getrlimit(RLIMIT_NOFILE): 1048576:1048576");
  notice("start worker processes");
  for (let i = 0; i < WORKERS; i++) notice(`start worker process ${takePid()}`);
  let ports = portsOf(servers);
  const serving: Serving = {
    get ports() {
      return ports;
    },
    http: (request) => answer(request, servers, context),
    reload() {
      try {
        servers = loadServers(path, context);
        ports = portsOf(servers);
        notice("signal 1 (SIGHUP) received from 1, reconfiguring");
        notice("reconfiguring");
      } catch (error) {
        if (error instanceof ConfigError) emergency(error);
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

const KNOWN = new Set(
  ("user worker_processes worker_cpu_affinity error_log pid events http stream load_module worker_rlimit_nofile daemon env " +
    "master_process pcre_jit include").split(" "),
);

/** All `server` blocks. @throws {ConfigError} */
function loadServers(path: string, { readFile, names }: ServerContext): readonly Directive[] {
  const load = (file: string): readonly Directive[] => {
    const text = readFile(file);
    if (text === undefined) {
      throw new ConfigError(`open() "${file}" failed (2: No such file or directory)`);
    }
    return parseConfig(text, file);
  };
  const withIncludes = (directives: readonly Directive[]): Directive[] =>
    directives.flatMap((directive) => {
      if (directive.name !== "include") {
        return [directive.block === undefined ? directive : { ...directive, block: withIncludes(directive.block) }];
      }
      const pattern = directive.args[0].startsWith("/") ? directive.args[0] : `/etc/nginx/${directive.args[0]}`;
      if (!pattern.includes("*")) {
        return /\/(mime\.types|fastcgi_params|uwsgi_params|scgi_params)$/.test(pattern)
          ? []
          : withIncludes(load(pattern));
      }
      const folder = pattern.slice(0, pattern.lastIndexOf("/"));
      const end = pattern.slice(pattern.lastIndexOf("*") + 1);
      return names(folder).filter((name) => name.endsWith(end)).flatMap((name) =>
        withIncludes(load(`${folder}/${name}`))
      );
    });
  const main = withIncludes(load(path));
  const unknown = main.find(({ name }) => !KNOWN.has(name));
  if (unknown !== undefined) {
    const { name, file, line } = unknown;
    const elsewhere = ["server", "location", "listen", "root", "upstream", "server_name", "proxy_pass"].includes(name);
    const problem = elsewhere ? `"${name}" directive is not allowed here` : `unknown directive "${name}"`;
    throw new ConfigError(`${problem} in ${file}:${line}`);
  }
  if (all(main, "events").length === 0) throw new ConfigError('no "events" section in configuration');
  return all(main, "http").flatMap(({ block = [] }) => {
    const inherited = block.filter(({ name }) => name === "root" || name === "index" || name === "add_header");
    return all(block, "server").map((server) => ({ ...server, block: [...inherited, ...server.block ?? []] }));
  });
}

function portsOf(servers: readonly Directive[]): number[] {
  const ports = servers.flatMap(({ block }) => {
    const listens = all(block, "listen").map(({ args }) => portOf(args[0]));
    return listens.length === 0 ? [80] : listens;
  });
  return [...new Set(ports)];
}

const portOf = (listen: string) => Number(/(\d+)$/.exec(listen)?.[1] ?? 80);

function answer(request: HttpRequest, servers: readonly Directive[], context: ServerContext): HttpResponse {
  const { port, path, host = "", headers, method = "GET", from = context.podIP } = request;
  const [name] = host.split(":");
  const listening = servers.filter(({ block }) => {
    const listens = all(block, "listen");
    return listens.length === 0 ? port === 80 : listens.some(({ args }) => portOf(args[0]) === port);
  });
  const server = listening.find(({ block }) => all(block, "server_name").some(({ args }) => args.includes(name))) ??
    listening[0];
  const response = decorated(respond(server?.block ?? [], request, context), context);
  const agent = headers["user-agent"] ?? "-";
  const line = `${from} - - [${accessTime(context.now())}] "${method} ${path} HTTP/1.1" ${response.status} ` +
    `${new TextEncoder().encode(response.body).length} "${headers.referer ?? "-"}" "${agent}" "${
      headers["x-forwarded-for"] ?? "-"
    }"`;
  context.out(line);
  return response;
}

function respond(server: readonly Directive[], request: HttpRequest, context: ServerContext): HttpResponse {
  const [path] = request.path.split("?");
  const location = locationFor(server, path);
  const block = location?.block ?? [];
  const fill = (text: string) =>
    text.replaceAll(/\$\{?(\w+)\}?/g, (whole, variable) => variables(request, context)[variable] ?? whole);
  const added = Object.fromEntries(
    [...all(server, "add_header"), ...all(block, "add_header")].map((
      { args },
    ) => [args[0].toLowerCase(), fill(args[1] ?? "")]),
  );
  const returned = [...all(block, "return"), ...all(server, "return")][0];
  if (returned !== undefined) {
    const [code, text] = /^\d{3}$/.test(returned.args[0]) ? returned.args : ["302", returned.args[0]];
    const status = Number(code);
    if (status >= 301 && status <= 308 && text !== undefined) {
      return { status, headers: { ...added, location: fill(text) }, body: page(status, context.tag) };
    }
    const type = value(block, "default_type") ?? "text/plain";
    const body = text === undefined ? page(status, context.tag) : fill(text);
    return { status, headers: { "content-type": text === undefined ? "text/html" : type, ...added }, body };
  }
  if (all(block, "stub_status").length > 0) {
    const body =
      "Active connections: 1 \nserver accepts handled requests\n 1 1 1 \nReading: 0 Writing: 1 Waiting: 0 \n";
    return { status: 200, headers: { "content-type": "text/plain", ...added }, body };
  }
  const upstream = value(block, "proxy_pass");
  if (upstream !== undefined) return { status: 502, headers: added, body: page(502, context.tag) };
  const root = value(block, "root") ?? value(server, "root") ?? "/etc/nginx/html";
  const alias = value(block, "alias");
  const indexes = all(block, "index").at(-1)?.args ?? all(server, "index").at(-1)?.args ?? ["index.html"];
  const file = alias === undefined
    ? serveFile(root, path, context, [...indexes])
    : serveFile(alias, path.slice(location!.args.at(-1)!.length), context, [...indexes]);
  if (file.status === 200) return { ...file, headers: { ...file.headers, ...added } };
  if (file.status === 404 || file.status === 403) {
    const { now, pid, podIP, err } = context;
    const [problem, reason] = file.status === 404
      ? [`open() "${root}${path}" failed`, " (2: No such file or directory)"]
      : [`directory index of "${root}${path}" is forbidden`, ""];
    err(
      `${slashTime(now())} [error] ${pid + 28}#${pid + 28}: *1 ${problem}${reason}, client: ${
        request.from ?? podIP
      }, ` +
        `server: ${value(server, "server_name") ?? ""}, request: "${
          request.method ?? "GET"
        } ${request.path} HTTP/1.1", ` +
        `host: "${request.host ?? ""}"`,
    );
  }
  return { ...file, headers: { ...file.headers, "content-type": "text/html" }, body: page(file.status, context.tag) };
}

/** The location that a path belongs to: an exact one, else the first that matches as a pattern, else the longest. */
function locationFor(server: readonly Directive[], path: string): Directive | undefined {
  const locations = all(server, "location");
  const exact = locations.find(({ args }) => args[0] === "=" && args[1] === path);
  if (exact !== undefined) return exact;
  const prefixes = locations.filter(({ args }) =>
    (args.length === 1 || args[0] === "^~") && path.startsWith(args.at(-1)!)
  );
  const longest = prefixes.sort((a, b) => b.args.at(-1)!.length - a.args.at(-1)!.length)[0];
  if (longest?.args[0] === "^~") return longest;
  const suffix = locations.find(({ args }) => args[0].startsWith("~") && endsAs(path, args[1] ?? ""));
  return suffix ?? longest;
}

/** The patterns that people write: `\.php$`, `\.(jpg|png)$`. */
function endsAs(path: string, pattern: string): boolean {
  const ends = /^\\\.\(?([\w|]+)\)?\$$/.exec(pattern)?.[1].split("|") ?? [];
  return ends.some((end) => path.endsWith(`.${end}`));
}

const variables = ({ host = "", path, port, method = "GET", from }: HttpRequest, context: ServerContext) =>
  ({
    host: host.split(":")[0],
    http_host: host,
    hostname: context.hostname,
    uri: path.split("?")[0],
    request_uri: path,
    server_addr: context.podIP,
    server_port: String(port),
    remote_addr: from ?? context.podIP,
    request_method: method,
    scheme: "http",
    nginx_version: nginxVersion(context.tag),
  }) as Readonly<Record<string, string>>;

function decorated(response: HttpResponse, { tag, now }: ServerContext): HttpResponse {
  const base = { server: `nginx/${nginxVersion(tag)}`, date: httpTime(now()), connection: "keep-alive" };
  return { ...response, headers: { ...base, ...response.headers } };
}

const page = (status: number, tag: string) => {
  const title = `${status} ${STATUS_TEXT[status] ?? ""}`.trim();
  return `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n<hr>` +
    `<center>nginx/${nginxVersion(tag)}</center>\r\n</body>\r\n</html>\r\n`;
};
