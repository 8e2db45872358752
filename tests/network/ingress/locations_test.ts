import assert from "node:assert/strict";
import type { Ingress, IngressSpec } from "../../../cluster/memory/kinds/schema/types.ts";
import { locate, rewritten } from "../../../cluster/memory/network/ingress/locations.ts";

const backend = (name: string) => ({ service: { name, port: { number: 80 } } });
const ingress = (spec: IngressSpec, name = "one"): Ingress => ({
  metadata: { name, namespace: "default" },
  spec,
  status: { loadBalancer: {} },
});
const rule = (host: string | undefined, ...paths: (readonly [string, string, string])[]) => ({
  host,
  http: { paths: paths.map(([pathType, path, name]) => ({ pathType, path, backend: backend(name) })) },
});
const chosen = (all: readonly Ingress[], host: string, path: string) => locate(all, host, path)?.backend.service?.name;

/** The table of the document: type, paths, request, which matches. */
const PATHS: readonly [string, readonly string[], string, string | undefined][] = [
  ["Prefix", ["/"], "/anything", "/"],
  ["Exact", ["/foo"], "/foo", "/foo"],
  ["Exact", ["/foo"], "/bar", undefined],
  ["Exact", ["/foo"], "/foo/", undefined],
  ["Exact", ["/foo/"], "/foo", undefined],
  ["Prefix", ["/foo"], "/foo", "/foo"],
  ["Prefix", ["/foo"], "/foo/", "/foo"],
  ["Prefix", ["/foo/"], "/foo", "/foo/"],
  ["Prefix", ["/foo/"], "/foo/", "/foo/"],
  ["Prefix", ["/aaa/bb"], "/aaa/bbb", undefined],
  ["Prefix", ["/aaa/bbb"], "/aaa/bbb", "/aaa/bbb"],
  ["Prefix", ["/aaa/bbb/"], "/aaa/bbb", "/aaa/bbb/"],
  ["Prefix", ["/aaa/bbb"], "/aaa/bbb/", "/aaa/bbb"],
  ["Prefix", ["/aaa/bbb"], "/aaa/bbb/ccc", "/aaa/bbb"],
  ["Prefix", ["/aaa/bbb"], "/aaa/bbbxyz", undefined],
  ["Prefix", ["/", "/aaa"], "/aaa/ccc", "/aaa"],
  ["Prefix", ["/", "/aaa", "/aaa/bbb"], "/aaa/bbb", "/aaa/bbb"],
  ["Prefix", ["/", "/aaa", "/aaa/bbb"], "/ccc", "/"],
  ["Prefix", ["/aaa"], "/ccc", undefined],
  ["ImplementationSpecific", ["/aaa"], "/aaa/x?y=1", "/aaa"],
];

for (const [type, paths, request, match] of PATHS) {
  Deno.test(`ingress: ${type} ${paths.join(" ")} and ${request}`, () => {
    const all = [ingress({ rules: [rule(undefined, ...paths.map((path) => [type, path, path] as const))] })];
    assert.equal(chosen(all, "example.com", request), match);
  });
}

Deno.test("ingress: an exact path goes before a prefix as long", () => {
  const all = [ingress({ rules: [rule("a.io", ["Prefix", "/foo", "prefix"], ["Exact", "/foo", "exact"])] })];
  assert.equal(chosen(all, "a.io", "/foo"), "exact");
  assert.equal(chosen(all, "a.io", "/foo/x"), "prefix");
});

Deno.test("ingress: a host that somebody names is served by its own rules alone", () => {
  const all = [
    ingress({ rules: [rule("*.foo.com", ["Prefix", "/wild", "wild"])] }),
    ingress({ rules: [rule("bar.foo.com", ["Prefix", "/bar", "bar"])] }, "two"),
    ingress({ rules: [rule(undefined, ["Prefix", "/", "any"])] }, "three"),
  ];
  assert.equal(chosen(all, "bar.foo.com:8080", "/bar"), "bar");
  assert.equal(chosen(all, "BAR.foo.com", "/wild"), undefined);
  assert.equal(chosen(all, "baz.foo.com", "/wild"), "wild");
  assert.equal(chosen(all, "baz.bar.foo.com", "/wild"), "any");
  assert.equal(chosen(all, "foo.com", "/"), "any");
  assert.equal(chosen(all.slice(0, 2), "foo.com", "/"), undefined);
});

Deno.test("ingress: a default backend is for the hosts of its rules, and for all without rules", () => {
  const own = ingress({ defaultBackend: backend("own"), rules: [rule("a.io", ["Exact", "/x", "x"])] });
  const all = ingress({ defaultBackend: backend("all") }, "two");
  assert.equal(chosen([own, all], "a.io", "/other"), "own");
  assert.equal(chosen([own, all], "b.io", "/other"), "all");
  assert.equal(chosen([own], "b.io", "/other"), undefined);
});

Deno.test("ingress: of two that say the same the first counts", () => {
  const [first, second] = ["one", "two"].map((name) => ingress({ rules: [rule("a.io", ["Prefix", "/", name])] }, name));
  assert.equal(chosen([first, second], "a.io", "/"), "one");
});

Deno.test("ingress: what is left to the implementation is a prefix of letters", () => {
  const all = [ingress({ rules: [rule("a.io", ["ImplementationSpecific", "/foo", "foo"])] })];
  assert.equal(chosen(all, "a.io", "/foobar"), "foo");
});

const annotated = (
  annotations: Readonly<Record<string, string>>,
  ...rules: IngressSpec["rules"] & object
): Ingress => ({
  ...ingress({ rules }),
  metadata: {
    name: "annotated",
    namespace: "default",
    annotations: Object.fromEntries(
      Object.entries(annotations).map(([name, value]) => [`nginx.ingress.kubernetes.io/${name}`, value]),
    ),
  },
});

/** Target, path of the Ingress, request, what the backend sees. */
const REWRITES: readonly (readonly [string, string, string, string | undefined])[] = [
  ["/", "/shop", "/shop/cart", "/"],
  ["/$2", "/shop(/|$)(.*)", "/shop/cart/7", "/cart/7"],
  ["/$2", "/shop(/|$)(.*)", "/shop", "/"],
  ["/$2", "/shop(/|$)(.*)", "/shopping", undefined],
  ["/api/$1", "/(.*)", "/Users", "/api/Users"],
  ["/$9", "/a", "/a", "/"],
  ["/", "/a(", "/a(", undefined],
];
for (const [target, path, request, seen] of REWRITES) {
  Deno.test(`ingress: ${path} rewritten to ${target} makes ${request} ${seen}`, () => {
    const location = locate(
      [annotated({ "rewrite-target": target }, rule("a.io", ["ImplementationSpecific", path, "web"]))],
      "a.io",
      request,
    );
    assert.equal(location && rewritten(location, request), seen);
  });
}

Deno.test("ingress: a pattern for one path of a host makes patterns of all", () => {
  const all = [
    annotated({ "use-regex": "true" }, rule("a.io", ["ImplementationSpecific", "/[0-9]+", "numbers"])),
    ingress({ rules: [rule("a.io", ["Exact", "/foo", "foo"])] }, "two"),
  ];
  assert.equal(chosen(all, "a.io", "/42"), "numbers");
  assert.equal(chosen(all, "a.io", "/FOObar"), "foo");
});

Deno.test("ingress: a slow pattern is no slower than others", () => {
  const all = [
    annotated({ "rewrite-target": "/$1" }, rule("a.io", ["ImplementationSpecific", "/(a+)+b", "slow"])),
  ];
  assert.equal(chosen(all, "a.io", `/${"a".repeat(30_000)}`), undefined);
});
