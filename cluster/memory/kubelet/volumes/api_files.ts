/**
 * Files made of objects of the API: ConfigMaps, Secrets, the pod itself and its ServiceAccount's token.
 *
 * Source: `pkg/volume/{configmap,secret,projected,downwardapi}`.
 */
import type {
  DownwardAPIVolumeFile,
  KeyToPath,
  Pod,
  ServiceAccountTokenProjection,
  Volume,
  VolumeProjection,
} from "../../kinds/schema/types.ts";
import type { Sources } from "../container_env.ts";
import { fieldValue, resourceValue } from "../downward_api.ts";
import type { FileProjection, Payload } from "./atomic_writer.ts";
import { MountError } from "./mount_error.ts";

export interface ApiFilesOptions {
  readonly sources: Sources;
  readonly podIP: string;
  readonly hostIP: string;
  /** A token that was fetched for the pod, undefined while there is none. @throws {MountError} */
  readonly token: (pod: Pod, source: ServiceAccountTokenProjection) => string | undefined;
}

/** Whether the volume's files follow objects of the API. */
export const followsApi = (volume: Volume): boolean => projectionsOf(volume).length > 0;

/** Whether any of a pod's volumes is made of a ConfigMap or a Secret of a name. */
export const followsObject = ({ spec }: Pod, kind: "configMap" | "secret", name: string): boolean =>
  (spec!.volumes ?? []).some((volume) => projectionsOf(volume).some((source) => source[kind]?.name === name));

/** What a volume is made of, none where it is made of something else. */
export function projectionsOf({ configMap, secret, downwardAPI, projected }: Volume): readonly VolumeProjection[] {
  if (configMap !== undefined) return [{ configMap }];
  if (secret !== undefined) {
    const { secretName: name, items, optional } = secret;
    return [{ secret: { name, items, optional } }];
  }
  if (downwardAPI !== undefined) return [{ downwardAPI }];
  return projected?.sources ?? [];
}

/** @throws {MountError} naming all that is missing */
export function apiFiles(pod: Pod, volume: Volume, options: ApiFilesOptions): Payload {
  const files = new Map<string, FileProjection>();
  const { configMap, secret, downwardAPI, projected } = volume;
  const mode = (configMap ?? secret ?? downwardAPI ?? projected)?.defaultMode ?? DEFAULT_MODE;
  const put: Put = (path, content, own) => void files.set(path, { content, mode: own ?? mode });
  const errors = projectionsOf(volume).flatMap((source) => {
    try {
      project(pod, source, put, options);
      return [];
    } catch (error) {
      if (error instanceof MountError) return [error.message];
      throw error;
    }
  });
  if (errors.length === 1) throw new MountError(errors[0]);
  if (errors.length > 1) throw new MountError(`[${errors.join(", ")}]`);
  return files;
}

type Put = (path: string, content: string | Uint8Array, mode: number | undefined) => void;

const DEFAULT_MODE = 0o644;

const quoted = (text: string | undefined) => JSON.stringify(text ?? "");

function project(pod: Pod, source: VolumeProjection, put: Put, options: ApiFilesOptions): void {
  const { sources, token } = options;
  const namespace = pod.metadata.namespace!;
  if (source.configMap !== undefined) {
    const { name, items, optional } = source.configMap;
    const found = sources.configMap(namespace, name!);
    if (found === undefined && !optional) throw new MountError(`configmap ${quoted(name)} not found`);
    const data = new Map<string, string | Uint8Array>(Object.entries(found?.data ?? {}));
    for (const [key, value] of Object.entries(found?.binaryData ?? {})) data.set(key, bytes(value));
    addItems(data, items, optional, "configmap references non-existent config key: ", put);
  }
  if (source.secret !== undefined) {
    const { name, items, optional } = source.secret;
    const found = sources.secret(namespace, name!);
    if (found === undefined && !optional) throw new MountError(`secret ${quoted(name)} not found`);
    const data = new Map(Object.entries(found?.data ?? {}).map(([key, value]) => [key, bytes(value)]));
    addItems(data, items, optional, "references non-existent secret key: ", put);
  }
  if (source.serviceAccountToken !== undefined) {
    const found = token(pod, source.serviceAccountToken);
    if (found !== undefined) put(source.serviceAccountToken.path, found, undefined);
  }
  for (const item of source.downwardAPI?.items ?? []) put(item.path, downward(pod, item, options), item.mode);
}

function addItems(
  data: ReadonlyMap<string, string | Uint8Array>,
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  problem: string,
  put: Put,
): void {
  if (items === undefined || items.length === 0) {
    for (const [key, value] of data) put(key, value, undefined);
    return;
  }
  for (const { key, path, mode } of items) {
    const value = data.get(key);
    if (value !== undefined) put(path, value, mode);
    else if (!optional) throw new MountError(`${problem}${key}`);
  }
}

const bytes = (text: string) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));

function downward(pod: Pod, { fieldRef, resourceFieldRef }: DownwardAPIVolumeFile, options: ApiFilesOptions): string {
  if (fieldRef !== undefined) return fieldValue(pod, fieldRef.fieldPath, options);
  return resourceFieldRef === undefined
    ? ""
    : resourceValue(pod, pod.spec!.containers[0], resourceFieldRef, options.sources.node());
}
