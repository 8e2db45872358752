/**
 * The priorities of requests and who has which, as every cluster has them from its start.
 *
 * Source: `k8s.io/apiserver/pkg/apis/flowcontrol/bootstrap`.
 */
import type {
  FlowSchema,
  FlowSchemaSpec,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
} from "../schema/types.ts";

type Rules = NonNullable<FlowSchemaSpec["rules"]>[number];
type Subject = Rules["subjects"][number];
type ResourceRule = NonNullable<Rules["resourceRules"]>[number];

/** An object before the server has added its status. */
type Unserved<T> = Omit<T, "status">;

const API_VERSION = "flowcontrol.apiserver.k8s.io/v1";
const ANY = ["*"];

/** The server brings the object back to this when somebody changes it, until the annotation says otherwise. */
const metadata = (name: string) => ({ name, annotations: { "apf.kubernetes.io/autoupdate-spec": "true" } });

const level = (name: string, spec: PriorityLevelConfigurationSpec): Unserved<PriorityLevelConfiguration> => ({
  apiVersion: API_VERSION,
  kind: "PriorityLevelConfiguration",
  metadata: metadata(name),
  spec,
});

/** A level whose requests wait in queues of 50 when it has no seat for them. */
const queued = (name: string, shares: number, lendablePercent: number, queues: number, handSize: number) =>
  level(name, {
    type: "Limited",
    limited: {
      nominalConcurrencyShares: shares,
      lendablePercent,
      limitResponse: { type: "Queue", queuing: { queues, handSize, queueLengthLimit: 50 } },
    },
  });

/** The PriorityLevelConfigurations: the two that no cluster is without, then the suggested ones. */
export const systemPriorityLevels = (): readonly Unserved<PriorityLevelConfiguration>[] => [
  level("catch-all", {
    type: "Limited",
    limited: { nominalConcurrencyShares: 5, lendablePercent: 0, limitResponse: { type: "Reject" } },
  }),
  level("exempt", { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
  queued("system", 30, 33, 64, 6),
  queued("node-high", 40, 25, 64, 6),
  queued("leader-election", 10, 0, 16, 4),
  queued("workload-high", 40, 50, 128, 6),
  queued("workload-low", 100, 90, 128, 6),
  queued("global-default", 20, 50, 128, 6),
];

const user = (name: string): Subject => ({ kind: "User", user: { name } });
const group = (name: string): Subject => ({ kind: "Group", group: { name } });

const EVERYBODY = [group("system:unauthenticated"), group("system:authenticated")];
const CONTROLLER_MANAGER = user("system:kube-controller-manager");
const SCHEDULER = user("system:kube-scheduler");
const SYSTEM_SERVICE_ACCOUNTS: Subject = {
  kind: "ServiceAccount",
  serviceAccount: { name: "*", namespace: "kube-system" },
};

/** Every request of these subjects. */
const everything = (subjects: readonly Subject[]): Rules => ({
  subjects,
  resourceRules: [{ verbs: ANY, apiGroups: ANY, resources: ANY, namespaces: ANY, clusterScope: true }],
  nonResourceRules: [{ verbs: ANY, nonResourceURLs: ANY }],
});

const leases = (verbs: readonly string[]): ResourceRule => ({
  verbs,
  apiGroups: ["coordination.k8s.io"],
  resources: ["leases"],
  namespaces: ANY,
});

const nodes: ResourceRule = {
  verbs: ANY,
  apiGroups: [""],
  resources: ["nodes", "nodes/status"],
  namespaces: ANY,
  clusterScope: true,
};

const probes: Rules = {
  subjects: EVERYBODY,
  nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
};

/** How requests of one level are told apart, so that each has its own queues. */
type Distinguisher = "ByUser" | "ByNamespace" | undefined;

function schema(name: string, level: string, precedence: number, distinguisher: Distinguisher, rules: Rules) {
  const object: Unserved<FlowSchema> = {
    apiVersion: API_VERSION,
    kind: "FlowSchema",
    metadata: metadata(name),
    spec: {
      priorityLevelConfiguration: { name: level },
      matchingPrecedence: precedence,
      ...distinguisher === undefined ? {} : { distinguisherMethod: { type: distinguisher } },
      rules: [rules],
    },
  };
  return object;
}

/** The FlowSchemas, by the order in which a request tries them. */
export const systemFlowSchemas = (): readonly Unserved<FlowSchema>[] => [
  schema("exempt", "exempt", 1, undefined, everything([group("system:masters")])),
  schema("probes", "exempt", 2, undefined, probes),
  schema("system-leader-election", "leader-election", 100, "ByUser", {
    subjects: [CONTROLLER_MANAGER, SCHEDULER, SYSTEM_SERVICE_ACCOUNTS],
    resourceRules: [leases(["get", "create", "update"])],
  }),
  schema("system-node-high", "node-high", 400, "ByUser", {
    subjects: [group("system:nodes")],
    resourceRules: [nodes, leases(ANY)],
  }),
  schema("system-nodes", "system", 500, "ByUser", everything([group("system:nodes")])),
  schema("kube-controller-manager", "workload-high", 800, "ByNamespace", everything([CONTROLLER_MANAGER])),
  schema("kube-scheduler", "workload-high", 800, "ByNamespace", everything([SCHEDULER])),
  schema("kube-system-service-accounts", "workload-high", 900, "ByNamespace", everything([SYSTEM_SERVICE_ACCOUNTS])),
  schema("service-accounts", "workload-low", 9000, "ByUser", everything([group("system:serviceaccounts")])),
  schema("global-default", "global-default", 9900, "ByUser", everything(EVERYBODY)),
  schema("catch-all", "catch-all", 10_000, "ByUser", everything(EVERYBODY)),
];
