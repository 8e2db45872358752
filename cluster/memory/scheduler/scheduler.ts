/**
 * The scheduler: watches pods and nodes, decides for one waiting pod after the other, and binds it to its node.
 *
 * Decisions are made one at a time on the cache; binding goes on beside, so that the next decision need not wait.
 *
 * Source: `pkg/scheduler/{scheduler,schedule_one,eventhandlers}.go`.
 */
import type { Client } from "../api/client.ts";
import { type SeriesRecorder, seriesRecorder } from "../api/event_recorder.ts";
import type { Informers } from "../api/informer.ts";
import { pods } from "../api/kind_refs.ts";
import type { Clock } from "../clock.ts";
import { equalJson } from "../kinds/json.ts";
import type { Pod } from "../kinds/schema/types.ts";
import { type Misfit, type Placement, schedulePod } from "./algorithm.ts";
import { SchedulerCache } from "./cache.ts";
import { watchCluster } from "./cluster_events.ts";
import { fitError } from "./fit_error.ts";
import { mayHelp } from "./framework/framework.ts";
import type { ClusterEvent } from "./framework/plugin.ts";
import { podInfo } from "./framework/pod_info.ts";
import { type Listers, listers } from "./helper/listers.ts";
import { Nominator } from "./nominator.ts";
import { patchPodStatus } from "./pod_status.ts";
import { evictVictims } from "./preemption_executor.ts";
import { DYNAMIC_RESOURCES, NO_NEW_CLAIMS } from "./plugins/dynamic_resources.ts";
import { preempt } from "./preemption.ts";
import { DEFAULT_SCHEDULER, type Profile, profile, type ProfileOptions } from "./profile.ts";
import { type QueuedPod, SchedulingQueue } from "./queue.ts";

export interface SchedulerOptions {
  readonly client: Client;
  readonly informers: Informers;
  readonly clock: Clock;
  /** Told of what went wrong; the scheduler goes on. */
  readonly report: (error: unknown) => void;
  /** One profile, "default-scheduler", unless said. */
  readonly profiles?: readonly ProfileOptions[];
  /** The node that it runs on, for events. */
  readonly host?: string;
}

/** A profile, and who tells of what it does. */
type RecordedProfile = Profile & { readonly recorder: SeriesRecorder };

/** Decisions made in a row before others get their turn. */
const BATCH = 32;

export class Scheduler {
  readonly cache: SchedulerCache;
  readonly listers: Listers;
  readonly #profiles = new Map<string, RecordedProfile>();
  readonly #queue: SchedulingQueue;
  readonly #nominator = new Nominator();
  /** Pods that a plugin keeps out of the queue, by their keys. */
  readonly #gated = new Map<string, Pod>();
  /** Pods for which victims are being evicted right now. */
  readonly #preempting = new Set<string>();
  #start = 0;
  #running = false;
  #stopped = false;

  constructor(readonly options: SchedulerOptions) {
    const { client, informers, clock, report, host, profiles = [{ schedulerName: DEFAULT_SCHEDULER }] } = options;
    this.listers = listers(informers);
    this.cache = new SchedulerCache(this.listers.namespaceLabels);
    for (const own of profiles) {
      const recorder = seriesRecorder({ client, clock, component: own.schedulerName, host, report });
      this.#profiles.set(own.schedulerName, { ...profile(own, { listers: this.listers, client, clock }), recorder });
    }
    this.#queue = new SchedulingQueue(clock, () => this.#run());
    watchCluster(informers, this);
  }

  profileOf(pod: Pod): RecordedProfile | undefined {
    return this.#profiles.get(pod.spec?.schedulerName ?? DEFAULT_SCHEDULER);
  }

  /** A pod without a node has come or changed. */
  pending(pod: Pod, previous: Pod | undefined): void {
    const own = this.profileOf(pod);
    if (own === undefined) return;
    const info = podInfo(pod);
    if (own.plugins.some((plugin) => plugin.preEnqueue?.(pod) !== undefined)) {
      this.#gated.set(info.key, pod);
      return this.#queue.remove(info.key);
    }
    const wasGated = this.#gated.delete(info.key);
    const nominated = pod.status?.nominatedNodeName;
    if (nominated) this.#nominator.set(info, nominated);
    else if (previous?.status?.nominatedNodeName) this.#nominator.remove(info.key);
    if (!this.#queue.has(info.key)) {
      if (wasGated || previous?.metadata.uid !== pod.metadata.uid) this.#queue.add(info);
      return;
    }
    this.#queue.update(info, previous !== undefined && mayFitNow(pod, previous));
  }

