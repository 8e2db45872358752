/**
 * The files of a pod's volumes, or why a volume cannot be mounted.
 *
 * Volumes made of ConfigMaps, Secrets and the pod itself are written anew when these change; all others keep what
 * containers write.
 *
 * Source: `pkg/volume/{configmap,secret,projected,downwardapi}`, `pkg/volume/util/operationexecutor` for the words.
 */
import type { DownwardAPIVolumeFile, KeyToPath, Pod, Volume, VolumeProjection } from "../kinds/schema/types.ts";
import { decode, type Sources } from "./container_env.ts";
import { fieldValue, resourceValue } from "./downward_api.ts";
import type { VolumeContent } from "./runtime/runtime.ts";

/** Why a volume cannot be mounted. */
export class MountError extends Error {
  override readonly name = "MountError";
}

type Files = Map<string, string | Uint8Array>;

export interface VolumeOptions {
  readonly sources: Sources;
  readonly podIP: string;
  readonly hostIP: string;
  /** The node's own files by path, and volumes that outlive pods by the claim's or volume's name. */
  readonly shared: (key: string) => VolumeContent;
}

const quoted = (text: string | undefined) => JSON.stringify(text ?? "");

/** The volume's files. @throws {MountError} */
export function volumeContent(pod: Pod, volume: Volume, options: VolumeOptions): VolumeContent {
  const { shared } = options;
  const { metadata: { namespace } } = pod;
  if (volume.hostPath !== undefined) return shared(`host:${volume.hostPath.path}`);
  if (volume.persistentVolumeClaim !== undefined) {
    return shared(`claim:${namespace}/${volume.persistentVolumeClaim.claimName}`);
  }
  if (volume.ephemeral !== undefined) return shared(`claim:${namespace}/${pod.metadata.name}-${volume.name}`);
  const files: Files = new Map();
  const projections = projectionsOf(volume);
  const errors = projections.flatMap((source) => {
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
  return { files };
}

/** Whether the volume's files follow objects of the API. */
export const followsApi = (volume: Volume): boolean => projectionsOf(volume).length > 0;

function projectionsOf({ configMap, secret, downwardAPI, projected }: Volume): readonly VolumeProjection[] {
  if (configMap !== undefined) return [{ configMap }];
  if (secret !== undefined) {
    const { secretName: name, items, optional } = secret;
    return [{ secret: { name, items, optional } }];
  }
  if (downwardAPI !== undefined) return [{ downwardAPI }];
  return projected?.sources ?? [];
}

function project(pod: Pod, source: VolumeProjection, files: Files, options: VolumeOptions): void {
  const { sources } = options;
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
    const data = new Map<string, string>();
    for (const [key, value] of Object.entries(found?.data ?? {})) data.set(key, decode(value));
    addItems(data, items, optional, "references non-existent secret key: ", files);
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

function downward(pod: Pod, { fieldRef, resourceFieldRef }: DownwardAPIVolumeFile, options: VolumeOptions): string {
  if (fieldRef !== undefined) return fieldValue(pod, fieldRef.fieldPath, options);
  return resourceFieldRef === undefined
    ? ""
    : resourceValue(pod, pod.spec!.containers[0], resourceFieldRef, options.sources.node());
}

/** Mounts a pod's volumes, remembering what is mounted and when a failed one is tried again. */
export class PodVolumes {
  readonly #mounted = new Map<string, VolumeContent>();
  readonly #failed = new Map<string, { readonly until: number; readonly delay: number }>();

  get(name: string): VolumeContent | undefined {
    return this.#mounted.get(name);
  }

  areMounted({ spec }: Pod): boolean {
    return (spec!.volumes ?? []).every(({ name }) => this.#mounted.has(name));
  }

  /**
   * Mounts what is not mounted yet and may be tried.
   * @param failed is told of each volume that cannot be
   * @returns when there is something to try again, in milliseconds of the clock; undefined when all are mounted
   */
  mount(
    pod: Pod,
    options: VolumeOptions,
    now: number,
    failed: (volume: string, error: string) => void,
  ): number | undefined {
    let next: number | undefined;
    for (const volume of pod.spec!.volumes ?? []) {
      if (this.#mounted.has(volume.name)) continue;
      const failure = this.#failed.get(volume.name);
      let until = failure?.until ?? 0;
      if (until <= now) {
        try {
          this.#mounted.set(volume.name, volumeContent(pod, volume, options));
          this.#failed.delete(volume.name);
          continue;
        } catch (error) {
          if (!(error instanceof MountError)) throw error;
          const delay = failure === undefined ? FIRST_DELAY : Math.min(LONGEST_DELAY, failure.delay * 2);
          until = now + delay;
          this.#failed.set(volume.name, { until, delay });
          failed(volume.name, error.message);
        }
      }
      next = Math.min(next ?? Infinity, until);
    }
    return next;
  }

  /** Brings the files that follow the API up to date, where what they follow is still there. */
  refresh(pod: Pod, options: VolumeOptions): void {
    for (const volume of pod.spec!.volumes ?? []) {
      const mounted = this.#mounted.get(volume.name);
      if (mounted === undefined || !followsApi(volume)) continue;
      try {
        const { files } = volumeContent(pod, volume, options);
        mounted.files.clear();
        for (const [path, content] of files) mounted.files.set(path, content);
      } catch (error) {
        if (!(error instanceof MountError)) throw error;
      }
    }
  }
}

/** Delays between attempts to mount a volume, in milliseconds. */
const FIRST_DELAY = 500;
const LONGEST_DELAY = 122_000;
