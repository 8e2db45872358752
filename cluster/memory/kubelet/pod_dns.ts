/**
 * What a pod's containers find in /etc/resolv.conf and /etc/hosts.
 *
 * Source: `pkg/kubelet/network/dns/dns.go` (GetPodDNS), `pkg/kubelet/kubelet_pods.go` (managedHostsFileContent).
 */
import type { Pod } from "../kinds/schema/types.ts";
import type { Sources } from "./container_env.ts";
import { NODE_RESOLVER } from "./node_config.ts";

const DOMAIN = "cluster.local";
const MOST_SEARCH_PATHS = 32;

/** The text of /etc/resolv.conf, as the pod's dnsPolicy and dnsConfig say. */
export function resolvConf({ metadata, spec }: Pod, sources: Sources): string {
  const { dnsPolicy = "ClusterFirst", dnsConfig, hostNetwork } = spec!;
  const service = sources.services("kube-system").find(({ metadata: { name } }) => name === "kube-dns");
  const cluster = dnsPolicy === "ClusterFirstWithHostNet" || (dnsPolicy === "ClusterFirst" && !hostNetwork);
  const clusterIP = service?.spec?.clusterIP;
  const inCluster = cluster && clusterIP !== undefined;
  const none = dnsPolicy === "None";
  const servers = none ? [] : [inCluster ? clusterIP : NODE_RESOLVER];
  const search = inCluster ? [`${metadata.namespace}.svc.${DOMAIN}`, `svc.${DOMAIN}`, DOMAIN] : [];
  const options = new Map<string, string | undefined>(inCluster ? [["ndots", "5"]] : []);
  for (const { name, value } of dnsConfig?.options ?? []) options.set(name!, value);
  const unique = (list: readonly string[]) => [...new Set(list)];
  const searches = unique([...search, ...dnsConfig?.searches ?? []]).slice(0, MOST_SEARCH_PATHS);
  const lines = [
    ...searches.length === 0 ? [] : [`search ${searches.join(" ")}`],
    ...unique([...servers, ...dnsConfig?.nameservers ?? []]).map((server) => `nameserver ${server}`),
    ...options.size === 0
      ? []
      : [`options ${[...options].map(([name, value]) => value === undefined ? name : `${name}:${value}`).join(" ")}`],
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/** The text of /etc/hosts. */
export function hostsFile({ metadata, spec }: Pod, ip: string, hostname: string): string {
  const { hostNetwork, subdomain, hostAliases = [] } = spec!;
  const own = subdomain === undefined
    ? hostname
    : `${hostname}.${subdomain}.${metadata.namespace}.svc.${DOMAIN}\t${hostname}`;
  const aliases = hostAliases.map(({ ip: address, hostnames = [] }) => `${address}\t${hostnames.join("\t")}\n`).join(
    "",
  );
  const common = "127.0.0.1\tlocalhost\n::1\tlocalhost ip6-localhost ip6-loopback\nfe00::0\tip6-localnet\n" +
    "fe00::0\tip6-mcastprefix\nfe00::1\tip6-allnodes\nfe00::2\tip6-allrouters\n";
  const title = hostNetwork
    ? "# Kubernetes-managed hosts file (host network).\n"
    : "# Kubernetes-managed hosts file.\n";
  const added = aliases === "" ? "" : `\n# Entries added by HostAliases.\n${aliases}`;
  return `${title}${common}${ip}\t${own}\n${added}`;
}
