/** What pods use of their node. Bytes, but for processes. */
import type { Pod, Volume } from "../../kinds/schema/types.ts";
import { type Container, runningContainers } from "../container.ts";
import type { PodWorker } from "../pod_worker.ts";
import { byteLength } from "../runtime/files/entry.ts";

/** Disks are written in blocks. */
const BLOCK = 4096;
const blocks = (bytes: number) => Math.ceil(bytes / BLOCK) * BLOCK;

/** What the processes of a container use. */
export const memoryOf = ({ process }: Container): number => process?.usage().memory ?? 0;
/** What a container wrote beside its volumes, and what it said. */
export const diskOf = ({ process, log }: Container): number => blocks(process?.usage().disk ?? 0) + blocks(log.size);
const processesOf = ({ process }: Container) => process?.usage().processes ?? 0;

const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
const running = ({ runtime }: PodWorker) => runningContainers(runtime);

/** What is in an emptyDir of a pod. */
export function volumeSize({ volumes }: PodWorker, { name }: Volume): number {
  const files = volumes.get(name)?.files;
  return files === undefined ? 0 : sum([...files.values()].map((content) => blocks(byteLength(content))));
}

/** The volumes of a pod that take room of the node. */
export const emptyDirs = ({ spec }: Pod): readonly Volume[] =>
  (spec!.volumes ?? []).filter(({ emptyDir }) => emptyDir !== undefined);

/** All that a pod has on its node's disk. What is in memory counts as memory. */
export const podDisk = (worker: PodWorker): number =>
  sum(running(worker).map(diskOf)) +
  sum(
    emptyDirs(worker.pod).filter(({ emptyDir }) => emptyDir!.medium !== "Memory")
      .map((volume) => volumeSize(worker, volume)),
  );

/** All that a pod has in its node's memory, its emptyDirs of medium Memory among it. */
export const podMemory = (worker: PodWorker): number =>
  sum(running(worker).map(memoryOf)) +
  sum(
    emptyDirs(worker.pod).filter(({ emptyDir }) => emptyDir!.medium === "Memory")
      .map((volume) => volumeSize(worker, volume)),
  );

/** How many processes a pod has. */
export const podProcesses = (worker: PodWorker): number => sum(running(worker).map(processesOf));
