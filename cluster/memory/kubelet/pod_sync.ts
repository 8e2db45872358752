/**
 * One turn of bringing a pod to what its spec asks for: its volumes, its sandbox, and the containers that are due.
 *
 * Source: `pkg/kubelet/kubelet.go` (SyncPod), `pkg/kubelet/kuberuntime/kuberuntime_manager.go` (SyncPod).
 */
import type { Container as ContainerSpec, Pod } from "../kinds/schema/types.ts";
import { type Container, latestEnded, type RuntimePod } from "./container.ts";
import { killContainer, killPod } from "./container_killer.ts";
import { isSidecar } from "./container_refs.ts";
import { startContainer, type StartOptions } from "./container_starter.ts";
import { deviceProblem } from "./device_claims.ts";
import { containerdId } from "./ids.ts";
import { pullImageVolumes } from "./image_volumes.ts";
import { ContainerStartError } from "./images/image_manager.ts";
import { type NodeContext, TIMING, volumeOptions } from "./node_context.ts";
import { computePodActions, type ContainerToReset, type KillReason } from "./pod_actions.ts";
import { resizeInPlace } from "./container_resize.ts";
import type { PodProbes } from "./prober/pod_probes.ts";
import type { StartFailure } from "./status/container_statuses.ts";
import type { PodVolumes } from "./volumes/pod_volumes.ts";

export interface PodSyncOptions {
  readonly node: NodeContext;
  readonly pod: Pod;
  readonly runtime: RuntimePod;
  readonly volumes: PodVolumes;
  readonly probes: PodProbes;
  /** Filled in: why containers could not be started. */
  readonly failures: Map<string, StartFailure>;
  /** Something on the node has changed: the pod will be looked at again. */
  readonly changed: () => void;
  readonly sandboxReady: () => void;
  /** All containers are to start anew. */
  readonly restartingAll: boolean;
  /** The pod is to be ended: nothing new may be started. */
  readonly cancelled: () => boolean;
}

/** What came of it: whether anything was done, whether something failed and from when on it may be tried again. */
export interface PodSyncResult {
  readonly acted: boolean;
  readonly failed: boolean;
  readonly retryAt?: number;
  /** Why running containers cannot be given other resources. */
  readonly resizeProblem?: string;
}

const NOTHING_DONE: PodSyncResult = { acted: false, failed: false };

/** Does what is due now. @returns when to look again, where something failed */
export async function syncPod(options: PodSyncOptions): Promise<PodSyncResult> {
  const { pod, runtime, probes, node, cancelled } = options;
  if (!await mountVolumes(options)) return NOTHING_DONE;
  probes.start();
  tellMissingPullSecrets(options);
  const ended = latestEnded(runtime);
  const actions = computePodActions(pod, runtime, probes, options.restartingAll);
  if (options.restartingAll) return await resetAll(options, actions.reset);
  if (actions.killPod) await killPod(node, pod, runtime);
  for (const { container, message, reason } of actions.kill) await kill(options, container, message, reason);
  if (actions.createSandbox && !await createSandbox(options)) return { acted: true, failed: true };
  const resized = resizeInPlace(pod, runtime);
  if (resized.changed) options.changed();
  const results = new Results(options.failures, resized.problem);
  const { ephemeral, init, start: due } = actions;
  const imageVolumes = ephemeral.length + init.length + due.length > 0
    ? await pullImageVolumes(node, pod, options.volumes)
    : new Map();
  const start = (spec: ContainerSpec) => startOne(spec, { ...options, ended, imageVolumes }, results);
  for (const spec of ephemeral) await start(spec);
  for (const spec of init) {
    if (!await start(spec) && !isSidecar(spec)) return results.outcome();
  }
  for (const spec of due) {
    if (!cancelled()) await start(spec);
  }
  return results.outcome(actions.createSandbox || actions.kill.length > 0 || resized.changed);
}

function tellMissingPullSecrets({ node: { sources, recorder }, pod }: PodSyncOptions): void {
  const missing = (pod.spec!.imagePullSecrets ?? []).flatMap(({ name }) =>
    name && sources.secret(pod.metadata.namespace!, name) === undefined ? [name] : []
  );
  if (missing.length === 0) return;
  const message = `Unable to retrieve some image pull secrets (${missing.join(", ")}); ` +
    "attempting to pull the image may not succeed.";
  recorder.event(pod, "Warning", "FailedToRetrieveImagePullSecret", message);
}

