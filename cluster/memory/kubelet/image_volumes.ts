/**
 * Volumes that are images: pulled when containers are about to start, and mounted as what is in them.
 *
 * Source: `pkg/kubelet/kuberuntime/kuberuntime_manager.go` (getImageVolumes, toKubeContainerImageVolumes).
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import { ContainerStartError } from "./images/image_manager.ts";
import type { NodeContext } from "./node_context.ts";
import type { PodVolumes } from "./volumes/pod_volumes.ts";

/** Why volumes could not be had, by name. */
export type ImageVolumeFailures = ReadonlyMap<string, ContainerStartError>;

/** Pulls what a pod's image volumes need and fills them. */
export async function pullImageVolumes(
  { images, recorder }: NodeContext,
  pod: Pod,
  volumes: PodVolumes,
): Promise<ImageVolumeFailures> {
  const failures = new Map<string, ContainerStartError>();
  for (const { name, image: source } of pod.spec!.volumes ?? []) {
    if (source === undefined) continue;
    const wanted = { image: source.reference, imagePullPolicy: source.pullPolicy };
    try {
      const { image } = await images.ensure(
        pod.metadata.uid!,
        wanted,
        (type, reason, message) => recorder.event(pod, type, reason, message),
      );
      const files = volumes.get(name)?.files;
      for (const [path, content] of Object.entries(image.files)) files?.set(path.replace(/^\//, ""), content);
    } catch (error) {
      if (!(error instanceof ContainerStartError)) throw error;
      failures.set(name, error);
    }
  }
  return failures;
}

/** Why a container cannot have its volumes; the last failure counts. */
export const imageVolumeFailure = (
  { volumeMounts = [] }: ContainerSpec,
  failures: ImageVolumeFailures,
): readonly ContainerStartError[] => volumeMounts.flatMap(({ name }) => failures.get(name) ?? []);
