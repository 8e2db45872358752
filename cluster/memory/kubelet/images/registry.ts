/**
 * The registry that nodes pull from, and what each node has.
 *
 * There is no network behind it: an image that is not in the catalogue cannot be had, and the error is the one of a
 * node whose resolver does not know the registry.
 */
import { parseImageName } from "../../kinds/core/pod/image_name.ts";
import { CATALOG, type CatalogEntry } from "./catalog.ts";
import type { Image } from "./image.ts";

/** An image found under a name. */
export interface FoundImage {
  readonly image: Image;
  /** The full name with the tag, "docker.io/library/nginx:1.27". */
  readonly name: string;
  /** The name by digest, "docker.io/library/nginx@sha256:…". */
  readonly digest: string;
}

/** The resolver that a node asks for the registry's address. */
const RESOLVER = "10.255.255.53:53";

const byRepository = new Map(CATALOG.map((entry) => [entry.repository, entry]));

/** The full name of an image as a container asks for it, undefined where it is no name. */
export function fullName(asked: string): string | undefined {
  const parsed = parseImageName(asked);
  if (parsed === undefined) return undefined;
  const { repository, tag, digest } = parsed;
  return digest === undefined ? `${repository}:${tag ?? "latest"}` : `${repository}@${digest}`;
}

/** The image under a full name, if the registry has it. */
export function findImage(name: string): FoundImage | undefined {
  const at = name.indexOf("@");
  const colon = name.lastIndexOf(":");
  const repository = name.slice(0, at < 0 ? colon : at);
  const entry: CatalogEntry | undefined = byRepository.get(repository);
  if (entry === undefined || (at < 0 && !entry.tags.test(name.slice(colon + 1)))) return undefined;
  return { image: entry, name, digest: at < 0 ? `${repository}@sha256:${hexDigest(name, 64)}` : name };
}

/** What containerd says of an image that cannot be had. */
export function pullError(name: string): string {
  const slash = name.indexOf("/");
  const host = name.slice(0, slash);
  const registry = host === "docker.io" ? "registry-1.docker.io" : host;
  const rest = name.slice(slash + 1);
  const at = rest.lastIndexOf("@") < 0 ? rest.lastIndexOf(":") : rest.lastIndexOf("@");
  const url = `https://${registry}/v2/${rest.slice(0, at)}/manifests/${rest.slice(at + 1)}`;
  const [lookup] = registry.split(":");
  return `failed to pull and unpack image "${name}": failed to resolve image: failed to do request: ` +
    `Head "${url}": dial tcp: lookup ${lookup} on ${RESOLVER}: no such host`;
}

/** The images that every node has from the beginning, by full name. */
export const presentImages: readonly string[] = CATALOG.flatMap(({ repository, present = [] }) =>
  present.map((tag) => `${repository}:${tag}`)
);

/** Hexadecimal digits that depend on a text alone: the same image has the same digest everywhere. */
export function hexDigest(text: string, length: number): string {
  let digits = "";
  for (let round = 0; digits.length < length; round++) {
    let hash = 0x811c9dc5 ^ round;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
    digits += ((hash ^ (hash >>> 16)) >>> 0).toString(16).padStart(8, "0");
  }
  return digits.slice(0, length);
}
