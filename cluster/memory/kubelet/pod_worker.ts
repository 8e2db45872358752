/**
 * The life of one pod on its node, as a machine of three states: it is kept as its spec asks (syncing), it is being
 * ended (terminating), and its end is made known (terminated). One turn at a time; what happens meanwhile leads to
 * another turn.
 *
 * Source: `pkg/kubelet/pod_workers.go`, `pkg/kubelet/kubelet.go` (SyncPod, SyncTerminatingPod, SyncTerminatedPod).
 */
import type { Timer } from "../clock.ts";
import { instant } from "../api/timestamps.ts";
import { isTerminalPhase } from "../kinds/core/pod/phase.ts";
import { equalJson } from "../kinds/json.ts";
import type { Pod, PodCondition } from "../kinds/schema/types.ts";
import type { Rejection } from "./admission.ts";
import type { RuntimePod } from "./container.ts";
import { killPod } from "./container_killer.ts";
import { isMirror } from "./mirror_pod.ts";
import { type NodeContext, volumeOptions } from "./node_context.ts";
import { PodAllocation } from "./pod_resize.ts";
import { syncPod } from "./pod_sync.ts";
import { PodProbes } from "./prober/pod_probes.ts";
import type { StartFailure } from "./status/container_statuses.ts";
import { isRestartingAll } from "./status/conditions.ts";
import { podStatus } from "./status/pod_status.ts";
import { StatusManager } from "./status/status_manager.ts";
import { PodVolumes } from "./volumes/pod_volumes.ts";

/** A pod is ended by the kubelet itself: its reason and message go into the status. */
export interface PodEnd {
  readonly reason: string;
  readonly message: string;
  /** Seconds instead of the pod's own grace period. */
  readonly gracePeriod?: number;
  readonly condition?: PodCondition;
}

export interface PodWorkerOptions {
  readonly node: NodeContext;
  /** Asks for a look at the pod when the node's containers are next looked at; at once if `now`. */
  readonly relist: (worker: PodWorker, now?: boolean) => void;
  /** Why the node has no room for the pod as it is now. */
  readonly admit: (pod: Pod) => Rejection | undefined;
  /** The pod's containers have all ended. */
  readonly ended: (worker: PodWorker) => void;
}

/** Milliseconds between turns of a pod that needs nothing, and after one that failed; a share is added by chance. */
const RESYNC = 60_000;
const RETRY = 10_000;
const JITTER = 0.5;
/** Turns begin at whole seconds of the node's life. */
const TICK = 1000;

/** Looks after one pod, from its first sight to its end. */
export class PodWorker {
  readonly runtime: RuntimePod = { sandbox: undefined, containers: [], removed: new Map() };
  readonly volumes = new PodVolumes();
  readonly probes: PodProbes;
  status: StatusManager;
  readonly #failures = new Map<string, StartFailure>();
  readonly #allocation: PodAllocation;
  #phase: "syncing" | "terminating" | "terminated" | "finished" = "syncing";
  #working = false;
  #pending = false;
  #timer: Timer | undefined;
  #nextTurn = 0;
  #deadline: Timer | undefined;
  /** Renews the volumes' files, where what they follow has changed. */
  #refresh: Timer | undefined;
  #end: PodEnd | undefined;
  #gone = false;
  /** A container has changed since the node's containers were last looked at. */
  changed = false;

  constructor(public pod: Pod, readonly options: PodWorkerOptions) {
    const { node } = options;
    this.status = new StatusManager(node, pod);
    this.#allocation = new PodAllocation(pod);
    const changed = () => this.wake();
    this.probes = new PodProbes({ node, pod: () => this.pod, runtime: this.runtime, changed });
  }

  get isStatic(): boolean {
    return isMirror(this.pod);
  }

  /** Whether the pod is no longer in the API. */
  get gone(): boolean {
    return this.#gone;
  }

  get terminated(): boolean {
    return this.#phase === "terminated" || this.#phase === "finished";
  }

