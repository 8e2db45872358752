/** `curl` and `wget`. */
import { STATUS_TEXT } from "../../images/static_site.ts";
import type { HttpResponse } from "../runtime.ts";
import { decodeText, encodeText } from "../streams.ts";
import { duration, fail, out, pathOf, type Program, readAll, reasonOf } from "./program.ts";
import { addressOf, connect, headOf, targetOf } from "./reaching.ts";

const curl: Program = async (args, context) => {
  const urls: string[] = [];
  const headers: Record<string, string> = { "user-agent": "curl/8.14.1", accept: "*/*" };
  let [method, body, output, format] = [
    undefined as string | undefined,
    undefined as string | undefined,
    undefined as string | undefined,
    undefined as string | undefined,
  ];
  const flags = new Set<string>();
  let [timeout, retries, delay] = [undefined as number | undefined, 0, 1000];
  const valued = "XHdomwAubFTceUDKEx";
  const take: Readonly<Record<string, (value: string) => void>> = {
    X: (value) => method = value,
    H: (value) => {
      const colon = value.indexOf(":");
      headers[value.slice(0, colon).trim().toLowerCase()] = value.slice(colon + 1).trim();
    },
    d: (value) => body = body === undefined ? value : `${body}&${value}`,
    o: (value) => output = value,
    m: (value) => timeout = duration(value),
    w: (value) => format = value,
    A: (value) => headers["user-agent"] = value,
    u: (value) => headers.authorization = `Basic ${btoa(value)}`,
    b: (value) => headers.cookie = value,
  };
  const long: Readonly<Record<string, string>> = {
    request: "X",
    header: "H",
    data: "d",
    "data-raw": "d",
    output: "o",
    "max-time": "m",
    "connect-timeout": "m",
    "write-out": "w",
    "user-agent": "A",
    user: "u",
    cookie: "b",
    silent: "s",
    "show-error": "S",
    fail: "f",
    location: "L",
    include: "i",
    head: "I",
    insecure: "k",
    verbose: "v",
    get: "G",
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg === "--version" || arg === "-V") return await out(context, "curl 8.14.1 (x86_64-pc-linux-gnu)\n"), 0;
    if (arg === "--retry") retries = Number(args[++i]);
    else if (arg === "--retry-delay") delay = Number(args[++i]) * 1000;
    else if (["--cacert", "--cert", "--key", "--resolve", "--interface"].includes(arg)) i++;
    else if (arg.startsWith("--")) {
      const [name, attached] = arg.slice(2).split(/=(.*)/s);
      const letter = long[name];
      if (letter === undefined) continue;
      if (take[letter] === undefined) flags.add(letter);
      else take[letter](attached ?? args[++i] ?? "");
    } else if (arg.startsWith("-") && arg !== "-") {
      for (let j = 1; j < arg.length; j++) {
        if (take[arg[j]] !== undefined || valued.includes(arg[j])) {
          take[arg[j]]?.(arg.slice(j + 1) || (args[++i] ?? ""));
          break;
        }
        flags.add(arg[j]);
      }
    } else urls.push(arg);
  }
  if (urls.length === 0) {
    return await fail(
      context,
      "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information",
      2,
    );
  }
  const quiet = flags.has("s") && !flags.has("S");
  const problem = async (code: number, text: string) => {
    if (!quiet) await fail(context, `curl: (${code}) ${text}`);
    if (format !== undefined) await out(context, filled(format, { status: 0, headers: {}, body: "" }));
    return code;
  };
  if (body?.startsWith("@")) {
    try {
      body = body === "@-"
        ? decodeText(await readAll(context))
        : context.process.machine.files.readText(pathOf(context, body.slice(1))) ?? "";
    } catch (error) {
      return await problem(26, `Failed to open ${body}: ${reasonOf(error)}`);
    }
  }
  if (body !== undefined) headers["content-type"] ??= "application/x-www-form-urlencoded";
  let code = 0;
  for (const url of urls) {
    for (let attempt = 0;; attempt++) {
      code = await one(url, 0);
      if (code === 0 || attempt >= retries) break;
      await context.process.sleep(delay);
    }
  }
  return code;

  async function one(url: string, hops: number): Promise<number> {
    const target = targetOf(url);
    if (target === undefined) return await problem(3, "URL using bad/illegal format or missing URL");
    const { host, port, path } = target;
    const address = await addressOf(host, context);
    if (address === undefined) return await problem(6, `Could not resolve host: ${host}`);
    const { clock } = context.process.machine;
    const started = clock.now();
    const peer = await connect(address, port, timeout, context);
    const ms = clock.now() - started;
    if (peer === "timeout") {
      return timeout === undefined
        ? await problem(28, `Failed to connect to ${host} port ${port} after ${ms} ms: Couldn't connect to server`)
        : await problem(28, `Connection timed out after ${ms} milliseconds`);
    }
    if (typeof peer === "string") {
      return await problem(7, `Failed to connect to ${host} port ${port} after ${ms} ms: Could not connect to server`);
    }
    if (target.https) return await problem(35, "TLS connect error: error:0A00010B:SSL routines::wrong version number");
    const verb = method ?? (flags.has("I") ? "HEAD" : body !== undefined ? "POST" : "GET");
    const hostHeader = headers.host ?? (port === 80 ? host : `${host}:${port}`);
    const response = peer.http({
      port,
      path,
      host: hostHeader,
      headers: { ...headers, host: hostHeader },
      https: false,
      method: verb,
      body,
    });
    if (response === undefined) {
      return await problem(
        peer.line("") === undefined ? 52 : 1,
        peer.line("") === undefined ? "Empty reply from server" : "Received HTTP/0.9 when not allowed",
      );
    }
    if (flags.has("v")) {
      await fail(
        context,
        `* Connected to ${host} (${address}) port ${port}\n> ${verb} ${path} HTTP/1.1\n> Host: ${hostHeader}\n> \n< ${
          headOf(response).trimEnd().replaceAll("\r\n", "\n< ")
        }`,
      );
    }
    if (flags.has("L") && response.headers.location !== undefined && hops < 50) {
      return await one(new URL(response.headers.location, `http://${hostHeader}${path}`).href, hops + 1);
    }
    if (flags.has("f") && response.status >= 400) {
      return await problem(22, `The requested URL returned error: ${response.status}`);
    }
    const text = (flags.has("i") || flags.has("I") ? headOf(response) : "") + (verb === "HEAD" ? "" : response.body);
    const remote = flags.has("O") ? path.split("/").pop() || undefined : undefined;
    const file = output ?? remote;
    if (file === undefined || file === "-") await out(context, text);
    else if (pathOf(context, file) !== "/dev/null") {
      try {
        context.process.machine.files.write(pathOf(context, file), text, { uid: context.process.machine.config.user });
      } catch {
        return await problem(23, "client returned ERROR on write");
      }
    }
    if (format !== undefined) await out(context, filled(format, response));
    return 0;
  }
};

