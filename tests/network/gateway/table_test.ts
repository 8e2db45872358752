/** What a Gateway's proxy decides: weights, listeners, and whatever is written and asked. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { gatewayTable } from "../../../cluster/memory/network/gateway/table.ts";
import type {
  Gateway,
  HTTPBackendRef,
  HTTPRoute,
  HTTPRouteRule,
} from "../../../cluster/memory/network/gateway/types.ts";
import { service, slice } from "../objects.ts";
import { ask, said } from "../proxied.ts";

const NAMES = ["a", "b", "c"];
const gateway: Gateway = {
  metadata: { name: "web", namespace: "default" },
  spec: {
    gatewayClassName: "nginx",
    listeners: [
      { name: "any", port: 80, protocol: "HTTP" },
      { name: "shop", port: 80, protocol: "HTTP", hostname: "*.shop.io" },
    ],
  },
};
const routeOf = (rules: readonly HTTPRouteRule[], more: Partial<HTTPRoute["spec"]> = {}): HTTPRoute => ({
  metadata: { name: "route", namespace: "default" },
  spec: { parentRefs: [{ name: "web" }], rules, ...more },
});

function tableOf(routes: readonly HTTPRoute[], random = () => 0.5) {
  return gatewayTable({
    gateway: () => gateway,
    isValid: () => true,
    routes: () => routes,
    namespaceOf: () => undefined,
    secretOf: () => undefined,
    view: {
      grants: [],
      service: (_, name) =>
        NAMES.includes(name) ? service(name, { clusterIP: "10.96.7.7", ports: [{ port: 80 }] }) : undefined,
      slices: (_, name) => [slice(name, [{ addresses: ["10.244.1.1"], conditions: { ready: true } }])],
    },
    random,
  });
}

const reference = (name: string, weight?: number): HTTPBackendRef => ({ name, port: 80, weight });

Deno.test("gateway table: each backend gets its part of the weights, and none without", () => {
  const weights = fc.array(fc.nat(5), { minLength: 3, maxLength: 3 });
  fc.assert(fc.property(weights, (weights) => {
    const route = routeOf([{ backendRefs: NAMES.map((name, i) => reference(name, weights[i])) }]);
    const sum = weights.reduce((all, one) => all + one, 0);
    const counts = new Map<string, number>();
    for (let i = 0; i < sum; i++) {
      const upstream = said(tableOf([route], () => (i + 0.5) / sum).decide(ask("/")));
      counts.set(upstream, (counts.get(upstream) ?? 0) + 1);
    }
    assert.deepEqual(NAMES.map((name) => counts.get(`default_${name}_80`) ?? 0), weights);
    if (sum === 0) assert.equal(said(tableOf([route]).decide(ask("/"))), "500");
  }));
});

Deno.test("gateway table: the listener that says most of the host takes the request, with its own routes alone", () => {
  const any = routeOf([{ backendRefs: [reference("a")] }], { parentRefs: [{ name: "web", sectionName: "any" }] });
  const shop = routeOf([{ matches: [{ path: { type: "Exact", value: "/b" } }], backendRefs: [reference("b")] }], {
    parentRefs: [{ name: "web", sectionName: "shop" }],
  });
  const table = tableOf([any, shop]);
  assert.deepEqual(
    [ask("/", "x.io"), ask("/b", "x.shop.io"), ask("/", "x.shop.io")].map((request) => said(table.decide(request))),
    ["default_a_80", "default_b_80", "404"],
  );
});

Deno.test("gateway table: a missing backend costs its part of the requests, no rule all of them", () => {
  const route = routeOf([{ backendRefs: [reference("a"), reference("missing")] }]);
  const drawn = [0.1, 0.9].map((number) => said(tableOf([route], () => number).decide(ask("/"))));
  assert.deepEqual(drawn, ["default_a_80", "500"]);
  assert.equal(said(tableOf([routeOf([{}])]).decide(ask("/"))), "500");
  assert.equal(said(tableOf([]).decide(ask("/"))), "404");
});

Deno.test("gateway table: copies go to a mirror by their part, and an unknown filter stops the request", () => {
  const mirror = { backendRef: reference("b"), fraction: { numerator: 1, denominator: 4 } };
  const route = routeOf([{
    filters: [{ type: "RequestMirror", requestMirror: mirror }],
    backendRefs: [reference("a")],
  }]);
  const copies = (random: number) => {
    const decision = tableOf([route], () => random).decide(ask("/"));
    return decision.to === "backend" ? decision.copies?.length : undefined;
  };
  assert.deepEqual([copies(0.2), copies(0.3)], [1, 0]);
  const unknown = routeOf([{ filters: [{ type: "ExtensionRef" }], backendRefs: [reference("a")] }]);
  assert.equal(said(tableOf([unknown]).decide(ask("/"))), "500");
});

Deno.test("gateway table: whatever is written and asked, it decides", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("/", "/a", "/a/b", "(", "[0-9]+", "x.io", "*.shop.io"));
  const named = fc.record({ name: text, value: text, type: fc.constantFrom("Exact", "RegularExpression") });
  const match = fc.record({
    path: fc.record({ type: fc.constantFrom("Exact", "PathPrefix", "RegularExpression"), value: text }),
    headers: fc.array(named, { maxLength: 2 }),
    queryParams: fc.array(named, { maxLength: 2 }),
  }, { requiredKeys: [] });
  const modifier = fc.record({
    type: fc.constantFrom("ReplaceFullPath", "ReplacePrefixMatch"),
    replacePrefixMatch: text,
  });
  const filter = fc.oneof(
    fc.record({ type: fc.constant("URLRewrite"), urlRewrite: fc.record({ hostname: text, path: modifier }) }),
    fc.record({ type: fc.constant("RequestRedirect"), requestRedirect: fc.record({ path: modifier, hostname: text }) }),
    fc.record({
      type: fc.constant("RequestHeaderModifier"),
      requestHeaderModifier: fc.record({ set: fc.array(named) }),
    }),
  );
  const rule = fc.record({
    matches: fc.array(match, { maxLength: 2 }),
    filters: fc.array(filter, { maxLength: 2 }),
    backendRefs: fc.array(fc.constantFrom(...NAMES, "missing").map((name) => reference(name)), { maxLength: 2 }),
  }, { requiredKeys: [] });
  const route = fc.record({ rules: fc.array(rule, { maxLength: 3 }), hostnames: fc.array(text, { maxLength: 2 }) })
    .map(({ rules, hostnames }) => routeOf(rules, { hostnames }));
  fc.assert(
    fc.property(fc.array(route, { maxLength: 3 }), text, text, (routes, asked, host) => {
      const decision = tableOf(routes).decide(ask(asked, host, { x: asked }));
      assert.ok(
        decision.to === "client" ? decision.status >= 300 : decision.path.startsWith("/") || asked === decision.path,
      );
    }),
    { numRuns: 500 },
  );
});
