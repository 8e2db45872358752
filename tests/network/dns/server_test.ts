import assert from "node:assert/strict";
import type { EndpointSlice, Service } from "../../../cluster/memory/kinds/schema/types.ts";
import { parseCorefile } from "../../../cluster/memory/network/dns/corefile.ts";
import type { NameView } from "../../../cluster/memory/network/dns/kubernetes_plugin.ts";
import { absolute, type RecordType, reverseName } from "../../../cluster/memory/network/dns/message.ts";
import { answer } from "../../../cluster/memory/network/dns/server.ts";
import { service, slice } from "../objects.ts";

const SERVICES: readonly Service[] = [
  service("web", { clusterIP: "10.96.7.7", ports: [{ name: "http", port: 80 }, { name: "https", port: 443 }] }),
  service("db", { clusterIP: "None", ports: [{ name: "sql", port: 3306 }] }),
  service("quiet", { clusterIP: "None", ports: [{ port: 1 }] }),
  service("portless", { clusterIP: "None" }),
  service("far", { type: "ExternalName", externalName: "example.com" }),
  service("near", { type: "ExternalName", externalName: "web.default.svc.cluster.local" }),
];
const SLICES: readonly EndpointSlice[] = [
  slice("web", [{ addresses: ["10.244.1.9"], conditions: { ready: true } }], [{ name: "http", port: 8080 }]),
  slice("db", [
    { addresses: ["10.244.1.2"], hostname: "db-0", conditions: { ready: true } },
    { addresses: ["10.244.1.3"], conditions: { ready: true } },
    { addresses: ["10.244.1.4"], hostname: "db-2", conditions: { ready: false } },
  ], [{ name: "sql", port: 3306, protocol: "TCP" }]),
  slice("portless", [{ addresses: ["10.244.1.5"], conditions: { ready: true } }], []),
];
const view: NameView = {
  service: (namespace, name) =>
    SERVICES.find(({ metadata }) => metadata.namespace === namespace && metadata.name === name),
  serviceOf: (ip) => SERVICES.find(({ spec }) => spec.clusterIP === ip),
  slices: (_namespace, name) => SLICES.filter(({ metadata }) => metadata.name === `${name}-1`),
  slicesOf: (ip) => SLICES.filter(({ endpoints = [] }) => endpoints.some(({ addresses }) => addresses.includes(ip))),
  hasNamespace: (name) => name === "default" || name === "empty",
  hasPod: (namespace, ip) => namespace === "default" && ip === "10.244.1.2",
};
const corefile = (inside: string) => `.:53 {\n${inside}\n  forward . /etc/resolv.conf\n}\n`;
const USUAL = corefile(
  "kubernetes cluster.local in-addr.arpa {\n pods insecure\n fallthrough in-addr.arpa\n ttl 30\n }",
);

/** "NOERROR A 10.96.7.7", the answers one after the other. */
function ask(name: string, type: RecordType = "A", text = USUAL): string {
  const upstream = ({ name: asked }: { readonly name: string }) =>
    asked === "example.com."
      ? { code: "NOERROR" as const, answers: [{ name: asked, type: "A" as const, ttl: 60, data: "192.0.2.1" }] }
      : { code: "NXDOMAIN" as const, answers: [] };
  const { code, answers } = answer({ servers: parseCorefile(text), view, upstream }, { name: absolute(name), type });
  return [code, ...answers.map((one) => `${one.type} ${one.data}`)].join(" ");
}

