/** Every rule of the document on network policies, one case each. */
import assert from "node:assert/strict";
import type { NetworkPolicy, NetworkPolicySpec } from "../../cluster/memory/kinds/schema/types.ts";
import type { Peer } from "../../cluster/memory/network/connection.ts";
import { allowed, egressAllowed, ingressAllowed, type PolicedConnection } from "../../cluster/memory/network/policy.ts";
import { namespace, peer } from "./objects.ts";

const web = peer("web", { labels: { app: "web" }, ip: "10.244.1.2", node: "node01" });
const client = peer("client", { labels: { app: "client" }, ip: "10.244.2.2", node: "node02" });
const stranger = peer("stranger", { namespace: "other", labels: { app: "client" }, ip: "10.244.2.3", node: "node02" });
const outside: Peer = { ip: "198.51.100.7" };
const namespaces = [namespace("default"), namespace("other", { team: "blue" })];

const policy = (spec: Partial<NetworkPolicySpec>, inNamespace = "default"): NetworkPolicy => ({
  metadata: { name: "policy", namespace: inNamespace },
  spec: { podSelector: {}, ...spec },
});
const toWeb = (from: Peer, port = 80, protocol: PolicedConnection["protocol"] = "TCP"): PolicedConnection => ({
  from,
  to: web,
  port,
  protocol,
});
const fromWeb = (to: Peer, port = 80, protocol: PolicedConnection["protocol"] = "TCP"): PolicedConnection => ({
  from: web,
  to,
  port,
  protocol,
});
const clients = { podSelector: { matchLabels: { app: "client" } } };
const blue = { namespaceSelector: { matchLabels: { team: "blue" } } };

interface Case {
  readonly what: string;
  readonly policies: readonly NetworkPolicy[];
  readonly yes?: readonly PolicedConnection[];
  readonly no?: readonly PolicedConnection[];
}