  /** A pod needs no node any more: it has one, or is gone. */
  settled(key: string): void {
    this.#gated.delete(key);
    this.#queue.remove(key);
    this.#nominator.remove(key);
  }

  /** Something happened that may make room. */
  happened(event: ClusterEvent): void {
    // Nothing else than the pod itself and its claims opens a gate.
    if (event.resource === "ResourceClaim") { for (const pod of [...this.#gated.values()]) this.pending(pod, pod); }
    this.#queue.wakeUp(({ info, rejectedBy }) => {
      const own = this.#preempting.has(info.key) ? undefined : this.profileOf(info.pod);
      return own !== undefined && mayHelp(own.plugins, rejectedBy, event, info);
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#queue.stop();
    for (const { recorder } of this.#profiles.values()) recorder.stop();
  }

  #run(): void {
    if (this.#running || this.#stopped) return;
    this.#running = true;
    this.options.clock.soon(() => this.#work());
  }

  #work(): void {
    for (let i = 0; i < BATCH; i++) {
      const queued = this.#stopped ? undefined : this.#queue.pop();
      if (queued === undefined) {
        this.#running = false;
        return;
      }
      try {
        this.#scheduleOne(queued);
      } catch (error) {
        this.options.report(error);
        this.#failed(queued, errorMessage(error), new Set(), "SchedulerError", "");
      }
    }
    this.options.clock.after(0, () => this.#work());
  }

  #scheduleOne(queued: QueuedPod): void {
    const { info } = queued;
    const own = this.profileOf(info.pod)!;
    if (this.cache.isAssumed(info.key)) return;
    if (info.pod.metadata.deletionTimestamp !== undefined) {
      const note = `skip schedule deleting pod: ${info.key}`;
      return own.recorder.event(info.pod, undefined, "Warning", "FailedScheduling", "Scheduling", note);
    }
    const snapshot = this.cache;
    if (snapshot.nodes.length === 0) {
      return this.#failed(queued, "no nodes available to schedule pods", new Set(["NodeName"]), "Unschedulable", "");
    }
    const decision = schedulePod(info, {
      plugins: own.plugins,
      snapshot,
      nominator: this.#nominator,
      start: this.#start,
      random: () => this.options.clock.random(),
    });
    this.#start = (this.#start + decision.processed) % snapshot.nodes.length;
    if ("diagnosis" in decision) return this.#unschedulable(queued, decision);
    this.cache.assume(info, decision.node.name);
    for (const [plugin, state] of decision.state) plugin.reserve?.(info, decision.node, state);
    this.#nominator.remove(info.key);
    void this.#bind(queued, decision);
  }

  async #bind(queued: QueuedPod, { node, state }: Placement): Promise<void> {
    const { info: { pod, key }, info } = queued;
    const { namespace, name, uid } = pod.metadata;
    const { recorder } = this.profileOf(pod)!;
    const { client, clock, report } = this.options;
    try {
      // Whoever wants to know where the pod is going to be need not wait for its volumes.
      if ([...state].some(([plugin, own]) => plugin.preBindPreFlight?.(info, node, own))) {
        await clock.track(patchPodStatus({ client, clock }, pod, { nominatedNodeName: node.name }).catch(report));
      }
      for (const [plugin, own] of state) {
        const prepared = plugin.preBind?.(info, node, own);
        await prepared?.catch(rethrow(`running PreBind plugin "${plugin.name}"`));
      }
      // Only requests count as work: waiting for volumes takes time, which nobody may wait for.
      const request = client.post(pods, namespace, name!, "binding", {
        apiVersion: "v1",
        kind: "Binding",
        metadata: { namespace, name, uid },
        target: { kind: "Node", name: node.name },
      });
      await clock.track(request).catch(rethrow('binding rejected: running Bind plugin "DefaultBinder"'));
      const note = `Successfully assigned ${key} to ${node.name}`;
      recorder.event(pod, undefined, "Normal", "Scheduled", "Binding", note);
    } catch (error) {
      for (const [plugin, own] of state) plugin.unreserve?.(info, node, own);
      this.cache.forget(key);
      this.#failed(queued, errorMessage(error), new Set(), "SchedulerError", "");
    }
  }

  #unschedulable(queued: QueuedPod, { diagnosis, state }: Misfit): void {
    const { info } = queued;
    const total = this.cache.nodes.length;
    const rejectedBy = new Set([...diagnosis.nodes.values()].map(({ plugin }) => plugin));
    if (state === undefined) {
      rejectedBy.add(diagnosis.preFilterPlugin!);
      // Without what its own preFilter works out, the plugin for resource claims, which comes first, cannot go on.
      const postFilter = diagnosis.preFilterPlugin === DYNAMIC_RESOURCES
        ? `${NO_NEW_CLAIMS}, preemption: 0/${total} nodes are available: ${total} Preemption is not helpful for scheduling.`
        : "not found";
      return this.#failed(queued, fitError(total, { ...diagnosis, postFilter }), rejectedBy, "Unschedulable");
    }
    for (const plugin of this.profileOf(info.pod)!.plugins) if (diagnosis.others) rejectedBy.add(plugin.name);
    const outcome = preempt(info, {
      state,
      diagnosis,
      snapshot: this.cache,
      nominator: this.#nominator,
      budgets: this.listers.disruptionBudgets(),
      random: () => this.options.clock.random(),
    });
    if ("message" in outcome) {
      const [own] = [...state].flatMap(([plugin, state]) => plugin.postFilter?.(info, state) ?? []);
      if (own?.work !== undefined) void this.options.clock.track(own.work.catch(this.options.report));
      const postFilter = `${own?.message ?? NO_NEW_CLAIMS}, preemption: ${outcome.message}`;
      const nominated = outcome.message.startsWith("not eligible") ? undefined : "";
      return this.#failed(
        queued,
        fitError(total, { ...diagnosis, postFilter }),
        rejectedBy,
        "Unschedulable",
        nominated,
      );
    }
    const { candidate } = outcome;
    this.#nominator.set(info, candidate.node);
    this.#failed(queued, fitError(total, diagnosis), rejectedBy, "Unschedulable", candidate.node);
    this.#preempting.add(info.key);
    const { client, clock, report } = this.options;
    const { recorder } = this.profileOf(info.pod)!;
    const lower = [...this.#nominator.on(candidate.node)].filter(({ priority }) => priority < info.priority);
    const done = evictVictims({ client, clock, recorder, report }, info.pod, candidate, lower).finally(() => {
      this.#preempting.delete(info.key);
      // All victims may be gone already, and nothing else would wake the pod.
      const { pods } = this.cache.get(candidate.node) ?? {};
      if (!candidate.victims.some(({ key }) => pods?.has(key))) this.#queue.wakeUp((pod) => pod.info.key === info.key);
    });
    clock.track(done);
  }

  /** Tells of a failed attempt and puts the pod back. @param nominated the node to get, "" for none, undefined as it was */
  #failed(
    queued: QueuedPod,
    message: string,
    rejectedBy: ReadonlySet<string>,
    reason: "Unschedulable" | "SchedulerError",
    nominated?: string,
  ): void {
    const { info: { pod, key } } = queued;
    const { clock, client, report, informers } = this.options;
    const current = informers.for(pods).get(pod.metadata.namespace, pod.metadata.name!);
    if (current === undefined || current.metadata.uid !== pod.metadata.uid || current.spec?.nodeName) return;
    this.#queue.addUnschedulable({ ...queued, info: podInfo(current), rejectedBy });
    if (nominated === "") this.#nominator.remove(key);
    const { recorder } = this.profileOf(pod)!;
    recorder.event(current, undefined, "Warning", "FailedScheduling", "Scheduling", truncated(message));
    const condition = { type: "PodScheduled", status: "False", reason, message };
    clock.track(patchPodStatus({ client, clock }, current, { condition, nominatedNodeName: nominated }).catch(report));
  }
}

/** Says in which step an error happened. */
const rethrow = (where: string) => (error: unknown): never => {
  throw new Error(`${where}: ${errorMessage(error)}`, { cause: error });
};

const errorMessage = (error: unknown) => error instanceof Error ? error.message : String(error);

/** Events take a note of so many characters. */
const LONGEST_NOTE = 1024;
const truncated = (message: string) =>
  message.length <= LONGEST_NOTE ? message : `${message.slice(0, LONGEST_NOTE - 4)} ...`;

/** Whether a pod's own change may let it fit: what it asks for, tolerates and is called. */
function mayFitNow(pod: Pod, previous: Pod): boolean {
  return !equalJson(pod.spec, previous.spec) || !equalJson(pod.metadata.labels ?? {}, previous.metadata.labels ?? {});
}
