/**
 * What runs in every cluster beside the control plane: kube-proxy and the network on each node, and cluster DNS.
 *
 * Source: `cmd/kubeadm/app/phases/addons`, flannel's `kube-flannel.yml`.
 */
import type { DaemonSet, Deployment, PodSpec } from "../kinds/schema/types.ts";
import type { Partially } from "../kinds/object.ts";
import { KUBELET_VERSION } from "../kubelet/node_config.ts";

const COREDNS_IMAGE = "registry.k8s.io/coredns/coredns:v1.14.2";
const FLANNEL_IMAGE = "ghcr.io/flannel-io/flannel:v0.27.4";
const FLANNEL_PLUGIN_IMAGE = "ghcr.io/flannel-io/flannel-cni-plugin:v1.8.0-flannel1";

const hostPath = (name: string, path: string, type?: string) => ({
  name,
  hostPath: { path, ...type === undefined ? {} : { type } },
});
const fieldRef = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });

const kubeProxySpec: Partially<PodSpec> = {
  priorityClassName: "system-node-critical",
  containers: [{
    name: "kube-proxy",
    image: `registry.k8s.io/kube-proxy:${KUBELET_VERSION}`,
    imagePullPolicy: "IfNotPresent",
    command: [
      "/usr/local/bin/kube-proxy",
      "--config=/var/lib/kube-proxy/config.conf",
      "--hostname-override=$(NODE_NAME)",
    ],
    securityContext: { privileged: true },
    volumeMounts: [
      { mountPath: "/var/lib/kube-proxy", name: "kube-proxy" },
      { mountPath: "/run/xtables.lock", name: "xtables-lock" },
      { mountPath: "/lib/modules", name: "lib-modules", readOnly: true },
    ],
    env: [fieldRef("NODE_NAME", "spec.nodeName")],
  }],
  hostNetwork: true,
  serviceAccountName: "kube-proxy",
  volumes: [
    { name: "kube-proxy", configMap: { name: "kube-proxy" } },
    hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
    hostPath("lib-modules", "/lib/modules"),
  ],
  tolerations: [{ operator: "Exists" }],
  nodeSelector: { "kubernetes.io/os": "linux" },
};

export const kubeProxy: Partially<DaemonSet> = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "kube-proxy", namespace: "kube-system", labels: { "k8s-app": "kube-proxy" } },
  spec: {
    selector: { matchLabels: { "k8s-app": "kube-proxy" } },
    updateStrategy: { type: "RollingUpdate" },
    template: { metadata: { labels: { "k8s-app": "kube-proxy" } }, spec: kubeProxySpec },
  },
};

const flannelLabels = { tier: "node", app: "flannel", "k8s-app": "flannel" };

export const flannel: Partially<DaemonSet> = {
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name: "kube-flannel-ds", namespace: "kube-flannel", labels: flannelLabels },
  spec: {
    selector: { matchLabels: { app: "flannel" } },
    template: {
      metadata: { labels: { tier: "node", app: "flannel" } },
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{
                matchExpressions: [{ key: "kubernetes.io/os", operator: "In", values: ["linux"] }],
              }],
            },
          },
        },
        hostNetwork: true,
        priorityClassName: "system-node-critical",
        tolerations: [{ effect: "NoSchedule", operator: "Exists" }],
        serviceAccountName: "flannel",
        initContainers: [{
          name: "install-cni-plugin",
          image: FLANNEL_PLUGIN_IMAGE,
          command: ["cp"],
          args: ["-f", "/flannel", "/opt/cni/bin/flannel"],
          volumeMounts: [{ name: "cni-plugin", mountPath: "/opt/cni/bin" }],
        }, {
          name: "install-cni",
          image: FLANNEL_IMAGE,
          command: ["cp"],
          args: ["-f", "/etc/kube-flannel/cni-conf.json", "/etc/cni/net.d/10-flannel.conflist"],
          volumeMounts: [
            { name: "cni", mountPath: "/etc/cni/net.d" },
            { name: "flannel-cfg", mountPath: "/etc/kube-flannel/" },
          ],
        }],
        containers: [{
          name: "kube-flannel",
          image: FLANNEL_IMAGE,
          command: ["/opt/bin/flanneld"],
          args: ["--ip-masq", "--kube-subnet-mgr"],
          resources: { requests: { cpu: "100m", memory: "50Mi" } },
          securityContext: { privileged: false, capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
          env: [
            fieldRef("POD_NAME", "metadata.name"),
            fieldRef("POD_NAMESPACE", "metadata.namespace"),
            { name: "EVENT_QUEUE_DEPTH", value: "5000" },
            { name: "CONT_WHEN_CACHE_NOT_READY", value: "false" },
          ],
          volumeMounts: [
            { name: "run", mountPath: "/run/flannel" },
            { name: "flannel-cfg", mountPath: "/etc/kube-flannel/" },
            { name: "xtables-lock", mountPath: "/run/xtables.lock" },
          ],
        }],
        volumes: [
          hostPath("run", "/run/flannel"),
          hostPath("cni-plugin", "/opt/cni/bin"),
          hostPath("cni", "/etc/cni/net.d"),
          { name: "flannel-cfg", configMap: { name: "kube-flannel-cfg" } },
          hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
        ],
      },
    },
  },
};

const dnsLabels = { "k8s-app": "kube-dns" };
const affinityTerm = {
  labelSelector: { matchExpressions: [{ key: "k8s-app", operator: "In", values: ["kube-dns"] }] },
  topologyKey: "kubernetes.io/hostname",
};

export const coreDns: Partially<Deployment> = {
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "coredns", namespace: "kube-system", labels: dnsLabels },
  spec: {
    replicas: 2,
    strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
    selector: { matchLabels: dnsLabels },
    template: {
      metadata: { labels: dnsLabels },
      spec: {
        priorityClassName: "system-cluster-critical",
        serviceAccountName: "coredns",
        affinity: {
          podAntiAffinity: {
            preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: affinityTerm }],
          },
        },
        tolerations: [
          { key: "CriticalAddonsOnly", operator: "Exists" },
          { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
        ],
        nodeSelector: { "kubernetes.io/os": "linux" },
        containers: [{
          name: "coredns",
          image: COREDNS_IMAGE,
          imagePullPolicy: "IfNotPresent",
          resources: { limits: { memory: "170Mi" }, requests: { cpu: "100m", memory: "70Mi" } },
          args: ["-conf", "/etc/coredns/Corefile"],
          volumeMounts: [{ name: "config-volume", mountPath: "/etc/coredns", readOnly: true }],
          ports: [
            { containerPort: 53, name: "dns", protocol: "UDP" },
            { containerPort: 53, name: "dns-tcp", protocol: "TCP" },
            { containerPort: 9153, name: "metrics", protocol: "TCP" },
            { containerPort: 8080, name: "liveness-probe", protocol: "TCP" },
            { containerPort: 8181, name: "readiness-probe", protocol: "TCP" },
          ],
          livenessProbe: {
            httpGet: { path: "/health", port: "liveness-probe", scheme: "HTTP" },
            initialDelaySeconds: 60,
            timeoutSeconds: 5,
            successThreshold: 1,
            failureThreshold: 5,
          },
          readinessProbe: { httpGet: { path: "/ready", port: "readiness-probe", scheme: "HTTP" } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] },
            readOnlyRootFilesystem: true,
          },
        }],
        dnsPolicy: "Default",
        volumes: [{
          name: "config-volume",
          configMap: { name: "coredns", items: [{ key: "Corefile", path: "Corefile" }] },
        }],
      },
    },
  },
};
