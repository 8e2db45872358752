/**
 * The kubelets of all nodes, over informers that they share.
 *
 * Each node has a kubelet with an identity of its own ("system:node:node01"), its images, addresses and containers. A
 * kubelet can be stopped, as a node that is lost, and started again.
 */
import type { Client } from "../api/client.ts";
import { eventRecorder, type EventType } from "../api/event_recorder.ts";
import type { Informers } from "../api/informer.ts";
import {
  configMaps,
  nodes,
  persistentVolumeClaims,
  persistentVolumes,
  pods,
  secrets,
  services,
} from "../api/kind_refs.ts";
import type { Clock } from "../clock.ts";
import type { KubeObject } from "../kinds/object.ts";
import type { NodeCondition, PersistentVolume, PersistentVolumeClaim, Pod } from "../kinds/schema/types.ts";
import { PodAddresses } from "../network/pod_addresses.ts";
import { Backoff } from "./backoff.ts";
import { Disconnected, whileConnected } from "./connection_loss.ts";
import { EvictionManager } from "./eviction/eviction_manager.ts";
import type { AddedImages } from "./images/added.ts";
import { ImageManager } from "./images/image_manager.ts";
import { type Registry, registryWith } from "./images/registry.ts";
import { Kubelet } from "./kubelet.ts";
import type { NodeConfig } from "./node_config.ts";
import { type NodeContext, nodeEvent } from "./node_context.ts";
import { NodeHeartbeat } from "./node_heartbeat.ts";
import type { Network } from "./runtime/network.ts";
import type { ApiServer, Runtime, VolumeContent } from "./runtime/runtime.ts";
import { containerRuntime } from "./runtime/container_runtime.ts";
import { adoptPod } from "./adopt_pod.ts";
import { StaticPods } from "./static_pods.ts";
import { followsObject } from "./volumes/api_files.ts";
import { claimName } from "./volumes/claim.ts";
import { removePath } from "./volumes/host_path.ts";
import { nodeFiles } from "./volumes/node_files.ts";
import { PodTokens } from "./volumes/pod_tokens.ts";

export interface KubeletsOptions {
  readonly nodes: readonly NodeConfig[];
  readonly informers: Informers;
  readonly clock: Clock;
  /** A client that acts as the user of this name, "system:node:node01". */
  readonly clientFor: (user: string) => Client;
  /** Told of failures, and on which node; nothing of it is fatal. */
  readonly report: (node: string, error: unknown) => void;
  readonly runtime?: Runtime;
  /** What containers reach. */
  readonly network: Network;
  /** What the program kube-apiserver serves. */
  readonly apiServer?: ApiServer;
  /** Images beside those of the catalogue. */
  readonly images?: AddedImages;
}

/** Delays of containers that crash: 10 s, doubling to 5 minutes, forgotten after 10. */
const FIRST_CRASH_DELAY = 10_000;
const LONGEST_CRASH_DELAY = 300_000;

/** Says which provisioner made a volume. */
const PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

interface RunningNode {
  readonly kubelet: Kubelet;
  readonly context: NodeContext;
  readonly conditions: Map<string, NodeCondition>;
  heartbeat: NodeHeartbeat;
  readonly eviction: EvictionManager;
  /** The node is cut off: it tells nothing and is told nothing. */
  lost: boolean;
}

/** The kubelets of all nodes of a cluster. */
export class Kubelets {
  readonly #nodes = new Map<string, RunningNode>();
  readonly #registry: Registry;
  /** Volumes that all nodes of the cluster see, by key. */
  readonly #volumes = new Map<string, VolumeContent>();

  constructor(readonly options: KubeletsOptions) {
    this.#registry = registryWith(options.images ?? { images: [], plain: [] });
    for (const config of options.nodes) this.#nodes.set(config.name, this.#create(config));
    const { informers } = options;
    const kubeletOf = ({ spec }: Pod) => {
      const node = this.#nodes.get(spec?.nodeName ?? "");
      return node?.lost ? undefined : node?.kubelet;
    };
    informers.for(pods).on({
      added: (pod) => this.#set(pod),
      updated: (pod) => this.#set(pod),
      deleted: (pod) => kubeletOf(pod)?.removePod(pod),
    });
    for (const [kind, source] of [[configMaps, "configMap"], [secrets, "secret"]] as const) {
      const changed = ({ metadata: { namespace, name } }: KubeObject) =>
        this.#sourceChanged(namespace, (pod) => followsObject(pod, source, name!));
      informers.for<KubeObject>(kind).on({ added: changed, updated: changed });
    }
    const claimChanged = ({ metadata: { namespace, name } }: PersistentVolumeClaim) =>
      this.#sourceChanged(
        namespace,
        (pod) => (pod.spec!.volumes ?? []).some((volume) => claimName(pod, volume) === name),
      );
    informers.for(persistentVolumeClaims).on({ added: claimChanged, updated: claimChanged });
    informers.for(persistentVolumes).on({ deleted: (volume) => this.#discard(volume) });
    informers.for(services);
  }

  kubelet(node: string): Kubelet | undefined {
    return this.#nodes.get(node)?.kubelet;
  }

  context(node: string): NodeContext | undefined {
    return this.#nodes.get(node)?.context;
  }

  /** Cuts a node off, as when its machine or its network fails: the control plane hears nothing of it any more. */
  loseNode(name: string): void {
    const node = this.#nodes.get(name);
    if (node === undefined || node.lost) return;
    node.lost = true;
    node.heartbeat.stop();
  }

  /** Connects a node again: it tells that it is there, and learns what it has missed. */
  async restoreNode(name: string): Promise<void> {
    const node = this.#nodes.get(name);
    if (node === undefined || !node.lost) return;
    node.lost = false;
    node.heartbeat = this.#heartbeat(name, node.context, node.conditions);
    await node.heartbeat.now();
    const known = this.options.informers.for(pods);
    for (const { pod } of [...node.kubelet.workers]) {
      const current = known.get(pod.metadata.namespace, pod.metadata.name!);
      if (current?.metadata.uid !== pod.metadata.uid) node.kubelet.removePod(pod);
    }
    for (const pod of known.list()) if (pod.spec?.nodeName === name) this.#set(pod);
    for (const worker of node.kubelet.workers) worker.reconnected();
  }

  stop(): void {
    for (const { kubelet, heartbeat, eviction } of this.#nodes.values()) {
      kubelet.stop();
      eviction.stop();
      heartbeat.stop();
    }
  }

  #set(pod: Pod): void {
    const node = this.#nodes.get(pod.spec?.nodeName ?? "");
    if (node === undefined || node.lost) return;
    const { kubelet, context } = node;
    if (kubelet.workerOf(pod.metadata.uid!) === undefined && adoptPod(kubelet, context, pod)) return;
    kubelet.setPod(pod);
  }

