/**
 * What runs beside the API server: the controller manager, the scheduler, a kubelet for each node, the
 * metrics server. Each talks to the API as a client with its own identity.
 */
import { Informers } from "./api/informer.ts";
import { services } from "./api/kind_refs.ts";
import { administrator, type Api } from "./api/mod.ts";
import { authenticated, SYSTEM_MASTERS, type User } from "./api/user.ts";
import { bootstrapNodes } from "./bootstrap/mod.ts";
import { CONTROL_PLANE_NODE, nodeConfigs } from "./bootstrap/nodes.ts";
import type { ControllerOptions } from "./controllers/options.ts";
import type { AddedImages } from "./kubelet/images/added.ts";
import type { ContainerNetwork } from "./container_network.ts";
import type { Kubelets } from "./kubelet/mod.ts";
import type { ApiServer } from "./kubelet/runtime/runtime.ts";
import type { Scheduler } from "./scheduler/scheduler.ts";
import { type Component, COMPONENTS } from "./component_names.ts";
import type { Addon } from "./bootstrap/addons/names.ts";
import { componentStatuses } from "./component_statuses.ts";
import { lead } from "./leader_election.ts";
import { componentStatus } from "./kinds/core/component_status.ts";

export { type Component, COMPONENTS };

export interface ComponentsOptions {
  readonly components: readonly Component[];
  /** All nodes' names, the control plane's first. */
  readonly nodes: readonly string[];
  readonly controllers: ControllerOptions;
  /** What containers reach as the API. */
  readonly apiServer?: ApiServer;
  /** Images beside those of the catalogue. */
  readonly images?: AddedImages;
  /** From where Services of type LoadBalancer get addresses, "172.30.200.0/24"; without it they wait for one. */
  readonly loadBalancerRange?: string;
  /** What is installed beside what kubeadm leaves. They need nodes. */
  readonly addons?: readonly Addon[];
  /** Whether the node ports of services are open on this machine too. */
  readonly nodePorts?: boolean;
  /** Told of what fails inside; nothing of it is fatal. */
  readonly report: (where: string, error: unknown) => void;
}

export interface Components {
  readonly scheduler?: Scheduler;
  readonly kubelets?: Kubelets;
  /** Where there are kubelets. */
  readonly network?: ContainerNetwork;
  stop(): void;
}

/** Of which programs only one may work at a time, where there are several control planes. */
const ELECTED = [
  { room: "controllers", name: "kube-controller-manager", component: "kube-controller-manager" },
  { room: "scheduler", name: "kube-scheduler", component: "default-scheduler" },
] as const;

