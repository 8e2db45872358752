/** `curl`, as far as people ask servers of a cluster with it. */
import type { Peer } from "../network.ts";
import type { HttpResponse } from "../runtime.ts";
import { decodeText, encodeText } from "../streams.ts";
import { type CurlOptions, curlOptions } from "./curl_options.ts";
import { fail, out, pathOf, type Program, type ProgramContext, readAll, reasonOf, track } from "./program.ts";
import { addressOf, answerOf, connect, follow, headOf, type Target, targetOf } from "./reaching.ts";

const MOST_HOPS = 50;
const DISTRUSTED = "More details here: https://curl.se/docs/sslcerts.html\n\n" +
  "curl failed to verify the legitimacy of the server and therefore could not\n" +
  "establish a secure connection to it. To learn more about this situation and\n" +
  "how to fix it, please visit the webpage mentioned above.";

/** Why curl ends. */
class CurlError extends Error {
  override readonly name = "CurlError";
  constructor(readonly code: number, message: string, readonly more?: string) {
    super(message);
  }
}

export const curl: Program = async (args, context) => {
  const options = curlOptions(args);
  if (options.version) {
    await out(context, "curl 8.14.1 (x86_64-pc-linux-gnu) libcurl/8.14.1 OpenSSL/3.5.1\nProtocols: http https\n");
    return 0;
  }
  if (options.urls.length === 0) {
    const text = "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information";
    return await fail(context, text, 2);
  }
  const quiet = options.flags.has("s") && !options.flags.has("S");
  let code = 0;
  for (const url of options.urls) {
    for (let attempt = 0;; attempt++) {
      code = 0;
      try {
        await transfer(url, options, context);
      } catch (error) {
        if (!(error instanceof CurlError)) throw error;
        code = error.code;
        if (!quiet) await fail(context, `curl: (${code}) ${error.message}`);
        if (!quiet && error.more !== undefined) await fail(context, error.more);
        if (options.format !== undefined) await out(context, filled(options.format, NOTHING, code));
      }
      if (code === 0 || attempt >= options.retries) break;
      await context.process.sleep(options.retryDelay);
    }
  }
  return code;
};

const NOTHING: HttpResponse = { status: 0, headers: {}, body: "" };

/** @throws {CurlError} */
async function transfer(given: string, options: CurlOptions, context: ProgramContext): Promise<void> {
  const { flags } = options;
  const body = await bodyOf(options, context);
  let url = given;
  if (flags.has("G") && body !== undefined) url += `${url.includes("?") ? "&" : "?"}${body}`;
  const sent = flags.has("G") ? undefined : body;
  for (let hops = 0;; hops++) {
    const { response, target } = await ask(url, sent, options, context);
    const { location } = response.headers;
    if (!flags.has("L") || location === undefined || response.status < 300 || response.status > 399) {
      return await deliver(response, target, options, context);
    }
    if (hops >= MOST_HOPS) throw new CurlError(47, `Maximum (${MOST_HOPS}) redirects followed`);
    url = new URL(location, `${target.https ? "https" : "http"}://${target.host}:${target.port}${target.path}`).href;
  }
}

/** What is sent. @throws {CurlError} */
async function bodyOf({ data }: CurlOptions, context: ProgramContext): Promise<string | undefined> {
  if (data.length === 0) return undefined;
  const parts = [];
  for (const { text, kind } of data) {
    if (kind === "urlencode") {
      const equals = text.indexOf("=");
      parts.push(text.slice(0, equals + 1) + encodeURIComponent(text.slice(equals + 1)));
    } else if (kind === "raw" || !text.startsWith("@")) parts.push(text);
    else {
      const content = text === "@-" ? decodeText(await readAll(context)) : fileText(text.slice(1), context);
      if (content === undefined) throw new CurlError(26, `Failed to open ${text.slice(1)}`);
      parts.push(kind === "binary" ? content : content.replaceAll(/[\r\n]/g, ""));
    }
  }
  return parts.join("&");
}

