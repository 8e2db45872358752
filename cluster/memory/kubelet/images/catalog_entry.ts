/** What an image of the catalogue is written with: sizes, distributions, tags. */
import type { Image, Server } from "./image.ts";

/** Which tags there are. */
export interface Tags {
  test(tag: string): boolean;
}

export interface CatalogEntry extends Image {
  readonly tags: Tags;
  /** Tags that every node has from the beginning. */
  readonly present?: readonly string[];
}

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
export const MB = 1_000_000;
const VERSION = String.raw`(latest|stable|mainline|lts|edge|v?\d+(\.\d+){0,3})`;
const FLAVOUR = String.raw`(-[a-z][a-z0-9.]*)*`;
const ANY_VERSION = new RegExp(
  `^(${VERSION}${FLAVOUR}|(alpine|slim|bookworm|bullseye|trixie|buster|noble|jammy|focal|perl|apache|fpm|management|uclibc|glibc|musl)${FLAVOUR})$`,
);

/**
 * Versions as publishers name them, up to their newest: what is beyond it has been mistyped.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * const tags = versionsTo("1.29");
 * assert.deepEqual(["1.27-alpine", "1.29.3", "latest", "1.161"].map((tag) => tags.test(tag)), [true, true, true, false]);
 * ```
 */
export function versionsTo(newest: string): Tags {
  const most = newest.split(".").map(Number);
  return {
    test(tag) {
      if (!ANY_VERSION.test(tag)) return false;
      const given = (/^v?(\d+(?:\.\d+)*)/.exec(tag)?.[1] ?? "0").split(".").map(Number);
      const at = most.findIndex((number, i) => (given[i] ?? 0) !== number);
      return at < 0 || (given[at] ?? 0) < most[at];
    },
  };
}

const os = (id: string, name: string, version: string) =>
  `PRETTY_NAME="${name} ${version}"\nNAME="${name}"\nVERSION_ID="${version.split(" ")[0]}"\nID=${id}\n`;
export const DEBIAN = os("debian", "Debian GNU/Linux", "12 (bookworm)");
export const ALPINE = os("alpine", "Alpine Linux", "3.22.1");
export const ORACLE = os("ol", "Oracle Linux Server", "9.6");
export const UBUNTU = os("ubuntu", "Ubuntu", "24.04.3 LTS");
export const DEBIAN_TOOLS = ["bash", "apt-get", "apt", "dpkg", "perl"];
/** What images for building programs have besides. */
export const BUILD_TOOLS = [
  ...DEBIAN_TOOLS,
  "curl",
  "wget",
  "git",
  "ps",
  "top",
  "free",
  "uptime",
  "pgrep",
  "pkill",
  "watch",
  "kill",
];
/** What shows the packet filter. */
export const FILTER_TOOLS = ["iptables", "iptables-save", "iptables-nft", "iptables-nft-save"];

interface Given extends Partial<Omit<CatalogEntry, "present">> {
  readonly present?: readonly string[];
}

/** An image with what most have. @param megabytes what a registry says of its size */
export function image(repository: string, megabytes: number, { present, ...more }: Given = {}): CatalogEntry {
  return {
    repository: repository.includes(".") ? repository : `docker.io/${repository}`,
    size: Math.round(megabytes * MB),
    entrypoint: [],
    command: ["sh"],
    workingDir: "/",
    programs: {},
    files: {},
    shell: true,
    memory: 2 * MB,
    tags: ANY_VERSION,
    ...present === undefined ? {} : { present },
    ...more,
    env: { PATH, ...more.env },
  };
}

const alpineOnes = new Map<CatalogEntry, CatalogEntry>();

/** The image that a tag means: "1.27-alpine" is nginx on Alpine Linux, with other small programs. */
export function ofTag(entry: CatalogEntry, tag: string): CatalogEntry {
  if (!tag.includes("alpine") || entry.os === undefined || entry.os === ALPINE) return entry;
  let variant = alpineOnes.get(entry);
  if (variant === undefined) {
    const { tools = [] } = entry;
    const debian = tools.includes("git") ? BUILD_TOOLS : DEBIAN_TOOLS;
    variant = { ...entry, os: ALPINE, tools: [...tools.filter((name) => !debian.includes(name)), "apk"] };
    alpineOnes.set(entry, variant);
  }
  return variant;
}

/** A component of the cluster itself. */
export const system = (repository: string, megabytes: number, memory: number, path: string, server: Server) =>
  image(repository, megabytes, {
    programs: { [path]: server },
    entrypoint: [path],
    command: [],
    shell: false,
    memory,
    tags: /^v?\d+\.\d+(\.\d+)?(-\d+)?(-[\w.]+)?$/,
  });

/** A demo application: a program that serves, without a shell. */
export const demo = (repository: string, megabytes: number, path: string, server: Server, more: Given = {}) =>
  image(repository, megabytes, {
    programs: { [path]: server },
    entrypoint: [path],
    command: [],
    shell: false,
    ...more,
  });
