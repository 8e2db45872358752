import assert from "node:assert/strict";
import fc from "fast-check";
import * as names from "../../cluster/memory/kinds/names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../../cluster/memory/kinds/object_meta.ts";
import type { ObjectMeta } from "../../cluster/memory/kinds/schema/types.ts";

Deno.test("the rules agree with the regular expressions that their messages quote", () => {
  const label = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  const key = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
  const pairs: readonly (readonly [names.Rule, RegExp])[] = [
    [names.dns1123Label, new RegExp(`^${label}$`)],
    [names.dns1123Subdomain, new RegExp(`^${label}(\\.${label})*$`)],
    [names.dns1035Label, /^[a-z]([-a-z0-9]*[a-z0-9])?$/],
    [names.labelValue, new RegExp(`^(${key})?$`)],
    [
      names.dns1123SubdomainWithUnderscore,
      /^_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/,
    ],
  ];
  const text = fc.stringMatching(/^[-aA0_.]{0,8}$/);
  for (const [rule, regex] of pairs) {
    fc.assert(fc.property(text, (value) => assert.equal(rule(value).length === 0, regex.test(value), value)));
  }
});

Deno.test("rules take linear time", () => {
  const long = "a" + "-".repeat(200_000);
  for (const rule of [names.dns1123Label, names.dns1123Subdomain, names.qualifiedName, names.labelValue]) {
    assert.ok(rule(long).length > 0);
  }
});

Deno.test("a prefix may end with a dash", () => {
  assert.deepEqual(names.nameErrors("subdomain", "web-", true), []);
  assert.equal(names.nameErrors("subdomain", "web-").length, 1);
  assert.deepEqual(names.nameErrors("path", "a/b"), ["may not contain '/'"]);
});

const texts = (errors: readonly { field: string; message: string }[]) =>
  errors.map(({ field, message }) => `${field}: ${message}`);

Deno.test("metadata of a new object", () => {
  const check = (meta: ObjectMeta) => texts(validateObjectMeta({ name: "a", namespace: "b", ...meta }, true, "label"));
  assert.deepEqual(check({}), []);
  assert.deepEqual(check({ name: "" }), ["metadata.name: Required value: name or generateName is required"]);
  assert.deepEqual(check({ name: "a.b" }), ['metadata.name: Invalid value: "a.b": must not contain dots']);
  assert.deepEqual(check({ finalizers: ["a.com/x", "orphan", "foregroundDeletion"] }), [
    'metadata.finalizers: Invalid value: ["a.com/x","orphan","foregroundDeletion"]: finalizer orphan and foregroundDeletion cannot be both set',
  ]);
  assert.deepEqual(check({ annotations: { a: "x".repeat(257 * 1024) } }), [
    "metadata.annotations: Too long: may not be more than 262144 bytes",
  ]);
  const owner = { apiVersion: "apps/v1", kind: "ReplicaSet", name: "r", uid: "1", controller: true };
  assert.deepEqual(check({ ownerReferences: [owner, { ...owner, name: "s" }] }), [
    'metadata.ownerReferences: Invalid value: [{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"r","uid":"1","controller":true},{"apiVersion":"apps/v1","kind":"ReplicaSet","name":"s","uid":"1","controller":true}]: Only one reference can have Controller set to true. Found "true" in references for ReplicaSet/r and ReplicaSet/s',
  ]);
});

Deno.test("metadata that may not change", () => {
  const old: ObjectMeta = { name: "a", uid: "1", resourceVersion: "1", generation: 2 };
  const check = (meta: ObjectMeta, before = old) => texts(validateObjectMetaUpdate({ ...before, ...meta }, before));
  assert.deepEqual(check({ labels: { a: "b" } }), []);
  assert.deepEqual(check({ uid: "2" }), ['metadata.uid: Invalid value: "2": field is immutable']);
  assert.deepEqual(check({ generation: 1 }), ["metadata.generation: Invalid value: 1: must not be decremented"]);
  assert.deepEqual(check({ finalizers: ["a.com/x"] }, { ...old, deletionTimestamp: "2026-01-01T00:00:00Z" }), [
    'metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"a.com/x"}',
  ]);
});
