/** Loads nginx' configuration with what it includes, and checks it as far as nginx does before it starts. */
import { createPrivateKey, X509Certificate } from "node:crypto";
import type { ServerContext } from "../image.ts";
import { all, ConfigError, type Directive, parseConfig, value } from "./config.ts";
import { CONTEXTS } from "./directives.ts";

export interface Listen {
  readonly port: number;
  readonly ssl: boolean;
  readonly isDefault: boolean;
}

export interface VirtualServer {
  readonly listens: readonly Listen[];
  readonly names: readonly string[];
  readonly block: readonly Directive[];
  /** PEM, where it speaks TLS. */
  readonly certificate?: string;
}

export interface Upstream {
  /** "10.96.0.7:80", as the names in it were resolved when nginx started. */
  readonly addresses: readonly string[];
  /** Whose turn it is. */
  next: number;
}

export interface NginxConfig {
  readonly main: readonly Directive[];
  readonly http: readonly Directive[];
  readonly servers: readonly VirtualServer[];
  /** By the name or host that `proxy_pass` has. */
  readonly upstreams: ReadonlyMap<string, Upstream>;
}

/** @throws {ConfigError} what nginx would say, without the "[emerg]" before it */
export async function loadConfig(path: string, context: ServerContext): Promise<NginxConfig> {
  const main = included(load(path, context), context);
  checkContext(main, "main");
  if (all(main, "events").length === 0) throw new ConfigError('no "events" section in configuration');
  const http = all(main, "http").flatMap(({ block = [] }) => block);
  const servers = all(http, "server").map((server) => virtualServer(server, http, context));
  return { main, http, servers, upstreams: await upstreamsOf(http, servers, context) };
}

function load(file: string, { readFile }: ServerContext): readonly Directive[] {
  const text = readFile(file);
  if (text === undefined) throw new ConfigError(`open() "${file}" failed (2: No such file or directory)`);
  return parseConfig(text, file);
}

/** Whose types nobody changes: they count as known. */
const WELL_KNOWN = /\/(mime\.types|fastcgi_params|uwsgi_params|scgi_params)$/;

function included(directives: readonly Directive[], context: ServerContext): Directive[] {
  return directives.flatMap((directive) => {
    if (directive.name !== "include") {
      return [
        directive.block === undefined ? directive : { ...directive, block: included(directive.block, context) },
      ];
    }
    const [given] = directive.args;
    const pattern = given.startsWith("/") ? given : `/etc/nginx/${given}`;
    if (WELL_KNOWN.test(pattern)) return [];
    if (!pattern.includes("*")) return included(load(pattern, context), context);
    const folder = pattern.slice(0, pattern.lastIndexOf("/"));
    const [start, end] = pattern.slice(folder.length + 1).split(/\*(.*)/s);
    return context.names(folder)
      .filter((name) => name.startsWith(start) && name.endsWith(end) && name.length >= start.length + end.length)
      .flatMap((name) => included(load(`${folder}/${name}`, context), context));
  });
}

/** @throws {ConfigError} for a directive that nobody knows, or that stands where it must not */
function checkContext(directives: readonly Directive[], where: string): void {
  for (const { name, block, args, file, line } of directives) {
    const places = CONTEXTS.get(name);
    const at = `in ${file}:${line}`;
    if (places === undefined) {
      if (["types", "map", "geo", "split_clients"].includes(where)) continue;
      throw new ConfigError(`unknown directive "${name}" ${at}`);
    }
    if (!places.includes(where)) throw new ConfigError(`"${name}" directive is not allowed here ${at}`);
    if (
      args.length === 0 && block === undefined && !["ip_hash", "least_conn", "stub_status", "internal"].includes(name)
    ) {
      throw new ConfigError(`invalid number of arguments in "${name}" directive ${at}`);
    }
    if (block !== undefined) checkContext(block, name);
  }
}

const INHERITED = ["root", "index", "add_header", "autoindex", "error_page", "default_type", "access_log"];

function virtualServer({ block = [], file, line }: Directive, http: readonly Directive[], context: ServerContext) {
  const given = all(block, "listen").map((directive) => {
    const [address, ...options] = directive.args;
    const port = Number(/^(?:.*:)?(\d+)$/.exec(address)?.[1] ?? 80);
    const [bad] = options.filter((option) => !LISTEN_OPTIONS.test(option));
    if (bad !== undefined) {
      throw new ConfigError(`invalid parameter "${bad}" in ${directive.file}:${directive.line}`);
    }
    return { port, ssl: options.includes("ssl"), isDefault: options.some((option) => /^default/.test(option)) };
  });
  const listens: readonly Listen[] = given.length > 0 ? given : [{ port: 80, ssl: false, isDefault: false }];
  const own = [
    ...http.filter(({ name }) => INHERITED.includes(name) && !block.some((one) => one.name === name)),
    ...block,
  ];
  const server = { listens, names: all(block, "server_name").flatMap(({ args }) => args), block: own };
  if (!listens.some(({ ssl }) => ssl)) return server;
  const settings = [...http, ...block];
  return { ...server, certificate: certificateOf(settings, `${file}:${line}`, context) };
}

