import assert from "node:assert/strict";
import fc from "fast-check";
import { rbac } from "../../../cluster/memory/api/authz/authorizer.ts";
import { bootstrapPolicy } from "../../../cluster/memory/api/authz/bootstrap_policy.ts";
import { EscalationCheck } from "../../../cluster/memory/api/authz/escalation.ts";
import { RuleResolver } from "../../../cluster/memory/api/authz/rule_resolver.ts";
import { type Action, breakDown, notCovered, ruleAllows } from "../../../cluster/memory/api/authz/rules.ts";
import { reviewSelfRules } from "../../../cluster/memory/api/authz/reviews.ts";
import type { User } from "../../../cluster/memory/api/user.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import type { KubeObject } from "../../../cluster/memory/kinds/object.ts";
import type { PolicyRule } from "../../../cluster/memory/kinds/schema/types.ts";
import { Store } from "../../../cluster/memory/store/store.ts";

const PLURALS: Record<string, string> = {
  Role: "roles",
  ClusterRole: "clusterroles",
  RoleBinding: "rolebindings",
  ClusterRoleBinding: "clusterrolebindings",
};

function storeWith(...objects: object[]): Store {
  const store = new Store();
  for (const object of objects as KubeObject[]) {
    const { name, namespace } = object.metadata;
    const bucket = `rbac.authorization.k8s.io/${PLURALS[object.kind!]}`;
    store.create(bucket, namespace === undefined ? name! : `${namespace}/${name}`, object);
  }
  return store;
}

const role = (name: string, namespace: string, ...rules: PolicyRule[]) => ({
  kind: "Role",
  metadata: { name, namespace },
  rules,
});
const binding = (name: string, namespace: string, kind: string, to: string, ...subjects: object[]) => ({
  kind: "RoleBinding",
  metadata: { name, namespace },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind, name: to },
  subjects,
});
const alice = { name: "alice", groups: ["system:authenticated"] };
const asking = (store: Store) => {
  const authorizer = rbac(new RuleResolver(store));
  return (user: User, action: Action, namespace: string) => authorizer.authorize({ user, action, namespace });
};
const pods = (verb: string, name = "") => ({ verb, group: "", resource: "pods", name });

Deno.test("a RoleBinding allows in its namespace alone, and says through which binding", () => {
  const store = storeWith(
    role("reader", "dev", { verbs: ["get"], apiGroups: [""], resources: ["pods"] }),
    binding("read", "dev", "Role", "reader", { kind: "User", name: "alice" }),
  );
  const ask = asking(store);
  assert.deepEqual(ask(alice, pods("get"), "dev"), {
    allowed: true,
    reason: 'RBAC: allowed by RoleBinding "read/dev" of Role "reader" to User "alice"',
  });
  assert.equal(ask(alice, pods("get"), "prod").allowed, false);
  assert.equal(ask(alice, pods("list"), "dev").allowed, false);
});

Deno.test("decisions follow the bindings as they come and go", () => {
  const store = storeWith(role("reader", "dev", { verbs: ["*"], apiGroups: [""], resources: ["pods"] }));
  const ask = asking(store);
  const may = () => ask(alice, pods("get"), "dev").allowed;
  assert.equal(may(), false);
  store.create(
    "rbac.authorization.k8s.io/rolebindings",
    "dev/read",
    binding("read", "dev", "Role", "reader", { kind: "User", name: "alice" }) as KubeObject,
  );
  assert.equal(may(), true);
  store.delete("rbac.authorization.k8s.io/rolebindings", "dev/read");
  assert.equal(may(), false);
});

Deno.test("a ServiceAccount subject without a namespace is one of the binding's own", () => {
  const store = storeWith(
    role("reader", "dev", { verbs: ["get"], apiGroups: [""], resources: ["pods"] }),
    binding("read", "dev", "Role", "reader", { kind: "ServiceAccount", name: "ci" }),
  );
  const user = { name: "system:serviceaccount:dev:ci", groups: [] };
  assert.equal(asking(store)(user, pods("get"), "dev").allowed, true);
});

Deno.test("rules match names, subresources and paths", () => {
  const rule: PolicyRule = { verbs: ["get"], apiGroups: [""], resources: ["pods", "*/scale"], resourceNames: ["web"] };
  const at = (resource: string, name: string) => ruleAllows(rule, { verb: "get", group: "", resource, name });
  assert.equal(at("pods", "web"), true);
  assert.equal(at("pods", "db"), false);
  assert.equal(at("pods/log", "web"), false);
  assert.equal(at("deployments/scale", "web"), true);
  const urls: PolicyRule = { verbs: ["get"], nonResourceURLs: ["/healthz", "/api/*"] };
  assert.equal(ruleAllows(urls, { verb: "get", path: "/api/v1" }), true);
  assert.equal(ruleAllows(urls, { verb: "get", path: "/healthz/etcd" }), false);
});

