/** Nodes and pods in one line each, for tests that need no API. */
import type { Partially } from "../../cluster/memory/kinds/object.ts";
import type { Node, Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { SchedulerCache } from "../../cluster/memory/scheduler/cache.ts";
import type { Listers } from "../../cluster/memory/scheduler/helper/listers.ts";
import { defaultPlugins } from "../../cluster/memory/scheduler/profile.ts";
import type { Client } from "../../cluster/memory/api/client.ts";
import { virtualClock } from "../../cluster/memory/clock.ts";

/** A node with 4 CPUs, 8 GiB and room for 110 pods. */
export function node(name: string, more: { labels?: Record<string, string>; spec?: Node["spec"] } = {}): Node {
  const node: Partially<Node> = {
    metadata: { name, labels: { "kubernetes.io/hostname": name, ...more.labels } },
    spec: more.spec ?? {},
    status: { allocatable: { cpu: "4", memory: "8Gi", pods: "110", "ephemeral-storage": "100Gi" } },
  };
  return node as Node;
}

export interface PodMore {
  readonly labels?: Readonly<Record<string, string>>;
  readonly namespace?: string;
  readonly requests?: Readonly<Record<string, string>>;
  readonly status?: Pod["status"];
}

let serial = 0;

/** A pod with one container. */
export function pod(name: string, spec: Partially<Pod["spec"]> = {}, more: PodMore = {}): Pod {
  const { labels = {}, namespace = "default", requests } = more;
  return {
    metadata: { name, namespace, labels, uid: `uid-${name}`, resourceVersion: String(++serial) },
    spec: {
      containers: [{ name: "c", image: "nginx", ...requests === undefined ? {} : { resources: { requests } } }],
      ...spec,
    } as Pod["spec"],
    status: more.status ?? {},
  };
}

const noListers: Listers = {
  claim: () => undefined,
  volume: () => undefined,
  volumes: () => [],
  storageClass: () => undefined,
  csiNode: () => undefined,
  attachments: () => [],
  resourceClaim: () => undefined,
  resourceClaims: () => [],
  resourceSlices: () => [],
  deviceClass: () => undefined,
  namespaceLabels: () => ({}),
  disruptionBudgets: () => [],
  defaultSelector: () => [],
};

/** The default plugins, looking up what is given. */
export const plugins = (listers: Partial<Listers> = {}) =>
  defaultPlugins({ listers: { ...noListers, ...listers }, client: {} as Client, clock: virtualClock() });

/** A cache with nodes, and with pods that each name their node. */
export function snapshot(nodes: readonly Node[], pods: readonly Pod[] = []): SchedulerCache {
  const cache = new SchedulerCache(() => ({}));
  for (const each of nodes) cache.setNode(each);
  for (const each of pods) cache.setPod(each);
  return cache;
}
