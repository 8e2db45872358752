/**
 * What the kubelets answer to the API server: the server of each node, as one.
 *
 * Source: `pkg/kubelet/server/server.go`, `k8s.io/kubelet/pkg/cri/streaming`.
 */
import type { KubeletConnection } from "../../api/streaming/kubelet_connection.ts";
import { exitStatus, type RemoteCommand, type RemoteCommandOptions } from "../../api/streaming/remote_command.ts";
import { PlainTextError } from "../../api/streaming/plain_text_error.ts";
import { internalError } from "../../api/status.ts";
import type { Clock } from "../../clock.ts";
import type { Pod } from "../../kinds/schema/types.ts";
import { type Container, latestContainer, runningContainers } from "../container.ts";
import { containerdId } from "../ids.ts";
import type { PodWorker } from "../pod_worker.ts";
import { type ContainerProcess, type Input, type Output, type Process, StartError } from "../runtime/runtime.ts";
import { loggedContainer, readLog } from "./container_logs.ts";
import { serveConnection } from "./forwarded_connection.ts";

export interface KubeletServerOptions {
  readonly clock: Clock;
  /** The worker that has a pod, whichever node it is on. */
  workerOf(pod: Pod): PodWorker | undefined;
}

/** Logs, exec, attach and port-forward of every container, whichever node it is on. */
export function kubeletConnection({ clock, workerOf }: KubeletServerOptions): KubeletConnection {
  const running = (
    pod: Pod,
    name: string,
    purpose: "exec" | "attach",
  ): Container & { readonly process: ContainerProcess } => {
    const worker = workerOf(pod);
    const container = worker === undefined ? undefined : latestContainer(worker.runtime, name);
    if (container?.state !== "running" || container.process === undefined) {
      const { name: podName, namespace } = pod.metadata;
      const why = purpose === "exec"
        ? `container not found (${JSON.stringify(name)})`
        : `container ${name} not found in pod ${podName}_${namespace}`;
      throw new PlainTextError(500, why);
    }
    return container as Container & { readonly process: ContainerProcess };
  };
  return {
    logs(pod, options) {
      const worker = workerOf(pod);
      const id = loggedContainer(worker?.status.status ?? pod.status ?? {}, pod.metadata.name!, options);
      const container = worker?.runtime.containers.find((one) => id === `containerd://${one.id}`);
      if (container === undefined) {
        // The runtime forgets containers before the API does; what it says of them comes in place of the log.
        return { start: (write, end) => (write(`unable to retrieve container logs for ${id}`), end()), stop() {} };
      }
      const onEnd = (ended: () => void) => container.process === undefined ? ended() : container.process.onExit(ended);
      return readLog(container.log, options, clock.now(), onEnd);
    },
    checkContainer: (pod, name, purpose) => void running(pod, name, purpose),
    exec(pod, name, command, options, session) {
      const { process } = running(pod, name, "exec");
      return converse(session, (output) => start(process, command, output, inputOf(session, options), clock));
    },
    attach(pod, name, options, session) {
      const { process } = running(pod, name, "attach");
      return converse(session, (output) => process.attach(output, inputOf(session, options)));
    },
    async portForward(pod, connection) {
      const worker = workerOf(pod);
      const { port } = connection;
      const listening = (worker === undefined ? [] : runningContainers(worker.runtime))
        .find(({ process }) => process?.listens(port))?.process;
      if (listening === undefined) return connection.end(refused(port, worker));
      await serveConnection(listening, connection);
    },
  };
}

/** Runs a process between a client's streams, until it ends or the client leaves. */
async function converse(session: RemoteCommand, begin: (output: Output) => Process): Promise<void> {
  const encoder = new TextEncoder();
  const process = begin({
    stdout: (text) => session.stdout(encoder.encode(text)),
    stderr: (text) => session.stderr(encoder.encode(text)),
    // Archives are no text.
    bytes: (stream, chunk) => session[stream](chunk),
  });
  session.signal.addEventListener("abort", () => process.signal("SIGKILL"));
  const { code } = await new Promise<{ code: number }>((resolve) => process.onExit(resolve));
  session.finish(exitStatus(code));
}

const inputOf = ({ stdin, resizes }: RemoteCommand, options: RemoteCommandOptions): Input => ({
  ...options.stdin ? { stdin } : {},
  tty: options.tty,
  resizes,
});

function start(
  process: ContainerProcess,
  command: readonly string[],
  output: Output,
  input: Input,
  clock: Clock,
): Process {
  try {
    return process.exec(command, output, input);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    throw internalError(
      `error executing command in container: failed to exec in container: failed to start exec ` +
        `${
          JSON.stringify(containerdId(clock))
        }: OCI runtime exec failed: exec failed: unable to start container process: ` +
        error.message,
    );
  }
}

function refused(port: number, worker: PodWorker | undefined): string {
  const sandbox = worker?.runtime.sandbox?.id ?? "";
  return `error forwarding port ${port} to pod ${sandbox}, uid : failed to execute portforward in network namespace: ` +
    `failed to connect to localhost:${port} inside namespace, IPv4: dial tcp4 127.0.0.1:${port}: connect: connection refused`;
}