/** Stops and forgets containers; the next turn starts them anew. */
async function resetAll(options: PodSyncOptions, all: readonly ContainerToReset[]): Promise<PodSyncResult> {
  const { node, pod, runtime, failures } = options;
  for (const { container, kill } of all) {
    const { name, restarts } = container;
    if (kill) await killContainer({ node, pod, runtime, container, message: "killing", gracePeriod: 0 });
    runtime.containers.splice(runtime.containers.indexOf(container), 1);
    runtime.removed.set(name, Math.max(restarts, runtime.removed.get(name) ?? 0));
    failures.delete(name);
  }
  return { acted: true, failed: false };
}

/** The failures and successes of one turn. */
class Results {
  #started = 0;
  #failed = 0;
  #retryAt: number | undefined;

  constructor(readonly failures: Map<string, StartFailure>, readonly resizeProblem: string | undefined) {}

  started(name: string): void {
    this.#started++;
    this.failures.delete(name);
  }

  failed(name: string, { reason, message, backoffUntil }: ContainerStartError): void {
    this.#failed++;
    this.failures.set(name, { reason, message });
    if (backoffUntil !== undefined) this.#retryAt = Math.min(this.#retryAt ?? Infinity, backoffUntil);
  }

  outcome(acted = false): PodSyncResult {
    const { resizeProblem } = this;
    const result = {
      acted: acted || this.#started + this.#failed > 0,
      failed: this.#failed > 0 || resizeProblem !== undefined,
      resizeProblem,
    };
    return this.#retryAt === undefined ? result : { ...result, retryAt: this.#retryAt };
  }
}

async function startOne(
  spec: ContainerSpec,
  options: PodSyncOptions & Pick<StartOptions, "ended" | "imageVolumes">,
  results: Results,
): Promise<boolean> {
  try {
    await startContainer(spec, { ...options, kill: (container, message) => kill(options, container, message) });
    results.started(spec.name);
    return true;
  } catch (error) {
    if (!(error instanceof ContainerStartError)) throw error;
    results.failed(spec.name, error);
    return false;
  }
}

function kill({ node, pod, runtime }: PodSyncOptions, container: Container, message: string, reason?: KillReason) {
  return killContainer({ node, pod, runtime, container, message, reason });
}

/** Waits until all volumes are there. @returns false when the pod is ended meanwhile */
async function mountVolumes({ node, pod, volumes, runtime, cancelled }: PodSyncOptions): Promise<boolean> {
  const { clock, recorder, tokens } = node;
  const options = () => volumeOptions(node, runtime.sandbox?.ip ?? pod.status?.podIP ?? "");
  const failed = (message: string) => recorder.event(pod, "Warning", "FailedMount", message);
  if (volumes.areMounted(pod)) {
    if (await tokens.prepare(pod)) volumes.refresh(pod, options());
    return true;
  }
  await clock.sleep(TIMING.mount);
  while (!cancelled()) {
    await tokens.prepare(pod);
    const next = volumes.mount(pod, options(), failed);
    if (next === undefined) return true;
    await volumes.wait(clock, Math.max(TIMING.mount, next - clock.now()));
  }
  return false;
}

/** Gives the pod its place on the node. */
async function createSandbox({ node, pod, runtime, changed, sandboxReady }: PodSyncOptions): Promise<boolean> {
  const { clock, addresses, recorder } = node;
  const problem = await deviceProblem(node.client, pod);
  if (problem !== undefined) {
    const message = `Failed to prepare dynamic resources: prepare dynamic resources: ${problem}`;
    recorder.event(pod, "Warning", "FailedPrepareDynamicResources", message);
    return false;
  }
  if (runtime.sandbox !== undefined) {
    recorder.event(pod, "Normal", "SandboxChanged", "Pod sandbox changed, it will be killed and re-created.");
  }
  // No two sandboxes take equally long.
  await clock.sleep(Math.round(TIMING.sandbox * (0.5 + clock.random())));
  const ip = pod.spec!.hostNetwork ? undefined : addresses.take();
  if (ip === undefined && !pod.spec!.hostNetwork) {
    const message = "Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for " +
      `sandbox: plugin type="flannel" failed (add): failed to allocate for range 0: no IP addresses available in range set`;
    recorder.event(pod, "Warning", "FailedCreatePodSandBox", message);
    return false;
  }
  runtime.sandbox = { id: containerdId(clock), ip, ready: true };
  changed();
  sandboxReady();
  return true;
}
