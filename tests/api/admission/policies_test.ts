import assert from "node:assert/strict";
import { mutatingAdmissionPolicy } from "../../../cluster/memory/api/admission/mutating_admission_policy.ts";
import { webhookConditionsHold } from "../../../cluster/memory/api/admission/policy/match_conditions.ts";
import { validatingAdmissionPolicy } from "../../../cluster/memory/api/admission/validating_admission_policy.ts";
import { ServedKinds } from "../../../cluster/memory/api/registry/served.ts";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import { loadCel } from "../../../cluster/memory/kinds/cel/engine.ts";
import { allKinds } from "../../../cluster/memory/kinds/all.ts";
import { type Asked, attributes, contextWith, type Loose } from "./testing.ts";

// The expressions here come to their evaluation without having been written through the API.
await loadCel();

const kinds = new ServedKinds(allKinds);
const everything = {
  resourceRules: [{
    apiGroups: ["*"],
    apiVersions: ["*"],
    operations: ["CREATE", "UPDATE"],
    resources: ["*"],
    scope: "*",
  }],
};

/** One policy "p" with a binding "b", and what else is stored. */
function setUp(
  type: string,
  spec: Loose,
  binding: Loose = {},
  objects: Readonly<Record<string, readonly Loose[]>> = {},
) {
  const policy = { metadata: { name: "p" }, spec: { failurePolicy: "Fail", matchConstraints: everything, ...spec } };
  const bound = { metadata: { name: "b" }, spec: { policyName: "p", validationActions: ["Deny"], ...binding } };
  return {
    ...contextWith({
      ...objects,
      [`admissionregistration.k8s.io/${type}admissionpolicies`]: [policy],
      [`admissionregistration.k8s.io/${type}admissionpolicybindings`]: [bound],
    }),
    kinds,
    authorizer: {
      authorize: ({ user, action }: { user: { name: string }; action: { verb: string } }) => ({
        allowed: user.name === "alice" && action.verb === "get",
        reason: "",
      }),
    },
    setDefaults: () => {},
  };
}

const pod = (spec: Loose = {}, metadata: Loose = {}): Asked => ({
  object: { metadata: { name: "web", namespace: "dev", ...metadata }, spec: { containers: [], ...spec } },
});

async function validate(context: ReturnType<typeof setUp>, asked: Asked = pod()) {
  const request = attributes(asked);
  try {
    await validatingAdmissionPolicy(context).validate!(request);
    return { warnings: request.warnings };
  } catch (error) {
    if (!(error instanceof StatusError)) throw error;
    const { message, reason, code, details } = error.status;
    return { message, reason, code, causes: details?.causes, warnings: request.warnings };
  }
}

async function mutate(context: ReturnType<typeof setUp>, asked: Asked = pod()): Promise<Loose> {
  const request = attributes(asked);
  await mutatingAdmissionPolicy(context).admit!(request);
  return request.object as unknown as Loose;
}

const rule = (expression: string, more: Loose = {}) => ({ validations: [{ expression, ...more }] });
const DENIED = `pods "web" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: `;

Deno.test("a validating policy refuses with its message, reason and cause", async () => {
  const denied = await validate(
    setUp("validating", rule("object.spec.hostNetwork != true", { message: " no host " })),
    pod({ hostNetwork: true }),
  );
  assert.deepEqual(denied, {
    message: `${DENIED}no host`,
    reason: "Invalid",
    code: 422,
    causes: [{ message: "ValidatingAdmissionPolicy 'p' with binding 'b' denied request: no host" }],
    warnings: [],
  });
  const forbidden = await validate(setUp("validating", rule("false", { reason: "Forbidden" })));
  assert.equal(forbidden.message, `${DENIED}failed expression: false`);
  assert.equal(forbidden.code, 403);
});

Deno.test("a policy that is satisfied, not bound or about something else lets pass", async () => {
  const pass = async (spec: Loose, binding?: Loose) =>
    assert.equal((await validate(setUp("validating", spec, binding))).message, undefined);
  await pass(rule("object.metadata.name == 'web'"));
  await pass(rule("false"), { policyName: "other" });
  await pass(rule("false"), { matchResources: { namespaceSelector: { matchLabels: { team: "a" } } } });
  await pass({ ...rule("false"), matchConditions: [{ name: "c", expression: "request.operation == 'DELETE'" }] });
  const rules = [{ ...everything.resourceRules[0], resources: ["services"] }];
  await pass({ ...rule("false"), matchConstraints: { resourceRules: rules } });
  const named = [{ ...everything.resourceRules[0], resourceNames: ["db"] }];
  await pass({ ...rule("false"), matchConstraints: { resourceRules: named } });
  await pass({ ...rule("false"), matchConstraints: { ...everything, excludeResourceRules: everything.resourceRules } });
});

