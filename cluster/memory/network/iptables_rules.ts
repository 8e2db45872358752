/**
 * The rules that kube-proxy makes of one port of a service, spelled as `iptables-save` spells them.
 *
 * Source: `pkg/proxy/iptables/proxier.go` (syncProxyRules, writeServiceToEndpointRules).
 */
import { endpointChain, serviceChain } from "./iptables_chains.ts";
import { categorize, type ProxiedEndpoint, type ServicePortEntry } from "./service_port.ts";

/** One rule of a chain: "-d 10.96.0.1/32 -p tcp … -j KUBE-SVC-…". */
export interface Rule {
  readonly table: "filter" | "nat";
  readonly chain: string;
  readonly text: string;
}

export interface ProxyNode {
  readonly name: string;
  /** "10.244.0.0/16": what comes from elsewhere gets the node's address. */
  readonly clusterCIDR: string;
}

const comment = (text: string) => `-m comment --comment "${text}"`;
const MARK_MASQUERADE = "-j KUBE-MARK-MASQ";
const REJECT = "-j REJECT --reject-with icmp-port-unreachable";

/** The rules of one port of a service. */
export function servicePortRules(entry: ServicePortEntry, node: ProxyNode): readonly Rule[] {
  const { id, protocol, clusterIP, internalLocal, externalLocal, externalIPs, loadBalancerIPs, nodePort } = entry;
  const { cluster, local, any } = categorize(entry, node.name);
  const rules: Rule[] = [];
  const nat = (chain: string, ...parts: readonly string[]) =>
    void rules.push({ table: "nat", chain, text: parts.join(" ") });
  const filter = (chain: string, ...parts: readonly string[]) =>
    void rules.push({ table: "filter", chain, text: parts.join(" ") });
  const name = protocol.toLowerCase();
  const to = (address: string, note: string, port = entry.port) =>
    `-d ${address}/32 -p ${name} ${comment(note)} -m ${name} --dport ${port}`;
  const chains = {
    cluster: serviceChain("SVC", id, protocol),
    local: serviceChain("SVL", id, protocol),
    external: serviceChain("EXT", id, protocol),
    firewall: serviceChain("FW", id, protocol),
  };
  const hasInternal = internalLocal ? local.length > 0 : any;
  const hasExternal = externalLocal ? local.length > 0 : any;
  const refusal = (has: boolean): readonly [string, string] =>
    !any || has ? [`${id} has no endpoints`, REJECT] : [`${id} has no local endpoints`, "-j DROP"];

  const internalChain = internalLocal ? chains.local : chains.cluster;
  if (hasInternal) {
    nat("KUBE-SERVICES", to(clusterIP, `${id} cluster IP`), `-j ${internalChain}`);
    nat(internalChain, `! -s ${node.clusterCIDR}`, to(clusterIP, `${id} cluster IP`), MARK_MASQUERADE);
  } else {
    const [note, target] = refusal(hasInternal);
    filter("KUBE-SERVICES", to(clusterIP, note), target);
  }
  const [note, target] = refusal(hasExternal);
  const guarded = any && loadBalancerIPs.length > 0 && entry.sourceRanges.length > 0;
  for (const ip of externalIPs) {
    if (any) nat("KUBE-SERVICES", to(ip, `${id} external IP`), `-j ${chains.external}`);
    if (!hasExternal) filter("KUBE-EXTERNAL-SERVICES", to(ip, note), target);
  }
  for (const ip of loadBalancerIPs) {
    if (any) {
      const chain = guarded ? chains.firewall : chains.external;
      nat("KUBE-SERVICES", to(ip, `${id} loadbalancer IP`), `-j ${chain}`);
    }
    if (guarded) {
      filter("KUBE-PROXY-FIREWALL", to(ip, `${id} traffic not accepted by ${chains.firewall}`), "-j DROP");
    }
    if (!hasExternal) filter("KUBE-EXTERNAL-SERVICES", to(ip, note), target);
  }
  if (nodePort !== undefined) {
    const port = `-m ${name} --dport ${nodePort}`;
    if (any) nat("KUBE-NODEPORTS", `-p ${name} ${comment(id)} ${port} -j ${chains.external}`);
    if (!hasExternal) {
      filter("KUBE-EXTERNAL-SERVICES", `-p ${name} ${comment(note)} -m addrtype --dst-type LOCAL ${port} ${target}`);
    }
  }
  if (entry.healthCheckNodePort !== undefined) {
    const health = comment(`${id} health check node port`);
    filter("KUBE-NODEPORTS", `-p tcp ${health} -m tcp --dport ${entry.healthCheckNodePort} -j ACCEPT`);
  }
  const outside = nodePort !== undefined || externalIPs.length > 0 || loadBalancerIPs.length > 0;
  if (any && outside) {
    const traffic = (what: string) => comment(`${what} for ${id} external destinations`);
    if (!externalLocal) nat(chains.external, traffic("masquerade traffic"), MARK_MASQUERADE);
    else {
      nat(chains.external, `-s ${node.clusterCIDR}`, traffic("pod traffic"), `-j ${chains.cluster}`);
      const own = "-m addrtype --src-type LOCAL";
      nat(chains.external, traffic("masquerade LOCAL traffic"), own, MARK_MASQUERADE);
      nat(chains.external, traffic("route LOCAL traffic"), own, `-j ${chains.cluster}`);
    }
    if (hasExternal) nat(chains.external, `-j ${externalLocal ? chains.local : chains.cluster}`);
  }
  if (guarded) {
    for (const range of entry.sourceRanges) {
      nat(chains.firewall, `-s ${range}`, comment(`${id} loadbalancer IP`), `-j ${chains.external}`);
    }
    nat(chains.firewall, comment(`other traffic to ${id} will be dropped by KUBE-PROXY-FIREWALL`));
  }
  const usesCluster = cluster.length > 0 && (!internalLocal || outside);
  const usesLocal = local.length > 0 && (internalLocal || externalLocal);
  if (usesCluster) rules.push(...balancing(entry, chains.cluster, cluster));
  if (usesLocal) rules.push(...balancing(entry, chains.local, local));
  const reachable = [...usesCluster ? cluster : [], ...usesLocal ? local : []];
  for (const endpoint of new Set(reachable)) rules.push(...endpointRules(entry, endpoint));
  return rules;
}

