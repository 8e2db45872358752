/**
 * The registries that nodes pull from, and what each node has.
 *
 * There is no network behind them: an image that is not in the catalogue cannot be had, and the error is the one that
 * the registry would give, in containerd's words.
 */
import { parseImageName } from "../../kinds/core/pod/image_name.ts";
import { CATALOG, type CatalogEntry } from "./catalog.ts";
import { NODE_RESOLVER } from "../node_config.ts";
import type { Image } from "./image.ts";

/** An image found under a name. */
export interface FoundImage {
  readonly image: Image;
  /** The full name with the tag, "docker.io/library/nginx:1.27". */
  readonly name: string;
  /** The name by digest, "docker.io/library/nginx@sha256:…". */
  readonly digest: string;
}

const DOCKER_HUB = "docker.io";
/** Other registries that everybody reaches. */
const PUBLIC: ReadonlySet<string> = new Set(["registry.k8s.io", "quay.io", "ghcr.io", "gcr.io"]);

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
  const [repository, reference] = split(name);
  const byDigest = name.includes("@");
  const entry: CatalogEntry | undefined = byRepository.get(repository);
  if (entry === undefined || (!byDigest && !entry.tags.test(reference))) return undefined;
  return { image: entry, name, digest: byDigest ? name : `${repository}@sha256:${hexDigest(name, 64)}` };
}

/** What containerd says of an image that cannot be had. */
export function pullError(name: string): string {
  return `failed to pull and unpack image "${name}": failed to resolve image: ${resolveError(name)}`;
}

function resolveError(name: string): string {
  const slash = name.indexOf("/");
  const host = name.slice(0, slash);
  const [repository, reference] = split(name);
  if (byRepository.has(repository) || PUBLIC.has(host)) return `${name}: not found`;
  // Docker Hub does not tell whether a repository is private or does not exist.
  if (host === DOCKER_HUB) {
    return "pull access denied, repository does not exist or may require authorization: server message: " +
      "insufficient_scope: authorization failed";
  }
  const url = `https://${host}/v2/${repository.slice(slash + 1)}/manifests/${reference}`;
  return `failed to do request: Head "${url}": dial tcp: lookup ${host.split(":")[0]} on ${NODE_RESOLVER}:53: ` +
    "no such host";
}

/** A full name's repository, and its tag or digest. */
function split(name: string): readonly [repository: string, reference: string] {
  const at = name.indexOf("@");
  const end = at < 0 ? name.lastIndexOf(":") : at;
  return [name.slice(0, end), name.slice(end + 1)];
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
