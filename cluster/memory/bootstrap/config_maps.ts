/**
 * The ConfigMaps of a cluster made by kubeadm.
 *
 * Source: `cmd/kubeadm/app/phases/{uploadconfig,kubelet,addons,bootstraptoken}`; the API server's own:
 * `pkg/controlplane/controller/{clusterauthenticationtrust,legacytokentracking}`.
 */
import type { ConfigMap } from "../kinds/schema/types.ts";
import type { Partially } from "../kinds/object.ts";
import { KUBELET_VERSION } from "../kubelet/node_config.ts";
import { SERVICE_CIDR } from "../kinds/networking/service_cidr.ts";
import { POD_RANGE } from "../network/ranges.ts";

export interface ConfigMapsOptions {
  /** Where the API server is reached inside the cluster, "172.30.1.2:6443". */
  readonly endpoint: string;
  /** The certificate of the cluster's authority in PEM. */
  readonly rootCa: string;
  /** The day on which the cluster began, "2026-01-31". */
  readonly since: string;
}

const COREFILE = `.:53 {
    errors
    health {
       lameduck 5s
    }
    ready
    kubernetes cluster.local in-addr.arpa ip6.arpa {
       pods insecure
       fallthrough in-addr.arpa ip6.arpa
       ttl 30
    }
    prometheus :9153
    forward . /etc/resolv.conf {
       max_concurrent 1000
    }
    cache 30 {
       disable success cluster.local
       disable denial cluster.local
    }
    loop
    reload
    loadbalance
}
`;

const clusterConfiguration = `apiServer: {}
apiVersion: kubeadm.k8s.io/v1beta4
caCertificateValidityPeriod: 87600h0m0s
certificateValidityPeriod: 8760h0m0s
certificatesDir: /etc/kubernetes/pki
clusterName: kubernetes
controllerManager: {}
dns: {}
encryptionAlgorithm: RSA-2048
etcd:
  local:
    dataDir: /var/lib/etcd
imageRepository: registry.k8s.io
kind: ClusterConfiguration
kubernetesVersion: ${KUBELET_VERSION}
networking:
  dnsDomain: cluster.local
  podSubnet: ${POD_RANGE}
  serviceSubnet: ${SERVICE_CIDR}
proxy: {}
scheduler: {}
`;

const kubeProxyConfiguration = `apiVersion: kubeproxy.config.k8s.io/v1alpha1
bindAddress: 0.0.0.0
clientConnection:
  kubeconfig: /var/lib/kube-proxy/kubeconfig.conf
clusterCIDR: ${POD_RANGE}
kind: KubeProxyConfiguration
mode: ""
`;

const kubeletConfiguration = `apiVersion: kubelet.config.k8s.io/v1beta1
authentication:
  anonymous:
    enabled: false
  webhook:
    enabled: true
authorization:
  mode: Webhook
cgroupDriver: systemd
clusterDNS:
- 10.96.0.10
clusterDomain: cluster.local
kind: KubeletConfiguration
rotateCertificates: true
staticPodPath: /etc/kubernetes/manifests
`;

const flannelNet = { Network: POD_RANGE, EnableNFTables: false, Backend: { Type: "vxlan" } };
const flannelCni = {
  name: "cbr0",
  cniVersion: "0.3.1",
  plugins: [
    { type: "flannel", delegate: { hairpinMode: true, isDefaultGateway: true } },
    { type: "portmap", capabilities: { portMappings: true } },
  ],
};

const kubeconfig = (endpoint: string, authority: string, user: string) =>
  `apiVersion: v1
kind: Config
clusters:
- cluster:
    ${authority}
    server: https://${endpoint}
  name: ${user === "" ? '""' : "default"}
${user === "" ? 'contexts: null\ncurrent-context: ""\npreferences: {}\nusers: null\n' : user}`;

const PROXY_USER = `contexts:
- context:
    cluster: default
    namespace: default
    user: default
  name: default
current-context: default
users:
- name: default
  user:
    tokenFile: /var/run/secrets/kubernetes.io/serviceaccount/token
`;

/** What kubeadm and the workloads of every cluster keep in ConfigMaps. */
export function configMaps({ endpoint, rootCa, since }: ConfigMapsOptions): readonly Partially<ConfigMap>[] {
  const system = (name: string, data: Readonly<Record<string, string>>, labels?: Readonly<Record<string, string>>) => ({
    metadata: { name, namespace: "kube-system", ...labels === undefined ? {} : { labels } },
    data,
  });
  const proxyKubeconfig = kubeconfig(
    endpoint,
    "certificate-authority: /var/run/secrets/kubernetes.io/serviceaccount/ca.crt",
    PROXY_USER,
  );
  return [
    system("coredns", { Corefile: COREFILE }),
    system("extension-apiserver-authentication", {
      "client-ca-file": rootCa,
      "requestheader-allowed-names": '["front-proxy-client"]',
      "requestheader-client-ca-file": rootCa,
      "requestheader-extra-headers-prefix": '["X-Remote-Extra-"]',
      "requestheader-group-headers": '["X-Remote-Group"]',
      "requestheader-username-headers": '["X-Remote-User"]',
    }),
    system("kube-apiserver-legacy-service-account-token-tracking", { since }),
    system(
      "kube-proxy",
      { "config.conf": kubeProxyConfiguration, "kubeconfig.conf": proxyKubeconfig },
      { app: "kube-proxy" },
    ),
    system("kubeadm-config", { ClusterConfiguration: clusterConfiguration }),
    system("kubelet-config", { kubelet: kubeletConfiguration }),
    {
      metadata: { name: "kube-flannel-cfg", namespace: "kube-flannel", labels: { tier: "node", app: "flannel" } },
      data: {
        "cni-conf.json": `${JSON.stringify(flannelCni, null, 2)}\n`,
        "net-conf.json": `${JSON.stringify(flannelNet, null, 2)}\n`,
      },
    },
    {
      metadata: { name: "cluster-info", namespace: "kube-public" },
      data: { kubeconfig: kubeconfig(endpoint, `certificate-authority-data: ${btoa(rootCa)}`, "") },
    },
  ];
}