const addressOf = ({ ip, port }: ProxiedEndpoint) => `${ip}:${port}`;

/** Clients go back to where they were, if that is asked for; others anywhere with the same chance. */
function balancing(
  { id, protocol, affinitySeconds }: ServicePortEntry,
  chain: string,
  endpoints: readonly ProxiedEndpoint[],
): readonly Rule[] {
  const rules: Rule[] = [];
  const add = (endpoint: ProxiedEndpoint, match: string) => {
    const target = endpointChain(id, protocol, addressOf(endpoint));
    const text = `${comment(`${id} -> ${addressOf(endpoint)}`)}${match.replace("%", target)} -j ${target}`;
    rules.push({ table: "nat", chain, text });
  };
  if (affinitySeconds !== undefined) {
    const recent = ` -m recent --rcheck --seconds ${affinitySeconds} --reap --name % --mask 255.255.255.255 --rsource`;
    for (const endpoint of endpoints) add(endpoint, recent);
  }
  endpoints.forEach((endpoint, i) => {
    const left = endpoints.length - i;
    add(endpoint, left === 1 ? "" : ` -m statistic --mode random --probability ${probability(left)}`);
  });
  return rules;
}

/** As the kernel keeps it: in steps of 2⁻³¹, shown with eleven digits. */
const probability = (n: number): string => (Math.round(Number((1 / n).toFixed(10)) * 2 ** 31) / 2 ** 31).toFixed(11);

function endpointRules(
  { id, protocol, affinitySeconds }: ServicePortEntry,
  endpoint: ProxiedEndpoint,
): readonly Rule[] {
  const name = protocol.toLowerCase();
  const chain = endpointChain(id, protocol, addressOf(endpoint));
  const recent = affinitySeconds === undefined
    ? ""
    : ` -m recent --set --name ${chain} --mask 255.255.255.255 --rsource`;
  return [
    { table: "nat", chain, text: `-s ${endpoint.ip}/32 ${comment(id)} ${MARK_MASQUERADE}` },
    {
      table: "nat",
      chain,
      text: `-p ${name} ${comment(id)}${recent} -m ${name} -j DNAT --to-destination ${addressOf(endpoint)}`,
    },
  ];
}
