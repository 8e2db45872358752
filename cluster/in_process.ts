/**
 * A memory cluster inside this process, on virtual time: nobody waits for anything. Other programs reach it over HTTPS,
 * as any other cluster.
 */
import type { Cluster, ObjectClient } from "./cluster.ts";
import { inProcessTransport } from "./in_process_transport.ts";
import { type VirtualClock, virtualClock } from "./memory/clock.ts";
import type { MemoryCluster } from "./memory/cluster.ts";
import type { Component } from "./memory/components.ts";
import type { AddedImages } from "./added_images.ts";
import type { Addon } from "./background/components.ts";
import { capabilitiesFound } from "./remote/capabilities.ts";
import { Connection } from "./remote/connection.ts";
import { EXEC_LIMIT } from "./remote/exec.ts";
import { objectClient } from "./remote/objects.ts";
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

/** The name of the kubeconfig's context. */
const CONTEXT = "drydock";

/** Starts one; disposing of it stops it. */
export async function inProcessCluster(
  { images, addons, components }: InProcessOptions = {},
): Promise<InProcessCluster> {
  const { startMemoryCluster } = await import("./memory/cluster.ts");
  const clock = virtualClock({ start: Date.now() });
  const memory = await startMemoryCluster({ clock, images, addons, components, context: CONTEXT });
  const { server, handler, administrator: user, kubeconfig } = memory;
  const connection = new Connection(inProcessTransport({ server, handler, user, clock }));
  const whileTimePasses = timePump(clock);
  return {
    label: { en: "a memory cluster on virtual time", ko: "가상 시간으로 움직이는 메모리 클러스터" },
    kubeconfig: { context: CONTEXT, server },
    capabilities: new Set(["virtual-time", ...await capabilitiesFound(connection)]),
    objects: objectClient(connection, execOn(memory, clock, whileTimePasses)),
    now: () => clock.now(),
    async pass(ms, signal) {
      signal?.throwIfAborted();
      const end = clock.now() + ms;
      const settled = await clock.settle({ limit: ms });
      await clock.advance(end - clock.now());
      return settled;
    },
    kubeconfigText: kubeconfig,
    whileTimePasses,
    [Symbol.asyncDispose]: () => memory[Symbol.asyncDispose](),
  };
}

/** Runs commands with the time that they may take counted by the cluster's clock. */
function execOn(
  { command: handler, administrator: user }: MemoryCluster,
  clock: VirtualClock,
  whileTimePasses: TimePump,
): ObjectClient["exec"] {
  return async (container, command, options) => {
    const { execInProcess } = await import("./in_process_exec.ts");
    const expiry = new AbortController();
    const timer = clock.after(EXEC_LIMIT, () => expiry.abort(), { background: true });
    const overdue = options?.overdue ?? expiry.signal;
    try {
      const run = () => execInProcess(container, command, { handler, user, overdue });
      return await whileTimePasses(run, false);
    } finally {
      timer.cancel();
    }
  };
}
