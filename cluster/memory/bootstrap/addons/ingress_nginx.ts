/**
 * ingress-nginx as its manifest installs it, without the webhook that checks Ingresses.
 *
 * Source: `kubernetes/ingress-nginx/deploy/static/provider/{baremetal,cloud}/deploy.yaml`.
 */
import { type AddonObjects, type AddonSettings, RBAC_GROUP, rule } from "./addon.ts";

const VERSION = "1.14.0";
const NAME = "ingress-nginx";
const CONTROLLER = `${NAME}-controller`;
const CLASS = "nginx";

const selector = { "app.kubernetes.io/instance": NAME, "app.kubernetes.io/name": NAME };
const common = { ...selector, "app.kubernetes.io/part-of": NAME, "app.kubernetes.io/version": VERSION };
const labels = { ...common, "app.kubernetes.io/component": "controller" };
const own = (name: string) => ({ name, namespace: NAME, labels });
const account = { kind: "ServiceAccount", name: NAME, namespace: NAME };

/** In every namespace, or in all: what the controller looks at. */
const looks = [
  rule("", "configmaps endpoints pods secrets", "list watch"),
  rule("", "services", "get list watch"),
  rule("networking.k8s.io", "ingresses", "get list watch"),
  rule("networking.k8s.io", "ingresses/status", "update"),
  rule("networking.k8s.io", "ingressclasses", "get list watch"),
  rule("discovery.k8s.io", "endpointslices", "list watch get"),
  rule("", "events", "create patch"),
];

export const ingressNginx = ({ loadBalancers }: AddonSettings): AddonObjects => ({
  objects: [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAME, labels: selector } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: own(NAME), automountServiceAccountToken: true },
    {
      apiVersion: `${RBAC_GROUP}/v1`,
      kind: "Role",
      metadata: own(NAME),
      rules: [
        rule("", "namespaces", "get"),
        rule("", "configmaps pods secrets endpoints", "get list watch"),
        ...looks.slice(1),
        rule("coordination.k8s.io", "leases", "get update", [`${NAME}-leader`]),
        rule("coordination.k8s.io", "leases", "create"),
      ],
    },
    {
      apiVersion: `${RBAC_GROUP}/v1`,
      kind: "ClusterRole",
      metadata: { name: NAME, labels: common },
      rules: [
        rule("", "configmaps endpoints nodes pods secrets namespaces", "list watch"),
        rule("coordination.k8s.io", "leases", "list watch"),
        rule("", "nodes", "get"),
        ...looks.slice(1),
      ],
    },
    {
      apiVersion: `${RBAC_GROUP}/v1`,
      kind: "RoleBinding",
      metadata: own(NAME),
      roleRef: { apiGroup: RBAC_GROUP, kind: "Role", name: NAME },
      subjects: [account],
    },
    {
      apiVersion: `${RBAC_GROUP}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: NAME, labels: common },
      roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: NAME },
      subjects: [account],
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: own(CONTROLLER) },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: own(CONTROLLER),
      spec: {
        type: loadBalancers ? "LoadBalancer" : "NodePort",
        ipFamilies: ["IPv4"],
        ipFamilyPolicy: "SingleStack",
        ports: [
          { name: "http", port: 80, protocol: "TCP", targetPort: "http", appProtocol: "http" },
          { name: "https", port: 443, protocol: "TCP", targetPort: "https", appProtocol: "https" },
        ],
        selector: { ...selector, "app.kubernetes.io/component": "controller" },
      },
    },
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "IngressClass",
      metadata: { name: CLASS, labels },
      spec: { controller: "k8s.io/ingress-nginx" },
    },
  ],
  deployment: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: own(CONTROLLER),
    spec: {
      minReadySeconds: 0,
      revisionHistoryLimit: 10,
      selector: { matchLabels: { ...selector, "app.kubernetes.io/component": "controller" } },
      strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      template: {
        metadata: { labels },
        spec: {
          dnsPolicy: "ClusterFirst",
          nodeSelector: { "kubernetes.io/os": "linux" },
          serviceAccountName: NAME,
          terminationGracePeriodSeconds: 300,
          containers: [{
            name: "controller",
            image: `registry.k8s.io/ingress-nginx/controller:v${VERSION}`,
            imagePullPolicy: "IfNotPresent",
            args: [
              "/nginx-ingress-controller",
              `--publish-service=$(POD_NAMESPACE)/${CONTROLLER}`,
              `--election-id=${NAME}-leader`,
              "--controller-class=k8s.io/ingress-nginx",
              `--ingress-class=${CLASS}`,
              `--configmap=$(POD_NAMESPACE)/${CONTROLLER}`,
            ],
            env: [
              { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
              { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
              { name: "LD_PRELOAD", value: "/usr/local/lib/libmimalloc.so" },
            ],
            ports: [
              { name: "http", containerPort: 80, protocol: "TCP" },
              { name: "https", containerPort: 443, protocol: "TCP" },
            ],
            livenessProbe: probe(5),
            readinessProbe: probe(3),
            resources: { requests: { cpu: "100m", memory: "90Mi" } },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
              readOnlyRootFilesystem: false,
              runAsGroup: 82,
              runAsNonRoot: true,
              runAsUser: 101,
              seccompProfile: { type: "RuntimeDefault" },
            },
          }],
        },
      },
    },
  },
});

function probe(failureThreshold: number) {
  return {
    httpGet: { path: "/healthz", port: 10254, scheme: "HTTP" },
    initialDelaySeconds: 10,
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold,
  };
}
