/**
 * An API with controllers and, in the place of scheduler and kubelets, somebody who runs every pod: a second after it
 * was created it is ready on a node, a second after it was deleted it is gone.
 */
import assert from "node:assert/strict";
import type { Client } from "../../cluster/memory/api/client.ts";
import { Informers } from "../../cluster/memory/api/informer.ts";
import * as refs from "../../cluster/memory/api/kind_refs.ts";
import { assembleApi } from "../../cluster/memory/api/assemble.ts";
import { administrator, type Api } from "../../cluster/memory/api/mod.ts";
import { authenticated, SYSTEM_MASTERS } from "../../cluster/memory/api/user.ts";
import { bootstrap } from "../../cluster/memory/bootstrap.ts";
import { type VirtualClock, virtualClock } from "../../cluster/memory/clock.ts";
import { controllerNames, type RunningControllers, startControllers } from "../../cluster/memory/controllers/mod.ts";
import type { ControllerOptions } from "../../cluster/memory/controllers/options.ts";
import type { Event, Pod } from "../../cluster/memory/kinds/schema/types.ts";
import { timestamp } from "../../cluster/memory/api/timestamps.ts";

export interface HarnessOptions {
  /** The controllers to run; all but the nodes' unless given, as there are no kubelets. */
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
  /** What happened since the start, "Normal Reason Kind/name: message", in the order of their first occurrence. */
  events(): Promise<string[]>;
  /** The names of the pods that are there, in order. */
  pods(): Promise<string[]>;
  [Symbol.dispose](): void;
}

export async function startHarness(options: HarnessOptions = {}): Promise<Harness> {
  const clock = virtualClock();
  const api = assembleApi({ clock });
  await bootstrap(api);
  const client = api.client(administrator);
  const reports: string[] = [];
  const namespace = options.namespace ?? "default";
  if (namespace !== "default") await client.create(refs.namespaces, { metadata: { name: namespace } });
  for (const name of ["node-1", "node-2"]) await addNode(client, name);
  const informers = new Informers(client);
  const runner = options.runPods === false ? undefined : new Informers(client);
  if (runner !== undefined) {
    runPods(runner, client, clock, options.phase ?? (() => "Running"));
    await runner.start();
  }
  const controllers = await startControllers({
    names: options.names ?? controllerNames.filter((name) => name !== "node-lifecycle-controller"),
    informers,
    clock,
    clientFor(user) {
      const groups = user === "system:apiserver" ? [SYSTEM_MASTERS] : ["system:serviceaccounts"];
      const own = api.client(authenticated(user, groups), { manager: "kube-controller-manager" });
      return options.wrap?.(own, user) ?? own;
    },
    report: (controller, error) =>
      void reports.push(`${controller}: ${error instanceof Error ? error.message : error}`),
    options: {
      resources: () => api.kinds.kinds(),
      onResourcesChange: (listener) => api.kinds.onChange(listener),
      ...options.options,
    },
  });
  // The namespace gets its service account, the cluster its first events.
  assert.equal(await clock.settle(), true);
  const started = new Set((await client.list<Event>(refs.events)).items.map(({ metadata }) => metadata.uid));
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
      const items = (await client.list<Event>(refs.events)).items.filter(({ metadata }) => !started.has(metadata.uid));
      const order = (event: Event) => event.metadata.name!.slice(event.metadata.name!.lastIndexOf(".") + 1);
      return items.sort((a, b) => order(a) < order(b) ? -1 : 1).map((event) => {
        const { type, reason, involvedObject: { kind, name }, message, count = 1 } = event;
        return `${type} ${reason} ${kind}/${name}: ${message}${count > 1 ? ` (x${count})` : ""}`;
      });
    },
    async pods() {
      const { items } = await client.list<Pod>(refs.pods);
      return items.map(({ metadata }) => metadata.name!);
    },
    [Symbol.dispose]() {
      controllers.stop();
      informers.stop();
      runner?.stop();
    },
  };
}

/** A node that is ready for pods. */
export async function addNode(client: Client, name: string): Promise<void> {
  await client.create(refs.nodes, { metadata: { name } });
  const ready = { type: "Ready", status: "True" };
  await client.patch(refs.nodes, undefined, name, {
    type: "merge",
    subresource: "status",
    body: { status: { conditions: [ready] } },
  });
  await client.patch(refs.nodes, undefined, name, { type: "merge", body: { spec: { taints: null } } });
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
    const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    const wanted = terms?.[0].matchFields?.[0].values?.[0] ?? `node-${next++ % 2 + 1}`;
    const target = { apiVersion: "v1", kind: "Node", name: wanted };
    // Somebody may have deleted it meanwhile.
    await client.post(refs.pods, namespace, name!, "binding", { metadata: { name }, target }).catch(() => {});
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