const fileText = (path: string, context: ProgramContext) =>
  context.process.machine.files.readText(pathOf(context, path));

/** @throws {CurlError} */
async function ask(
  url: string,
  body: string | undefined,
  options: CurlOptions,
  context: ProgramContext,
): Promise<{ readonly response: HttpResponse; readonly target: Target }> {
  const { flags, timeout } = options;
  const target = targetOf(url);
  if (target === undefined) throw new CurlError(3, "URL using bad/illegal format or missing URL");
  const { host, port, path, https } = target;
  if (!/^https?$/.test(target.scheme)) throw new CurlError(1, `Protocol "${target.scheme}" not supported`);
  const tell: Tell = async (...lines) => {
    if (flags.has("v")) await fail(context, lines.map((line) => `* ${line}`).join("\n"));
  };
  const peer = await reached(target, options, context, tell);
  if (https) await greet(peer.certificate?.(host), host, options, context, tell);
  const method = options.method ?? (flags.has("I") ? "HEAD" : body !== undefined ? "POST" : "GET");
  const headers = headersFor(target, body, options);
  if (flags.has("v")) {
    const { host: name, ...others } = headers;
    const lines = [`${method} ${path} HTTP/1.1`, `Host: ${name}`];
    for (const [key, value] of Object.entries(others)) lines.push(`${capital(key)}: ${value}`);
    await fail(context, `* using HTTP/1.x\n${lines.map((line) => `> ${line}\n`).join("")}> `);
    await tell("Request completely sent off");
  }
  const answer = peer.http({
    port,
    path,
    host: headers.host,
    headers,
    https,
    method,
    body,
    ...options.cert === undefined ? {} : { clientCertificate: fileText(options.cert, context) },
  });
  const response = await answerOf(context, answer, timeout);
  if (response === "timeout") {
    throw new CurlError(28, `Operation timed out after ${timeout} milliseconds with 0 bytes received`);
  }
  if (response === undefined) {
    if (peer.line("") === undefined) throw new CurlError(52, "Empty reply from server");
    throw new CurlError(1, "Received HTTP/0.9 when not allowed");
  }
  if (flags.has("v")) {
    await fail(context, headOf(response).trimEnd().split("\r\n").concat("").map((line) => `< ${line}`).join("\n"));
  }
  return { response, target };
}

/** What `-v` tells of the connection. */
type Tell = (...lines: readonly string[]) => Promise<void>;

/** Finds the server and connects with it. @throws {CurlError} */
async function reached(
  { host, port }: Target,
  { resolve, timeout, connectTimeout = timeout }: CurlOptions,
  context: ProgramContext,
  tell: Tell,
): Promise<Peer> {
  const address = resolve.get(`${host}:${port}`) ?? await addressOf(host, context);
  if (address === undefined) throw new CurlError(6, `Could not resolve host: ${host}`);
  await tell(
    `Host ${host}:${port} was resolved.`,
    "IPv6: (none)",
    `IPv4: ${address}`,
    `  Trying ${address}:${port}...`,
  );
  const { clock } = context.process.machine;
  const started = clock.now();
  const peer = await connect(address, port, connectTimeout, context);
  const ms = clock.now() - started;
  if (peer === "timeout" && connectTimeout !== undefined) {
    throw new CurlError(28, `Connection timed out after ${ms} milliseconds`);
  }
  if (typeof peer === "string") {
    const code = peer === "timeout" ? 28 : 7;
    throw new CurlError(code, `Failed to connect to ${host} port ${port} after ${ms} ms: Could not connect to server`);
  }
  await tell(`Connected to ${host} (${address}) port ${port}`);
  return peer;
}

function headersFor({ host, port, https, user }: Target, body: string | undefined, options: CurlOptions) {
  const usual = port === (https ? 443 : 80);
  const headers: Record<string, string> & { host: string } = {
    ...options.headers,
    host: options.headers.host ?? (usual ? host : `${host}:${port}`),
  };
  if (user !== undefined) headers.authorization ??= `Basic ${btoa(user)}`;
  if (body !== undefined) headers["content-type"] ??= "application/x-www-form-urlencoded";
  return headers;
}

