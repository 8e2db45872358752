/** The clusters that the conformance suite runs against. */
import process from "node:process";
import { poll } from "../../checks/poll.ts";
import type { ApiObject, Cluster, ObjectRef } from "../../cluster/cluster.ts";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { kubeconfigPaths, loadKubeconfig, parseKubeconfig } from "../../cluster/remote/kubeconfig.ts";
import { connect } from "../../cluster/remote/remote_cluster.ts";
import type { Access } from "./inside/inside_case.ts";

export interface ClusterUnderTest {
  readonly name: string;
  /** Why the suite does not run against it. */
  readonly absent?: string;
  open(): Promise<OpenUnderTest>;
}

export interface OpenUnderTest {
  readonly cluster: Cluster;
  readonly access: Access;
}

/** The kubeconfig's context that the suite may use; its cluster is changed. */
const CONTEXT = process.env.DRYDOCK_CONFORMANCE_CONTEXT;

export const MEMORY: ClusterUnderTest = {
  name: "memory",
  async open() {
    const cluster = await inProcessCluster();
    const { kubeconfigText, whileTimePasses } = cluster;
    return { cluster, access: { config: await parseKubeconfig(kubeconfigText, "kubeconfig"), whileTimePasses } };
  },
};

/** A context of the kubeconfigs that kubectl would read. */
export function real(context: string): ClusterUnderTest {
  return {
    name: context,
    async open() {
      const loaded = await loadKubeconfig(kubeconfigPaths());
      if (loaded === undefined) throw new Error("there is no kubeconfig");
      const { config } = loaded;
      const cluster = await connect(config, { context });
      config.setCurrentContext(context);
      return { cluster, access: { config, whileTimePasses: (work) => work() } };
    },
  };
}

export const CLUSTERS: readonly ClusterUnderTest[] = [
  MEMORY,
  CONTEXT === undefined
    ? { ...real(""), name: "real", absent: "DRYDOCK_CONFORMANCE_CONTEXT names no context" }
    : real(CONTEXT),
];

/** What a case is given: a cluster, and a namespace of its own that is taken away afterwards. */
export interface Surroundings {
  readonly cluster: Cluster;
  readonly namespace: string;
  /** Creates an object in the namespace. */
  create(object: Record<string, unknown> & { readonly metadata: Record<string, unknown> }): Promise<ApiObject>;
  get(apiVersion: string, kind: string, name: string): Promise<ApiObject | undefined>;
  list(apiVersion: string, kind: string, labelSelector?: string): Promise<readonly ApiObject[]>;
  ref(apiVersion: string, kind: string, name: string): ObjectRef;
  /** Looks until `look` gives something, or fails after three minutes of the cluster's time with what was last seen. */
  eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
}

/** Milliseconds of the cluster's time. */
const LIMIT = 180_000;

/** Runs `body` in a namespace of its own on `cluster`. */
export async function inNamespace(
  cluster: Cluster,
  body: (surroundings: Surroundings) => Promise<void>,
): Promise<void> {
  const namespace = `conformance-${crypto.randomUUID().slice(0, 8)}`;
  const { objects } = cluster;
  const own: ObjectRef = { apiVersion: "v1", kind: "Namespace", name: namespace };
  const ref = (apiVersion: string, kind: string, name: string) => ({ apiVersion, kind, name, namespace });
  const eventually: Surroundings["eventually"] = async (what, look) => {
    let found: Awaited<ReturnType<typeof look>>;
    if (await poll(cluster, { limit: LIMIT }, async () => (found = await look()) !== undefined && found !== false)) {
      return found as Exclude<typeof found, undefined | false>;
    }
    throw new Error(`${what}: not within ${LIMIT / 1000} s`);
  };
  const surroundings: Surroundings = {
    cluster,
    namespace,
    create: (object) =>
      objects.create({ ...object, metadata: { namespace, ...object.metadata } } as unknown as ApiObject),
    get: (apiVersion, kind, name) => objects.get(ref(apiVersion, kind, name)),
    list: (apiVersion, kind, labelSelector) =>
      objects.list({ apiVersion, kind, namespace, ...labelSelector === undefined ? {} : { labelSelector } }),
    ref,
    eventually,
  };
  await objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } });
  try {
    await eventually("the default ServiceAccount", () => surroundings.get("v1", "ServiceAccount", "default"));
    await body(surroundings);
  } finally {
    await objects.delete(own);
  }
}