  #create(config: NodeConfig): RunningNode {
    const { informers, clock, clientFor, report: tell, network, runtime = containerRuntime } = this.options;
    const { name, address, podCIDR } = config;
    const client = whileConnected(clientFor(`system:node:${name}`), () => this.#nodes.get(name)?.lost !== true);
    const report = (error: unknown) => error instanceof Disconnected ? undefined : tell(name, error);
    const images = new ImageManager(clock, this.#registry);
    const files = nodeFiles(config, () => staticPods.changed());
    const [allConfigMaps, allSecrets] = [informers.for(configMaps), informers.for(secrets)];
    const [allClaims, allVolumes] = [informers.for(persistentVolumeClaims), informers.for(persistentVolumes)];
    const [allServices, allNodes] = [informers.for(services), informers.for(nodes)];
    allServices.index("namespace", ({ metadata }) => [metadata.namespace!]);
    const context: NodeContext = {
      name,
      hostIP: address,
      client,
      clock,
      report,
      recorder: eventRecorder({ client, clock, component: "kubelet", host: name, report }),
      sources: {
        configMap: (namespace, name) => allConfigMaps.get(namespace, name),
        secret: (namespace, name) => allSecrets.get(namespace, name),
        services: (namespace) => allServices.by("namespace", namespace),
        node: () => allNodes.get(undefined, name),
      },
      runtime,
      network,
      apiServer: this.options.apiServer,
      images,
      addresses: new PodAddresses(podCIDR),
      crashLoop: new Backoff(FIRST_CRASH_DELAY, LONGEST_CRASH_DELAY),
      sharedVolume: (key) => {
        if (key === "host:/") return files;
        let volume = this.#volumes.get(key);
        if (volume === undefined) this.#volumes.set(key, volume = { files: new Map() });
        return volume;
      },
      claims: {
        claim: (namespace, name) => allClaims.get(namespace, name),
        volume: (name) => allVolumes.get(undefined, name),
      },
      tokens: new PodTokens({ client, clock }),
    };
    const conditions = new Map<string, NodeCondition>();
    const heartbeat = this.#heartbeat(name, context, conditions);
    const kubelet: Kubelet = new Kubelet(
      context,
      () => allNodes.get(undefined, name),
      (pod) => eviction.refuse(pod),
    );
    const changed = () => void clock.track(this.#nodes.get(name)!.heartbeat.now().catch(report));
    const staticPods = new StaticPods(kubelet, files);
    const { evictionHard } = config;
    const eviction: EvictionManager = new EvictionManager({ kubelet, thresholds: evictionHard, conditions, changed });
    return { kubelet, context, conditions, heartbeat, eviction, lost: false };
  }

  #heartbeat(node: string, context: NodeContext, conditions: Map<string, NodeCondition>) {
    const { client, clock, images, report } = context;
    const event = (...what: [type: EventType, reason: string, message: string]) => nodeEvent(context, ...what);
    return new NodeHeartbeat({ client, clock, node, images, report, conditions: () => conditions, event });
  }

  /** A volume that was made for a claim goes with its data. */
  #discard({ metadata: { name, annotations }, spec }: PersistentVolume): void {
    if (spec.persistentVolumeReclaimPolicy !== "Delete") return;
    this.#volumes.delete(`volume:${name}`);
    if (spec.hostPath === undefined || annotations?.[PROVISIONED_BY] === undefined) return;
    for (const { context } of this.#nodes.values()) removePath(context.sharedVolume("host:/"), spec.hostPath.path);
  }

  /** What the volumes of some pods of a namespace are made of has come or changed. */
  #sourceChanged(namespace: string | undefined, concerns: (pod: Pod) => boolean): void {
    for (const { kubelet, lost } of this.#nodes.values()) {
      if (lost) continue;
      for (const worker of kubelet.workers) {
        if (worker.pod.metadata.namespace === namespace && concerns(worker.pod)) worker.sourceChanged();
      }
    }
  }
}
