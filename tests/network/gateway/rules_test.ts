/** The pure parts of routing by the Gateway API: hostnames, matches, precedence, grants. */
import assert from "node:assert/strict";
import fc from "fast-check";
import { redirection, rewritten } from "../../../cluster/memory/network/gateway/filters.ts";
import { isGranted } from "../../../cluster/memory/network/gateway/grants.ts";
import { commonHostnames, matchesHost, specificity } from "../../../cluster/memory/network/gateway/hostnames.ts";
import { byPrecedence, matches, precedence } from "../../../cluster/memory/network/gateway/matching.ts";
import type { HTTPRouteMatch, PathModifier, ReferenceGrant } from "../../../cluster/memory/network/gateway/types.ts";
import type { ProxyRequest } from "../../../cluster/memory/network/proxy.ts";

const request = (path: string, more: Partial<ProxyRequest> = {}): ProxyRequest => ({
  port: 80,
  path,
  host: "a.example",
  headers: {},
  https: false,
  ...more,
});
const path = (type: string, value: string): HTTPRouteMatch => ({ path: { type, value } });

const HOSTS: readonly (readonly [string | undefined, string, boolean])[] = [
  [undefined, "a.example", true],
  ["a.example", "a.example", true],
  ["A.example", "a.example", true],
  ["*.example", "a.example", true],
  ["*.example", "b.a.example", true],
  ["*.example", "example", false],
  ["b.example", "a.example", false],
];
for (const [pattern, host, is] of HOSTS) {
  Deno.test(`gateway hostnames: ${pattern} ${is ? "means" : "does not mean"} ${host}`, () => {
    assert.equal(matchesHost(pattern, host), is);
  });
}

Deno.test("gateway hostnames: what a listener and a route have in common is meant by both", () => {
  const label = fc.constantFrom("a", "b", "c");
  const pattern = fc.tuple(fc.boolean(), fc.array(label, { minLength: 1, maxLength: 3 }))
    .map(([wild, labels]) => `${wild ? "*." : ""}${labels.join(".")}`);
  const host = fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join("."));
  fc.assert(fc.property(pattern, fc.array(pattern, { maxLength: 3 }), host, (listener, route, name) => {
    const common = commonHostnames(listener, route) ?? [];
    const both = matchesHost(listener, name) && (route.length === 0 || route.some((one) => matchesHost(one, name)));
    assert.equal(common.some((one) => matchesHost(one, name)), both);
  }));
});

Deno.test("gateway hostnames: an exact name says more than a wildcard, and a longer one more than a shorter", () => {
  const names = ["", "*.b", "*.a.b", "b", "a.b"];
  assert.deepEqual(names.toReversed().toSorted((a, b) => specificity(a) - specificity(b)), names);
  assert.ok(specificity("b") > specificity("*.a-long-name.example"));
  assert.ok(specificity("*.a.b") > specificity("*.b"));
});

const MATCHES: readonly (readonly [HTTPRouteMatch, ProxyRequest, boolean])[] = [
  [{}, request("/any"), true],
  [path("Exact", "/a"), request("/a?x=1"), true],
  [path("Exact", "/a"), request("/a/"), false],
  [path("PathPrefix", "/a"), request("/a/b"), true],
  [path("PathPrefix", "/a/"), request("/a"), true],
  [path("PathPrefix", "/a"), request("/ab"), false],
  [path("RegularExpression", "/v[12]/"), request("/v2/x"), true],
  [path("RegularExpression", "/v[12]/"), request("/v3/x"), false],
  [path("RegularExpression", "("), request("/("), false],
  [{ method: "GET" }, request("/"), true],
  [{ method: "POST" }, request("/"), false],
  [{ headers: [{ name: "X-A", value: "1" }] }, request("/", { headers: { "x-a": "1" } }), true],
  [{ headers: [{ name: "X-A", value: "1" }] }, request("/", { headers: { "x-a": "12" } }), false],
  [
    { headers: [{ name: "X-A", value: "[0-9]+", type: "RegularExpression" }] },
    request("/", { headers: { "x-a": "12" } }),
    true,
  ],
  [{ queryParams: [{ name: "q", value: "a b" }] }, request("/?q=a+b"), true],
  [{ queryParams: [{ name: "q", value: "a" }] }, request("/?p=a"), false],
];
for (const [match, asked, is] of MATCHES) {
  Deno.test(`gateway matches: ${JSON.stringify(match)} ${is ? "wants" : "does not want"} ${asked.path}`, () => {
    assert.equal(matches(match, asked), is);
  });
}

