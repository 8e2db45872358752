/**
 * The roles and bindings that every cluster starts with.
 *
 * Source: `plugin/pkg/auth/authorizer/rbac/bootstrappolicy`; the rules are data, in bootstrap_roles.json.
 */
import type { KubeObject, Partially } from "../../kinds/object.ts";
import type {
  ClusterRole,
  ClusterRoleBinding,
  PolicyRule,
  Role,
  RoleBinding,
  Subject,
} from "../../kinds/schema/types.ts";
import data from "./bootstrap_roles.json" with { type: "json" };

const API_GROUP = "rbac.authorization.k8s.io";
const API_VERSION = `${API_GROUP}/v1`;

/** The roles that gather the rules of those labelled for them. */
const AGGREGATED: Readonly<Record<string, { readonly labels?: Readonly<Record<string, string>> }>> = {
  admin: {},
  edit: { labels: { "rbac.authorization.k8s.io/aggregate-to-admin": "true" } },
  view: { labels: { "rbac.authorization.k8s.io/aggregate-to-edit": "true" } },
};

/** "get list | core apps | pods deployments | a-name" or "get | url | /healthz" */
function parseRule(text: string): PolicyRule {
  const [verbs, groups, resources, names] = text.split(" | ").map((part) => part.split(" "));
  if (groups[0] === "url") return { verbs, nonResourceURLs: resources };
  const apiGroups = groups.map((group) => group === "core" ? "" : group);
  return { verbs, apiGroups, resources, ...names === undefined ? {} : { resourceNames: names } };
}

function metadata(name: string, namespace?: string, labels: Readonly<Record<string, string>> = {}) {
  return {
    name,
    ...namespace === undefined ? {} : { namespace },
    annotations: { "rbac.authorization.kubernetes.io/autoupdate": "true" },
    labels: { "kubernetes.io/bootstrapping": "rbac-defaults", ...labels },
  };
}

function clusterRole(name: string, rules: readonly string[]): Partially<ClusterRole> {
  const aggregate = /^system:aggregate-to-(admin|edit|view)$/.exec(name)?.[1];
  const labels = aggregate === undefined
    ? AGGREGATED[name]?.labels
    : { [`rbac.authorization.k8s.io/aggregate-to-${aggregate}`]: "true" };
  const role = { apiVersion: API_VERSION, kind: "ClusterRole", metadata: metadata(name, undefined, labels) };
  if (AGGREGATED[name] === undefined) return { ...role, rules: rules.map(parseRule) };
  const matchLabels = { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: "true" };
  return { ...role, aggregationRule: { clusterRoleSelectors: [{ matchLabels }] }, rules: aggregatedRules(name) };
}

/** What the aggregation controller would gather, so that the roles work before it runs. */
function aggregatedRules(name: string): PolicyRule[] {
  const below: Readonly<Record<string, readonly string[]>> = { admin: ["edit"], edit: ["view"], view: [] };
  const own = (data.clusterRoles as Readonly<Record<string, readonly string[]>>)[`system:aggregate-to-${name}`];
  return [...below[name].flatMap(aggregatedRules), ...own.map(parseRule)];
}

const user = (name: string): Subject => ({ apiGroup: API_GROUP, kind: "User", name });
const group = (name: string): Subject => ({ apiGroup: API_GROUP, kind: "Group", name });
const serviceAccount = (name: string): Subject => ({ kind: "ServiceAccount", name, namespace: "kube-system" });

/** ClusterRole → whom its binding of the same name is for. */
const CLUSTER_BINDINGS: Readonly<Record<string, readonly Subject[]>> = {
  "cluster-admin": [group("system:masters")],
  "system:basic-user": [group("system:authenticated")],
  "system:discovery": [group("system:authenticated")],
  "system:kube-controller-manager": [user("system:kube-controller-manager")],
  "system:kube-dns": [serviceAccount("kube-dns")],
  "system:kube-scheduler": [user("system:kube-scheduler")],
  "system:monitoring": [group("system:monitoring")],
  "system:node": [],
  "system:node-proxier": [user("system:kube-proxy")],
  "system:public-info-viewer": [group("system:authenticated"), group("system:unauthenticated")],
  "system:service-account-issuer-discovery": [group("system:serviceaccounts")],
  "system:volume-scheduler": [user("system:kube-scheduler")],
};

/** Namespace, Role, binding's name (the Role's unless said), subjects. */
const BINDINGS: readonly (readonly [string, string, readonly Subject[], string?])[] = [
  ["kube-public", "system:controller:bootstrap-signer", [serviceAccount("bootstrap-signer")]],
  [
    "kube-system",
    "extension-apiserver-authentication-reader",
    [user("system:kube-controller-manager"), user("system:kube-scheduler")],
    "system::extension-apiserver-authentication-reader",
  ],
  [
    "kube-system",
    "system::leader-locking-kube-controller-manager",
    [user("system:kube-controller-manager"), serviceAccount("kube-controller-manager")],
  ],
  [
    "kube-system",
    "system::leader-locking-kube-scheduler",
    [user("system:kube-scheduler"), serviceAccount("kube-scheduler")],
  ],
  ["kube-system", "system:controller:bootstrap-signer", [serviceAccount("bootstrap-signer")]],
  ["kube-system", "system:controller:cloud-provider", [serviceAccount("cloud-provider")]],
  ["kube-system", "system:controller:token-cleaner", [serviceAccount("token-cleaner")]],
];

function clusterBinding(name: string, subjects: readonly Subject[], role = name): Partially<ClusterRoleBinding> {
  return {
    apiVersion: API_VERSION,
    kind: "ClusterRoleBinding",
    metadata: metadata(name),
    roleRef: { apiGroup: API_GROUP, kind: "ClusterRole", name: role },
    ...subjects.length === 0 ? {} : { subjects },
  };
}

/** All of them, roles before their bindings. The namespaces kube-system and kube-public must exist. */
export function bootstrapPolicy(): readonly Partially<KubeObject>[] {
  const controllers = Object.entries(data.controllerRoles);
  const roles = Object.entries(data.roles).map(([id, rules]): Partially<Role> => {
    const [namespace, name] = id.split("/");
    return { apiVersion: API_VERSION, kind: "Role", metadata: metadata(name, namespace), rules: rules.map(parseRule) };
  });
  const bindings = BINDINGS.map(([namespace, role, subjects, name = role]): Partially<RoleBinding> => ({
    apiVersion: API_VERSION,
    kind: "RoleBinding",
    metadata: metadata(name, namespace),
    roleRef: { apiGroup: API_GROUP, kind: "Role", name: role },
    subjects,
  }));
  return [
    ...Object.entries(data.clusterRoles).map(([name, rules]) => clusterRole(name, rules)),
    ...controllers.map(([name, rules]) => clusterRole(`system:controller:${name}`, rules)),
    ...roles,
    ...Object.entries(CLUSTER_BINDINGS).map(([name, subjects]) => clusterBinding(name, subjects)),
    ...controllers.map(([name]) => clusterBinding(`system:controller:${name}`, [serviceAccount(name)])),
    ...bindings,
  ];
}
