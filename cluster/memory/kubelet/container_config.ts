/**
 * What a container is started with.
 *
 * Source: `pkg/kubelet/kuberuntime/kuberuntime_container.go` (generateContainerConfig).
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import { latestContainer, runningContainers, type RuntimePod } from "./container.ts";
import { containerEnv, expand } from "./container_env.ts";
import { limitsOf } from "./container_resize.ts";
import { containerUser, verifyNonRoot } from "./container_user.ts";
import type { FoundImage } from "./images/registry.ts";
import type { NodeContext } from "./node_context.ts";
import { hostsFile, resolvConf } from "./pod_dns.ts";
import { sharedProcesses } from "./pod_processes.ts";
import type { ContainerConfig, Mount } from "./runtime/runtime.ts";
import { followsApi } from "./volumes/api_files.ts";
import { snapshot } from "./volumes/atomic_writer.ts";
import type { PodVolumes } from "./volumes/pod_volumes.ts";

export interface ConfigOptions {
  readonly node: NodeContext;
  readonly pod: Pod;
  readonly runtime: RuntimePod;
  readonly volumes: PodVolumes;
}

/** Puts together what the spec, the image, the pod and the node say. @throws {ContainerStartError} */
export function containerConfig(
  spec: ContainerSpec,
  image: FoundImage,
  { node, pod, runtime, volumes }: ConfigOptions,
): ContainerConfig {
  const podIP = runtime.sandbox?.ip ?? node.hostIP;
  const env = containerEnv(pod, spec, {
    sources: node.sources,
    podIP,
    hostIP: node.hostIP,
    volume: (name) => volumes.get(name),
  });
  verifyNonRoot(spec, pod, image.image);
  const { uid, gid, groups } = containerUser(spec, pod, image.image);
  const filled = (words: readonly string[] | undefined) =>
    words === undefined || words.length === 0 ? undefined : words.map((word) => expand(word, (name) => env[name]));
  const limits = limitsOf(spec.resources);
  const target = pod.spec!.ephemeralContainers?.find(({ name }) => name === spec.name)?.targetContainerName;
  const hostname = pod.spec!.hostNetwork ? node.name : pod.spec!.hostname || pod.metadata.name!.slice(0, 63);
  return {
    image: image.image,
    imageTag: image.name.includes("@") ? "latest" : image.name.slice(image.name.lastIndexOf(":") + 1),
    command: filled(spec.command),
    args: filled(spec.args),
    env: { ...image.image.env, HOSTNAME: hostname, ...env },
    workingDir: spec.workingDir || image.image.workingDir,
    user: uid,
    hostname,
    podIP,
    mounts: mountsOf(spec, pod, volumes, env),
    memoryLimit: limits.memory,
    cpuLimit: limits.cpu,
    stdin: spec.stdin === true,
    stdinOnce: spec.stdinOnce === true,
    namespace: pod.metadata.namespace,
    podName: pod.metadata.name,
    nodeName: node.name,
    group: gid,
    groups,
    readOnlyRoot: spec.securityContext?.readOnlyRootFilesystem === true,
    hosts: hostsFile(pod, podIP, hostname),
    resolvConf: resolvConf(pod, node.sources),
    network: node.network,
    isTaken: (port) => runningContainers(runtime).some(({ process }) => process?.listens(port)),
    apiServer: node.apiServer,
    target: target === undefined ? sharedProcesses(node, pod, runtime) : latestContainer(runtime, target)?.process,
    report: node.report,
    tty: spec.tty === true,
    terminationMessagePath: spec.terminationMessagePath ?? "/dev/termination-log",
  };
}

/** What is mounted into a container; of what follows the API, a part alone stays as it is at the start. */
function mountsOf(
  { volumeMounts = [] }: ContainerSpec,
  pod: Pod,
  volumes: PodVolumes,
  env: Readonly<Record<string, string>>,
): readonly Mount[] {
  const fromApi = new Set((pod.spec!.volumes ?? []).filter(followsApi).map(({ name }) => name));
  return volumeMounts.map(({ name, mountPath, readOnly, ...part }) => {
    const volume = volumes.get(name) ?? { files: new Map() };
    const subPath = part.subPath || expand(part.subPathExpr ?? "", (variable) => env[variable]);
    return {
      path: mountPath,
      readOnly: readOnly === true || fromApi.has(name),
      ...subPath === "" ? { volume } : { subPath, volume: fromApi.has(name) ? snapshot(volume, subPath) : volume },
    };
  });
}
