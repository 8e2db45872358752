/**
 * The kubelet of one node: takes the pods that are given to the node, keeps a worker for each, and tells them when
 * their containers have changed.
 *
 * Source: `pkg/kubelet/kubelet.go`, `pkg/kubelet/pleg/generic.go`.
 */
import type { Timer } from "../clock.ts";
import type { Node, Pod } from "../kinds/schema/types.ts";
import type { Partially } from "../kinds/object.ts";
import { admit, type Rejection } from "./admission.ts";
import { forgetDead } from "./container.ts";
import { createMirror, isMirror, releaseMirror, restoreMirror, sameStaticPod } from "./mirror_pod.ts";
import type { NodeContext } from "./node_context.ts";
import { PodWorker } from "./pod_worker.ts";
import { isTerminal } from "../kinds/core/pod/phase.ts";
import { computeQos } from "../kinds/core/pod/qos.ts";
import { StatusManager } from "./status/status_manager.ts";

/** The node's containers are looked at this often, in milliseconds. */
const RELIST = 1000;

export class Kubelet {
  readonly #workers = new Map<string, PodWorker>();
  readonly #changed = new Set<PodWorker>();
  readonly #startedAt: number;
  #relist: Timer | undefined;
  #stopped = false;

  /** @param node the node as the API has it now */
  constructor(
    readonly context: NodeContext,
    readonly node: () => Node | undefined,
    /** Why the node takes no such pod at the moment, whatever room it has. */
    readonly refuse: (pod: Pod) => Rejection | undefined = () => undefined,
  ) {
    this.#startedAt = context.clock.now();
  }

  get workers(): Iterable<PodWorker> {
    return this.#workers.values();
  }

  workerOf(uid: string): PodWorker | undefined {
    return this.#workers.get(uid);
  }

  /** A pod of this node has come or changed. */
  setPod(pod: Pod): void {
    if (this.#stopped) return;
    const uid = pod.metadata.uid!;
    const worker = this.#workers.get(uid);
    if (worker !== undefined) {
      if (!worker.isStatic || pod.metadata.deletionTimestamp === undefined) return worker.update(pod);
      return this.#track(releaseMirror(this.context, pod));
    }
    if (isMirror(pod) && (pod.metadata.deletionTimestamp !== undefined || this.#rebind(pod))) return;
    if (isTerminal(pod) && pod.metadata.deletionTimestamp === undefined) return;
    const added = this.#add(pod);
    if (pod.metadata.deletionTimestamp !== undefined) return added.update(pod);
    if (!this.#admit(pod)) this.#workers.delete(uid);
    else added.wake();
  }

  /** A pod of this node is gone from the API. */
  removePod({ metadata }: Pod): void {
    const worker = this.#workers.get(metadata.uid!);
    if (worker === undefined) return;
    if (worker.isStatic && !this.#stopped) return this.#track(restoreMirror(this.context, worker.pod));
    worker.remove();
    if (worker.terminated) this.#workers.delete(metadata.uid!);
  }

  /** Runs a pod from a manifest of the node's own. */
  async addStaticPod(manifest: Partially<Pod>): Promise<Pod> {
    return await createMirror(this.context, manifest);
  }

  /** Ends a static pod whose manifest is gone. */
  async removeStaticPod(namespace: string, name: string): Promise<void> {
    for (const [uid, worker] of [...this.#workers]) {
      const { metadata } = worker.pod;
      if (!worker.isStatic || metadata.namespace !== namespace || metadata.name !== name) continue;
      this.#workers.delete(uid);
      worker.remove();
      await releaseMirror(this.context, worker.pod);
    }
  }

  /** A mirror that was put back shows a pod that runs already. */
  #rebind(pod: Pod): boolean {
    for (const [uid, worker] of this.#workers) {
      if (!worker.isStatic || !sameStaticPod(worker.pod, pod)) continue;
      this.#workers.delete(uid);
      this.#workers.set(pod.metadata.uid!, worker);
      worker.rebind(pod);
      return true;
    }
    return false;
  }

  #track(work: Promise<unknown>): void {
    const { clock, report } = this.context;
    void clock.track(work.catch(report));
  }

  /** Takes over a pod whose containers run already, as after a restart of the kubelet. */
  adopt(pod: Pod, prepare: (worker: PodWorker) => void): void {
    prepare(this.#add(pod));
  }

  stop(): void {
    this.#stopped = true;
    this.#relist?.cancel();
  }

  #add(pod: Pod): PodWorker {
    const worker = new PodWorker(pod, {
      node: this.context,
      relist: (worker, now) => this.#look(worker, now),
      admit: (pod) => this.#refusal(pod),
      ended: (worker) => this.#ended(worker),
    });
    this.#workers.set(pod.metadata.uid!, worker);
    return worker;
  }

  #ended(worker: PodWorker): void {
    this.#changed.delete(worker);
    // One that was removed by force has nobody left who would ask for it.
    if (worker.gone) this.#workers.delete(worker.pod.metadata.uid!);
  }

  /** Why the node cannot take a pod beside those that it has. */
  #refusal(pod: Pod): Rejection | undefined {
    const node = this.node();
    if (node === undefined) return undefined;
    const others = [...this.#workers.values()].filter((worker) =>
      worker.pod.metadata.uid !== pod.metadata.uid && !worker.terminated && !isTerminal(worker.pod)
    ).map((worker) => worker.pod);
    return admit(pod, node, others);
  }

  #admit(pod: Pod): boolean {
    const rejection = this.refuse(pod) ?? this.#refusal(pod);
    if (rejection === undefined) return true;
    const { reason, message } = rejection;
    this.context.recorder.event(pod, "Warning", reason, message);
    const status = new StatusManager(this.context, pod);
    const said = { reason, message: `Pod was rejected: ${message}` };
    const { generation: observedGeneration } = pod.metadata;
    status.set({ observedGeneration, phase: "Failed", ...said, qosClass: computeQos(pod.spec!) }, true);
    return false;
  }

  /** Looks at a pod's containers now, or together with those of the others at the next whole second. */
  #look(worker: PodWorker, now = false): void {
    if (now) {
      this.#changed.delete(worker);
      if (worker.changed) {
        worker.changed = false;
        forgetDead(worker.runtime);
        worker.wake();
      }
      return;
    }
    this.#changed.add(worker);
    if (this.#relist !== undefined || this.#stopped) return;
    const { clock } = this.context;
    const age = clock.now() - this.#startedAt;
    this.#relist = clock.after(RELIST - age % RELIST, () => {
      this.#relist = undefined;
      for (const changed of [...this.#changed]) this.#look(changed, true);
    });
  }
}
