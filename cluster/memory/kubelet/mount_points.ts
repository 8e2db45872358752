/**
 * Folders cannot be mounted where an image has a file, nor files where it has a folder: the commonest is a ConfigMap
 * without a subPath, or with one that it does not have.
 *
 * Source: `github.com/opencontainers/runc` (rootfs_linux.go) for the words.
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import type { Image } from "./images/image.ts";
import { imageFiles } from "./runtime/files/image_files.ts";
import { VolumeLayer } from "./runtime/files/volume_layer.ts";
import { type ContainerConfig, StartError } from "./runtime/runtime.ts";

/** Files of every container, which the kubelet or the runtime writes. */
const OWN = new Set(["/etc/hosts", "/etc/hostname", "/etc/resolv.conf"]);

/** What a volume's folder on the node is called, by the field that says what it is made of. */
const PLUGINS: Readonly<Record<string, string>> = {
  configMap: "kubernetes.io~configmap",
  secret: "kubernetes.io~secret",
  projected: "kubernetes.io~projected",
  downwardAPI: "kubernetes.io~downward-api",
  emptyDir: "kubernetes.io~empty-dir",
  csi: "kubernetes.io~csi",
  nfs: "kubernetes.io~nfs",
};

/** Where a container's mount comes from on the node. */
function sourceOf(pod: Pod, spec: ContainerSpec, index: number): string {
  const { name, subPath, subPathExpr } = spec.volumeMounts![index];
  const folder = `/var/lib/kubelet/pods/${pod.metadata.uid}`;
  if (subPath || subPathExpr) return `${folder}/volume-subpaths/${name}/${spec.name}/${index}`;
  const volume = pod.spec!.volumes?.find((volume) => volume.name === name);
  if (volume?.hostPath !== undefined) return volume.hostPath.path;
  const [plugin] = Object.keys(volume ?? {}).flatMap((field) => PLUGINS[field] ?? []);
  return `${folder}/volumes/${plugin ?? "kubernetes.io~local-volume"}/${name}`;
}

/** Whether the container has a file or a folder at a path before anything is mounted there. */
function kindAt(image: Image, path: string): "file" | "folder" | undefined {
  const kind = OWN.has(path) ? "file" : imageFiles(image).get(path)?.kind;
  return kind === "file" || kind === "folder" ? kind : undefined;
}

/** @throws {StartError} when a folder is to be mounted where a file is, or a file where a folder is */
export function checkMountPoints(pod: Pod, spec: ContainerSpec, { image, mounts }: ContainerConfig): void {
  mounts.forEach(({ path, volume, subPath = "", readOnly }, index) => {
    const source = sourceOf(pod, spec, index);
    const refuse = (why: string): never => {
      throw new StartError(`error mounting ${JSON.stringify(source)} to rootfs at ${JSON.stringify(path)}: ${why}`);
    };
    if (isBelowFile(image, path)) {
      refuse(
        `create mountpoint for ${path} mount: lookup mountpoint target: securejoin.OpenInRoot ${path}: ` +
          `openat2 ${path}: not a directory`,
      );
    }
    const [there, mounted] = [kindAt(image, path), new VolumeLayer(volume, subPath, 0).get("")?.kind];
    if (there === undefined || mounted === undefined || there === mounted) return;
    const flags = readOnly ? "MS_RDONLY|MS_BIND|MS_REC" : "MS_BIND|MS_REC";
    refuse(`mount src=${source}, dst=${path}, dstFd=/proc/thread-self/fd/11, flags=${flags}: not a directory`);
  });
}

function isBelowFile(image: Image, path: string): boolean {
  for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) {
    if (kindAt(image, path.slice(0, slash)) === "file") return true;
  }
  return false;
}