/** The handshake. @throws {CurlError} */
async function greet(
  shown: string | undefined,
  host: string,
  { cacert, flags }: CurlOptions,
  context: ProgramContext,
  tell: Tell,
): Promise<void> {
  if (shown === undefined) {
    throw new CurlError(35, "TLS connect error: error:0A00010B:SSL routines::wrong version number");
  }
  const { certificatesOf, describeCertificate, distrust } = await track(context, import("./tls.ts"));
  const authorities = cacert === undefined ? "" : fileText(cacert, context);
  if (authorities === undefined || (cacert !== undefined && certificatesOf(authorities).length === 0)) {
    throw new CurlError(77, `error adding trust anchors from file: ${cacert}`);
  }
  const problem = distrust(shown, { host, authorities, now: context.process.machine.clock.now() });
  if (problem !== undefined && !flags.has("k")) throw new CurlError(60, problem.text, DISTRUSTED);
  const verdict = problem === undefined
    ? "SSL certificate verify ok."
    : `SSL certificate verify result: ${problem.text.replace(/^SSL[^:]*: /, "")} (${
      problem.code ?? 62
    }), continuing anyway.`;
  if (flags.has("v")) await tell(...describeCertificate(shown, verdict));
}

/** Writes an answer where it is wanted. @throws {CurlError} */
async function deliver(
  response: HttpResponse,
  { host, path }: Target,
  options: CurlOptions,
  context: ProgramContext,
): Promise<void> {
  const { flags, output, format } = options;
  if (flags.has("f") && response.status >= 400) {
    throw new CurlError(22, `The requested URL returned error: ${response.status}`);
  }
  const { files, config } = context.process.machine;
  const head = flags.has("i") || flags.has("I") ? headOf(response) : "";
  const text = head + (flags.has("I") || options.method === "HEAD" ? "" : response.body);
  const file = output ?? (flags.has("O") ? path.split("?")[0].split("/").pop() || "curl_response" : undefined);
  if (file === undefined || file === "-") {
    await out(context, text);
    if (response.stream !== undefined) await streamed(response.stream, options, context);
  } else if (pathOf(context, file) !== "/dev/null") {
    try {
      files.write(pathOf(context, file), text, { uid: config.user });
    } catch (error) {
      if (flags.has("v")) await fail(context, `* Failed to open the file ${file}: ${reasonOf(error)}`);
      throw new CurlError(23, "client returned ERROR on write");
    }
  }
  if (flags.has("v")) await fail(context, `* Connection #0 to host ${host} left intact`);
  if (format !== undefined) await out(context, filled(format, response, 0));
}

/** Writes what comes, as long as it does. @throws {CurlError} */
async function streamed(
  stream: NonNullable<HttpResponse["stream"]>,
  { timeout }: CurlOptions,
  context: ProgramContext,
): Promise<void> {
  const { ended, size } = await follow(stream, timeout, context);
  if (!ended) {
    throw new CurlError(28, `Operation timed out after ${timeout} milliseconds with ${size} bytes received`);
  }
}

const capital = (name: string) => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase());

const filled = (format: string, { status, headers, body }: HttpResponse, code: number) =>
  format.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll(/%\{(\w+)\}/g, (_, name: string) =>
    ({
      http_code: String(status).padStart(3, "0"),
      response_code: String(status).padStart(3, "0"),
      size_download: String(encodeText(body).length),
      content_type: headers["content-type"] ?? "",
      redirect_url: headers.location ?? "",
      time_total: "0.002134",
      time_connect: "0.000893",
      time_namelookup: "0.000512",
      time_starttransfer: "0.002011",
      http_version: "1.1",
      num_connects: "1",
      exitcode: String(code),
    })[name] ?? "");