Deno.test("messages can be expressions; a bad one falls back", async () => {
  const message = async (more: Loose) => (await validate(setUp("validating", rule("false", more)))).message;
  assert.equal(await message({ messageExpression: "'no ' + object.metadata.name" }), `${DENIED}no web`);
  assert.equal(await message({ messageExpression: "object.spec.none", message: "m" }), `${DENIED}m`);
  assert.equal(await message({ messageExpression: "'a\\nb'", message: "m" }), `${DENIED}m`);
});

Deno.test("variables are evaluated when they are used", async () => {
  const variables = [
    { name: "count", expression: "size(object.spec.containers)" },
    { name: "twice", expression: "variables.count * 2" },
    { name: "broken", expression: "object.spec.none.deeper" },
  ];
  const outcome = async (expression: string) =>
    (await validate(setUp("validating", { variables, ...rule(expression) }), pod({ containers: [{ name: "a" }] })))
      .message;
  assert.equal(await outcome("variables.twice == 2"), undefined);
  const why = `composited variable "broken" fails to evaluate: no such key: none`;
  assert.equal(
    await outcome("variables.broken == 2"),
    `${DENIED}expression 'variables.broken == 2' resulted in error: ${why}`,
  );
});

Deno.test("failures refuse, unless the policy ignores them", async () => {
  const broken = rule("object.spec.none == 1");
  const why = "expression 'object.spec.none == 1' resulted in error: no such key: none";
  assert.equal((await validate(setUp("validating", broken))).message, DENIED + why);
  assert.equal((await validate(setUp("validating", { ...broken, failurePolicy: "Ignore" }))).message, undefined);
  const conditions = { ...rule("true"), matchConditions: [{ name: "c", expression: "object.spec.none == 1" }] };
  assert.equal((await validate(setUp("validating", conditions))).message, DENIED + why);
});

Deno.test("a policy can warn instead", async () => {
  const { message, warnings } = await validate(
    setUp("validating", rule("false", { message: "bad" }), { validationActions: ["Warn", "Audit"] }),
  );
  assert.equal(message, undefined);
  assert.deepEqual(warnings, ["Validation failed for ValidatingAdmissionPolicy 'p' with binding 'b': bad"]);
});

Deno.test("expressions see the request, its user's rights and its namespace", async () => {
  const holds = [
    "request.userInfo.username == 'alice' && request.operation == 'CREATE'",
    "request.kind.kind == 'Pod' && request.resource.resource == 'pods' && request.namespace == 'dev'",
    "oldObject == null && object.kind == 'Pod' && object.apiVersion == 'v1'",
    "namespaceObject.metadata.name == 'dev'",
    "authorizer.requestResource.check('get').allowed()",
    "!authorizer.group('apps').resource('deployments').namespace('dev').check('delete').allowed()",
    "!authorizer.serviceAccount('dev', 'default').requestResource.check('get').allowed()",
  ];
  for (const expression of holds) {
    assert.equal((await validate(setUp("validating", rule(expression)))).message, undefined, expression);
  }
});

Deno.test("parameters come from objects, by name or by selector", async () => {
  const spec = {
    paramKind: { apiVersion: "v1", kind: "ConfigMap" },
    ...rule("params == null || params.data.max == 'x'"),
  };
  const map = (name: string, max: string): Loose => ({
    metadata: { name, namespace: "dev", labels: { of: "p" } },
    data: { max },
  });
  const outcome = async (paramRef: Loose | undefined, maps: readonly Loose[], asked?: Asked) =>
    (await validate(setUp("validating", spec, { paramRef }, { configmaps: maps }), asked)).message;
  assert.equal(await outcome(undefined, []), undefined);
  assert.equal(await outcome({ name: "m", parameterNotFoundAction: "Deny" }, [map("m", "x")]), undefined);
  const failed = `${DENIED}failed expression: params == null || params.data.max == 'x'`;
  assert.equal(await outcome({ name: "m" }, [map("m", "y")]), failed);
  assert.equal(await outcome({ selector: { matchLabels: { of: "p" } } }, [map("m", "x"), map("n", "y")]), failed);
  assert.equal(await outcome({ name: "m", parameterNotFoundAction: "Allow" }, []), undefined);
  assert.equal(
    await outcome({ name: "m", parameterNotFoundAction: "Deny" }, []),
    `${DENIED}failed to configure binding: no params found for policy binding with \`Deny\` parameterNotFoundAction`,
  );
});