Deno.test("gateway matches: exact before longer before shorter, then methods, headers and queries", () => {
  const inOrder: readonly HTTPRouteMatch[] = [
    path("Exact", "/a"),
    path("PathPrefix", "/a/long/one"),
    { ...path("PathPrefix", "/a"), method: "GET" },
    { ...path("PathPrefix", "/a"), headers: [{ name: "x", value: "1" }, { name: "y", value: "1" }] },
    { ...path("PathPrefix", "/a"), headers: [{ name: "x", value: "1" }] },
    { ...path("PathPrefix", "/a"), queryParams: [{ name: "x", value: "1" }] },
    path("PathPrefix", "/a"),
    {},
  ];
  const mixed = inOrder.toReversed();
  assert.deepEqual(mixed.toSorted((a, b) => byPrecedence(precedence(a), precedence(b))), inOrder);
});

const replacing = (replacePrefixMatch: string): PathModifier => ({ type: "ReplacePrefixMatch", replacePrefixMatch });
const REWRITES: readonly (readonly [HTTPRouteMatch, PathModifier, string, string])[] = [
  [path("PathPrefix", "/foo"), replacing("/xyz"), "/foo/bar", "/xyz/bar"],
  [path("PathPrefix", "/foo"), replacing("/xyz/"), "/foo/bar", "/xyz/bar"],
  [path("PathPrefix", "/foo/"), replacing("/xyz"), "/foo/bar", "/xyz/bar"],
  [path("PathPrefix", "/foo"), replacing("/xyz"), "/foo", "/xyz"],
  [path("PathPrefix", "/foo"), replacing("/xyz"), "/foo/", "/xyz/"],
  [path("PathPrefix", "/foo"), replacing("/"), "/foo/bar", "/bar"],
  [path("PathPrefix", "/foo"), replacing("/"), "/foo", "/"],
  [path("PathPrefix", "/foo"), { type: "ReplaceFullPath", replaceFullPath: "/one" }, "/foo/bar?q=1", "/one?q=1"],
];
for (const [match, modifier, asked, seen] of REWRITES) {
  Deno.test(`gateway rewrites: ${asked} becomes ${seen}`, () => {
    const filters = [{ type: "URLRewrite", urlRewrite: { path: modifier } }];
    assert.equal(rewritten(filters, match, request(asked)).path, seen);
  });
}

Deno.test("gateway redirects: the port goes with its scheme", () => {
  const to = (requestRedirect: object, asked: ProxyRequest) =>
    redirection([{ type: "RequestRedirect", requestRedirect }], {}, asked)?.headers?.location;
  assert.equal(to({ scheme: "https" }, request("/x?y=1")), "https://a.example/x?y=1");
  assert.equal(to({ hostname: "b.example" }, request("/", { port: 8080 })), "http://b.example:8080/");
  assert.equal(to({ port: 8443, scheme: "https" }, request("/")), "https://a.example:8443/");
  assert.equal(to({ hostname: "b.example" }, request("/")), "http://b.example/");
});

Deno.test("gateway grants: the target's namespace says who may refer to what", () => {
  const grant = (name?: string): ReferenceGrant => ({
    metadata: { name: "grant", namespace: "target" },
    spec: {
      from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: "source" }],
      to: [{ group: "", kind: "Service", name }],
    },
  });
  const reference = (namespace: string, kind = "HTTPRoute") => ({
    from: { group: "gateway.networking.k8s.io", kind, namespace },
    to: { group: "", kind: "Service", namespace: "target", name: "web" },
  });
  assert.equal(isGranted([], reference("target")), true);
  assert.equal(isGranted([], reference("source")), false);
  assert.equal(isGranted([grant()], reference("source")), true);
  assert.equal(isGranted([grant("web")], reference("source")), true);
  assert.equal(isGranted([grant("other")], reference("source")), false);
  assert.equal(isGranted([grant()], reference("third")), false);
  assert.equal(isGranted([grant()], reference("source", "Gateway")), false);
});
