/**
 * Asks one container again and again, and counts what it answers.
 *
 * Source: `pkg/kubelet/prober/worker.go`.
 */
import type { Timer } from "../../clock.ts";
import type { Container as ContainerSpec, Pod, Probe } from "../../kinds/schema/types.ts";
import { type Container, latestContainer, type RuntimePod } from "../container.ts";
import { containerEvent, type NodeContext } from "../node_context.ts";
import type { ProbeResult } from "../pod_actions.ts";
import { type ProbeOutcome, runProbe } from "./probe.ts";

export type ProbeType = "Readiness" | "Liveness" | "Startup";

export interface ProbeTarget {
  readonly node: NodeContext;
  /** The pod as it is now. */
  readonly pod: () => Pod;
  readonly runtime: RuntimePod;
  readonly spec: ContainerSpec;
  /** Whether the container is past its startup probe. */
  readonly started: (container: Container) => boolean;
  /** Called when the result has changed. */
  readonly changed: () => void;
}

const INITIAL: Readonly<Record<ProbeType, ProbeResult>> = {
  Readiness: "failure",
  Liveness: "success",
  Startup: "unknown",
};

/** A server that has just been started needs a moment, in milliseconds. */
const SOON = 50;
/** After so many answers nobody waits any more for a container to become ready. */
const PATIENCE = 20;

export class ProbeWorker {
  #timer: Timer | undefined;
  #stopped = false;
  #asking = false;
  /** The container that was asked last. */
  #id = "";
  #result: ProbeResult | undefined;
  #streak: { readonly ok: boolean; count: number } = { ok: true, count: 0 };
  #onHold = false;

  #asked = 0;

  constructor(readonly type: ProbeType, readonly probe: Probe, readonly target: ProbeTarget) {}

  /** Asks now, and then again and again. */
  start(): void {
    if (this.#timer === undefined && !this.#asking) this.#ask();
  }

  /** What is known of a container, undefined where it was never asked. */
  result(id: string): ProbeResult | undefined {
    return id === this.#id ? this.#result : undefined;
  }

  /** The container is known to be well. */
  assume(id: string): void {
    this.#id = id;
    this.#result = "success";
    this.#next((this.probe.periodSeconds ?? 10) * 1000);
  }

  /** Asks soon, instead of at the next time. */
  trigger(): void {
    if (!this.#asking) this.#next(SOON);
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
  }

  #next(ms: number): void {
    this.#timer?.cancel();
    if (this.#stopped) return;
    // A container that is well, or has long not been ready, is asked for ever: that is the steady state.
    const background = this.#result === "success" || (this.type === "Readiness" && this.#asked > PATIENCE);
    this.#timer = this.target.node.clock.after(ms, () => this.#ask(), { background });
  }

  #ask(): void {
    this.#asking = true;
    this.#asked++;
    this.#once().catch(this.target.node.report).finally(() => {
      this.#asking = false;
      this.#next((this.probe.periodSeconds ?? 10) * 1000);
    });
  }

  async #once(): Promise<void> {
    const { runtime, spec, node, pod, started } = this.target;
    const container = latestContainer(runtime, spec.name);
    if (container === undefined) return;
    if (container.id !== this.#id) {
      this.#id = container.id;
      this.#streak = { ok: true, count: 0 };
      this.#onHold = false;
      this.#asked = 1;
      this.#set(INITIAL[this.type]);
    }
    if (this.#onHold) return;
    if (container.state !== "running") return this.#set("failure");
    if (pod().metadata.deletionTimestamp !== undefined && this.type !== "Readiness") {
      this.#set("success");
      return this.stop();
    }
    const age = Math.floor((node.clock.now() - container.startedAt!) / 1000);
    if (age < (this.probe.initialDelaySeconds ?? 0)) return;
    if (started(container) === (this.type === "Startup")) return;
    const podIP = runtime.sandbox?.ip ?? node.hostIP;
    const outcome = await this.#within(runProbe(this.probe, spec, container, podIP));
    if (container.id === this.#id && container.state === "running") this.#count(outcome);
  }

  #count({ ok, output }: ProbeOutcome): void {
    const { node, pod, spec } = this.target;
    if (!ok) {
      containerEvent(node, pod(), spec.name, "Warning", "Unhealthy", `${this.type} probe failed: ${output}`);
    }
    if (this.#streak.ok === ok) this.#streak.count++;
    else this.#streak = { ok, count: 1 };
    const threshold = ok ? this.probe.successThreshold ?? 1 : this.probe.failureThreshold ?? 3;
    if (this.#streak.count < threshold) return;
    this.#set(ok ? "success" : "failure");
    // The container will be started anew: what it says until then no longer counts.
    if (!ok && this.type !== "Readiness") {
      this.#onHold = true;
      this.#streak = { ok: true, count: 0 };
    }
  }

  #set(result: ProbeResult): void {
    if (this.#result === result) return;
    const first = this.#result === undefined || result === INITIAL[this.type];
    this.#result = result;
    if (!first || result === "failure" || this.type === "Startup") this.target.changed();
  }

  /** A command that takes longer than the probe's time has failed. */
  #within(work: Promise<ProbeOutcome>): Promise<ProbeOutcome> {
    const seconds = this.probe.timeoutSeconds ?? 1;
    return new Promise((resolve, reject) => {
      const output = `command timed out: ${
        JSON.stringify((this.probe.exec?.command ?? []).join(" "))
      } timed out after ${seconds}s`;
      const timer = this.target.node.clock.after(seconds * 1000, () => resolve({ ok: false, output }));
      work.then(resolve, reject).finally(() => timer.cancel());
    });
  }
}