Deno.test("parameters of an unknown kind are the policy's mistake", async () => {
  const spec = { paramKind: { apiVersion: "example.com/v1", kind: "Limit" }, ...rule("true") };
  const { message } = await validate(setUp("validating", spec));
  const why =
    "failed to configure policy: failed to find resource referenced by paramKind: 'example.com/v1, Kind=Limit'";
  assert.equal(message, `pods "web" is forbidden: ValidatingAdmissionPolicy 'p' denied request: ${why}`);
});

Deno.test("a policy sees the version that its rules ask for", async () => {
  const rules = [{ ...everything.resourceRules[0], apiGroups: ["autoscaling"], apiVersions: ["v1"] }];
  const spec = {
    ...rule("object.apiVersion == 'autoscaling/v1' && object.spec.targetCPUUtilizationPercentage == 5"),
    matchConstraints: { resourceRules: rules },
  };
  const resource = {
    type: "Resource",
    resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 7 } },
  };
  const asked: Asked = {
    group: "autoscaling",
    version: "v2",
    resource: "horizontalpodautoscalers",
    kind: "HorizontalPodAutoscaler",
    object: { metadata: { name: "web", namespace: "dev" }, spec: { maxReplicas: 2, metrics: [resource] } },
  };
  assert.match((await validate(setUp("validating", spec), asked)).message ?? "", /failed expression/);
  const exact = { ...spec, matchConstraints: { resourceRules: rules, matchPolicy: "Exact" } };
  assert.equal((await validate(setUp("validating", exact), asked)).message, undefined);
});

const jsonPatch = (...expressions: string[]) => ({
  reinvocationPolicy: "Never",
  mutations: expressions.map((expression) => ({ patchType: "JSONPatch", jsonPatch: { expression } })),
});
const configuration = (expression: string) => ({
  reinvocationPolicy: "Never",
  mutations: [{ patchType: "ApplyConfiguration", applyConfiguration: { expression } }],
});

Deno.test("a mutating policy patches", async () => {
  const expression = `[
    JSONPatch{op: "test", path: "/metadata/name", value: "web"},
    JSONPatch{op: "add", path: "/metadata/labels", value: {"a": "b"}},
    JSONPatch{op: "add", path: "/metadata/labels/" + jsonpatch.escapeKey("x.io/y"), value: "z"},
  ]`;
  const second = `[JSONPatch{op: "replace", path: "/metadata/labels/a", value: object.metadata.labels.a + "!"}]`;
  const object = await mutate(setUp("mutating", jsonPatch(expression, second)));
  assert.deepEqual(object.metadata!.labels, { a: "b!", "x.io/y": "z" });
});

Deno.test("a patch with a failing test changes nothing", async () => {
  const expression = `[JSONPatch{op: "add", path: "/metadata/labels", value: {"a": "b"}},
    JSONPatch{op: "test", path: "/metadata/name", value: "db"}]`;
  assert.equal((await mutate(setUp("mutating", jsonPatch(expression)))).metadata!.labels, undefined);
});

Deno.test("a patch that cannot be applied refuses", async () => {
  const context = setUp("mutating", jsonPatch(`[JSONPatch{op: "replace", path: "/spec/x/y", value: 1}]`));
  await assert.rejects(mutate(context), (error: StatusError) => {
    const why = `JSON Patch: replace operation does not apply: doc is missing path: "/spec/x/y": missing value`;
    const message = `policy 'p' with binding 'b' denied request: ${why}`;
    assert.equal(error.message, message);
    assert.equal(error.reason, "Invalid");
    assert.equal(error.code, 403);
    assert.deepEqual(error.status.details?.causes, [{ message }]);
    return true;
  });
  const unknown = setUp("mutating", jsonPatch(`[JSONPatch{op: "add", path: "/spec/x", value: 1}]`));
  await assert.rejects(mutate(unknown), { message: /strict decoding error: unknown field "spec.x"/ });
});

