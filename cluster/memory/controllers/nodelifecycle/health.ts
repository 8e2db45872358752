/**
 * Whether a node is alive: its kubelet renews a lease or updates its status; when it does neither for long, nobody
 * knows how the node is.
 *
 * Source: `pkg/controller/nodelifecycle/node_lifecycle_controller.go` (tryUpdateNodeHealth).
 */
import type { Client } from "../../api/client.ts";
import { nodes as nodeKind } from "../../api/kind_refs.ts";
import { instant, timestamp } from "../../api/timestamps.ts";
import type { Lease, Node, NodeCondition } from "../../kinds/schema/types.ts";
import { conditionOf } from "../conditions.ts";

/** Milliseconds that a node has for its first sign of life. */
const STARTUP_GRACE = 60_000;

/** What was last heard of a node. */
interface Known {
  readonly heartbeat: string | undefined;
  readonly renewed: string | undefined;
  /** When it was heard, in milliseconds since the epoch. */
  readonly at: number;
}

export interface Health {
  readonly node: Node;
  /** As it was before; Unknown for a node that never said. */
  readonly before: string;
  /** As it is now; undefined for a node that never said, and has time left. */
  readonly now: string | undefined;
}

export class NodeHealth {
  readonly #known = new Map<string, Known>();

  /** @param grace milliseconds of silence after which nobody knows how a node is */
  constructor(readonly client: Client, readonly now: () => number, readonly grace: number) {}

  forget(name: string): void {
    this.#known.delete(name);
  }

  /** Nobody was heard of for a while, and that was not the nodes' fault: all begin anew. */
  restart(): void {
    const at = this.now();
    for (const [name, known] of this.#known) this.#known.set(name, { ...known, at });
  }

  async check(node: Node, lease: Lease | undefined): Promise<Health> {
    const ready = conditionOf(node.status?.conditions, "Ready");
    const name = node.metadata.name!;
    const known = this.#listen(name, node, ready, lease);
    const grace = ready === undefined ? STARTUP_GRACE : this.grace;
    const before = ready?.status ?? "Unknown";
    if (this.now() <= known.at + grace) return { node, before, now: ready?.status };
    const conditions = silentConditions(node, timestamp(this.now()));
    const silent = { ...node, status: { ...node.status, conditions } };
    if (ready !== undefined && ready.status === "Unknown") return { node, before, now: "Unknown" };
    return { node: await this.client.updateStatus(nodeKind, silent), before, now: "Unknown" };
  }

  #listen(name: string, node: Node, ready: NodeCondition | undefined, lease: Lease | undefined): Known {
    const known = this.#known.get(name);
    const heartbeat = ready?.lastHeartbeatTime;
    const renewed = lease?.spec?.renewTime;
    const created = instant(node.metadata.creationTimestamp) ?? this.now();
    let at = known?.at ?? (ready === undefined ? created : this.now());
    if (known !== undefined && known.heartbeat !== heartbeat) at = this.now();
    if (renewed !== undefined && renewed > (known?.renewed ?? "")) at = this.now();
    const next = { heartbeat, renewed, at };
    this.#known.set(name, next);
    return next;
  }
}

const TYPES = ["Ready", "MemoryPressure", "DiskPressure", "PIDPressure"];

/** The conditions of a node of which nothing is known. */
function silentConditions({ metadata, status }: Node, now: string): NodeCondition[] {
  const conditions = [...status?.conditions ?? []];
  for (const type of TYPES) {
    const index = conditions.findIndex((condition) => condition.type === type);
    if (index < 0) {
      conditions.push({
        type,
        status: "Unknown",
        lastHeartbeatTime: metadata.creationTimestamp,
        lastTransitionTime: now,
        reason: "NodeStatusNeverUpdated",
        message: "Kubelet never posted node status.",
      });
    } else if (conditions[index].status !== "Unknown") {
      const why = { reason: "NodeStatusUnknown", message: "Kubelet stopped posting node status." };
      conditions[index] = { ...conditions[index], ...why, status: "Unknown", lastTransitionTime: now };
    }
  }
  return conditions;
}
