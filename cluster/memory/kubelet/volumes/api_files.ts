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
import { MountError } from "./mount_error.ts";

export type Files = Map<string, string | Uint8Array>;

export interface ApiFilesOptions {
  readonly sources: Sources;
  readonly podIP: string;
  readonly hostIP: string;
  /** A token that was fetched for the pod, undefined while there is none. @throws {MountError} */
  readonly token: (pod: Pod, source: ServiceAccountTokenProjection) => string | undefined;
}

/** Whether the volume's files follow objects of the API. */
export const followsApi = (volume: Volume): boolean => projectionsOf(volume).length > 0;

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
export function apiFiles(pod: Pod, volume: Volume, options: ApiFilesOptions): Files {
  const files: Files = new Map();
  const errors = projectionsOf(volume).flatMap((source) => {
    try {
      project(pod, source, files, options);
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

const quoted = (text: string | undefined) => JSON.stringify(text ?? "");

function project(pod: Pod, source: VolumeProjection, files: Files, options: ApiFilesOptions): void {
  const { sources, token } = options;
  const namespace = pod.metadata.namespace!;
  if (source.configMap !== undefined) {
    const { name, items, optional } = source.configMap;
    const found = sources.configMap(namespace, name!);
    if (found === undefined && !optional) throw new MountError(`configmap ${quoted(name)} not found`);
    const data = new Map<string, string | Uint8Array>(Object.entries(found?.data ?? {}));
    for (const [key, value] of Object.entries(found?.binaryData ?? {})) data.set(key, bytes(value));
    addItems(data, items, optional, "configmap references non-existent config key: ", files);
  }
  if (source.secret !== undefined) {
    const { name, items, optional } = source.secret;
    const found = sources.secret(namespace, name!);
    if (found === undefined && !optional) throw new MountError(`secret ${quoted(name)} not found`);
    const data = new Map(Object.entries(found?.data ?? {}).map(([key, value]) => [key, bytes(value)]));
    addItems(data, items, optional, "references non-existent secret key: ", files);
  }
  if (source.serviceAccountToken !== undefined) {
    const found = token(pod, source.serviceAccountToken);
    if (found !== undefined) files.set(source.serviceAccountToken.path, found);
  }
  for (const item of source.downwardAPI?.items ?? []) files.set(item.path, downward(pod, item, options));
}

function addItems(
  data: ReadonlyMap<string, string | Uint8Array>,
  items: readonly KeyToPath[] | undefined,
  optional: boolean | undefined,
  problem: string,
  files: Files,
): void {
  if (items === undefined || items.length === 0) {
    for (const [key, value] of data) files.set(key, value);
    return;
  }
  for (const { key, path } of items) {
    const value = data.get(key);
    if (value !== undefined) files.set(path, value);
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
