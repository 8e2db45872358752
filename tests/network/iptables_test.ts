import assert from "node:assert/strict";
import { endpointChain, serviceChain } from "../../cluster/memory/network/iptables_chains.ts";
import { iptablesSave } from "../../cluster/memory/network/iptables_save.ts";
import { servicePorts } from "../../cluster/memory/network/service_port.ts";
import { service, slice } from "./objects.ts";

const node = { name: "node01", clusterCIDR: "10.244.0.0/16" };
const two = [
  { addresses: ["10.244.1.2"], nodeName: "node01", conditions: { ready: true } },
  { addresses: ["10.244.2.2"], nodeName: "node02", conditions: { ready: true } },
];
const lines = (text: string, chain: string) => text.split("\n").filter((line) => line.startsWith(`-A ${chain} `));

Deno.test("iptables: the chains of services that every cluster has are those of real ones", () => {
  assert.equal(serviceChain("SVC", "default/kubernetes:https", "TCP"), "KUBE-SVC-NPX46M4PTMTKRN6Y");
  assert.equal(serviceChain("SVC", "kube-system/kube-dns:dns", "UDP"), "KUBE-SVC-TCOU7JCQXEZGVUNU");
  assert.equal(serviceChain("SVC", "kube-system/kube-dns:dns-tcp", "TCP"), "KUBE-SVC-ERIFXISQEP7F7OF4");
  assert.equal(serviceChain("SVC", "kube-system/kube-dns:metrics", "TCP"), "KUBE-SVC-JD5MR3NA4I4DYORP");
});

Deno.test("iptables: endpoints share the traffic by chance", () => {
  const web = service("web", { clusterIP: "10.96.7.7", ports: [{ port: 80 }] });
  const text = iptablesSave(servicePorts(web, [slice("web", two)]), node);
  const chain = serviceChain("SVC", "default/web", "TCP");
  const [first, second] = ["10.244.1.2:80", "10.244.2.2:80"].map((one) => endpointChain("default/web", "TCP", one));
  assert.deepEqual(lines(text, chain), [
    `-A ${chain} ! -s 10.244.0.0/16 -d 10.96.7.7/32 -p tcp -m comment --comment "default/web cluster IP" -m tcp --dport 80 -j KUBE-MARK-MASQ`,
    `-A ${chain} -m comment --comment "default/web -> 10.244.1.2:80" -m statistic --mode random --probability 0.50000000000 -j ${first}`,
    `-A ${chain} -m comment --comment "default/web -> 10.244.2.2:80" -j ${second}`,
  ]);
  assert.deepEqual(lines(text, first), [
    `-A ${first} -s 10.244.1.2/32 -m comment --comment "default/web" -j KUBE-MARK-MASQ`,
    `-A ${first} -p tcp -m comment --comment "default/web" -m tcp -j DNAT --to-destination 10.244.1.2:80`,
  ]);
  assert.ok(text.includes(`:${chain} - [0:0]\n`));
});

Deno.test("iptables: a third is what the kernel keeps of it", () => {
  const web = service("web", { clusterIP: "10.96.7.7", ports: [{ port: 80 }] });
  const three = [...two, { addresses: ["10.244.2.3"], conditions: { ready: true } }];
  assert.match(iptablesSave(servicePorts(web, [slice("web", three)]), node), /--probability 0\.33333333349 /);
});

Deno.test("iptables: no endpoints are refused in the filter table", () => {
  const web = service("web", { type: "NodePort", clusterIP: "10.96.7.7", ports: [{ port: 80, nodePort: 30080 }] });
  const text = iptablesSave(servicePorts(web, []), node);
  assert.deepEqual(lines(text, "KUBE-SERVICES").slice(0, 1), [
    '-A KUBE-SERVICES -d 10.96.7.7/32 -p tcp -m comment --comment "default/web has no endpoints" -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable',
  ]);
  assert.deepEqual(lines(text, "KUBE-NODEPORTS"), []);
  assert.match(lines(text, "KUBE-EXTERNAL-SERVICES")[0], /--dst-type LOCAL .*--dport 30080 -j REJECT/);
});

Deno.test("iptables: a node port under the policy Local keeps to the node's endpoints", () => {
  const spec = { type: "NodePort", externalTrafficPolicy: "Local", clusterIP: "10.96.7.7" };
  const web = service("web", { ...spec, ports: [{ port: 80, nodePort: 30080 }] });
  const entries = servicePorts(web, [slice("web", two)]);
  const [external, local] = (["EXT", "SVL"] as const).map((kind) => serviceChain(kind, "default/web", "TCP"));
  assert.deepEqual(lines(iptablesSave(entries, node), "KUBE-NODEPORTS"), [
    `-A KUBE-NODEPORTS -p tcp -m comment --comment "default/web" -m tcp --dport 30080 -j ${external}`,
  ]);
  assert.equal(lines(iptablesSave(entries, node), external).at(-1), `-A ${external} -j ${local}`);
  assert.equal(lines(iptablesSave(entries, node), local).length, 1);
  const elsewhere = iptablesSave(entries, { ...node, name: "node03" });
  assert.deepEqual(lines(elsewhere, local), []);
  assert.match(lines(elsewhere, "KUBE-EXTERNAL-SERVICES")[0], /has no local endpoints.* -j DROP$/);
});

Deno.test("iptables: every chain that is jumped to is declared", () => {
  const spec = { type: "LoadBalancer", sessionAffinity: "ClientIP", loadBalancerSourceRanges: ["198.51.100.0/24"] };
  const web = {
    ...service("web", { ...spec, clusterIP: "10.96.7.7", ports: [{ port: 80, nodePort: 30080 }] }),
    status: { loadBalancer: { ingress: [{ ip: "172.30.200.1" }] } },
  };
  const text = iptablesSave(servicePorts(web, [slice("web", two)]), node);
  const declared = new Set(text.match(/^:\S+/gm)!.map((one) => one.slice(1)));
  const targets = [...text.matchAll(/-j (KUBE-\S+)/g)].map(([, target]) => target);
  assert.deepEqual(targets.filter((target) => !declared.has(target)), []);
  assert.match(text, /-m recent --rcheck --seconds 10800 --reap --name KUBE-SEP-/);
});
