/**
 * Images that somebody adds as data: what is in them, what they say, what they answer. A name that is only said to exist
 * becomes a plain container with a shell.
 */
import { type CatalogEntry, image } from "./catalog_entry.ts";
import type { HttpResponse } from "../runtime/runtime.ts";
import type { Server, ServerContext, Serving } from "./image.ts";
import { notFound, text } from "./responses.ts";
import { serveFile } from "./static_site.ts";

/** What a port answers to a path; "/files/*" stands for all that begins so. */
export interface AddedAnswer {
  readonly path: string;
  /** 200 unless given. */
  readonly status?: number;
  /** `${NAME}` stands for a variable of the container, and for METHOD, PATH, CLIENT and POD_IP. */
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Seconds after the program's start from which on it counts, and until which. */
  readonly from?: number;
  readonly until?: number;
}

export interface AddedListener {
  readonly port: number;
  readonly answers?: readonly AddedAnswer[];
  /** A folder whose files are served where no answer fits. */
  readonly folder?: string;
  /** A line for each request, with `${STATUS}` besides what an answer has. */
  readonly log?: string;
}

export interface AddedProgram {
  /** Variables without which it says so and fails. */
  readonly needs?: readonly string[];
  /** What it writes when it starts. */
  readonly log?: readonly string[];
  readonly every?: { readonly seconds: number; readonly log: readonly string[] };
  readonly listens?: readonly AddedListener[];
  /** It ends by itself after so many seconds. */
  readonly exits?: { readonly after: number; readonly code: number };
  /** Megabytes beyond those of an idle container. */
  readonly memoryMB?: number;
  /** Thousandths of a CPU. */
  readonly cpuMillis?: number;
}

export interface AddedImage {
  /** "study/web", "example.com/team/web" */
  readonly image: string;
  /** Any unless given. */
  readonly tags?: readonly string[];
  readonly sizeMB?: number;
  /** It has a shell and the usual small programs, unless it says no. */
  readonly shell?: boolean;
  readonly tools?: readonly string[];
  readonly user?: number;
  readonly workingDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** By name or path. */
  readonly programs?: Readonly<Record<string, AddedProgram>>;
}

export interface AddedImages {
  readonly images: readonly AddedImage[];
  /** Names that exist and of which nothing else is known: "mycompany/app", "example.com/*". */
  readonly plain: readonly string[];
}

const TYPICAL_SIZE = 20;
const ANY_TAG = /^[\w][\w.-]{0,127}$/;

/** With the registry: "docker.io/library/web" for "web". */
export function fullRepository(name: string): string {
  const [host] = name.split("/");
  if (name.includes("/") && (host.includes(".") || host.includes(":") || host === "localhost")) return name;
  return `docker.io/${name.includes("/") ? name : `library/${name}`}`;
}

/** As the catalogue has images. */
export function addedEntry(added: AddedImage): CatalogEntry {
  const { tags, sizeMB = TYPICAL_SIZE, programs = {}, entrypoint = [], command, image: name, ...rest } = added;
  const quoted = tags?.map((tag) => tag.replaceAll(/[^\w-]/g, "\\$&"));
  return image(fullRepository(name), sizeMB, {
    ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
    entrypoint,
    command: command ?? (entrypoint.length > 0 ? [] : ["sh"]),
    programs: Object.fromEntries(Object.entries(programs).map(([path, program]) => [path, serverOf(path, program)])),
    tags: quoted === undefined ? ANY_TAG : new RegExp(`^(${quoted.join("|")})$`),
  });
}

/** A container of which nothing is known but that it runs. */
export const plainEntry = (repository: string): CatalogEntry =>
  image(repository, TYPICAL_SIZE, { command: ["sleep", "infinity"], tags: ANY_TAG });

const serverOf = (name: string, program: AddedProgram): Server => (context) => {
  const { needs = [], log = [], every, listens = [], exits, memoryMB = 0, cpuMillis = 0 } = program;
  const missing = needs.filter((variable) => !context.env[variable]);
  for (const variable of missing) context.err(`${name}: the environment variable ${variable} is not set`);
  if (missing.length > 0) return 1;
  for (const line of log) context.out(filled(line, context));
  if (every !== undefined) {
    context.every(every.seconds * 1000, () => {
      for (const line of every.log) context.out(filled(line, context));
    });
  }
  if (exits !== undefined) context.after(exits.after * 1000, () => context.exit(exits.code));
  const started = context.now();
  const serving: Serving = {
    ports: listens.map(({ port }) => port),
    memory: memoryMB * 1024 * 1024,
    cpu: cpuMillis,
    http(request) {
      const listener = listens.find(({ port }) => port === request.port);
      if (listener === undefined) return undefined;
      const [path] = request.path.split("?");
      const { method = "GET", from = context.podIP } = request;
      const known = { METHOD: method, PATH: request.path, CLIENT: from };
      const found = answerTo(path, listener, (context.now() - started) / 1000);
      const response = found !== undefined
        ? withHeaders(text(filled(found.body ?? "", context, known), found.status), found.headers)
        : listener.folder === undefined
        ? notFound()
        : serveFile(listener.folder, path, context);
      if (listener.log !== undefined) {
        context.out(filled(listener.log, context, { ...known, STATUS: String(response.status) }));
      }
      return response;
    },
  };
  return serving;
};

const withHeaders = (response: HttpResponse, headers: HttpResponse["headers"] = {}): HttpResponse => ({
  ...response,
  headers: { ...response.headers, ...headers },
});

/** The answer that counts now: for the path itself, else for the longest beginning of it. */
function answerTo(path: string, { answers = [] }: AddedListener, seconds: number): AddedAnswer | undefined {
  const now = answers.filter(({ from = 0, until = Infinity }) => from <= seconds && seconds < until);
  const beginnings = now.filter((one) => one.path.endsWith("*") && path.startsWith(one.path.slice(0, -1)));
  return now.find((one) => one.path === path) ?? beginnings.toSorted((a, b) => b.path.length - a.path.length)[0];
}

const filled = (text: string, { env, podIP, hostname }: ServerContext, more: Readonly<Record<string, string>> = {}) =>
  text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => {
    const known: Readonly<Record<string, string>> = { HOSTNAME: hostname, POD_IP: podIP, ...env, ...more };
    return known[name] ?? "";
  });
