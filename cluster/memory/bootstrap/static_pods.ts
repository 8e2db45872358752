/**
 * The control plane's static pods, as kubeadm writes their manifests: etcd, the API server, the controller manager and
 * the scheduler.
 *
 * Source: `cmd/kubeadm/app/phases/{controlplane,etcd}`.
 */
import type { Container, Pod, Probe, Volume } from "../kinds/schema/types.ts";
import type { Partially } from "../kinds/object.ts";
import { KUBELET_VERSION } from "../kubelet/node_config.ts";
import { SERVICE_CIDR } from "../kinds/networking/service_cidr.ts";
import { POD_RANGE } from "../network/ranges.ts";

const PKI = "/etc/kubernetes/pki";
const ETCD_IMAGE = "registry.k8s.io/etcd:3.6.8-0";

interface Component {
  readonly name: string;
  readonly image: string;
  readonly flags: readonly string[];
  readonly cpu: string;
  readonly memory?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  /** Folders and files of the node that it reads: name, path and type. */
  readonly mounts: readonly (readonly [name: string, path: string, type: "DirectoryOrCreate" | "FileOrCreate"])[];
  readonly port: number;
  readonly probes: { readonly live: string; readonly ready?: string; readonly start: string; readonly scheme: string };
  readonly host: string;
}

