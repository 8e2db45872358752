import assert from "node:assert/strict";
import type { Ingress, IngressSpec } from "../../cluster/memory/kinds/schema/types.ts";
import { ofClasses, route, tlsSecret } from "../../cluster/memory/network/ingress.ts";

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
const chosen = (all: readonly Ingress[], host: string, path: string) => route(all, host, path)?.backend.service?.name;

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

Deno.test("ingress: hosts before wildcards before none, and the default last", () => {
  const all = [
    ingress({ defaultBackend: backend("default"), rules: [rule("*.foo.com", ["Prefix", "/", "wild"])] }),
    ingress({ rules: [rule("bar.foo.com", ["Prefix", "/", "bar"])] }, "two"),
  ];
  assert.equal(chosen(all, "bar.foo.com:8080", "/"), "bar");
  assert.equal(chosen(all, "baz.foo.com", "/"), "wild");
  assert.equal(chosen(all, "baz.bar.foo.com", "/"), "default");
  assert.equal(chosen(all, "foo.com", "/"), "default");
  assert.equal(chosen(all.slice(1), "foo.com", "/"), undefined);
});

Deno.test("ingress: a class is the controller's, or none where it is the default", () => {
  const [nginx, none] = [ingress({ ingressClassName: "nginx" }), ingress({}, "two")];
  assert.deepEqual(ofClasses([nginx, none], new Set(["nginx"])), [nginx]);
  assert.deepEqual(ofClasses([nginx, none], new Set(["other"]), true), [none]);
});

Deno.test("ingress: TLS is for the hosts of its list", () => {
  const all = [ingress({ tls: [{ hosts: ["*.foo.com"], secretName: "wild" }, { hosts: ["a.io"], secretName: "a" }] })];
  assert.equal(tlsSecret(all, "bar.foo.com"), "default/wild");
  assert.equal(tlsSecret(all, "A.io"), "default/a");
  assert.equal(tlsSecret(all, "b.io"), undefined);
});
