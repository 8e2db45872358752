import assert from "node:assert/strict";
import type { Ingress, IngressClass, IngressSpec } from "../../../cluster/memory/kinds/schema/types.ts";
import { byAge, isOwn } from "../../../cluster/memory/network/ingress/classes.ts";

const options = { annotation: "nginx", controller: "k8s.io/ingress-nginx", withoutClass: false };
const ingressClass = (name: string, controller = options.controller, isDefault = false): IngressClass => ({
  metadata: { name, annotations: { "ingressclass.kubernetes.io/is-default-class": String(isDefault) } },
  spec: { controller },
});
const ingress = (spec: IngressSpec, annotation?: string, created = "2026-01-01T00:00:00Z"): Ingress => ({
  metadata: {
    name: "web",
    namespace: "default",
    creationTimestamp: created,
    annotations: annotation === undefined ? {} : { "kubernetes.io/ingress.class": annotation },
  },
  spec,
  status: { loadBalancer: {} },
});

const classes = [ingressClass("nginx"), ingressClass("other", "example.com/other")];

const CASES: readonly (readonly [string, boolean, Ingress, (readonly IngressClass[])?])[] = [
  ["its class", true, ingress({ ingressClassName: "nginx" })],
  ["another controller's class", false, ingress({ ingressClassName: "other" })],
  ["a class that does not exist", false, ingress({ ingressClassName: "ngnix" })],
  ["the old annotation", true, ingress({}, "nginx")],
  ["another's old annotation", false, ingress({ ingressClassName: "nginx" }, "other")],
  ["no class", false, ingress({})],
  ["no class where its own is the default", true, ingress({}), [ingressClass("nginx", options.controller, true)]],
];
for (const [what, own, one, all = classes] of CASES) {
  Deno.test(`ingress classes: ${what} is ${own ? "" : "not "}its own`, () =>
    assert.equal(isOwn(one, all, options), own));
}

Deno.test("ingress classes: a controller can be told to take what has no class", () => {
  assert.equal(isOwn(ingress({}), classes, { ...options, withoutClass: true }), true);
});

Deno.test("ingress classes: the oldest comes first", () => {
  const [young, old] = [ingress({}, undefined, "2026-02-01T00:00:00Z"), ingress({})];
  assert.deepEqual(byAge([young, old]), [old, young]);
});
