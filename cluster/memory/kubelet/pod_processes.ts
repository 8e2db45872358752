/**
 * The process above those of all containers of a pod, where these see each other's (`shareProcessNamespace`).
 *
 * Source: https://kubernetes.io/docs/tasks/configure-pod-container/share-process-namespace/
 */
import type { Pod } from "../kinds/schema/types.ts";
import type { RuntimePod } from "./container.ts";
import { findImage } from "./images/registry.ts";
import type { NodeContext } from "./node_context.ts";
import type { ContainerProcess } from "./runtime/runtime.ts";

/** What holds a pod's namespaces. */
const PAUSE_IMAGE = "registry.k8s.io/pause:3.10";

export function sharedProcesses(node: NodeContext, pod: Pod, { sandbox }: RuntimePod): ContainerProcess | undefined {
  if (!pod.spec!.shareProcessNamespace || sandbox === undefined) return undefined;
  const config = {
    image: findImage(PAUSE_IMAGE)!.image,
    env: {},
    hostname: pod.metadata.name!,
    podIP: sandbox.ip ?? node.hostIP,
    mounts: [],
    stdin: false,
    tty: false,
    terminationMessagePath: "/dev/null",
  };
  return sandbox.pause ??= node.runtime.start(config, { stdout() {}, stderr() {} }, node.clock);
}
