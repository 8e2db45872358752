/**
 * Reading an image's name, "registry.example.com:5000/team/app:1.2@sha256:…".
 *
 * Source: `github.com/distribution/reference`, which `pkg/util/parsers` uses.
 */

export interface ImageName {
  /** With the registry and, for Docker Hub, its "library": "docker.io/library/nginx". */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: string;
}

const HOST =
  /^(?:(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])(?:\.(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9]))*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const COMPONENT = /^[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*$/;
const TAG = /^[\w][\w.-]{0,127}$/;
const DIGEST = /^([A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*):([0-9a-fA-F]{32,})$/;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };

/** An image's id, which is no name. */
const IDENTIFIER = /^[a-f0-9]{64}$/;

/** The parts of an image's name, undefined when it is none. */
export function parseImageName(image: string): ImageName | undefined {
  if (IDENTIFIER.test(image)) return undefined;
  const [rest, digest, ...more] = image.split("@");
  if (more.length > 0 || (digest !== undefined && !isDigest(digest))) return undefined;
  const slash = rest.lastIndexOf("/");
  const colon = rest.indexOf(":", slash + 1);
  const name = colon < 0 ? rest : rest.slice(0, colon);
  const tag = colon < 0 ? undefined : rest.slice(colon + 1);
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const repository = normalized(name);
  if (repository === undefined) return undefined;
  return { repository, ...tag === undefined ? {} : { tag }, ...digest === undefined ? {} : { digest } };
}

function isDigest(digest: string): boolean {
  const [, algorithm, hex] = DIGEST.exec(digest) ?? [];
  if (algorithm === undefined) return false;
  return DIGEST_LENGTHS[algorithm] === hex.length && hex === hex.toLowerCase();
}

/**
 * Why a text is no image's name, in the parser's words.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * import { imageNameProblem } from "./image_name.ts";
 *
 * assert.equal(
 *   imageNameProblem("Nginx:1.27"),
 *   "invalid reference format: repository name (library/Nginx) must be lowercase",
 * );
 * assert.equal(imageNameProblem("nginx:1:2"), "invalid reference format");
 * ```
 */
export function imageNameProblem(image: string): string {
  if (IDENTIFIER.test(image)) return `invalid repository name (${image}), cannot specify 64-byte hexadecimal strings`;
  const [path] = hostAndPath(image)[1].split(":", 1);
  const isLower = path === path.toLowerCase();
  return `invalid reference format${isLower ? "" : `: repository name (${path}) must be lowercase`}`;
}

/** The first part is a registry when it looks like a host; Docker Hub is meant otherwise. */
function hostAndPath(name: string): readonly [host: string, path: string] {
  const slash = name.indexOf("/");
  const first = slash < 0 ? "" : name.slice(0, slash);
  const isHost = /[.:]/.test(first) || first === "localhost" || first !== first.toLowerCase();
  const host = isHost && first !== "index.docker.io" ? first : "docker.io";
  const path = isHost ? name.slice(slash + 1) : name;
  return [host, host === "docker.io" && !path.includes("/") ? `library/${path}` : path];
}

function normalized(name: string): string | undefined {
  if (name.length > 1024) return undefined;
  const [host, path] = hostAndPath(name);
  const ok = HOST.test(host) && path.split("/").every((part) => COMPONENT.test(part)) && path.length <= 255;
  return ok ? `${host}/${path}` : undefined;
}

/** When to pull an image whose container does not say: always for the tag "latest", said or meant. */
export function defaultPullPolicy(image: string): "Always" | "IfNotPresent" {
  const name = parseImageName(image);
  if (name === undefined) return "IfNotPresent";
  const tag = name.tag ?? (name.digest === undefined ? "latest" : "");
  return tag === "latest" ? "Always" : "IfNotPresent";
}
