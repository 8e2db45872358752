/**
 * The Gateway API's definitions, and NGINX Gateway Fabric as a controller for them: GatewayClass nginx.
 *
 * Source: `nginx/nginx-gateway-fabric/deploy/{default,nodeport}/deploy.yaml`.
 */
import { type AddonObject, type AddonObjects, type AddonSettings, RBAC_GROUP, rule } from "./addon.ts";
import { gatewayDefinitions } from "./gateway_crds.ts";
import { integer, object, oneOf, required } from "./schema.ts";

const VERSION = "2.2.0";
const NAME = "nginx-gateway";
const CLASS = "nginx";
const CONTROLLER = "gateway.nginx.org/nginx-gateway-controller";
const PROXY_CONFIG = `${NAME}-proxy-config`;
const NGINX_GROUP = "gateway.nginx.org";

const selector = { "app.kubernetes.io/instance": NAME, "app.kubernetes.io/name": NAME };
const labels = { ...selector, "app.kubernetes.io/version": VERSION };
const own = { name: NAME, namespace: NAME, labels };
const ALL = "create update delete list get watch patch";

/** How the proxies of a class are run; what this controller reads of it. */
const nginxProxyDefinition: AddonObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `nginxproxies.${NGINX_GROUP}` },
  spec: {
    group: NGINX_GROUP,
    names: { kind: "NginxProxy", listKind: "NginxProxyList", plural: "nginxproxies", singular: "nginxproxy" },
    scope: "Namespaced",
    versions: [{
      name: "v1alpha2",
      served: true,
      storage: true,
      additionalPrinterColumns: [{ name: "Age", jsonPath: ".metadata.creationTimestamp", type: "date" }],
      schema: {
        openAPIV3Schema: object({
          apiVersion: { type: "string" },
          kind: { type: "string" },
          metadata: { type: "object" },
          spec: required(object({
            kubernetes: object({
              deployment: object({ replicas: integer(0, 1000) }),
              service: object({
                type: oneOf("ClusterIP", "LoadBalancer", "NodePort"),
                externalTrafficPolicy: oneOf("Cluster", "Local"),
              }),
            }),
          })),
        }),
      },
    }],
  },
};

export const gatewayApi = ({ loadBalancers }: AddonSettings): AddonObjects => ({
  objects: [
    ...gatewayDefinitions,
    nginxProxyDefinition,
    { apiVersion: "v1", kind: "Namespace", metadata: { name: NAME } },
    { apiVersion: "v1", kind: "ServiceAccount", metadata: own },
    {
      apiVersion: `${RBAC_GROUP}/v1`,
      kind: "ClusterRole",
      metadata: { name: NAME, labels },
      rules: [
        rule("", "secrets configmaps serviceaccounts services", ALL),
        rule("apps", "deployments daemonsets", ALL),
        rule("", "namespaces pods", "get list watch"),
        rule("", "events", "create patch"),
        rule("discovery.k8s.io", "endpointslices", "list watch"),
        rule("gateway.networking.k8s.io", "gatewayclasses gateways httproutes referencegrants", "list watch"),
        rule(
          "gateway.networking.k8s.io",
          "gatewayclasses/status gateways/status httproutes/status gateways/finalizers",
          "update",
        ),
        rule(NGINX_GROUP, "nginxproxies", "list watch"),
        rule("apiextensions.k8s.io", "customresourcedefinitions", "list watch"),
      ],
    },
    {
      apiVersion: `${RBAC_GROUP}/v1`,
      kind: "ClusterRoleBinding",
      metadata: { name: NAME, labels },
      roleRef: { apiGroup: RBAC_GROUP, kind: "ClusterRole", name: NAME },
      subjects: [{ kind: "ServiceAccount", name: NAME, namespace: NAME }],
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: own,
      spec: {
        type: "ClusterIP",
        ports: [{ name: "agent-grpc", port: 443, protocol: "TCP", targetPort: 8443 }],
        selector,
      },
    },
    {
      apiVersion: `${NGINX_GROUP}/v1alpha2`,
      kind: "NginxProxy",
      metadata: { name: PROXY_CONFIG, namespace: NAME, labels },
      spec: {
        kubernetes: {
          deployment: { replicas: 1 },
          service: { type: loadBalancers ? "LoadBalancer" : "NodePort", externalTrafficPolicy: "Cluster" },
        },
      },
    },
    {
      apiVersion: "gateway.networking.k8s.io/v1",
      kind: "GatewayClass",
      metadata: { name: CLASS, labels },
      spec: {
        controllerName: CONTROLLER,
        parametersRef: { group: NGINX_GROUP, kind: "NginxProxy", name: PROXY_CONFIG, namespace: NAME },
      },
    },
  ],
  deployment: {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: own,
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: selector },
        spec: {
          serviceAccountName: NAME,
          terminationGracePeriodSeconds: 30,
          securityContext: { fsGroup: 1001, runAsNonRoot: true },
          containers: [{
            name: NAME,
            image: `ghcr.io/nginx/nginx-gateway-fabric:${VERSION}`,
            imagePullPolicy: "IfNotPresent",
            args: [
              "controller",
              `--gateway-ctlr-name=${CONTROLLER}`,
              `--gatewayclass=${CLASS}`,
              `--service=${NAME}`,
              "--metrics-port=9113",
              "--health-port=8081",
            ],
            env: [
              { name: "POD_NAMESPACE", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } },
              { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
            ],
            ports: [
              { name: "agent-grpc", containerPort: 8443 },
              { name: "metrics", containerPort: 9113 },
              { name: "health", containerPort: 8081 },
            ],
            readinessProbe: { httpGet: { path: "/readyz", port: "health" }, initialDelaySeconds: 3, periodSeconds: 1 },
            securityContext: {
              allowPrivilegeEscalation: false,
              capabilities: { drop: ["ALL"] },
              readOnlyRootFilesystem: true,
              runAsGroup: 1001,
              runAsUser: 101,
              seccompProfile: { type: "RuntimeDefault" },
            },
          }],
        },
      },
    },
  },
});
