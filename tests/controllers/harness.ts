/**
 * An API with controllers and, in the place of scheduler and kubelets, somebody who runs every pod: a second after it
 * was created it is ready on a node, a second after it was deleted it is gone.
 */
import assert from "node:assert/strict";
import type { Client } from "../../cluster/memory/api/client.ts";
import { Informers } from "../../cluster/memory/api/informer.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { administrator, type Api, openApi } from "../../cluster/memory/api/mod.ts";
import { authenticated, SYSTEM_MASTERS } from "../../cluster/memory/api/user.ts";
import { type VirtualClock, virtualClock } from "../../cluster/memory/clock.ts";
import { controllerNames, type RunningControllers, startControllers } from "../../cluster/memory/controllers/mod.ts";
import type { ControllerOptions } from "../../cluster/memory/controllers/options.ts";
import { allKinds } from "../../cluster/memory/kinds/all.ts";
import type { Kind } from "../../cluster/memory/kinds/kind.ts";
import type { Event, Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { timestamp } from "../../cluster/memory/api/timestamps.ts";
import { looseKinds } from "./loose_kinds.ts";

export interface HarnessOptions {
  /** The controllers to run; all unless given. */
  readonly names?: readonly string[];
  readonly options?: ControllerOptions;
  /** Whether somebody runs the pods; yes unless said. */
  readonly runPods?: boolean;
  /** What a pod becomes when it runs; Running and ready unless given. */
  readonly phase?: (pod: Pod) => string;
  /** Wraps each controller's client, to make it fail. */
  readonly wrap?: (client: Client, user: string) => Client;
  readonly namespace?: string;
}

export interface Harness {
  readonly clock: VirtualClock;
  readonly api: Api;
  /** May do everything. */
  readonly client: Client;
  readonly controllers: RunningControllers;
  readonly informers: Informers;
  /** What controllers reported, "deployment-controller: message". */
  readonly reports: string[];
  /** Lets time pass until nothing more happens. */
  settle(limit?: number): Promise<void>;
  /** "Normal Reason Kind/name: message", in the order of their first occurrence. */
  events(): Promise<string[]>;
  stop(): void;
}

export function kindsForTests(): readonly Kind[] {
  const known = new Set(allKinds.map(({ group, plural }) => `${group}/${plural}`));
  return [...allKinds, ...looseKinds.filter(({ group, plural }) => !known.has(`${group}/${plural}`))];
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = virtualClock();
  const api = openApi({ clock, kinds: kindsForTests() });
  const client = api.client(administrator);
  const reports: string[] = [];
  const namespace = options.namespace ?? "default";
  await client.create(refs.namespaces, { metadata: { name: namespace }, spec: { finalizers: ["kubernetes"] } });
  for (const name of ["node-1", "node-2"]) await client.create(refs.nodes, { metadata: { name } });
  const informers = new Informers(client);
  const runner = options.runPods === false ? undefined : new Informers(client);
  if (runner !== undefined) {
    runPods(runner, client, clock, options.phase ?? (() => "Running"));
    await runner.start();
  }
  const controllers = await startControllers({
    names: options.names ?? controllerNames,
    informers,
    clock,
    clientFor(user) {
      const own = api.client(authenticated(user, [SYSTEM_MASTERS]));
      return options.wrap?.(own, user) ?? own;
    },
    report: (controller, error) =>
      void reports.push(`${controller}: ${error instanceof Error ? error.message : error}`),
    options: {
      resources: () => api.kinds.all().filter(({ conversion }) => conversion === undefined).map(({ kind }) => kind),
      ...options.options,
    },
  });
  return {
    clock,
    api,
    client,
    controllers,
    informers,
    reports,
    async settle(limit) {
      assert.equal(await clock.settle({ limit }), true, "the cluster does not settle");
    },
    async events() {
      const { items } = await client.list<Event>(refs.events);
      const order = (event: Event) => event.metadata.name!.slice(event.metadata.name!.lastIndexOf(".") + 1);
      return [...items].sort((a, b) => order(a) < order(b) ? -1 : 1).map((event) => {
        const { type, reason, involvedObject: { kind, name }, message, count = 1 } = event;
        return `${type} ${reason} ${kind}/${name}: ${message}${count > 1 ? ` (x${count})` : ""}`;
      });
    },
    stop() {
      controllers.stop();
      informers.stop();
      runner?.stop();
    },
  };
}

/** The harness's scheduler and kubelet in one. */
function runPods(informers: Informers, client: Client, clock: VirtualClock, phaseOf: (pod: Pod) => string): void {
  let address = 1;
  const status = async ({ metadata: { namespace, name, uid } }: Pod) => {
    const pod = await client.get<Pod>(refs.pods, namespace, name!).catch(() => undefined);
    if (pod === undefined || pod.metadata.uid !== uid || pod.metadata.deletionTimestamp !== undefined) return;
    const phase = phaseOf(pod);
    const ready = phase === "Running";
    const podIP = `10.244.${address >> 8}.${address++ & 255}`;
    const conditions = [
      { type: "Ready", status: ready ? "True" : "False", lastTransitionTime: timestamp(clock.now()) },
      { type: "PodScheduled", status: "True", lastTransitionTime: timestamp(clock.now()) },
    ];
    const startTime = timestamp(clock.now());
    const body = { status: { ...pod.status, phase, podIP, podIPs: [{ ip: podIP }], conditions, startTime } };
    await client.patch(refs.pods, namespace, name!, { type: "merge", subresource: "status", body });
  };
  const later = (ms: number, task: () => Promise<unknown>) => clock.after(ms, () => void clock.track(task()));
  const remove = ({ metadata: { namespace, name, uid } }: Pod) =>
    client.delete(refs.pods, namespace, name!, { gracePeriodSeconds: 0, preconditions: { uid } }).catch(() => {});
  let next = 0;
  const bind = async (pod: Pod) => {
    const { namespace, name } = pod.metadata;
    const target = { apiVersion: "v1", kind: "Node", name: `node-${next++ % 2 + 1}` };
    const current = await client.get<Pod>(refs.pods, namespace, name!).catch(() => undefined);
    if (current === undefined || current.spec.nodeName) return;
    await client.update(refs.pods, { ...current, spec: { ...current.spec, nodeName: target.name } });
  };
  informers.for<Pod>(refs.pods).on({
    added(pod) {
      if (pod.metadata.deletionTimestamp !== undefined) return void later(1000, () => remove(pod));
      if (!pod.spec.nodeName) later(100, () => bind(pod));
      later(1000, () => status(pod));
    },
    updated(pod, old) {
      if (pod.metadata.deletionTimestamp !== undefined && old.metadata.deletionTimestamp === undefined) {
        later(1000, () => remove(pod));
      }
    },
  });
}
