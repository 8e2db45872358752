/** The clusters that the conformance suite runs against. */
import process from "node:process";
import type { ApiObject, Cluster, ObjectRef } from "../../cluster/cluster.ts";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { loadKubeconfig } from "../../cluster/remote/kubeconfig.ts";
import { connect } from "../../cluster/remote/remote_cluster.ts";

export interface ClusterUnderTest {
  readonly name: string;
  /** Why the suite does not run against it. */
  readonly absent?: string;
  open(): Promise<Cluster>;
}

const REAL = process.env.DRYDOCK_TEST_KUBECONFIG;

export const CLUSTERS: readonly ClusterUnderTest[] = [
  { name: "memory", open: inProcessCluster },
  {
    name: "real",
    ...REAL === undefined ? { absent: "DRYDOCK_TEST_KUBECONFIG names no kubeconfig" } : {},
    async open() {
      const loaded = await loadKubeconfig([REAL!]);
      return await connect(loaded!.config, { path: REAL! });
    },
  },
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
  /** Looks until `look` gives something, or fails after a minute of the cluster's time with what was last seen. */
  eventually<T>(what: string, look: () => Promise<T | undefined | false>): Promise<T>;
}

/** Milliseconds of the cluster's time. */
const LIMIT = 60_000;
const INTERVAL = 250;

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
    const end = cluster.now() + LIMIT;
    while (true) {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      if (cluster.now() >= end) throw new Error(`${what}: not within ${LIMIT / 1000} s`);
      await cluster.pass(INTERVAL);
    }
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
