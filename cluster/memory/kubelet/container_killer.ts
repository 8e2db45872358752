/**
 * Stops containers: the preStop hook, the signal, the wait, and the signal that nobody ignores. Sidecars are stopped
 * after the containers that they serve, the last started first.
 *
 * Source: `pkg/kubelet/kuberuntime/kuberuntime_container.go` (killContainer), `kuberuntime_termination_order.go`.
 */
import type { Clock } from "../clock.ts";
import type { Pod } from "../kinds/schema/types.ts";
import { type Container, runningContainers, type RuntimePod } from "./container.ts";
import { containerSpec, isSidecar } from "./container_refs.ts";
import { runHook } from "./lifecycle_hook.ts";
import { containerEvent, type NodeContext } from "./node_context.ts";
import type { KillReason } from "./pod_actions.ts";

export interface KillOptions {
  readonly node: NodeContext;
  readonly pod: Pod;
  readonly runtime: RuntimePod;
  readonly container: Container;
  readonly message?: string;
  readonly reason?: KillReason;
  /** Seconds, instead of what the pod says. */
  readonly gracePeriod?: number;
  /** The grace period that counts now: a second deletion may have made it shorter. */
  readonly shortened?: () => number | undefined;
  /** What has to end before this container is stopped. */
  readonly after?: Promise<unknown>;
}

/** Nobody is killed without the chance to end by itself. */
const SHORTEST = 2;

/** Runs a container's preStop hook and ends it: with SIGTERM, and with SIGKILL when its grace period is over. */
export async function killContainer(options: KillOptions): Promise<void> {
  const { node, pod, runtime, container, message, gracePeriod, after } = options;
  const { clock } = node;
  const spec = containerSpec(pod, container.name);
  const text = message ?? `Stopping container ${container.name}`;
  containerEvent(node, pod, container.name, "Normal", "Killing", text);
  let seconds = gracePeriod ?? gracePeriodOf(options);
  const started = clock.now();
  const preStop = spec?.lifecycle?.preStop;
  if (preStop !== undefined && seconds > 0) {
    // One that is still running when the time is over goes on until it ends, with the container at the latest.
    const hook = runHook(preStop, container, pod, { node, runtime, spec: spec! }).then((problem) => {
      if (problem === undefined) return;
      containerEvent(node, pod, container.name, "Warning", "FailedPreStopHook", "PreStopHook failed");
    }).catch(node.report);
    await within(clock, seconds * 1000, hook);
  }
  if (after !== undefined && seconds > 0) await within(clock, seconds * 1000, after);
  seconds = Math.max(SHORTEST, seconds - Math.floor((clock.now() - started) / 1000));
  await stop(container, seconds, options);
}

/** What `work` gives, or undefined when it takes longer than `ms`. */
function within<T>(clock: Clock, ms: number, work: Promise<T>): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    const timer = clock.after(ms, () => resolve(undefined));
    work.then(resolve, reject).finally(() => timer.cancel());
  });
}

function gracePeriodOf({ pod, container, reason }: KillOptions): number {
  if (pod.metadata.deletionGracePeriodSeconds !== undefined) return pod.metadata.deletionGracePeriodSeconds;
  const spec = containerSpec(pod, container.name);
  const probe = reason === "liveness" ? spec?.livenessProbe : reason === "startup" ? spec?.startupProbe : undefined;
  return probe?.terminationGracePeriodSeconds ?? pod.spec!.terminationGracePeriodSeconds ?? 30;
}

/** SIGTERM, and SIGKILL when the container does not end in time. */
function stop({ process, state }: Container, seconds: number, { node, shortened }: KillOptions): Promise<void> {
  if (process === undefined || state !== "running") return Promise.resolve();
  const { clock } = node;
  const started = clock.now();
  return new Promise((resolve) => {
    const force = () => {
      const limit = Math.min(seconds, Math.max(SHORTEST, shortened?.() ?? seconds));
      const left = started + limit * 1000 - clock.now();
      if (left <= 0) process.signal("SIGKILL");
      else timer = clock.after(Math.min(left, 1000), force);
    };
    let timer = clock.after(Math.min(seconds * 1000, 1000), force);
    process.onExit(() => {
      timer.cancel();
      resolve();
    });
    process.signal("SIGTERM");
  });
}

/** Stops all of a pod's containers. */
export async function killPod(
  node: NodeContext,
  pod: Pod,
  runtime: RuntimePod,
  options: Pick<KillOptions, "gracePeriod" | "shortened"> = {},
): Promise<void> {
  const running = runningContainers(runtime);
  const sidecars = (pod.spec!.initContainers ?? []).filter(isSidecar).map(({ name }) => name);
  const kill = (container: Container, after?: Promise<unknown>) =>
    killContainer({ node, pod, runtime, container, after, ...options });
  const main = running.filter(({ name }) => !sidecars.includes(name)).map((container) => kill(container));
  let before: Promise<unknown> = Promise.all(main);
  const all = [...main];
  for (const name of sidecars.toReversed()) {
    const container = running.find((container) => container.name === name);
    if (container === undefined) continue;
    const stopped = kill(container, before);
    before = Promise.all([before, stopped]);
    all.push(stopped);
  }
  await Promise.all(all);
}
