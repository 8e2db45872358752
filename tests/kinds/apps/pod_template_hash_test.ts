import assert from "node:assert/strict";
import { fnv32a, podTemplateHash, safeEncode } from "../../../cluster/memory/kinds/apps/pod_template_hash.ts";
import { defaultPodSpec } from "../../../cluster/memory/kinds/core/pod/defaults.ts";
import { dumpForHash } from "../../../cluster/memory/kinds/go/spew.ts";
import type { Draft } from "../../../cluster/memory/kinds/object.ts";
import type { PodTemplateSpec } from "../../../cluster/memory/kinds/schema/types.ts";

/** What `kubectl create deployment NAME --image=nginx` makes. */
function template(name: string, image = "nginx"): Draft<PodTemplateSpec> {
  const container = { name: "nginx", image, imagePullPolicy: "Always", resources: {} };
  const made: Draft<PodTemplateSpec> = { metadata: { labels: { app: name } }, spec: { containers: [container] } };
  defaultPodSpec(made.spec);
  return made;
}

Deno.test("has the hashes that a real v1.36 controller gave", () => {
  assert.equal(podTemplateHash(template("w")), "5d7d745dff");
  assert.equal(podTemplateHash(template("cd1")), "84b9c7d45d");
  assert.equal(podTemplateHash(template("zz")), "59695dfddd");
  assert.equal(podTemplateHash(template("zz", "nginx:1.29")), "7fd9c79f56");
});

Deno.test("has the hash that names a real DaemonSet's revision", () => {
  const { spec } = template("ds", "nginx:1.27");
  spec.containers[0].name = "app";
  spec.containers[0].imagePullPolicy = "IfNotPresent";
  assert.equal(podTemplateHash({ metadata: { labels: { app: "ds" } }, spec }), "db95d9486");
});

Deno.test("a collision gives another hash", () => {
  const hashes = [undefined, 0, 1, 2].map((count) => podTemplateHash(template("w"), count));
  assert.equal(new Set(hashes).size, 4);
});

Deno.test("the order of an object's fields does not count", () => {
  const { spec, metadata } = template("w");
  const reversed = Object.fromEntries(Object.entries(spec).reverse()) as typeof spec;
  assert.equal(podTemplateHash({ spec: reversed, metadata }), "5d7d745dff");
});

Deno.test("prints Go values as spew does", () => {
  assert.equal(
    dumpForHash("v1.ContainerPort", { name: "http", containerPort: 80, protocol: "TCP" }),
    "(v1.ContainerPort){Name:(string)http HostPort:(int32)0 ContainerPort:(int32)80 Protocol:(v1.Protocol)TCP " +
      "HostIP:(string)}",
  );
  assert.equal(
    dumpForHash("v1.TCPSocketAction", { port: "http" }),
    "(v1.TCPSocketAction){Port:(intstr.IntOrString){Type:(intstr.Type)1 IntVal:(int32)0 StrVal:(string)http} " +
      "Host:(string)}",
  );
  assert.equal(
    dumpForHash("v1.ResourceRequirements", { limits: { memory: "8Gi", cpu: "500m" } }),
    "(v1.ResourceRequirements){Limits:(v1.ResourceList)map[" +
      "cpu:{i:(resource.int64Amount){value:(int64)500 scale:(resource.Scale)-3} " +
      "d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string)500m Format:(resource.Format)DecimalSI} " +
      "memory:{i:(resource.int64Amount){value:(int64)8589934592 scale:(resource.Scale)0} " +
      "d:(resource.infDecAmount){Dec:(*inf.Dec)<nil>} s:(string) Format:(resource.Format)BinarySI}] " +
      "Requests:(v1.ResourceList)<nil> Claims:([]v1.ResourceClaim)<nil>}",
  );
});

Deno.test("FNV-1a and the safe alphabet", () => {
  assert.equal(fnv32a(new TextEncoder().encode("foobar")), 0xbf9cf968);
  assert.equal(safeEncode("0123456789"), "456789bcdf");
});
