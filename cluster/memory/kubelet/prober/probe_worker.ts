/**
 * Asks one container again and again, and counts what it answers.
 *
 * Source: `pkg/kubelet/prober/worker.go`.
 */
import type { Timer } from "../../clock.ts";
import type { Pod, Probe } from "../../kinds/schema/types.ts";
import { type Container, latestContainer } from "../container.ts";
import { mayComeBack } from "../container_refs.ts";
import { containerEvent } from "../node_context.ts";
import type { ProbeResult } from "../pod_actions.ts";
import type { PodTarget } from "./http_get.ts";
import { type ProbeOutcome, runProbe, timedOut } from "./probe.ts";

export type ProbeType = "Readiness" | "Liveness" | "Startup";

export interface ProbeTarget extends PodTarget {
  /** The pod as it is now. */
  readonly pod: () => Pod;
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
    if (container.state !== "running") {
      this.#set("failure");
      const over = container.state === "exited" && !mayComeBack(pod(), spec, runtime);
      return over ? this.stop() : undefined;
    }
    if (pod().metadata.deletionTimestamp !== undefined && this.type !== "Readiness") {
      this.#set("success");
      return this.stop();
    }
    const age = Math.floor((node.clock.now() - container.startedAt!) / 1000);
    if (age < (this.probe.initialDelaySeconds ?? 0)) return;
    if (started(container) === (this.type === "Startup")) return;
    const outcome = await this.#within(() => runProbe(this.probe, this.target, container));
    if (container.id === this.#id && container.state === "running") this.#count(outcome);
  }

  #count({ result, output }: ProbeOutcome): void {
    const { node, pod, spec } = this.target;
    const warn = (reason: string, message: string) =>
      containerEvent(node, pod(), spec.name, "Warning", reason, `${this.type} probe ${message}`);
    if (result === "errored") return warn("Unhealthy", `errored and resulted in unknown state: ${output}`);
    if (result === "warning") warn("ProbeWarning", `warning: ${output}`);
    if (result === "failure") warn("Unhealthy", `failed: ${output}`);
    const ok = result !== "failure";
    if (this.#streak.ok === ok) this.#streak.count++;
    else this.#streak = { ok, count: 1 };
    const threshold = ok ? this.probe.successThreshold ?? 1 : this.probe.failureThreshold ?? 3;
    if (this.#streak.count < threshold) return;
    this.#set(ok ? "success" : "failure");
    // A container that will be started anew is not asked until then, and one that has started not whether it has.
    if (this.type === "Startup" || (!ok && this.type === "Liveness")) {
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

  /** Who takes longer than the probe's time has failed. */
  #within(ask: () => Promise<ProbeOutcome>): Promise<ProbeOutcome> {
    const seconds = this.probe.timeoutSeconds ?? 1;
    const { clock } = this.target.node;
    return new Promise((resolve, reject) => {
      const timer = clock.after(seconds * 1000, () => resolve(timedOut(this.probe, this.target)));
      ask().then(resolve, reject).finally(() => timer.cancel());
    });
  }
}
