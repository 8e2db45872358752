/**
 * Starts one container: its image, its configuration, its creation, its start and its postStart hook.
 *
 * Source: `pkg/kubelet/kuberuntime/kuberuntime_container.go` (startContainer).
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import { type Container, latestContainer } from "./container.ts";
import { type ConfigOptions, containerConfig } from "./container_config.ts";
import { ContainerLog } from "./container_log.ts";
import { podFormat } from "./container_refs.ts";
import { containerdId } from "./ids.ts";
import { ContainerStartError } from "./images/image_manager.ts";
import { imageVolumeFailure, type ImageVolumeFailures } from "./image_volumes.ts";
import { runHook } from "./lifecycle_hook.ts";
import { checkMountPoints } from "./mount_points.ts";
import { containerEvent, TIMING } from "./node_context.ts";
import { type ContainerConfig, StartError } from "./runtime/runtime.ts";

export interface StartOptions extends ConfigOptions {
  /** The last of each container's runs that had ended when the pod was looked at; what was killed since does not count. */
  readonly ended: ReadonlyMap<string, Container>;
  readonly imageVolumes: ImageVolumeFailures;
  /** Called when a container's state changes. */
  readonly changed: () => void;
  /** Ends a container whose hook failed. */
  readonly kill: (container: Container, message: string) => Promise<void>;
}

const crashLoopKey = ({ metadata }: Pod, { name, image }: ContainerSpec): string => `${metadata.uid}_${name}_${image}`;

/** @throws {ContainerStartError} */
export async function startContainer(spec: ContainerSpec, options: StartOptions): Promise<void> {
  const { node, pod, runtime, changed } = options;
  checkBackoff(spec, options);
  const event = (type: "Normal" | "Warning", reason: string, message: string) =>
    containerEvent(node, pod, spec.name, type, reason, message);
  const failed = (error: ContainerStartError): never => {
    event("Warning", "Failed", `Error: ${isImageError(error) ? error.reason : error.message}`);
    throw error;
  };
  const [unmountable] = imageVolumeFailure(spec, options.imageVolumes).map((error) => {
    event("Warning", "Failed", `Error: ${error.reason}`);
    return error;
  }).reverse();
  if (unmountable !== undefined) throw unmountable;
  const image = await node.images.ensure(pod.metadata.uid!, spec, event).catch(failed);
  await node.clock.sleep(TIMING.create);
  let config: ContainerConfig;
  try {
    config = containerConfig(spec, image, options);
  } catch (error) {
    return failed(error as ContainerStartError);
  }
  const before = latestContainer(runtime, spec.name);
  const { clock } = node;
  const container: Container = {
    id: containerdId(clock),
    name: spec.name,
    restarts: (before?.restarts ?? runtime.removed.get(spec.name) ?? -1) + 1,
    image,
    log: new ContainerLog(() => clock.now()),
    specImage: spec.image ?? "",
    resources: spec.resources,
    state: "created",
  };
  runtime.containers.unshift(container);
  event("Normal", "Created", "Container created");
  await clock.sleep(TIMING.start);
  try {
    checkMountPoints(pod, spec, config);
    runContainer(container, config, options);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const message = `failed to create containerd task: failed to create shim task: OCI runtime create failed: runc ` +
      `create failed: unable to start container process: error during container init: ${error.message}`;
    Object.assign(container, { state: "exited", exitCode: 128, reason: "StartError", message });
    container.startedAt = 0;
    container.finishedAt = clock.now();
    changed();
    return failed(new ContainerStartError("RunContainerError", message));
  }
  changed();
  event("Normal", "Started", "Container started");
  if (spec.lifecycle?.postStart !== undefined) await postStart(spec, container, options, event);
}

/** What went wrong with an image is said by its reason; the details are in an event of their own. */
const isImageError = ({ reason }: ContainerStartError) => /Image/.test(reason) && !reason.startsWith("Create");

function checkBackoff(spec: ContainerSpec, { node, pod, ended }: StartOptions): void {
  const last = ended.get(spec.name);
  if (last === undefined) return;
  const key = crashLoopKey(pod, spec);
  const [finished, now] = [last.finishedAt!, node.clock.now()];
  if (!node.crashLoop.isInBackoffSince(key, finished, now)) return node.crashLoop.next(key, finished, now);
  const format = podFormat(pod);
  const text = `Back-off restarting failed container ${spec.name} in pod ${format}`;
  containerEvent(node, pod, spec.name, "Warning", "BackOff", text);
  const delay = node.crashLoop.get(key);
  const message = `back-off ${backoffText(delay)} restarting failed container=${spec.name} pod=${format}`;
  throw new ContainerStartError("CrashLoopBackOff", message, node.crashLoop.expiry(key, finished));
}

/** "10s", "1m20s", "5m0s" */
function backoffText(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

/** Lets the runtime start a container's process, and follows it to its end. @throws {StartError} */
export function runContainer(
  container: Container,
  config: ContainerConfig,
  { node, pod, changed }: Pick<StartOptions, "node" | "pod" | "changed">,
): void {
  const { clock } = node;
  const output = {
    stdout: (text: string) => container.log.write("stdout", text),
    stderr: (text: string) => container.log.write("stderr", text),
  };
  const process = node.runtime.start(config, output, clock);
  container.process = process;
  container.state = "running";
  container.startedAt = clock.now();
  process.onExit(({ code, outOfMemory }) => {
    container.log.close();
    container.state = "exited";
    container.finishedAt = clock.now();
    container.exitCode = code;
    container.reason = outOfMemory ? "OOMKilled" : code === 0 ? "Completed" : "Error";
    const message = terminationMessage(container, config, pod);
    if (message !== "") container.message = message;
    changed();
  });
}

const LONGEST_MESSAGE = 4096;
const FALLBACK_LINES = 80;
const LONGEST_FALLBACK = 2048;

/** What a container left in its termination log, or the end of its output where the spec says so. */
function terminationMessage(container: Container, { terminationMessagePath }: ContainerConfig, pod: Pod): string {
  const left = container.process?.readFile(terminationMessagePath)?.slice(-LONGEST_MESSAGE) ?? "";
  const spec = [...pod.spec!.containers, ...pod.spec!.initContainers ?? []].find(({ name }) => name === container.name);
  if (left !== "" || container.exitCode === 0 || spec?.terminationMessagePolicy !== "FallbackToLogsOnError") {
    return left;
  }
  return container.log.lines.slice(-FALLBACK_LINES).map(({ text }) => `${text}\n`).join("").slice(-LONGEST_FALLBACK);
}

async function postStart(
  spec: ContainerSpec,
  container: Container,
  options: StartOptions,
  event: (type: "Normal" | "Warning", reason: string, message: string) => void,
): Promise<void> {
  const { node, pod, runtime } = options;
  const problem = await runHook(spec.lifecycle!.postStart!, container, pod, { node, runtime, spec });
  if (problem === undefined) return;
  event("Warning", "FailedPostStartHook", "PostStartHook failed");
  await options.kill(container, "FailedPostStartHook");
  throw new ContainerStartError("PostStartHookError", problem);
}
