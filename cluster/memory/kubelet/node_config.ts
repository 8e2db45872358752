/** The machines that nodes run on, and the Node objects that their kubelets register. */
import { timestamp } from "../api/timestamps.ts";
import type { ContainerImage, Node, NodeCondition, Taint } from "../kinds/schema/types.ts";
import type { Thresholds } from "./eviction/signals.ts";
import type { FoundImage } from "./images/registry.ts";
import { NODE_CPUS, NODE_MEMORY_KB } from "./runtime/node_hardware.ts";

/** One machine. */
export interface NodeConfig {
  readonly name: string;
  /** Where it is reached, "172.30.1.2". */
  readonly address: string;
  /** The range of its pods' addresses, "10.244.1.0/24". */
  readonly podCIDR: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly taints?: readonly Taint[];
  /** How little may be left before pods are evicted; Kubernetes' defaults unless said. */
  readonly evictionHard?: Thresholds;
  readonly capacity?: Readonly<Partial<Record<"cpu" | "memory" | "ephemeral-storage" | "pods", string>>>;
}

export const KUBELET_VERSION = "v1.36.0";
/** What a node asks for the addresses of names outside of the cluster. */
export const NODE_RESOLVER = "10.255.255.53";

const CAPACITY = {
  cpu: String(NODE_CPUS),
  memory: `${NODE_MEMORY_KB}Ki`,
  "ephemeral-storage": "20134592Ki",
  pods: "110",
};
/** What the machine keeps for itself: memory under which pods are evicted, and a tenth of the disk. */
const RESERVED_MEMORY_KI = 100 * 1024;

/** What a machine has, with the defaults for what its configuration does not say. */
export function nodeCapacity({ capacity }: NodeConfig): Readonly<Record<string, string>> {
  const { cpu, memory, "ephemeral-storage": storage, pods } = { ...CAPACITY, ...capacity };
  return { cpu, "ephemeral-storage": storage, "hugepages-1Gi": "0", "hugepages-2Mi": "0", memory, pods };
}

function allocatable(capacity: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const ki = (name: string) => Number(/^(\d+)Ki$/.exec(capacity[name])?.[1] ?? NaN);
  const [memory, storage] = [ki("memory"), ki("ephemeral-storage")];
  return {
    ...capacity,
    ...Number.isNaN(memory) ? {} : { memory: `${memory - RESERVED_MEMORY_KI}Ki` },
    ...Number.isNaN(storage) ? {} : { "ephemeral-storage": String(Math.floor(storage * 1024 * 0.9)) },
  };
}

/** The conditions of a healthy node. */
export function healthyConditions(now: number, since = now): readonly NodeCondition[] {
  const [lastHeartbeatTime, lastTransitionTime] = [timestamp(now), timestamp(since)];
  const condition = (type: string, status: string, reason: string, message: string) => ({
    type,
    status,
    lastHeartbeatTime,
    lastTransitionTime,
    reason,
    message,
  });
  return [
    condition("MemoryPressure", "False", "KubeletHasSufficientMemory", "kubelet has sufficient memory available"),
    condition("DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"),
    condition("PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"),
    condition("Ready", "True", "KubeletReady", "kubelet is posting ready status"),
  ];
}

/** What a node's status says of its images: no more than 50. */
export const nodeImages = (images: readonly FoundImage[]): readonly ContainerImage[] =>
  images.slice(0, 50).map(({ name, digest, image }) => ({ names: [digest, name], sizeBytes: image.size }));

/** 32 hexadecimal digits with the dashes of a UUID. */
const uuid = (digits: string): string =>
  [8, 12, 16, 20].reduceRight((id, at) => `${id.slice(0, at)}-${id.slice(at)}`, digits);

const RUNTIME_FEATURES = { recursiveReadOnlyMounts: true, userNamespaces: true };

/** Features of its kubelet that the rest of a cluster must know of, while its other nodes may be older. */
const DECLARED_FEATURES = [
  "ExtendWebSocketsToKubelet",
  "InPlacePodLevelResourcesVerticalScaling",
  "InPlacePodVerticalScalingInitContainers",
  "RestartAllContainersOnContainerExits",
];

/** @param identity hexadecimal digits that are the machine's own */
export function nodeObject(config: NodeConfig, now: number, identity: string, images: readonly FoundImage[]): Node {
  const { name, address, podCIDR, labels, annotations, taints } = config;
  const capacity = nodeCapacity(config);
  const systemUUID = uuid(identity.slice(0, 32));
  return {
    apiVersion: "v1",
    kind: "Node",
    metadata: {
      name,
      labels: {
        "beta.kubernetes.io/arch": "amd64",
        "beta.kubernetes.io/os": "linux",
        "kubernetes.io/arch": "amd64",
        "kubernetes.io/hostname": name,
        "kubernetes.io/os": "linux",
        ...labels,
      },
      annotations: {
        "node.alpha.kubernetes.io/ttl": "0",
        "volumes.kubernetes.io/controller-managed-attach-detach": "true",
        ...annotations,
      },
    },
    spec: { podCIDR, podCIDRs: [podCIDR], ...taints === undefined ? {} : { taints } },
    status: {
      capacity,
      allocatable: allocatable(capacity),
      conditions: healthyConditions(now),
      addresses: [{ type: "InternalIP", address }, { type: "Hostname", address: name }],
      daemonEndpoints: { kubeletEndpoint: { Port: 10250 } },
      nodeInfo: {
        machineID: identity.slice(0, 32),
        systemUUID,
        bootID: uuid(identity.slice(32, 64)),
        kernelVersion: "6.8.0-51-generic",
        osImage: "Ubuntu 24.04.1 LTS",
        containerRuntimeVersion: "containerd://2.1.4",
        kubeletVersion: KUBELET_VERSION,
        kubeProxyVersion: "",
        operatingSystem: "linux",
        architecture: "amd64",
      },
      images: nodeImages(images),
      // The one without a name is what pods get that ask for none.
      runtimeHandlers: ["", "runc"].map((name) => ({ name, features: RUNTIME_FEATURES })),
      features: { supplementalGroupsPolicy: true },
      declaredFeatures: DECLARED_FEATURES,
    },
  };
}
