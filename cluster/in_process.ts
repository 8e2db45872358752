/**
 * A memory cluster inside this process, on virtual time: nobody waits for anything. Clients still reach it over HTTPS,
 * as any other cluster.
 */
import type { Cluster } from "./cluster.ts";
import { virtualClock } from "./memory/clock.ts";
import type { Component } from "./memory/components.ts";
import type { AddedImages } from "./added_images.ts";
import type { Addon } from "./background/components.ts";
import { EXEC_LIMIT } from "./remote/exec.ts";
import { parseKubeconfig } from "./remote/kubeconfig.ts";
import { connect } from "./remote/remote_cluster.ts";
import { type TimePump, timePump } from "./time_pump.ts";

export interface InProcessCluster extends Cluster {
  /** The text of a kubeconfig for other clients, with an administrator's certificate. */
  readonly kubeconfigText: string;
  /** Lets the cluster's time pass while other clients wait for an answer that takes some of it. */
  readonly whileTimePasses: TimePump;
}

export interface InProcessOptions {
  /** Images beside those that every memory cluster can pull. */
  readonly images?: AddedImages;
  /** What is installed beside what kubeadm leaves. */
  readonly addons?: readonly Addon[];
  /** What runs beside the API; everything unless given. */
  readonly components?: readonly Component[];
}

/** Starts one; disposing of it stops it. */
export async function inProcessCluster(
  { images, addons, components }: InProcessOptions = {},
): Promise<InProcessCluster> {
  const { startMemoryCluster } = await import("./memory/cluster.ts");
  const clock = virtualClock({ start: Date.now() });
  const memory = await startMemoryCluster({ clock, images, addons, components });
  const config = await parseKubeconfig(memory.kubeconfig, "kubeconfig");
  const cluster = await connect(config, {
    label: { en: "a memory cluster on virtual time", ko: "가상 시간으로 움직이는 메모리 클러스터" },
    capabilities: ["virtual-time"],
    time: {
      now: () => clock.now(),
      async pass(ms, signal) {
        signal?.throwIfAborted();
        const end = clock.now() + ms;
        const settled = await clock.settle({ limit: ms });
        await clock.advance(end - clock.now());
        return settled;
      },
    },
  });
  const whileTimePasses = timePump(clock);
  const { objects } = cluster;
  return {
    ...cluster,
    objects: {
      ...objects,
      async exec(container, command, options) {
        const expiry = new AbortController();
        const timer = clock.after(EXEC_LIMIT, () => expiry.abort(), { background: true });
        try {
          return await whileTimePasses(() => objects.exec(container, command, { overdue: expiry.signal, ...options }));
        } finally {
          timer.cancel();
        }
      },
    },
    kubeconfigText: memory.kubeconfig,
    whileTimePasses,
    async [Symbol.asyncDispose]() {
      await cluster[Symbol.asyncDispose]();
      await memory[Symbol.asyncDispose]();
    },
  };
}
