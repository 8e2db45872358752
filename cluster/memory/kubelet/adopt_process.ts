/** The process of a container that runs already: started anew in the runtime, without a trace of it. */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import type { Container } from "./container.ts";
import { runContainer } from "./container_starter.ts";
import type { NodeContext } from "./node_context.ts";

export function adoptProcess(
  node: NodeContext,
  pod: Pod,
  spec: ContainerSpec,
  container: Container,
  changed: () => void,
): void {
  const startedAt = container.startedAt;
  const env = { ...container.image.image.env, HOSTNAME: pod.metadata.name! };
  const hostname = pod.spec!.hostNetwork ? node.name : pod.metadata.name!;
  runContainer(container, {
    image: container.image.image,
    command: spec.command,
    args: spec.args,
    env,
    hostname,
    podIP: pod.status?.podIP ?? node.hostIP,
    mounts: [],
    stdin: false,
    tty: false,
    terminationMessagePath: spec.terminationMessagePath ?? "/dev/termination-log",
  }, { node, pod, changed });
  container.startedAt = startedAt;
}
