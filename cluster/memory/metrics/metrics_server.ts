/**
 * The metrics server: asks the kubelets what their containers use, when somebody asks it.
 *
 * Source: `sigs.k8s.io/metrics-server`, which scrapes every 15 s and knows a container once it has two samples of it.
 */
import { nodes as nodeKind, pods as podKind } from "../api/kind_refs.ts";
import type { Informers } from "../api/informer.ts";
import { timestamp } from "../api/timestamps.ts";
import type { Clock } from "../clock.ts";
import { apiVersionOf, type Kind } from "../kinds/kind.ts";
import type { NodeMetrics, PodMetrics } from "../kinds/metrics/types.ts";
import { type Container, runningContainers } from "../kubelet/container.ts";
import type { Kubelets } from "../kubelet/mod.ts";
import type { Usage } from "../kubelet/runtime/runtime.ts";
import { nodeMetrics, podMetrics, usageText } from "./kinds.ts";

/** How often a metrics server looks, in milliseconds. */
const RESOLUTION = 15_000;
const WINDOW = "15s";

/** What a node's own programs use: the system, the kubelet, the container runtime. */
const SYSTEM: Usage = { cpu: 60, memory: 400 * 2 ** 20 };

export interface MetricsServerOptions {
  readonly clock: Clock;
  readonly informers: Informers;
  readonly kubelets: Kubelets;
}

export class MetricsServer {
  constructor(readonly options: MetricsServerOptions) {
    options.informers.for(nodeKind);
    options.informers.for(podKind);
  }

  /** What there is to tell of the nodes that answer. */
  nodes(): readonly NodeMetrics[] {
    const { informers, kubelets } = this.options;
    return informers.for(nodeKind).list().flatMap(({ metadata }) => {
      const kubelet = kubelets.kubelet(metadata.name!);
      if (kubelet === undefined) return [];
      const usages = [...kubelet.workers].flatMap(({ runtime }) => runningContainers(runtime).map(usageOf));
      const usage = usageText(
        [SYSTEM, ...usages].reduce((a, b) => ({ cpu: a.cpu + b.cpu, memory: a.memory + b.memory })),
      );
      return [{ ...this.#head(nodeMetrics, metadata), usage }];
    });
  }

  /** What there is to tell of the pods whose containers have all been seen twice. */
  pods(): readonly PodMetrics[] {
    const { clock, informers, kubelets } = this.options;
    const since = clock.now() - RESOLUTION;
    return informers.for(podKind).list().flatMap(({ metadata, spec }) => {
      const worker = kubelets.kubelet(spec?.nodeName ?? "")?.workerOf(metadata.uid!);
      const running = worker === undefined ? [] : runningContainers(worker.runtime);
      if (running.length === 0 || running.some(({ startedAt = Infinity }) => startedAt > since)) return [];
      const containers = running.map((container) => ({ name: container.name, usage: usageText(usageOf(container)) }));
      return [{ ...this.#head(podMetrics, metadata), containers }];
    });
  }

  #head({ group, version, kind }: Kind, { name, namespace, labels }: PodMetrics["metadata"]) {
    const now = timestamp(this.options.clock.now());
    return {
      apiVersion: apiVersionOf({ group, version }),
      kind,
      metadata: {
        name,
        ...namespace === undefined ? {} : { namespace },
        creationTimestamp: now,
        ...labels === undefined ? {} : { labels },
      },
      timestamp: now,
      window: WINDOW,
    };
  }
}

const NOTHING: Usage = { cpu: 0, memory: 0 };
const usageOf = ({ process }: Container): Usage => process?.usage() ?? NOTHING;