Deno.test("a mutating policy applies a configuration", async () => {
  const expression = `Object{spec: Object.spec{
    initContainers: [Object.spec.initContainers{name: "proxy", image: "proxy:" + object.metadata.name}],
    ?hostname: optional.none()
  }}`;
  const object = await mutate(
    setUp("mutating", configuration(expression)),
    pod({ initContainers: [{ name: "first", image: "f" }] }),
  );
  const { initContainers } = object.spec as { initContainers: { name: string; image: string }[] };
  assert.deepEqual(initContainers.map(({ name, image }) => [name, image]), [["first", "f"], ["proxy", "proxy:web"]]);
});

Deno.test("a configuration may not touch what is owned as a whole", async () => {
  const refused = (expression: string, message: string) =>
    assert.rejects(mutate(setUp("mutating", configuration(expression))), {
      message: `policy 'p' with binding 'b' denied request: error applying patch: ${message}`,
    });
  await refused(
    `Object{spec: Object.spec{nodeSelector: {"a": "b"}}}`,
    "invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: .spec.nodeSelector",
  );
  await refused(
    `Object{spec: Object.spec{foo: 1}}`,
    "failed to convert patch object to typed object: .spec.foo: field not declared in schema",
  );
});

Deno.test("a policy that asks for it runs again after changes", async () => {
  const expression =
    `[JSONPatch{op: "add", path: "/metadata/labels", value: {"n": object.metadata.?labels["n"].orValue("") + "x"}}]`;
  const labels = async (reinvocationPolicy: string) =>
    (await mutate(setUp("mutating", { ...jsonPatch(expression), reinvocationPolicy }))).metadata!.labels;
  assert.deepEqual(await labels("Never"), { n: "x" });
  assert.deepEqual(await labels("IfNeeded"), { n: "xx" });
});

Deno.test("webhooks have match conditions", () => {
  const context = setUp("validating", rule("true"));
  const holds = (expression: string, failurePolicy = "Fail") =>
    webhookConditionsHold({ matchConditions: [{ name: "c", expression }], failurePolicy }, attributes(pod()), context);
  assert.equal(holds("object.metadata.name == 'web'"), true);
  assert.equal(holds("object.metadata.name == 'db'"), false);
  assert.equal(holds("object.spec.none == 1", "Ignore"), false);
  assert.throws(() => holds("object.spec.none == 1"), {
    message: `pods "web" is forbidden: expression 'object.spec.none == 1' resulted in error: no such key: none`,
  });
});

Deno.test("policies judge neither reviews nor admission's own configuration", async () => {
  const context = setUp("validating", rule("false"));
  const asked = (group: string, resource: string, kind: string): Asked => ({ ...pod(), group, resource, kind });
  const reviews = asked("authorization.k8s.io", "subjectaccessreviews", "SubjectAccessReview");
  assert.equal((await validate(context, reviews)).message, undefined);
  const group = "admissionregistration.k8s.io";
  const own = asked(group, "validatingadmissionpolicies", "ValidatingAdmissionPolicy");
  assert.equal((await validate(context, own)).message, undefined);
});

Deno.test("objects of the cluster have no namespace, nor parameters in it", async () => {
  const asked: Asked = {
    resource: "nodes",
    kind: "Node",
    namespace: "",
    object: { metadata: { name: "n" } },
  };
  assert.equal((await validate(setUp("validating", rule("namespaceObject == null")), asked)).message, undefined);
  const params = { paramKind: { apiVersion: "v1", kind: "ConfigMap" }, ...rule("true") };
  assert.match(
    (await validate(setUp("validating", params, { paramRef: { name: "m" } }), asked)).message ?? "",
    /cannot use namespaced paramRef in policy binding that matches cluster-scoped resources$/,
  );
});

Deno.test("what an evaluation may cost is limited", async () => {
  const long = `[${Array.from({ length: 60 }, () => "0").join(",")}]`;
  const all = (inner: string, depth: number): string =>
    depth === 0 ? inner : `${long}.all(x${depth}, ${all(inner, depth - 1)})`;
  const { message } = await validate(setUp("validating", rule(all("true", 6))));
  assert.equal(
    message,
    `${DENIED}validation failed due to running out of cost budget, no further validation rules will be run`,
  );
});