const filled = (format: string, { status, headers, body }: HttpResponse) =>
  format.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll(/%\{(\w+)\}/g, (_, name: string) =>
    ({
      http_code: String(status).padStart(3, "0"),
      response_code: String(status).padStart(3, "0"),
      size_download: String(encodeText(body).length),
      content_type: headers["content-type"] ?? "",
      time_total: "0.002",
      exitcode: "0",
    })[name] ?? "");

const wget: Program = async (args, context) => {
  let [output, quiet, spider, timeout, post, tries] = [
    undefined as string | undefined,
    false,
    false,
    undefined as number | undefined,
    undefined as string | undefined,
    1,
  ];
  const headers: Record<string, string> = { "user-agent": "Wget" };
  let url: string | undefined;
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    const value = () => arg.includes("=") && arg.startsWith("--") ? arg.slice(arg.indexOf("=") + 1) : args[++i];
    if (/^-[a-zA-Z]*O/.test(arg)) {
      quiet ||= /q.*O/.test(arg);
      output = arg.slice(arg.indexOf("O") + 1) || args[++i];
    } else if (arg === "--spider") spider = true;
    else if (/^-[a-zA-Z]*T/.test(arg)) timeout = duration(arg.slice(arg.indexOf("T") + 1) || args[++i]);
    else if (arg.startsWith("--timeout")) timeout = duration(value());
    else if (arg === "-t" || arg.startsWith("--tries")) tries = Number(value());
    else if (arg.startsWith("--header")) {
      const [name, ...rest] = value().split(":");
      headers[name.trim().toLowerCase()] = rest.join(":").trim();
    } else if (arg.startsWith("--post-data")) post = value();
    else if (/^-q/.test(arg) || arg === "--quiet") quiet = true;
    else if (!arg.startsWith("-")) url = arg;
  }
  const target = url === undefined ? undefined : targetOf(url);
  if (target === undefined) return await fail(context, "wget: missing URL");
  const { host, port, path } = target;
  const address = await addressOf(host, context);
  if (address === undefined) return await fail(context, `wget: bad address '${host}${port === 80 ? "" : `:${port}`}'`);
  const say = (text: string) => quiet ? undefined : context.stderr.write(encodeText(text));
  await say(`Connecting to ${host}${port === 80 ? "" : `:${port}`} (${address}:${port})\n`);
  let peer = await connect(address, port, timeout, context);
  for (let i = 1; i < tries && peer === "timeout"; i++) peer = await connect(address, port, timeout, context);
  if (peer === "timeout") {
    return await fail(
      context,
      timeout === undefined
        ? `wget: can't connect to remote host (${address}): Connection timed out`
        : "wget: download timed out",
    );
  }
  if (peer === "unreachable") {
    return await fail(context, `wget: can't connect to remote host (${address}): Network unreachable`);
  }
  if (peer === "refused") {
    return await fail(context, `wget: can't connect to remote host (${address}): Connection refused`);
  }
  const hostHeader = port === 80 ? host : `${host}:${port}`;
  const response = peer.http({
    port,
    path,
    host: hostHeader,
    headers: { host: hostHeader, ...headers },
    https: false,
    method: post === undefined ? "GET" : "POST",
    body: post,
  });
  if (response === undefined) return await fail(context, "wget: error getting response: Invalid argument");
  if (response.status >= 400) {
    return await fail(
      context,
      `wget: server returned error: HTTP/1.1 ${response.status} ${STATUS_TEXT[response.status] ?? ""}`,
    );
  }
  if (spider) return await say("remote file exists\n"), 0;
  const file = output ?? (path.split("/").pop()?.split("?")[0] || "index.html");
  const [where, shown] = file === "-" ? ["writing to stdout\n", "-"] : [`saving to '${file}'\n`, file];
  await say(where);
  try {
    if (file === "-") await out(context, response.body);
    else if (file !== "/dev/null") {
      context.process.machine.files.write(pathOf(context, file), response.body, {
        uid: context.process.machine.config.user,
      });
    }
  } catch (error) {
    return await fail(context, `wget: can't open '${file}': ${reasonOf(error)}`);
  }
  const size = encodeText(response.body).length;
  await say(`${shown.padEnd(20)} 100% |********************************| ${String(size).padStart(5)}  0:00:00 ETA\n`);
  await say(file === "-" ? "written to stdout\n" : `'${file}' saved\n`);
  return 0;
};

export const HTTP_CLIENTS: Readonly<Record<string, Program>> = { curl, wget };