const CASES: readonly [string, RecordType, string][] = [
  ["web.default.svc.cluster.local", "A", "NOERROR A 10.96.7.7"],
  ["WEB.default.svc.cluster.local.", "A", "NOERROR A 10.96.7.7"],
  ["web.default.svc.cluster.local", "AAAA", "NOERROR"],
  ["web.default.svc.cluster.local", "TXT", "NOERROR"],
  ["nobody.default.svc.cluster.local", "A", "NXDOMAIN"],
  ["web.nowhere.svc.cluster.local", "A", "NXDOMAIN"],
  ["web.default.cluster.local", "A", "NXDOMAIN"],
  ["default.svc.cluster.local", "A", "NOERROR"],
  ["empty.svc.cluster.local", "A", "NOERROR"],
  ["nowhere.svc.cluster.local", "A", "NXDOMAIN"],
  ["db.default.svc.cluster.local", "A", "NOERROR A 10.244.1.2 A 10.244.1.3"],
  ["db-0.db.default.svc.cluster.local", "A", "NOERROR A 10.244.1.2"],
  ["10-244-1-3.db.default.svc.cluster.local", "A", "NOERROR A 10.244.1.3"],
  ["db-2.db.default.svc.cluster.local", "A", "NXDOMAIN"],
  ["quiet.default.svc.cluster.local", "A", "NXDOMAIN"],
  ["portless.default.svc.cluster.local", "A", "NOERROR A 10.244.1.5"],
  ["10-244-1-9.web.default.svc.cluster.local", "A", "NOERROR A 10.244.1.9"],
  ["_http._tcp.web.default.svc.cluster.local", "SRV", "NOERROR SRV 0 100 80 web.default.svc.cluster.local."],
  ["_http._udp.web.default.svc.cluster.local", "SRV", "NXDOMAIN"],
  [
    "_sql._tcp.db.default.svc.cluster.local",
    "SRV",
    "NOERROR SRV 0 50 3306 db-0.db.default.svc.cluster.local. SRV 0 50 3306 10-244-1-3.db.default.svc.cluster.local.",
  ],
  ["far.default.svc.cluster.local", "A", "NOERROR CNAME example.com. A 192.0.2.1"],
  ["far.default.svc.cluster.local", "CNAME", "NOERROR CNAME example.com."],
  ["near.default.svc.cluster.local", "A", "NOERROR CNAME web.default.svc.cluster.local. A 10.96.7.7"],
  ["10-1-2-3.default.pod.cluster.local", "A", "NOERROR A 10.1.2.3"],
  ["10-1-2-3.nowhere.pod.cluster.local", "A", "NXDOMAIN"],
  ["pod.default.pod.cluster.local", "A", "NXDOMAIN"],
  [reverseName("10.96.7.7")!, "PTR", "NOERROR PTR web.default.svc.cluster.local."],
  [reverseName("10.244.1.2")!, "PTR", "NOERROR PTR db-0.db.default.svc.cluster.local."],
  [reverseName("10.244.1.3")!, "PTR", "NXDOMAIN"],
  ["dns-version.cluster.local", "TXT", 'NOERROR TXT "1.1.0"'],
  ["example.com", "A", "NOERROR A 192.0.2.1"],
  ["example.org", "A", "NXDOMAIN"],
];

for (const [name, type, expected] of CASES) {
  Deno.test(`DNS: ${type} ${name}`, () => assert.equal(ask(name, type), expected));
}

Deno.test("DNS: what is denied comes with the zone's SOA", () => {
  const servers = parseCorefile(USUAL);
  const upstream = () => ({ code: "NXDOMAIN" as const, answers: [] });
  const { authority } = answer({ servers, view, upstream }, { name: "x.default.svc.cluster.local.", type: "A" });
  assert.equal(authority?.[0].name, "cluster.local.");
  assert.match(authority![0].data, /^ns\.dns\.cluster\.local\. hostmaster\.cluster\.local\. /);
});

Deno.test("DNS: pods verified, and disabled", () => {
  const verified = corefile("kubernetes cluster.local {\n pods verified\n }");
  assert.equal(ask("10-244-1-2.default.pod.cluster.local", "A", verified), "NOERROR A 10.244.1.2");
  assert.equal(ask("10-1-2-3.default.pod.cluster.local", "A", verified), "NXDOMAIN");
  assert.equal(ask("10-244-1-2.default.pod.cluster.local", "A", corefile("kubernetes cluster.local")), "NXDOMAIN");
});

Deno.test("DNS: another domain, beside or instead of the usual one", () => {
  const both = corefile("kubernetes corp.test cluster.local");
  assert.equal(ask("web.default.svc.corp.test", "A", both), "NOERROR A 10.96.7.7");
  assert.equal(ask("web.default.svc.cluster.local", "A", both), "NOERROR A 10.96.7.7");
  assert.equal(ask("web.default.svc.cluster.local", "A", corefile("kubernetes corp.test")), "NXDOMAIN");
});

Deno.test("DNS: names of hosts, and names that are rewritten", () => {
  const hosts = corefile("hosts {\n 192.0.2.9 intra.test\n fallthrough\n }\nkubernetes cluster.local");
  assert.equal(ask("intra.test", "A", hosts), "NOERROR A 192.0.2.9");
  assert.equal(ask("intra.test", "AAAA", hosts), "NOERROR");
  assert.equal(ask("example.com", "A", hosts), "NOERROR A 192.0.2.1");
  const rewritten = corefile("kubernetes cluster.local\nrewrite name shop.test web.default.svc.cluster.local");
  assert.equal(ask("shop.test", "A", rewritten), "NOERROR A 10.96.7.7");
  const suffix = corefile("kubernetes cluster.local\nrewrite name suffix .old.test .default.svc.cluster.local");
  assert.equal(ask("web.old.test", "A", suffix), "NOERROR A 10.96.7.7");
});

Deno.test("DNS: nobody answers outside of the servers' zones, and nothing where no plugin does", () => {
  assert.equal(ask("example.com", "A", "cluster.local {\n  kubernetes cluster.local\n}\n"), "REFUSED");
  assert.equal(ask("example.com", "A", ".:53 {\n  kubernetes cluster.local\n}\n"), "SERVFAIL");
});
