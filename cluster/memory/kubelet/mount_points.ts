/**
 * Folders cannot be mounted where an image has a file: the commonest is a ConfigMap without a subPath, or with one that
 * it does not have.
 *
 * Source: `github.com/opencontainers/runc` (rootfs_linux.go) for the words.
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
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

/** @throws {StartError} when a folder is to be mounted where a file is */
export function checkMountPoints(pod: Pod, spec: ContainerSpec, config: ContainerConfig, id: string): void {
  config.mounts.forEach(({ path, volume, subPath = "" }, index) => {
    if (!OWN.has(path) && config.image.files[path] === undefined) return;
    if (new VolumeLayer(volume, subPath, 0).get("")?.kind !== "folder") return;
    const root = `/run/containerd/io.containerd.runtime.v2.task/k8s.io/${id}/rootfs`;
    throw new StartError(
      `error mounting ${JSON.stringify(sourceOf(pod, spec, index))} to rootfs at ${JSON.stringify(path)}: create ` +
        `mountpoint for ${path} mount: cannot create subdirectories in ${JSON.stringify(root + path)}: not a directory`,
    );
  });
}
