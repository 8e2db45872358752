/**
 * The registries that nodes pull from, and what each node has.
 *
 * There is no network behind them: an image that is not in the catalogue cannot be had, and the error is the one that
 * the registry would give, in containerd's words.
 */
import { parseImageName } from "../../kinds/core/pod/image_name.ts";
import { addedEntry, type AddedImages, fullRepository, plainEntry } from "./added.ts";
import { CATALOG } from "./catalog.ts";
import { type CatalogEntry, ofTag } from "./catalog_entry.ts";
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
const PUBLIC: ReadonlySet<string> = new Set(["registry.k8s.io", "k8s.gcr.io", "quay.io", "ghcr.io", "gcr.io"]);

/** The full name of an image as a container asks for it, undefined where it is no name. */
export function fullName(asked: string): string | undefined {
  const parsed = parseImageName(asked);
  if (parsed === undefined) return undefined;
  const { repository, tag, digest } = parsed;
  return digest === undefined ? `${repository}:${tag ?? "latest"}` : `${repository}@${digest}`;
}

/** Where images are had from. */
export interface Registry {
  /** The image under a full name, if there is one. */
  find(name: string): FoundImage | undefined;
  /** What containerd says of an image that cannot be had. */
  pullError(name: string): string;
}

/** The catalogue, and before it what somebody added. */
export function registryWith({ images, plain }: AddedImages): Registry {
  const known = new Map([...CATALOG, ...images.map(addedEntry)].map((entry) => [entry.repository, entry]));
  const shipped = new Map(CATALOG.map((entry) => [entry.repository, entry]));
  const isPlain = (repository: string) =>
    plain.map(fullRepository).some((one) =>
      one === repository || (one.endsWith("/*") && repository.startsWith(one.slice(0, -1)))
    );
  const entryOf = (name: string): CatalogEntry | undefined => {
    const [asked, reference] = split(name);
    // The old registry leads to the new one.
    const repository = asked.replace(/^k8s\.gcr\.io\//, "registry.k8s.io/");
    const has = (entry: CatalogEntry | undefined) =>
      entry !== undefined && (name.includes("@") || entry.tags.test(reference));
    // Tags that an added image does not have may be those of the shipped one.
    const found = [known.get(repository), shipped.get(repository)].find(has);
    if (found !== undefined || known.has(repository) || !isPlain(repository)) return found;
    const made = plainEntry(repository);
    known.set(repository, made);
    return made;
  };
  return {
    find(name) {
      const entry = entryOf(name);
      if (entry === undefined) return undefined;
      const image = ofTag(entry, split(name)[1]);
      const digest = name.includes("@") ? name : `${image.repository}@sha256:${hexDigest(name, 64)}`;
      return { image, name, digest };
    },
    pullError(name) {
      const why = resolveError(name, known.has(split(name)[0]));
      const error = `failed to pull and unpack image "${name}": failed to resolve image: ${why}`;
      // The kubelet leaves the code away where it says nothing.
      return why.endsWith(": not found") ? `rpc error: code = NotFound desc = ${error}` : error;
    },
  };
}

/** The image under a full name, if the catalogue has it. */
export const { find: findImage } = registryWith({ images: [], plain: [] });

function resolveError(name: string, known: boolean): string {
  const slash = name.indexOf("/");
  const host = name.slice(0, slash);
  const [repository, reference] = split(name);
  if (known || PUBLIC.has(host)) return `${name}: not found`;
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
