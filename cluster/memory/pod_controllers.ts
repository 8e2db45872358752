/**
 * Controllers that are no part of Kubernetes and run in pods, as those of Ingresses and Gateways do: one works while a
 * container of its image runs, and no longer. Nothing of a controller is loaded before.
 */
import type { Client } from "./api/client.ts";
import type { Informers } from "./api/informer.ts";
import { pods as podKind } from "./api/kind_refs.ts";
import type { Clock } from "./clock.ts";
import type { PodController, StartPodController } from "./controllers/pod_controller.ts";
import { parseImageName } from "./kinds/core/pod/image_name.ts";
import type { Container, Pod } from "./kinds/schema/types.ts";
import type { ProxyTable } from "./network/proxy.ts";

interface Program {
  /** The fields that it writes belong to it. */
  readonly manager: string;
  readonly load: () => Promise<StartPodController>;
}

/** By the repository of their image. */
const PROGRAMS: Readonly<Record<string, Program>> = {
  "registry.k8s.io/ingress-nginx/controller": {
    manager: "nginx-ingress-controller",
    load: async () => (await import("./controllers/ingress/mod.ts")).startIngressController,
  },
  "ghcr.io/nginx/nginx-gateway-fabric": {
    manager: "gateway",
    load: async () => (await import("./controllers/gateway/mod.ts")).startGatewayController,
  },
};

/** Milliseconds until a controller that could not start tries again. */
const RETRY = 10_000;

export interface PodControllersOptions {
  readonly informers: Informers;
  readonly clock: Clock;
  /** A client that acts as the user of this name, and writes as the program of the other. */
  readonly clientFor: (user: string, manager: string) => Client;
  readonly report: (where: string, error: unknown) => void;
}

export interface PodControllers {
  /** What a proxy in a pod forwards by, undefined where it is told nothing. */
  tableFor(pod: Pod): ProxyTable | undefined;
  stop(): void;
}

interface Running {
  readonly program: Program;
  readonly pod: Pod;
  readonly controller: Promise<PodController>;
  /** Set once the controller is loaded and knows what is there. */
  started?: PodController;
}

export function podControllers({ informers, clock, clientFor, report }: PodControllersOptions): PodControllers {
  const running = new Map<string, Running>();
  const pods = informers.for<Pod>(podKind);

  const start = (key: string, pod: Pod, container: Container, program: Program): void => {
    const { namespace = "", name } = pod.metadata;
    const account = pod.spec.serviceAccountName ?? "default";
    const controller = program.load().then((load) =>
      load({
        client: clientFor(`system:serviceaccount:${namespace}:${account}`, program.manager),
        informers,
        clock,
        report: (error) => report(`${namespace}/${name}`, error),
        pod,
        args: argumentsOf(pod, container),
        leads: () => leaderOf(program, namespace)?.pod.metadata.uid === pod.metadata.uid,
      })
    );
    const entry: Running = { program, pod, controller };
    running.set(key, entry);
    clock.track(controller).then(
      (started) => {
        if (running.get(key) !== entry) return started.stop();
        entry.started = started;
        started.lead();
      },
      (error) => {
        running.delete(key);
        report(`${namespace}/${name}`, error);
        // What it needs may come yet, definitions for example.
        clock.after(RETRY, () => {
          const now = pods.get(namespace, name!);
          if (now !== undefined) look(now);
        }, { background: true });
      },
    );
  };
  /** Of several replicas only one writes what all of them would. */
  const leaderOf = (program: Program, namespace: string): Running | undefined =>
    [...running.values()].find((one) => one.program === program && one.pod.metadata.namespace === namespace);

  const end = (key: string): void => {
    const ended = running.get(key);
    if (ended === undefined) return;
    running.delete(key);
    const { started, pod: { metadata } } = ended;
    if (started?.retire !== undefined) {
      clock.track(started.retire()).catch((error) => report(`${metadata.namespace}/${metadata.name}`, error));
    }
    started?.stop();
    leaderOf(ended.program, ended.pod.metadata.namespace ?? "")?.started?.lead();
  };

  const look = (pod: Pod): void => {
    for (const container of pod.spec.containers) {
      const program = PROGRAMS[parseImageName(container.image ?? "")?.repository ?? ""];
      if (program === undefined) continue;
      const key = `${pod.metadata.uid}/${container.name}`;
      const status = pod.status?.containerStatuses?.find(({ name }) => name === container.name);
      if (status?.state?.running === undefined) end(key);
      else if (!running.has(key)) start(key, pod, container, program);
    }
  };
  pods.on({
    added: look,
    updated: look,
    deleted({ metadata, spec }) {
      for (const { name } of spec.containers) end(`${metadata.uid}/${name}`);
    },
  });

  return {
    tableFor(pod) {
      for (const { started } of running.values()) {
        const table = started?.tableFor(pod);
        if (table !== undefined) return table;
      }
      return undefined;
    },
    stop() {
      for (const { started } of running.values()) started?.stop();
      running.clear();
    },
  };
}

/** A container's arguments with what they say of its environment filled in: "$(POD_NAMESPACE)". */
function argumentsOf({ metadata }: Pod, { command = [], args = [], env = [] }: Container): readonly string[] {
  const fields: Readonly<Record<string, string | undefined>> = {
    "metadata.name": metadata.name,
    "metadata.namespace": metadata.namespace,
  };
  const values = new Map(
    env.map(({ name, value, valueFrom }) =>
      [name, value ?? fields[valueFrom?.fieldRef?.fieldPath ?? ""] ?? ""] as const
    ),
  );
  return [...command, ...args].map((word) =>
    word.replaceAll(/\$\(([\w.-]+)\)/g, (whole, name) => values.get(name) ?? whole)
  );
}