/** @param address the node's own */
function components(address: string): readonly Component[] {
  const own = (name: string) => `registry.k8s.io/${name}:${KUBELET_VERSION}`;
  const health = { live: "/livez", ready: "/readyz", start: "/livez", scheme: "HTTPS" };
  const certificates = [
    ["ca-certs", "/etc/ssl/certs", "DirectoryOrCreate"],
    ["etc-ca-certificates", "/etc/ca-certificates", "DirectoryOrCreate"],
    ["k8s-certs", PKI, "DirectoryOrCreate"],
  ] as const;
  const moreCertificates = [
    ["usr-local-share-ca-certificates", "/usr/local/share/ca-certificates", "DirectoryOrCreate"],
    ["usr-share-ca-certificates", "/usr/share/ca-certificates", "DirectoryOrCreate"],
  ] as const;
  return [
    {
      name: "etcd",
      image: ETCD_IMAGE,
      cpu: "100m",
      memory: "100Mi",
      annotations: { "kubeadm.kubernetes.io/etcd.advertise-client-urls": `https://${address}:2379` },
      flags: [
        `--advertise-client-urls=https://${address}:2379`,
        `--cert-file=${PKI}/etcd/server.crt`,
        "--client-cert-auth=true",
        "--data-dir=/var/lib/etcd",
        "--feature-gates=InitialCorruptCheck=true",
        `--initial-advertise-peer-urls=https://${address}:2380`,
        `--initial-cluster=controlplane=https://${address}:2380`,
        `--key-file=${PKI}/etcd/server.key`,
        `--listen-client-urls=https://127.0.0.1:2379,https://${address}:2379`,
        "--listen-metrics-urls=http://127.0.0.1:2381",
        `--listen-peer-urls=https://${address}:2380`,
        "--name=controlplane",
        `--peer-cert-file=${PKI}/etcd/peer.crt`,
        "--peer-client-cert-auth=true",
        `--peer-key-file=${PKI}/etcd/peer.key`,
        `--peer-trusted-ca-file=${PKI}/etcd/ca.crt`,
        "--snapshot-count=10000",
        `--trusted-ca-file=${PKI}/etcd/ca.crt`,
        "--watch-progress-notify-interval=5s",
      ],
      mounts: [
        ["etcd-data", "/var/lib/etcd", "DirectoryOrCreate"],
        ["etcd-certs", `${PKI}/etcd`, "DirectoryOrCreate"],
      ],
      port: 2381,
      probes: { live: "/livez", ready: "/readyz", start: "/readyz", scheme: "HTTP" },
      host: "127.0.0.1",
    },
    {
      name: "kube-apiserver",
      image: own("kube-apiserver"),
      cpu: "250m",
      annotations: { "kubeadm.kubernetes.io/kube-apiserver.advertise-address.endpoint": `${address}:6443` },
      flags: [
        `--advertise-address=${address}`,
        "--allow-privileged=true",
        "--authorization-mode=Node,RBAC",
        `--client-ca-file=${PKI}/ca.crt`,
        "--enable-admission-plugins=NodeRestriction",
        "--enable-bootstrap-token-auth=true",
        `--etcd-cafile=${PKI}/etcd/ca.crt`,
        `--etcd-certfile=${PKI}/apiserver-etcd-client.crt`,
        `--etcd-keyfile=${PKI}/apiserver-etcd-client.key`,
        "--etcd-servers=https://127.0.0.1:2379",
        `--kubelet-client-certificate=${PKI}/apiserver-kubelet-client.crt`,
        `--kubelet-client-key=${PKI}/apiserver-kubelet-client.key`,
        "--kubelet-preferred-address-types=InternalIP,ExternalIP,Hostname",
        `--proxy-client-cert-file=${PKI}/front-proxy-client.crt`,
        `--proxy-client-key-file=${PKI}/front-proxy-client.key`,
        "--requestheader-allowed-names=front-proxy-client",
        `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
        "--requestheader-extra-headers-prefix=X-Remote-Extra-",
        "--requestheader-group-headers=X-Remote-Group",
        "--requestheader-username-headers=X-Remote-User",
        "--secure-port=6443",
        "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
        `--service-account-key-file=${PKI}/sa.pub`,
        `--service-account-signing-key-file=${PKI}/sa.key`,
        `--service-cluster-ip-range=${SERVICE_CIDR}`,
        `--tls-cert-file=${PKI}/apiserver.crt`,
        `--tls-private-key-file=${PKI}/apiserver.key`,
      ],
      mounts: [...certificates, ...moreCertificates],
      port: 6443,
      probes: health,
      host: address,
    },
    {
      name: "kube-controller-manager",
      image: own("kube-controller-manager"),
      cpu: "200m",
      flags: [
        "--allocate-node-cidrs=true",
        "--authentication-kubeconfig=/etc/kubernetes/controller-manager.conf",
        "--authorization-kubeconfig=/etc/kubernetes/controller-manager.conf",
        "--bind-address=127.0.0.1",
        `--client-ca-file=${PKI}/ca.crt`,
        `--cluster-cidr=${POD_RANGE}`,
        "--cluster-name=kubernetes",
        `--cluster-signing-cert-file=${PKI}/ca.crt`,
        `--cluster-signing-key-file=${PKI}/ca.key`,
        "--controllers=*,bootstrapsigner,tokencleaner",
        "--kubeconfig=/etc/kubernetes/controller-manager.conf",
        "--leader-elect=true",
        `--requestheader-client-ca-file=${PKI}/front-proxy-ca.crt`,
        `--root-ca-file=${PKI}/ca.crt`,
        `--service-account-private-key-file=${PKI}/sa.key`,
        `--service-cluster-ip-range=${SERVICE_CIDR}`,
        "--use-service-account-credentials=true",
      ],
      mounts: [
        ...certificates,
        ["kubeconfig", "/etc/kubernetes/controller-manager.conf", "FileOrCreate"],
        ...moreCertificates,
      ],
      port: 10257,
      probes: { live: "/healthz", start: "/healthz", scheme: "HTTPS" },
      host: "127.0.0.1",
    },
    {
      name: "kube-scheduler",
      image: own("kube-scheduler"),
      cpu: "100m",
      flags: [
        "--authentication-kubeconfig=/etc/kubernetes/scheduler.conf",
        "--authorization-kubeconfig=/etc/kubernetes/scheduler.conf",
        "--bind-address=127.0.0.1",
        "--kubeconfig=/etc/kubernetes/scheduler.conf",
        "--leader-elect=true",
      ],
      mounts: [["kubeconfig", "/etc/kubernetes/scheduler.conf", "FileOrCreate"]],
      port: 10259,
      probes: health,
      host: "127.0.0.1",
    },
  ];
}

/** What all of them call the port that their probes ask. */
const PROBE_PORT = "probe-port";

function probe({ host, probes: { scheme } }: Component, path: string, more: Partial<Probe>): Probe {
  return { httpGet: { host, path, port: PROBE_PORT, scheme }, timeoutSeconds: 15, ...more };
}

function container(component: Component): Container {
  const { name, image, flags, cpu, memory, mounts, port, probes: { live, ready, start } } = component;
  return {
    name,
    image,
    imagePullPolicy: "IfNotPresent",
    command: [name, ...flags],
    ports: [{ containerPort: port, name: PROBE_PORT, protocol: "TCP" }],
    resources: { requests: { cpu, ...memory === undefined ? {} : { memory } } },
    livenessProbe: probe(component, live, { initialDelaySeconds: 10, failureThreshold: 8, periodSeconds: 10 }),
    ...ready === undefined
      ? {}
      : { readinessProbe: probe(component, ready, { failureThreshold: 3, periodSeconds: 1 }) },
    startupProbe: probe(component, start, { initialDelaySeconds: 10, failureThreshold: 24, periodSeconds: 10 }),
    volumeMounts: mounts.map(([name, mountPath]) => ({
      name,
      mountPath,
      ...name === "etcd-data" || name === "etcd-certs" ? {} : { readOnly: true },
    })),
  };
}

/** The mirror pods that the control plane node's kubelet makes of its manifests. */
export function staticPods(
  node: string,
  address: string,
  uid: string,
  hash: (text: string) => string,
): readonly Partially<Pod>[] {
  return components(address).map((component): Partially<Pod> => {
    const { name, annotations, mounts } = component;
    // kubeadm sorts them by their names.
    const volumes = mounts.map(([name, path, type]): Volume => ({ name, hostPath: { path, type } }))
      .sort((a, b) => a.name < b.name ? -1 : 1);
    return {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `${name}-${node}`,
        namespace: "kube-system",
        labels: { component: name, tier: "control-plane" },
        annotations: {
          ...annotations,
          "kubernetes.io/config.hash": hash(name),
          "kubernetes.io/config.mirror": hash(name),
          "kubernetes.io/config.source": "file",
        },
        ownerReferences: [{ apiVersion: "v1", kind: "Node", name: node, uid, controller: true }],
      },
      spec: {
        containers: [container(component)],
        hostNetwork: true,
        nodeName: node,
        priorityClassName: "system-node-critical",
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        tolerations: [{ effect: "NoExecute", operator: "Exists" }],
        volumes,
      },
    };
  });
}
