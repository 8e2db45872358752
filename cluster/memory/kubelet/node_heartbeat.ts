/**
 * Tells the control plane that a node lives: its lease every ten seconds, its status every five minutes and when the
 * node's images have changed.
 *
 * Source: `pkg/kubelet/kubelet_node_status.go`, `k8s.io/component-helpers/apimachinery/lease`.
 */
import type { Client } from "../api/client.ts";
import type { EventType } from "../api/event_recorder.ts";
import { leases, nodes } from "../api/kind_refs.ts";
import { StatusError } from "../api/status.ts";
import { microTime, timestamp } from "../api/timestamps.ts";
import type { Clock, Timer } from "../clock.ts";
import { equalJson } from "../kinds/json.ts";
import type { Lease, Node, NodeCondition } from "../kinds/schema/types.ts";
import type { ImageManager } from "./images/image_manager.ts";
import { healthyConditions, nodeImages } from "./node_config.ts";

export const LEASE_NAMESPACE = "kube-node-lease";
const LEASE_SECONDS = 40;
const RENEW_INTERVAL = 10_000;
const STATUS_INTERVAL = 10_000;
const RETRIES = 5;
/** An unchanged status is written this often, in milliseconds. */
const REPORT_INTERVAL = 5 * 60_000;

export interface HeartbeatOptions {
  readonly client: Client;
  readonly clock: Clock;
  readonly node: string;
  readonly images: ImageManager;
  readonly report: (error: unknown) => void;
  /** Conditions that are not as they should be, by type. */
  readonly conditions: () => ReadonlyMap<string, NodeCondition>;
  /** Records an event about the node. */
  readonly event: (type: EventType, reason: string, message: string) => void;
}

/** The node's lease as it is first written. */
export function leaseObject(node: string, uid: string, now: number): Lease {
  const owner = { apiVersion: "v1", kind: "Node", name: node, uid };
  return {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: node, namespace: LEASE_NAMESPACE, ownerReferences: [owner] },
    spec: { holderIdentity: node, leaseDurationSeconds: LEASE_SECONDS, renewTime: microTime(now) },
  };
}

/** Renews one node's lease, and reports its status. */
export class NodeHeartbeat {
  #timers: Timer[] = [];
  #stopped = false;
  #reportedAt: number;
  #unschedulable = false;

  constructor(readonly options: HeartbeatOptions) {
    this.#reportedAt = options.clock.now();
    this.#every(RENEW_INTERVAL, () => this.#renew(), 0);
    this.#every(STATUS_INTERVAL, () => this.#report(), 1);
  }

  stop(): void {
    this.#stopped = true;
    for (const timer of this.#timers) timer.cancel();
  }

  /** Writes the status without waiting for the next time. */
  now(): Promise<void> {
    return this.#report(true);
  }

  #every(ms: number, task: () => Promise<void>, slot: number): void {
    const { clock, report } = this.options;
    this.#timers[slot] = clock.after(ms, () => {
      if (this.#stopped) return;
      clock.track(
        task().catch((error) => {
          // Somebody deleted the node: a kubelet registers again when it starts, not before.
          if (!(error instanceof StatusError && error.code === 404)) report(error);
        }),
      );
      this.#every(ms, task, slot);
    }, { background: true });
  }

  async #renew(): Promise<void> {
    const { client, clock, node } = this.options;
    const spec = { renewTime: microTime(clock.now()) };
    try {
      await client.patch(leases, LEASE_NAMESPACE, node, { type: "merge", body: { spec } });
    } catch (error) {
      if (!(error instanceof StatusError && error.code === 404)) throw error;
      const { metadata } = await client.get(nodes, undefined, node);
      await client.create(leases, leaseObject(node, metadata.uid!, clock.now()));
    }
  }

  /** Somebody else may write the node at the same time: its taints, its labels. */
  async #report(always = false): Promise<void> {
    for (let tries = 1;; tries++) {
      try {
        return await this.#write(always);
      } catch (error) {
        if (!(error instanceof StatusError && error.reason === "Conflict") || tries === RETRIES) throw error;
      }
    }
  }

  #tellSchedulable({ spec }: Node): void {
    const { node, event } = this.options;
    const unschedulable = spec?.unschedulable === true;
    if (unschedulable === this.#unschedulable) return;
    this.#unschedulable = unschedulable;
    const reason = unschedulable ? "NodeNotSchedulable" : "NodeSchedulable";
    event("Normal", reason, `Node ${node} status is now: ${reason}`);
  }

  async #write(always: boolean): Promise<void> {
    const { client, clock, node, images, conditions } = this.options;
    const current = await client.get(nodes, undefined, node);
    this.#tellSchedulable(current);
    const now = clock.now();
    const others = conditions();
    const next = healthyConditions(now).map((healthy) => {
      const condition = others.get(healthy.type) ?? healthy;
      const old = current.status?.conditions?.find(({ type }) => type === condition.type);
      const lastTransitionTime = old?.status === condition.status ? old.lastTransitionTime : timestamp(now);
      return { ...condition, lastHeartbeatTime: timestamp(now), lastTransitionTime };
    });
    const list = nodeImages(images.images);
    const changed = !equalJson(list, current.status?.images ?? []) ||
      next.some(({ type, status }) => current.status?.conditions?.find((old) => old.type === type)?.status !== status);
    if (!always && !changed && now - this.#reportedAt < REPORT_INTERVAL) return;
    this.#reportedAt = now;
    const known = new Set(next.map(({ type }) => type));
    const foreign = current.status?.conditions?.filter(({ type }) => !known.has(type)) ?? [];
    const status = { ...current.status, images: list, conditions: [...foreign, ...next] };
    await client.updateStatus(nodes, { ...current, status });
  }
}