Deno.test("the bootstrap policy: an admin of a namespace reads its pods, and view reads no secrets", () => {
  const policy = bootstrapPolicy() as object[];
  const ask = asking(storeWith(
    ...policy,
    binding("a", "dev", "ClusterRole", "admin", { kind: "User", name: "alice" }),
    binding("v", "dev", "ClusterRole", "view", { kind: "User", name: "bob" }),
  ));
  const bob = { name: "bob", groups: [] };
  const secrets = { verb: "get", group: "", resource: "secrets", name: "" };
  assert.equal(ask(alice, pods("get"), "dev").allowed, true);
  assert.equal(ask(alice, secrets, "dev").allowed, true);
  assert.equal(ask(bob, pods("get"), "dev").allowed, true);
  assert.equal(ask(bob, secrets, "dev").allowed, false);
  assert.equal(policy.filter((object) => (object as KubeObject).kind === "ClusterRole").length, 70);
});

Deno.test("nobody grants what they do not hold", () => {
  const store = storeWith(
    role("editor", "dev", { verbs: ["create"], apiGroups: ["rbac.authorization.k8s.io"], resources: ["roles"] }),
    binding("edit", "dev", "Role", "editor", { kind: "User", name: "alice" }),
  );
  const resolver = new RuleResolver(store);
  const check = new EscalationCheck(rbac(resolver), resolver);
  const wanted = role("more", "dev", { verbs: ["get", "list"], apiGroups: [""], resources: ["pods"] });
  assert.throws(
    () => check.check({ user: alice, resource: "roles", namespace: "dev", object: wanted as KubeObject }),
    (error: StatusError) => {
      assert.equal(
        error.message,
        'roles.rbac.authorization.k8s.io "more" is forbidden: user "alice" (groups=["system:authenticated"]) is attempting to ' +
          'grant RBAC permissions not currently held:\n{APIGroups:[""], Resources:["pods"], Verbs:["get" "list"]}',
      );
      return error.code === 403;
    },
  );
  const own = role("same", "dev", {
    verbs: ["create"],
    apiGroups: ["rbac.authorization.k8s.io"],
    resources: ["roles"],
  });
  check.check({ user: alice, resource: "roles", namespace: "dev", object: own as KubeObject });
});

Deno.test("what a binding binds must be there for somebody who may not bind everything", () => {
  const resolver = new RuleResolver(storeWith());
  const check = new EscalationCheck(rbac(resolver), resolver);
  const object = binding("read", "dev", "Role", "none", { kind: "User", name: "alice" }) as KubeObject;
  assert.throws(
    () => check.check({ user: alice, resource: "rolebindings", namespace: "dev", object }),
    { message: 'rolebindings.rbac.authorization.k8s.io "none" not found' },
  );
});

Deno.test("all that somebody may do is listed", () => {
  const resolver = new RuleResolver(storeWith(
    role("reader", "dev", { verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["web"] }),
    binding("read", "dev", "Role", "reader", { kind: "Group", name: "system:authenticated" }),
  ));
  const review = reviewSelfRules(resolver, alice, { spec: { namespace: "dev" } } as never);
  assert.deepEqual(review.spec, {});
  assert.deepEqual(review.status!.resourceRules, [
    { verbs: ["get"], apiGroups: [""], resources: ["pods"], resourceNames: ["web"] },
  ]);
});

Deno.test("property: a rule covers itself, and what it covers it allows", () => {
  const words = (...items: string[]) => fc.uniqueArray(fc.constantFrom(...items), { minLength: 1, maxLength: 3 });
  const rules = fc.record({
    verbs: words("get", "list", "*"),
    apiGroups: words("", "apps", "*"),
    resources: words("pods", "pods/log", "*/scale", "deployments", "*"),
  });
  fc.assert(fc.property(rules, rules, (held, wanted) => {
    assert.deepEqual(notCovered([held], [held]), []);
    const missing = new Set(notCovered([held], [wanted]).map((part) => JSON.stringify(part)));
    for (const part of breakDown([wanted])) {
      const [verb, group, resource] = [part.verbs[0], part.apiGroups![0], part.resources![0]];
      if ([verb, group, resource].some((word) => word.startsWith("*"))) continue;
      assert.equal(ruleAllows(held, { verb, group, resource, name: "" }), !missing.has(JSON.stringify(part)));
    }
  }));
});
