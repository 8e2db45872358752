/** What `curl` is told on its command line. */
import { duration } from "./program.ts";

export interface CurlOptions {
  readonly urls: readonly string[];
  readonly method?: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** What is sent, "@FILE" for a file's content. */
  readonly data: readonly { readonly text: string; readonly kind: "data" | "raw" | "binary" | "urlencode" }[];
  readonly output?: string;
  /** Milliseconds. */
  readonly timeout?: number;
  readonly connectTimeout?: number;
  readonly format?: string;
  readonly retries: number;
  /** Milliseconds. */
  readonly retryDelay: number;
  readonly cacert?: string;
  readonly cert?: string;
  /** "web.local:443" → "10.96.0.7" */
  readonly resolve: ReadonlyMap<string, string>;
  /** Letters of the options that are said or not: "k", "s", "v". */
  readonly flags: ReadonlySet<string>;
  readonly version: boolean;
}

/** Options with a word after them, by their long names and letters. */
const VALUED: Readonly<Record<string, string>> = {
  request: "X",
  header: "H",
  data: "d",
  "data-ascii": "d",
  "data-raw": "data-raw",
  "data-binary": "data-binary",
  "data-urlencode": "data-urlencode",
  json: "json",
  output: "o",
  "max-time": "m",
  "connect-timeout": "connect-timeout",
  "write-out": "w",
  "user-agent": "A",
  user: "u",
  cookie: "b",
  referer: "e",
  retry: "retry",
  "retry-delay": "retry-delay",
  "retry-max-time": "ignored",
  cacert: "cacert",
  cert: "E",
  key: "ignored",
  capath: "ignored",
  resolve: "resolve",
  "oauth2-bearer": "oauth2-bearer",
  "connect-to": "ignored",
  interface: "ignored",
  "max-redirs": "ignored",
  proxy: "ignored",
  noproxy: "ignored",
  "keepalive-time": "ignored",
  url: "url",
  "tls-max": "ignored",
  ciphers: "ignored",
  "cookie-jar": "ignored",
  "dump-header": "ignored",
  "unix-socket": "ignored",
  range: "ignored",
  form: "ignored",
  "upload-file": "ignored",
};
const VALUED_LETTERS = new Set("XHdomwAubeETFcUDKxry".split(""));

const FLAGS: Readonly<Record<string, string>> = {
  silent: "s",
  "show-error": "S",
  fail: "f",
  "fail-with-body": "f",
  location: "L",
  include: "i",
  "show-headers": "i",
  head: "I",
  insecure: "k",
  verbose: "v",
  get: "G",
  "remote-name": "O",
};

/** What has been read of a command line. */
interface Given {
  readonly urls: string[];
  readonly headers: Record<string, string>;
  readonly data: CurlOptions["data"][number][];
  readonly flags: Set<string>;
  readonly resolve: Map<string, string>;
  /** The last values of all other options. */
  readonly values: Record<string, string | undefined>;
}

/** What is not known is passed over. */
export function curlOptions(args: readonly string[]): CurlOptions {
  const given: Given = {
    urls: [],
    headers: { "user-agent": "curl/8.14.1", accept: "*/*" },
    data: [],
    flags: new Set(),
    resolve: new Map(),
    values: {},
  };
  for (let i = 0; i < args.length; i++) {
    const arg = args[i];
    if (arg.startsWith("--")) {
      const name = arg.slice(2);
      if (VALUED[name] !== undefined) take(VALUED[name], args[++i] ?? "", given);
      else given.flags.add(FLAGS[name] ?? name);
    } else if (arg.startsWith("-") && arg !== "-") {
      for (let j = 1; j < arg.length; j++) {
        if (VALUED_LETTERS.has(arg[j])) {
          take(arg[j], arg.slice(j + 1) || (args[++i] ?? ""), given);
          break;
        }
        given.flags.add(arg[j]);
      }
    } else given.urls.push(arg);
  }
  const { values, ...others } = given;
  const time = (text: string | undefined) => text === undefined ? undefined : duration(text);
  return {
    ...others,
    method: values.X,
    output: values.o,
    timeout: time(values.m),
    connectTimeout: time(values["connect-timeout"]),
    format: values.w,
    retries: Number(values.retry ?? 0),
    retryDelay: time(values["retry-delay"]) ?? 1000,
    cacert: values.cacert,
    cert: values.E,
    version: given.flags.has("V") || given.flags.has("version"),
  };
}

/** Takes over one option with its value. */
function take(option: string, value: string, { headers, data, urls, resolve, values }: Given): void {
  switch (option) {
    case "H": {
      const colon = value.search(/[:;]/);
      if (colon < 0) return;
      const name = value.slice(0, colon).trim().toLowerCase();
      const text = value.slice(colon + 1).trim();
      if (text === "" && value[colon] === ":") delete headers[name];
      else headers[name] = text;
      return;
    }
    case "d":
      return void data.push({ text: value, kind: "data" });
    case "data-raw":
    case "data-binary":
    case "data-urlencode":
      return void data.push({ text: value, kind: option.slice(5) as "raw" });
    case "json":
      headers["content-type"] ??= "application/json";
      headers.accept = "application/json";
      return void data.push({ text: value, kind: "binary" });
    case "A":
      headers["user-agent"] = value;
      return;
    case "u":
      headers.authorization = `Basic ${btoa(value)}`;
      return;
    case "oauth2-bearer":
      headers.authorization = `Bearer ${value}`;
      return;
    case "b":
      headers.cookie = value;
      return;
    case "e":
      headers.referer = value;
      return;
    case "url":
      return void urls.push(value);
    case "resolve": {
      const [host, port, address = ""] = value.split(":");
      return void resolve.set(`${host}:${port}`, address);
    }
    default:
      values[option] = value;
  }
}