const CASES: readonly Case[] = [
  { what: "without policies everything passes", policies: [], yes: [toWeb(client), toWeb(outside), fromWeb(outside)] },
  {
    what: "default deny of ingress",
    policies: [policy({ policyTypes: ["Ingress"] })],
    yes: [fromWeb(outside)],
    no: [toWeb(client), toWeb(stranger), toWeb(outside)],
  },
  {
    what: "default deny of egress",
    policies: [policy({ policyTypes: ["Egress"] })],
    yes: [toWeb(outside), toWeb(stranger)],
    no: [fromWeb(client), fromWeb(outside), toWeb(client)],
  },
  {
    what: "an empty rule allows all",
    policies: [policy({ policyTypes: ["Ingress"] }), policy({ ingress: [{}], policyTypes: ["Ingress"] })],
    yes: [toWeb(client), toWeb(outside)],
  },
  {
    what: "policies of other namespaces and for other pods are not its own",
    policies: [policy({}, "other"), policy({ podSelector: { matchLabels: { app: "db" } } })],
    yes: [toWeb(client)],
  },
  {
    what: "a podSelector is of the policy's namespace",
    policies: [policy({ ingress: [{ from: [clients] }] })],
    yes: [toWeb(client)],
    no: [toWeb(stranger), toWeb(outside)],
  },
  {
    what: "a namespaceSelector is of all pods there",
    policies: [policy({ ingress: [{ from: [blue] }] })],
    yes: [toWeb(stranger)],
    no: [toWeb(client), toWeb(outside)],
  },
  {
    what: "both in one peer: both have to match",
    policies: [policy({ ingress: [{ from: [{ ...blue, podSelector: { matchLabels: { app: "x" } } }] }] })],
    no: [toWeb(stranger), toWeb(client)],
  },
  {
    what: "two peers: one has to match",
    policies: [policy({ ingress: [{ from: [blue, clients] }] })],
    yes: [toWeb(stranger), toWeb(client)],
    no: [toWeb(outside)],
  },
  {
    what: "an empty namespaceSelector is all pods of the cluster, and nobody outside",
    policies: [policy({ ingress: [{ from: [{ namespaceSelector: {} }] }] })],
    yes: [toWeb(stranger), toWeb(client)],
    no: [toWeb(outside)],
  },
  {
    what: "a range of addresses without a part of it",
    policies: [policy({ ingress: [{ from: [{ ipBlock: { cidr: "198.51.0.0/16", except: ["198.51.101.0/24"] } }] }] })],
    yes: [toWeb(outside)],
    no: [toWeb({ ip: "198.51.101.9" }), toWeb({ ip: "203.0.113.1" })],
  },
  {
    what: "ports by number",
    policies: [policy({ ingress: [{ ports: [{ port: 80, protocol: "TCP" }] }] })],
    yes: [toWeb(client, 80)],
    no: [toWeb(client, 81), toWeb(client, 80, "UDP"), toWeb(client, 0, "ICMP")],
  },
  {
    what: "ports by the target's name for them",
    policies: [policy({ ingress: [{ ports: [{ port: "http" }] }] })],
    yes: [toWeb(client, 80)],
    no: [toWeb(client, 8080)],
  },
  {
    what: "a range of ports",
    policies: [policy({ egress: [{ ports: [{ port: 32000, endPort: 32768 }] }], policyTypes: ["Egress"] })],
    yes: [fromWeb(client, 32000), fromWeb(client, 32768)],
    no: [fromWeb(client, 31999), fromWeb(client, 32769)],
  },
  {
    what: "a protocol without a port",
    policies: [policy({ ingress: [{ ports: [{ protocol: "UDP" }] }] })],
    yes: [toWeb(client, 5000, "UDP")],
    no: [toWeb(client, 5000)],
  },
  {
    what: "peer and port have to match in one rule",
    policies: [
      policy({ ingress: [{ from: [clients], ports: [{ port: 80 }] }, { from: [blue], ports: [{ port: 81 }] }] }),
    ],
    yes: [toWeb(client, 80), toWeb(stranger, 81)],
    no: [toWeb(client, 81), toWeb(stranger, 80)],
  },
  {
    what: "policies add up",
    policies: [policy({ ingress: [{ from: [clients] }] }), policy({ ingress: [{ from: [blue] }] })],
    yes: [toWeb(client), toWeb(stranger)],
    no: [toWeb(outside)],
  },
  {
    what: "policyTypes not said: ingress, and egress where there are such rules",
    policies: [policy({ podSelector: { matchLabels: { app: "web" } }, egress: [{ to: [clients] }] })],
    yes: [fromWeb(client)],
    no: [toWeb(outside), fromWeb(outside)],
  },
  {
    what: "the pod's own node is never cut off, another is",
    policies: [policy({ policyTypes: ["Ingress", "Egress"] })],
    yes: [toWeb({ ip: "172.30.1.3", node: "node01" }), fromWeb({ ip: "172.30.1.3", node: "node01" })],
    no: [toWeb({ ip: "172.30.1.4", node: "node02" })],
  },
  {
    what: "a pod reaches itself",
    policies: [policy({ policyTypes: ["Ingress", "Egress"] })],
    yes: [toWeb(web)],
  },
];

for (const { what, policies, yes = [], no = [] } of CASES) {
  Deno.test(`policies: ${what}`, () => {
    const view = { policies, namespaces };
    const describe = ({ from, to, port, protocol }: PolicedConnection) => `${from.ip} → ${to.ip}:${port}/${protocol}`;
    assert.deepEqual(yes.filter((one) => !allowed(view, one)).map(describe), []);
    assert.deepEqual(no.filter((one) => allowed(view, one)).map(describe), []);
  });
}

Deno.test("policies: a pod in its host's network is the node, and has no policies", () => {
  const host = peer("host", { ip: "172.30.1.4", node: "node02", hostNetwork: true, labels: { app: "web" } });
  const view = { policies: [policy({ policyTypes: ["Ingress", "Egress"] })], namespaces };
  assert.equal(egressAllowed(view, { from: host, to: web, port: 80, protocol: "TCP" }), true);
  assert.equal(ingressAllowed(view, { from: client, to: host, port: 80, protocol: "TCP" }), true);
});