const LISTEN_OPTIONS =
  /^(default_server|default|ssl|http2|quic|proxy_protocol|reuseport|deferred|bind|(backlog|fastopen|rcvbuf|sndbuf|setfib|ipv6only|so_keepalive)=\S+)$/;

/** @throws {ConfigError} in OpenSSL's words, where a certificate or its key is missing or does not fit */
function certificateOf(settings: readonly Directive[], at: string, { readFile }: ServerContext): string {
  const [certificateFile, keyFile] = ["ssl_certificate", "ssl_certificate_key"].map((name) => value(settings, name));
  if (certificateFile === undefined) {
    throw new ConfigError(`no "ssl_certificate" is defined for the "listen ... ssl" directive in ${at}`);
  }
  if (keyFile === undefined) {
    throw new ConfigError(`no "ssl_certificate_key" is defined for certificate "${certificateFile}"`);
  }
  const absolute = (file: string) => file.startsWith("/") ? file : `/etc/nginx/${file}`;
  const pem = (what: string, file: string, marks: RegExp, expecting: string) => {
    const path = absolute(file);
    const text = readFile(path);
    if (text === undefined) {
      throw new ConfigError(
        `cannot load ${what} "${path}": BIO_new_file() failed (SSL: error:80000002:system library::No such file or ` +
          `directory:calling fopen(${path}, r) error:10000080:BIO routines::no such file)`,
      );
    }
    if (marks.test(text)) return text;
    const call = what === "certificate" ? "PEM_read_bio_X509_AUX" : "PEM_read_bio_PrivateKey";
    throw new ConfigError(
      `cannot load ${what} "${path}": ${call}() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: ${expecting})`,
    );
  };
  const certificate = pem("certificate", certificateFile, /-----BEGIN CERTIFICATE-----/, "TRUSTED CERTIFICATE");
  const key = pem("certificate key", keyFile, /-----BEGIN [A-Z ]*PRIVATE KEY-----/, "ANY PRIVATE KEY");
  if (!fits(certificate, key)) {
    throw new ConfigError(
      `SSL_CTX_use_PrivateKey("${
        absolute(keyFile)
      }") failed (SSL: error:05800074:x509 certificate routines::key values mismatch)`,
    );
  }
  return certificate;
}

function fits(certificate: string, key: string): boolean {
  try {
    return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
  } catch {
    return false;
  }
}

/** @throws {ConfigError} for a host that nobody knows */
async function upstreamsOf(
  http: readonly Directive[],
  servers: readonly VirtualServer[],
  context: ServerContext,
): Promise<ReadonlyMap<string, Upstream>> {
  const upstreams = new Map<string, Upstream>();
  const addressOf = async (hostPort: string, { file, line }: Directive, usual: number) => {
    const [, host, port = String(usual)] = /^(.*?)(?::(\d+))?$/.exec(hostPort)!;
    const address = await context.resolve(host);
    if (address === undefined) throw new ConfigError(`host not found in upstream "${hostPort}" in ${file}:${line}`);
    return `${address}:${port}`;
  };
  for (const { args: [name], block = [] } of all(http, "upstream")) {
    const addresses = [];
    for (const server of all(block, "server")) {
      if (server.args.includes("down") || server.args.includes("backup")) continue;
      addresses.push(await addressOf(server.args[0], server, 80));
    }
    upstreams.set(name, { addresses, next: 0 });
  }
  for (const directive of servers.flatMap(({ block }) => passes(block))) {
    const [, scheme, host] = /^(https?):\/\/([^/]+)/.exec(directive.args[0]) ?? [];
    if (host === undefined) {
      if (directive.args[0].startsWith("$")) continue;
      throw new ConfigError(`invalid URL prefix in ${directive.file}:${directive.line}`);
    }
    // Names with variables are looked up when somebody asks.
    if (host.includes("$") || upstreams.has(host)) continue;
    upstreams.set(host, { addresses: [await addressOf(host, directive, scheme === "https" ? 443 : 80)], next: 0 });
  }
  return upstreams;
}

const passes = (block: readonly Directive[]): Directive[] =>
  block.flatMap((directive) => directive.name === "proxy_pass" ? [directive] : passes(directive.block ?? []));