/** Starts those that were asked for. Each module is loaded only where it runs. */
export async function startComponents(api: Api, options: ComponentsOptions): Promise<Components> {
  const { components, nodes, controllers, report } = options;
  const { clock } = api;
  const clientFor = (name: string) => api.client(identity(name), { manager: managerOf(name) });
  const informers = new Informers(api.client(administrator), (error) => report("informer", error));
  let kubelets: Kubelets | undefined;
  let network: ContainerNetwork | undefined;
  let scheduler: Scheduler | undefined;
  const stops: (() => void)[] = [];
  // All is loaded before anything starts: how long that takes must not show in the order of what happens.
  const [kubeletRoom, schedulerRoom, controllerRoom, metricsRoom] = await Promise.all([
    components.includes("kubelets") ? import("./kubelet/mod.ts") : undefined,
    components.includes("scheduler") ? import("./scheduler/scheduler.ts") : undefined,
    components.includes("controllers") ? import("./controllers/mod.ts") : undefined,
    components.includes("metrics") ? import("./metrics/mod.ts") : undefined,
  ]);

  api.serve(componentStatus, { objects: () => componentStatuses(components) });

  if (kubeletRoom !== undefined) {
    const { containerNetwork } = await import("./container_network.ts");
    const configs = nodeConfigs(nodes);
    const { podControllers } = await import("./pod_controllers.ts");
    const inPods = podControllers({
      informers,
      clock,
      clientFor: (name, manager) => api.client(identity(name), { manager }),
      report,
    });
    stops.push(() => inPods.stop());
    network = containerNetwork({ informers, clock, kubelets: () => kubelets, proxyTable: inPods.tableFor });
    const running = kubelets = new kubeletRoom.Kubelets({
      nodes: configs,
      informers,
      clock,
      clientFor,
      report,
      network,
      apiServer: options.apiServer,
      images: options.images,
    });
    const { rootCa = "" } = controllers;
    const client = api.client(administrator);
    await bootstrapNodes({ client, clock, nodes: configs, rootCa });
    if (options.addons !== undefined && options.addons.length > 0) {
      const { installAddons } = await import("./bootstrap/addons/mod.ts");
      const loadBalancers = options.loadBalancerRange !== undefined;
      await installAddons(options.addons, {
        client,
        clock,
        nodes: configs,
        served: api.kinds,
        loadBalancers,
      });
    }
    if (options.nodePorts) {
      const { openNodePorts } = await import("./node_ports_on_host.ts");
      const own = api.client(administrator, { manager: "drydock" });
      stops.push(openNodePorts({ informers, network, clock, client: own, report }));
    }
    // Pods that run from the beginning are taken over as soon as they are seen; they find their services by then.
    await informers.for(services).start();
    stops.push(() => running.stop());
  }
  if (schedulerRoom !== undefined) {
    const running = scheduler = new schedulerRoom.Scheduler({
      client: clientFor("system:kube-scheduler"),
      informers,
      clock,
      report: (error) => report("scheduler", error),
      host: nodes[0],
    });
    stops.push(() => running.stop());
  }
  if (controllerRoom !== undefined) {
    const loadBalancer = options.loadBalancerRange === undefined
      ? controllers.loadBalancer
      : await addressPool(options.loadBalancerRange, informers);
    const context = { clientFor, informers, clock, report, options: { ...controllers, loadBalancer } };
    const running = await controllerRoom.startControllers(context);
    stops.push(() => running.stop());
  }
  if (metricsRoom !== undefined && kubelets !== undefined) {
    await metricsRoom.serveMetrics({ api, informers, kubelets });
  }
  if (nodes.includes(CONTROL_PLANE_NODE)) {
    for (const { room, name, component } of ELECTED) {
      if (!components.includes(room)) continue;
      const client = clientFor(`system:${name}`);
      const say = (error: unknown) => report(name, error);
      const leader = await lead({ client, clock, name, component, host: CONTROL_PLANE_NODE, report: say });
      stops.push(() => leader.stop());
    }
  }
  await informers.start();
  return {
    scheduler,
    kubelets,
    network,
    stop() {
      for (const stop of stops) stop();
      informers.stop();
    },
  };
}

async function addressPool(range: string, informers: Informers): Promise<ControllerOptions["loadBalancer"]> {
  const { loadBalancerPool } = await import("./network/load_balancer_pool.ts");
  const known = informers.for(services);
  return loadBalancerPool(range, () => known.list());
}

/** The program in which a component of a real cluster runs: it is what its fields belong to. */
function managerOf(name: string): string {
  if (name.startsWith("system:serviceaccount:")) return "kube-controller-manager";
  if (name.startsWith("system:node:")) return "kubelet";
  return name === "system:apiserver" ? "kube-apiserver" : name.replace("system:", "");
}

/** Who a component is, with the groups that authentication would give it. */
function identity(name: string): User {
  const serviceAccount = /^system:serviceaccount:([^:]+):/.exec(name);
  if (serviceAccount !== null) {
    return authenticated(name, ["system:serviceaccounts", `system:serviceaccounts:${serviceAccount[1]}`]);
  }
  if (name === "system:apiserver") return authenticated(name, [SYSTEM_MASTERS]);
  return authenticated(name, name.startsWith("system:node:") ? ["system:nodes"] : []);
}
