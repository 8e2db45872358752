/** Puts together what a container sees as its files: the image, its mounts, what the kubelet adds, and /proc. */
import { FileSystem, type MountPoint, normalize } from "./file_system.ts";
import { ImageLayer } from "./image_layer.ts";
import { imageFiles } from "./image_files.ts";
import { ProcLayer } from "./proc_layer.ts";
import { VolumeLayer } from "./volume_layer.ts";
import type { Machine } from "../machine.ts";

export function containerFiles(machine: Machine): FileSystem {
  const { config, startedAt: mtime, clock } = machine;
  const root = new ImageLayer(imageFiles(config.image));
  const put = (path: string, content: string) => root.set(path, { kind: "file", content, mode: 0o644, mtime, uid: 0 });
  put("/etc/hostname", `${config.hostname}\n`);
  put("/etc/hosts", config.hosts ?? defaultHosts(config.podIP, config.hostname));
  put("/etc/resolv.conf", config.resolvConf ?? "");
  put(config.terminationMessagePath, "");
  for (const folder of foldersAbove(normalize("", config.workingDir ?? "/") + "/.")) {
    if (root.get(folder) === undefined) root.set(folder, { kind: "folder", mode: 0o755, mtime, uid: config.user ?? 0 });
  }
  const mounts: MountPoint[] = config.mounts.map(({ path, subPath = "", volume, readOnly }) => ({
    path: normalize("", path),
    layer: new VolumeLayer(volume, subPath, mtime),
    readOnly,
  }));
  mounts.push({ path: "/proc", layer: new ProcLayer(machine), readOnly: true });
  return new FileSystem({
    root,
    mounts: mounts.filter(({ path }) => path !== ""),
    now: () => clock.now(),
    readOnlyRoot: config.readOnlyRoot,
  });
}

function* foldersAbove(path: string): Iterable<string> {
  for (let slash = path.indexOf("/", 1); slash > 0; slash = path.indexOf("/", slash + 1)) yield path.slice(0, slash);
}

/** As the kubelet writes it (`pkg/kubelet/kubelet_pods.go`, managedHostsFileContent). */
const defaultHosts = (ip: string, hostname: string) =>
  `# Kubernetes-managed hosts file.
127.0.0.1\tlocalhost
::1\tlocalhost ip6-localhost ip6-loopback
fe00::0\tip6-localnet
fe00::0\tip6-mcastprefix
fe00::1\tip6-allnodes
fe00::2\tip6-allrouters
${ip}\t${hostname}
`;
