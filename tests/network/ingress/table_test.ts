/** What ingress-nginx decides, against a slow reading of the documentation, and for whatever is written and asked. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { Ingress, Service } from "../../../cluster/memory/kinds/schema/types.ts";
import { ingressTable } from "../../../cluster/memory/network/ingress/table.ts";
import { service, slice } from "../objects.ts";
import { ask, said } from "../proxied.ts";

const NAMES = ["a", "b", "c"];
const services = new Map<string, Service>(
  NAMES.map((name) => [name, service(name, { clusterIP: "10.96.7.7", ports: [{ port: 80 }] })]),
);
const view = {
  service: (_: string, name: string) => services.get(name),
  slices: (_: string, name: string) =>
    name === "c"
      ? []
      : [slice(name, ["10.244.1.1", "10.244.1.2"].map((ip) => ({ addresses: [ip], conditions: { ready: true } })))],
};
const tableOf = (ingresses: readonly Ingress[], random = () => 0.5) =>
  ingressTable({ view, ingresses: () => ingresses, isOwn: () => true, secrets: () => undefined, random });

const segment = fc.constantFrom("x", "y", "xy");
const path = fc.array(segment, { maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
const host = fc.constantFrom<string>("", "a.io", "*.a.io", "b.a.io");
const pathType = fc.constantFrom<string>("Prefix", "Exact");
const backend = fc.constantFrom(...NAMES, "missing").map((name) => ({ service: { name, port: { number: 80 } } }));
const rule = fc.record({ host, path, pathType, backend });
type Rule = typeof rule extends fc.Arbitrary<infer R> ? R : never;

const ingressOf = (
  rules: readonly Rule[],
  annotations: Readonly<Record<string, string>> = {},
  name = "one",
): Ingress => ({
  metadata: {
    name,
    namespace: "default",
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([key, value]) => [`nginx.ingress.kubernetes.io/${key}`, value]),
    ),
  },
  spec: {
    rules: rules.map(({ host, ...path }) => ({ ...host === "" ? {} : { host }, http: { paths: [path] } })),
  },
  status: { loadBalancer: {} },
});

/** The documentation's words, one after the other. */
function expected(rules: readonly Rule[], asked: string, name: string): string {
  const hosts = new Set<string>(rules.map(({ host }) => host));
  const wild = `*.${name.split(".").slice(1).join(".")}`;
  const server = hosts.has(name) ? name : hosts.has(wild) ? wild : "";
  const own = rules.filter(({ host }) => host === server);
  const elements = (path: string) => path.split("/").filter((part) => part !== "");
  const exact = own.find(({ pathType, path }) => pathType === "Exact" && path === asked);
  const prefixes = own.filter(({ pathType, path }) =>
    pathType === "Prefix" && elements(path).every((part, i) => elements(asked)[i] === part)
  );
  const longest = Math.max(...prefixes.map(({ path }) => elements(path).length));
  const found = exact ?? prefixes.find(({ path }) => elements(path).length === longest);
  if (found === undefined) return "404";
  const { service } = found.backend;
  return ["a", "b"].includes(service.name) ? `default-${service.name}-80` : "503";
}

Deno.test("ingress table: what it decides is what the documentation says", () => {
  const name = fc.constantFrom("a.io", "b.a.io", "c.a.io", "c.io");
  fc.assert(
    fc.property(fc.array(rule, { maxLength: 6 }), path, name, (rules, asked, host) => {
      assert.equal(said(tableOf([ingressOf(rules)]).decide(ask(asked, host))), expected(rules, asked, host));
    }),
    { numRuns: 500 },
  );
});

Deno.test("ingress table: whatever is written and asked, it decides", () => {
  const text = fc.oneof(
    fc.string(),
    fc.constantFrom("/(", "/$1", "/(.*)", "https://x", "true", "100", "*.", ".", "/a?b#c"),
  );
  const names = [
    "rewrite-target",
    "use-regex",
    "app-root",
    "permanent-redirect",
    "canary",
    "canary-weight",
    "canary-by-header",
    "server-alias",
    "upstream-vhost",
    "backend-protocol",
    "force-ssl-redirect",
  ];
  const annotations = fc.dictionary(fc.constantFrom(...names), text);
  const anyRule = fc.record({
    host: text,
    path: text,
    pathType: fc.constantFrom<string>("Prefix", "Exact", "ImplementationSpecific"),
    backend,
  });
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.array(anyRule, { maxLength: 3 }), annotations), { maxLength: 3 }),
      text,
      text,
      (all, asked, host) => {
        const ingresses = all.map(([rules, more], i) => ingressOf(rules, more, `i${i}`));
        const decision = tableOf(ingresses).decide(ask(asked, host, { cookie: asked }));
        assert.ok(decision.to === "client" ? decision.status >= 200 : decision.endpoints.length > 0);
      },
    ),
    { numRuns: 500 },
  );
});

Deno.test("ingress table: endpoints take turns", () => {
  const table = tableOf([
    ingressOf([{ host: "", path: "/", pathType: "Prefix", backend: { service: { name: "a", port: { number: 80 } } } }]),
  ]);
  const next = () => {
    const decision = table.decide(ask("/", "any"));
    return decision.to === "backend" ? decision.endpoints[0].host : "";
  };
  assert.deepEqual([next(), next(), next()], ["10.244.1.1", "10.244.1.2", "10.244.1.1"]);
});

Deno.test("ingress table: a canary gets its weight of the requests", () => {
  const to = (
    name: string,
  ) => [{ host: "a.io", path: "/", pathType: "Prefix", backend: { service: { name, port: { number: 80 } } } }];
  const ingresses = [ingressOf(to("a")), ingressOf(to("b"), { canary: "true", "canary-weight": "30" }, "two")];
  const drawn = [0, 0.29, 0.3, 0.99].map((number) => said(tableOf(ingresses, () => number).decide(ask("/", "a.io"))));
  assert.deepEqual(drawn, ["default-b-80", "default-b-80", "default-a-80", "default-a-80"]);
});
