/**
 * How fast nodes that do not answer are tainted: one in ten seconds of each zone, fewer when so many fail that the fault
 * is hardly theirs, and none when all have failed.
 *
 * Source: `pkg/controller/nodelifecycle/node_lifecycle_controller.go` (handleDisruption), `scheduler/rate_limited_queue.go`.
 */
import type { Clock } from "../../clock.ts";
import type { Node } from "../../kinds/schema/types.ts";

/** Nodes a second. */
const RATE = 0.1;
const REDUCED_RATE = 0.01;
const LARGE_CLUSTER = 50;
const UNHEALTHY_SHARE = 0.55;

type State = "normal" | "partial" | "full";

export const zoneOf = ({ metadata: { labels = {} } }: Node): string =>
  `${labels["topology.kubernetes.io/region"] ?? ""}:${labels["topology.kubernetes.io/zone"] ?? ""}`;

interface Zone {
  state: State | undefined;
  rate: number;
  tokens: number;
  at: number;
  readonly waiting: Set<string>;
}

export class Zones {
  readonly #zones = new Map<string, Zone>();

  /** @param taint does the work for a node that was waiting */
  constructor(readonly clock: Clock, readonly taint: (node: string) => void) {}

  /** Lines a node up to be tainted. */
  add(node: Node): void {
    const zone = this.#zone(zoneOf(node));
    zone.waiting.add(node.metadata.name!);
    this.#work(zone);
  }

  /** The node answers, or has gone. */
  remove(name: string): void {
    for (const { waiting } of this.#zones.values()) waiting.delete(name);
  }

  /**
   * Looks at how many nodes of each zone are ready.
   *
   * @param ready by zone, whether each node is
   * @returns "all failed" or "recovered" when that has just come about
   */
  update(ready: ReadonlyMap<string, readonly boolean[]>): "all failed" | "recovered" | undefined {
    const states = new Map([...ready].map(([name, nodes]) => [name, stateOf(nodes)]));
    for (const name of this.#zones.keys()) if (!ready.has(name)) this.#zones.delete(name);
    const before = [...this.#zones.values()].map(({ state }) => state);
    const wasFull = before.length > 0 && before.every((state) => state === "full");
    const isFull = states.size > 0 && [...states.values()].every((state) => state === "full");
    for (const [name, state] of states) {
      const zone = this.#zone(name);
      zone.state = state;
      zone.rate = isFull ? 0 : rateOf(state, ready.get(name)!.length);
      this.#work(zone);
    }
    if (isFull && !wasFull) return "all failed";
    return wasFull && !isFull ? "recovered" : undefined;
  }

  #zone(name: string): Zone {
    let zone = this.#zones.get(name);
    if (zone === undefined) {
      zone = { state: undefined, rate: RATE, tokens: 1, at: this.clock.now(), waiting: new Set() };
      this.#zones.set(name, zone);
    }
    return zone;
  }

  #work(zone: Zone): void {
    for (const name of zone.waiting) {
      const now = this.clock.now();
      zone.tokens = Math.min(1, zone.tokens + (now - zone.at) / 1000 * zone.rate);
      zone.at = now;
      if (zone.rate === 0) return;
      if (zone.tokens < 0.999) {
        this.clock.after(Math.ceil((1 - zone.tokens) / zone.rate * 1000), () => this.#work(zone), { background: true });
        return;
      }
      zone.tokens -= 1;
      zone.waiting.delete(name);
      this.taint(name);
    }
  }
}

function stateOf(ready: readonly boolean[]): State {
  const failed = ready.filter((isReady) => !isReady).length;
  if (failed > 0 && failed === ready.length) return "full";
  return failed > 2 && failed / ready.length >= UNHEALTHY_SHARE ? "partial" : "normal";
}

function rateOf(state: State, nodes: number): number {
  if (state !== "partial") return RATE;
  return nodes > LARGE_CLUSTER ? REDUCED_RATE : 0;
}