  /** The pod has changed in the API. */
  update(pod: Pod): void {
    const previous = this.pod;
    this.pod = pod;
    if (pod.metadata.deletionTimestamp !== undefined) {
      if (this.#phase === "finished") return this.status.finish();
      return this.#terminate();
    }
    if (!sameMarks(previous, pod)) this.#refreshVolumes();
    // What the kubelet itself wrote is no news.
    if (previous.metadata.generation !== pod.metadata.generation || hasOthersConditions(pod, previous)) this.wake();
  }

  /** Another object of the API shows the pod from now on: a mirror that was put back. */
  rebind(pod: Pod): void {
    const { status } = this.status;
    this.pod = pod;
    this.status = new StatusManager(this.options.node, pod);
    this.status.set(status);
    this.wake();
  }

  /** The pod is gone from the API, whatever still runs of it. */
  remove(): void {
    this.#gone = true;
    if (this.#phase === "finished") return this.#forget();
    this.#terminate();
  }

  /** Ends the pod for a reason of the node's. */
  evict(end: PodEnd): void {
    if (this.#end !== undefined || this.#phase !== "syncing") return;
    this.#end = end;
    this.#terminate();
  }

  /** Mounts what can be mounted at once. */
  mountVolumes(): void {
    this.volumes.mount(this.pod, this.#volumeOptions(), () => {});
  }

  /** What the pod's volumes are made of has changed: their files follow with the pod's next turn, within 90 seconds. */
  sourceChanged(): void {
    this.volumes.expect();
    if (this.#phase !== "syncing") return;
    const { clock } = this.options.node;
    this.#refresh ??= clock.after(Math.max(0, this.#nextTurn - clock.now()), () => this.#refreshVolumes());
  }

  #refreshVolumes(): void {
    this.#refresh?.cancel();
    this.#refresh = undefined;
    this.volumes.refresh(this.pod, this.#volumeOptions());
  }

  #volumeOptions() {
    const { node } = this.options;
    return volumeOptions(node, this.runtime.sandbox?.ip ?? node.hostIP);
  }

  /** The pod runs already: it is looked after from now on, without a turn that would write what is known. */
  adopted(): void {
    this.probes.adopt(this.runtime.containers);
    // Its tokens are fetched with the first turn.
    this.#later(this.volumes.areMounted(this.pod) ? TICK : RESYNC, true);
  }

  /** The API can be reached again. */
  reconnected(): void {
    this.status.resend();
    this.wake();
  }

  /** Asks for a turn. */
  wake(): void {
    if (this.#phase === "finished") return;
    this.#pending = true;
    if (this.#working) return;
    this.#working = true;
    this.options.node.clock.soon(() => void this.#work());
  }

  #terminate(): void {
    if (this.#phase === "syncing") this.#phase = "terminating";
    this.volumes.giveUp();
    this.#refresh?.cancel();
    this.wake();
  }

  async #work(): Promise<void> {
    while (this.#pending) {
      this.#pending = false;
      this.#timer?.cancel();
      try {
        if (this.#phase === "syncing") await this.#sync();
        else if (this.#phase === "terminating") await this.#stop();
        else if (this.#phase === "terminated") this.#finish();
      } catch (error) {
        this.options.node.report(error);
        this.#later(RETRY);
      }
    }
    this.#working = false;
  }

  async #sync(): Promise<void> {
    const { node, relist, admit } = this.options;
    if (this.#refresh !== undefined) this.#refreshVolumes();
    this.#allocation.update(this.pod, () => admit(this.pod), node.recorder);
    const status = this.#compute(false);
    if (isTerminalPhase(status.phase)) {
      this.status.set(status);
      return this.#terminate();
    }
    this.status.set(status);
    this.#watchDeadline();
    const pod = this.#allocation.grantedPod(this.pod);
    const restartingAll = isRestartingAll(status);
    const result = await syncPod({
      restartingAll,
      node,
      pod,
      runtime: this.runtime,
      volumes: this.volumes,
      probes: this.probes,
      failures: this.#failures,
      changed: () => {
        this.changed = true;
        relist(this);
      },
      sandboxReady: () => this.#sandboxReady(),
      cancelled: () => this.#phase !== "syncing",
    });
    if (this.#phase !== "syncing") return this.wake();
    if (restartingAll) return this.wake();
    if (result.resizeProblem !== undefined) this.#allocation.fail(pod, result.resizeProblem, node.recorder);
    else if (!result.failed) this.#allocation.complete(pod, node.recorder);
    if (result.acted && !result.failed) relist(this, true);
    if (!result.failed) return this.#later(RESYNC, true);
    const delay = result.retryAt === undefined ? RETRY : result.retryAt - node.clock.now();
    this.#later(Math.min(RESYNC, Math.max(0, delay)));
  }

  async #stop(): Promise<void> {
    const { node } = this.options;
    if (!this.#gone) this.status.set(this.#compute(false));
    this.#deadline?.cancel();
    const gracePeriod = this.#gone ? 1 : this.#end?.gracePeriod;
    const shortened = () => this.#gone ? 0 : this.pod.metadata.deletionGracePeriodSeconds;
    await killPod(node, this.pod, this.runtime, { gracePeriod, shortened });
    this.probes.stop();
    const { sandbox } = this.runtime;
    if (sandbox?.ready) {
      sandbox.ready = false;
      if (sandbox.ip !== undefined) node.addresses.release(sandbox.ip);
    }
    if (!this.#gone) this.status.set(this.#compute(true), true);
    this.#phase = "terminated";
    this.options.ended(this);
    this.wake();
  }

  #finish(): void {
    this.#phase = "finished";
    if (this.#gone) return this.#forget();
    this.status.set(this.#compute(true), true);
    this.status.finish(this.isStatic);
  }

  #forget(): void {
    const { node } = this.options;
    const uid = this.pod.metadata.uid!;
    this.#timer?.cancel();
    this.#deadline?.cancel();
    node.crashLoop.forget(`${uid}_`);
    node.images.forget(uid);
    node.tokens.forget(uid);
  }

  #compute(terminal: boolean) {
    const { node: { hostIP } } = this.options;
    const end = this.#end;
    if (end?.reason === "DeadlineExceeded") this.#tellDeadline();
    const conditions = [
      ...terminal ? [] : this.#allocation.conditions,
      ...end?.condition === undefined ? [] : [end.condition],
    ];
    return podStatus(this.#allocation.grantedPod(this.pod), {
      runtime: this.runtime,
      previous: this.status.status,
      failures: this.#failures,
      probes: this.probes,
      hostIP,
      terminal,
      isStatic: this.isStatic,
      ...end === undefined ? {} : { ended: end },
      conditions,
    });
  }

  /** The sandbox is made known before the first image is pulled, which may take long. */
  #sandboxReady(): void {
    const { status } = this.status;
    const conditions = status.conditions?.map((condition) =>
      condition.type === "PodReadyToStartContainers" ? { ...condition, status: "True" } : condition
    );
    this.status.set({ ...status, ...conditions === undefined ? {} : { conditions } });
  }

  /** The next turn, unless something calls for one before. */
  #later(ms: number, background = false): void {
    const { clock } = this.options.node;
    const jittered = ms * (1 + JITTER * clock.random());
    this.#timer?.cancel();
    const delay = Math.ceil(jittered / TICK) * TICK;
    this.#nextTurn = clock.now() + delay;
    this.#timer = clock.after(delay, () => this.wake(), { background });
  }

  #watchDeadline(): void {
    const seconds = this.pod.spec!.activeDeadlineSeconds;
    const started = instant(this.status.status.startTime);
    if (seconds === undefined || started === undefined) return;
    const { clock } = this.options.node;
    this.#deadline?.cancel();
    this.#deadline = clock.after(started + seconds * 1000 - clock.now(), () => {
      this.#tellDeadline();
      this.evict({ reason: "DeadlineExceeded", message: DEADLINE_EXCEEDED });
    });
  }

  /** The kubelet tells it again with each status that it makes of the pod from then on. */
  #tellDeadline(): void {
    this.options.node.recorder.event(this.pod, "Normal", "DeadlineExceeded", DEADLINE_EXCEEDED);
  }
}

const DEADLINE_EXCEEDED = "Pod was active on the node longer than the specified deadline";

/** Labels and annotations, which containers may read in files. */
const sameMarks = ({ metadata: a }: Pod, { metadata: b }: Pod) =>
  equalJson(a.labels, b.labels) && equalJson(a.annotations, b.annotations);

/** Readiness gates: conditions that others write count for the pod's readiness. */
function hasOthersConditions({ spec, status }: Pod, previous: Pod): boolean {
  const gates = spec?.readinessGates ?? [];
  const stateOf = (conditions: readonly PodCondition[] | undefined, gate: string) =>
    conditions?.find(({ type }) => type === gate)?.status;
  return gates.some(({ conditionType }) =>
    stateOf(status?.conditions, conditionType) !== stateOf(previous.status?.conditions, conditionType)
  );
}
