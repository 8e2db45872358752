import assert from "node:assert/strict";
import { customKind } from "../../../cluster/memory/api/custom/custom_kind.ts";
import { DEFINITIONS, Definitions, definitionStorage } from "../../../cluster/memory/api/custom/definitions.ts";
import { administrator, type Api, openApi } from "../../../cluster/memory/api/mod.ts";
import { StatusError } from "../../../cluster/memory/api/status.ts";
import { virtualClock } from "../../../cluster/memory/clock.ts";
import { customResourceDefinition } from "../../../cluster/memory/kinds/apiextensions/custom_resource_definition.ts";
import type { KubeObject, Partially } from "../../../cluster/memory/kinds/object.ts";
import type {
  CustomResourceDefinition,
  CustomResourceDefinitionVersion,
  JSONSchemaProps,
} from "../../../cluster/memory/kinds/schema/types.ts";

const widgets = { group: "example.com", version: "v1", plural: "widgets", kind: "Widget" };

const spec: JSONSchemaProps = {
  type: "object",
  required: ["size"],
  properties: {
    size: { type: "integer", minimum: 1, maximum: 10 },
    color: { type: "string", enum: ["red", "green"], default: "red" },
    name: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
    port: { "x-kubernetes-int-or-string": true },
    raw: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, count: { type: "integer" } },
      },
    },
  },
  "x-kubernetes-validations": [
    { rule: "!has(self.name) || self.name != 'bad'", message: "must not be bad", fieldPath: ".name" },
    { rule: "self.size >= oldSelf.size", messageExpression: "'may not shrink from ' + string(oldSelf.size)" },
  ],
};

function definition(
  version: Partial<CustomResourceDefinitionVersion> = {},
  more: Partial<CustomResourceDefinition["spec"]> = {},
): Partially<CustomResourceDefinition> {
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "widgets.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names: { plural: "widgets", kind: "Widget", shortNames: ["wd"] },
      versions: [{
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: "object", properties: { spec, status: { type: "object" } } } },
        ...version,
      }],
      ...more,
    },
  };
}

interface Setup {
  readonly api: Api;
  readonly clock: ReturnType<typeof virtualClock>;
  readonly client: ReturnType<Api["client"]>;
  create(spec: Record<string, unknown>, more?: Record<string, unknown>): Promise<Record<string, never>>;
}

async function withDefinitions(
  definitions: readonly Partially<CustomResourceDefinition>[],
  test: (setup: Setup) => Promise<void>,
): Promise<void> {
  const clock = virtualClock();
  const api = openApi({
    clock,
    kinds: [customResourceDefinition],
    hooks: () => ({ [DEFINITIONS]: definitionStorage }),
  });
  const client = api.client(administrator);
  const reported: unknown[] = [];
  using _definitions = new Definitions({ ...api, client, report: (_, error) => reported.push(error) });
  for (const definition of definitions) await client.create(customResourceDefinition, definition as never);
  await clock.settle();
  const create = (spec: Record<string, unknown>, more: Record<string, unknown> = {}) =>
    client.create(widgets, {
      apiVersion: "example.com/v1",
      kind: "Widget",
      metadata: { name: "w", namespace: "default" },
      spec,
      ...more,
    } as never) as never;
  await test({ api, clock, client, create });
  assert.deepEqual(reported, []);
}

async function refusal(action: () => Promise<unknown>): Promise<StatusError> {
  try {
    await action();
  } catch (error) {
    assert(error instanceof StatusError, String(error));
    return error;
  }
  assert.fail("nothing was thrown");
}

const causes = ({ status }: StatusError) =>
  (status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`);

Deno.test("a definition is established and its objects are served", () =>
  withDefinitions([definition()], async ({ client, api, create }) => {
    const stored = await client.get<CustomResourceDefinition>(
      customResourceDefinition,
      undefined,
      "widgets.example.com",
    );
    assert.deepEqual(stored.status.conditions?.map(({ type, status, reason }) => [type, status, reason]), [
      ["NamesAccepted", "True", "NoConflicts"],
      ["Established", "True", "InitialNamesAccepted"],
    ]);
    assert.deepEqual(stored.status.acceptedNames, {
      plural: "widgets",
      singular: "widget",
      kind: "Widget",
      listKind: "WidgetList",
      shortNames: ["wd"],
    });
    assert.deepEqual(stored.status.storedVersions, ["v1"]);
    assert.equal(api.kinds.find("example.com", "v1", "widgets")?.kind.kind, "Widget");
    const widget = await create({ size: 3 });
    assert.deepEqual(widget.spec, { size: 3, color: "red" });
  }));

Deno.test("objects are judged by the schema, in the server's words", () =>
  withDefinitions([definition()], async ({ create }) => {
    const said = async (spec: Record<string, unknown>) => causes(await refusal(() => create(spec)));
    assert.deepEqual(await said({ size: "3" }), [
      'spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"',
      "<nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the " +
      "existing errors to complete validation",
    ]);
    assert.deepEqual((await said({}))[0], "spec.size: Required value");
    assert.deepEqual(await said({ size: 11 }), [
      "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10",
    ]);
    assert.deepEqual(
      (await said({ size: 1, color: "blue" }))[0],
      'spec.color: Unsupported value: "blue": supported values: "red", "green"',
    );
    assert.deepEqual(await said({ size: 1, name: "A" }), [
      `spec.name: Invalid value: "A": spec.name in body should match '^[a-z]+$'`,
    ]);
    assert.deepEqual((await said({ size: 1, name: "abcdef" }))[0], "spec.name: Too long: may not be more than 5 bytes");
    assert.deepEqual(
      (await said({ size: 1, port: true }))[0],
      'spec.port: Invalid value: "boolean": spec.port in body must be of type integer,string: "boolean"',
    );
    assert.deepEqual(await said({ size: 1, parts: [{ name: "a" }, { name: "a" }] }), [
      'spec.parts[1]: Duplicate value: {"name":"a"}',
    ]);
    assert.deepEqual(await said({ size: 1, name: "bad" }), ["spec.name: Invalid value: must not be bad"]);
  }));

Deno.test("a rule about a change looks at what was; what stays wrong may stay", () =>
  withDefinitions([definition()], async ({ client, create, api }) => {
    const widget = await create({ size: 3 }) as never as KubeObject & { spec: Record<string, unknown> };
    const error = await refusal(() => client.update(widgets, { ...widget, spec: { size: 2 } } as never));
    assert.deepEqual(causes(error), ["spec: Invalid value: may not shrink from 3"]);
    // The object was stored before the schema knew of names.
    const bucket = "example.com/widgets";
    const bad = { ...widget, spec: { ...widget.spec, name: "UPPER" } };
    const { object } = api.store.update<KubeObject>(bucket, "default/w", bad);
    const changed = await client.update(widgets, { ...object, spec: { ...bad.spec, size: 4 } } as never);
    assert.equal((changed as never as { spec: { size: number } }).spec.size, 4);
  }));

Deno.test("the status is written through its own subresource, the scale through the paths that are named", () => {
  const replicas = { type: "object", properties: { replicas: { type: "integer" } } } as const;
  const version: Partial<CustomResourceDefinitionVersion> = {
    schema: { openAPIV3Schema: { type: "object", properties: { spec: replicas, status: replicas } } },
    subresources: { status: {}, scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" } },
  };
  return withDefinitions([definition(version)], async ({ client, create, api }) => {
    const widget = await create({ replicas: 1 }, { status: { replicas: 9 } }) as never as KubeObject & {
      status?: unknown;
    };
    assert.equal(widget.status, undefined);
    const changed = await client.updateStatus(widgets, { ...widget, spec: {}, status: { replicas: 1 } } as never);
    const { spec, status, metadata } = changed as never as {
      spec: unknown;
      status: unknown;
      metadata: { generation: number };
    };
    assert.deepEqual([spec, status, metadata.generation], [{ replicas: 1 }, { replicas: 1 }, 1]);
    const scale = api.kinds.find("example.com", "v1", "widgets")!.kind.scale!;
    assert.deepEqual([scale.replicas(changed as never), scale.currentReplicas(changed as never)], [1, 1]);
    const error = await refusal(() =>
      client.update(widgets, { ...changed as object, spec: { replicas: -1 } } as never)
    );
    assert.deepEqual(causes(error), [".spec.replicas: Invalid value: -1: should be a non-negative integer"]);
  });
});

Deno.test("printer columns and selectable fields follow their paths", () => {
  const version: Partial<CustomResourceDefinitionVersion> = {
    additionalPrinterColumns: [
      { name: "Size", type: "integer", jsonPath: ".spec.size" },
      { name: "Part", type: "string", jsonPath: '.spec.parts[?(@.name=="b")].count', priority: 1 },
      { name: "Born", type: "date", jsonPath: ".metadata.creationTimestamp" },
    ],
    selectableFields: [{ jsonPath: ".spec.color" }],
  };
  return withDefinitions([definition(version)], async ({ client, create, api, clock }) => {
    const widget = await create({
      size: 3,
      parts: [{ name: "a", count: 1 }, { name: "b", count: 2 }],
    }) as never as KubeObject;
    const { table } = api.kinds.find("example.com", "v1", "widgets")!.kind;
    assert.deepEqual(table!.columns.map(({ name, priority }) => [name, priority]), [
      ["Name", undefined],
      ["Size", undefined],
      ["Part", 1],
      ["Born", undefined],
    ]);
    assert.deepEqual(table!.cells(widget, clock.now() + 65_000), ["w", 3, "2", "65s"]);
    const list = (fieldSelector: string) => client.list(widgets, { fieldSelector });
    assert.equal((await list("spec.color=red")).items.length, 1);
    assert.equal((await list("spec.color=green")).items.length, 0);
  });
});

Deno.test("every served version serves the same objects", () => {
  const [first] = (definition() as CustomResourceDefinition).spec.versions;
  const versions = [first, { ...first, name: "v2", storage: false }, {
    ...first,
    name: "v3",
    storage: false,
    served: false,
  }];
  return withDefinitions([definition({}, { versions })], async ({ client, create, api }) => {
    await create({ size: 1 });
    const v2 = await client.get({ ...widgets, version: "v2" }, "default", "w");
    assert.equal(v2.apiVersion, "example.com/v2");
    assert.equal(api.kinds.find("example.com", "v3", "widgets"), undefined);
  });
});

Deno.test("a changed definition is served at once", () =>
  withDefinitions([definition()], async ({ client, clock, create }) => {
    const stored = await client.get<CustomResourceDefinition>(
      customResourceDefinition,
      undefined,
      "widgets.example.com",
    );
    const [version] = stored.spec.versions;
    const properties = {
      spec: { type: "object", properties: { other: { type: "string", default: "y" } } },
    };
    const changed = { ...version, schema: { openAPIV3Schema: { type: "object", properties } } };
    await create({ size: 2 });
    await client.update(customResourceDefinition, { ...stored, spec: { ...stored.spec, versions: [changed] } });
    await clock.settle();
    const before = await client.get(widgets, "default", "w") as never as { spec: unknown };
    assert.deepEqual(before.spec, { other: "y" });
    await client.delete(widgets, "default", "w");
    const widget = await create({ size: 1, other: "x" });
    assert.equal((widget.spec as { other: string }).other, "x");
  }));

Deno.test("names that are taken are refused until they are free", () => {
  const other = {
    ...definition({}, { names: { plural: "gadgets", kind: "Widget", singular: "gadget" } }),
    metadata: { name: "gadgets.example.com" },
  };
  return withDefinitions([definition(), other], async ({ client, clock, api }) => {
    const conditions = async () => {
      const { status } = await client.get<CustomResourceDefinition>(
        customResourceDefinition,
        undefined,
        "gadgets.example.com",
      );
      return status.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]);
    };
    assert.deepEqual(await conditions(), [
      ["NamesAccepted", "False", "ListKindConflict", '"WidgetList" is already in use'],
      ["Established", "False", "NotAccepted", "not all names are accepted"],
    ]);
    assert.equal(api.kinds.find("example.com", "v1", "gadgets"), undefined);
    await client.delete(customResourceDefinition, undefined, "widgets.example.com");
    await clock.settle();
    assert.equal((await conditions())![1][1], "True");
  });
});

Deno.test("a definition goes when its objects are gone", () =>
  withDefinitions([definition()], async ({ client, create, clock, api }) => {
    const held = await create({ size: 1 }, {
      metadata: { name: "w", namespace: "default", finalizers: ["example.com/hold"] },
    });
    await client.delete(customResourceDefinition, undefined, "widgets.example.com");
    await clock.advance(1000);
    const waiting = await client.get<CustomResourceDefinition>(
      customResourceDefinition,
      undefined,
      "widgets.example.com",
    );
    assert.deepEqual(waiting.metadata.finalizers, ["customresourcecleanup.apiextensions.k8s.io"]);
    assert.equal(
      waiting.status.conditions?.find(({ type }) => type === "Terminating")?.reason,
      "InstanceDeletionInProgress",
    );
    const { metadata } = held as never as KubeObject;
    const released = await client.get(widgets, metadata.namespace, "w");
    const { finalizers: _, ...rest } = released.metadata;
    await client.update(widgets, { ...released, metadata: rest });
    await clock.advance(5000);
    assert.equal(
      (await refusal(() => client.get(customResourceDefinition, undefined, "widgets.example.com"))).reason,
      "NotFound",
    );
    assert.equal(api.kinds.find("example.com", "v1", "widgets"), undefined);
  }));

Deno.test("a status that has a default is there from the beginning", () => {
  const status: JSONSchemaProps = {
    type: "object",
    default: { phase: "Unknown" },
    properties: { phase: { type: "string" } },
  };
  const version: Partial<CustomResourceDefinitionVersion> = {
    schema: { openAPIV3Schema: { type: "object", properties: { spec, status } } },
    subresources: { status: {} },
  };
  return withDefinitions([definition(version)], async ({ create }) => {
    assert.deepEqual((await create({ size: 1 }, { status: { phase: "Mine" } })).status, { phase: "Unknown" });
  });
});

Deno.test("a version shows what its schema knows, with its defaults", () => {
  const [first] = (definition() as CustomResourceDefinition).spec.versions;
  const properties: Record<string, JSONSchemaProps> = {
    spec: { type: "object", properties: { size: { type: "integer" }, unit: { type: "string", default: "m" } } },
  };
  const second = { ...first, name: "v2", storage: false, schema: { openAPIV3Schema: { type: "object", properties } } };
  return withDefinitions([definition({}, { versions: [first, second] })], async ({ client, create }) => {
    await create({ size: 1 });
    const v2 = await client.get({ ...widgets, version: "v2" }, "default", "w") as never as { spec: unknown };
    assert.deepEqual(v2.spec, { size: 1, unit: "m" });
  });
});

Deno.test("a version has columns of its own, and tells when a later one should be used", () => {
  const [first] = (definition() as CustomResourceDefinition).spec.versions;
  const column = { name: "Size", type: "integer", jsonPath: ".spec.size" };
  const old = { ...first, name: "v1beta1", storage: false, deprecated: true, additionalPrinterColumns: [column] };
  const older = { ...old, name: "v1alpha1", deprecationWarning: "Gone soon." };
  const kind = customKind({
    ...definition({}, { versions: [first, old, older] }) as CustomResourceDefinition,
    status: { acceptedNames: { plural: "widgets", kind: "Widget" }, conditions: [], storedVersions: ["v1"] },
  } as CustomResourceDefinition);
  assert.equal(kind?.deprecation, undefined);
  const said = kind?.otherVersions?.map(({ deprecation }) => deprecation);
  assert.deepEqual(said, ["example.com/v1beta1 Widget is deprecated; use example.com/v1 Widget", "Gone soon."]);
  assert.deepEqual(kind?.otherVersions?.[0].table?.columns.map(({ name }) => name), ["Name", "Size"]);
});

Deno.test("objects stay when another version is stored", () => {
  const [first] = (definition() as CustomResourceDefinition).spec.versions;
  const versions = [first, { ...first, name: "v2", storage: false }];
  return withDefinitions([definition({}, { versions })], async ({ client, create, clock }) => {
    await create({ size: 1 });
    const stored = await client.get<CustomResourceDefinition>(
      customResourceDefinition,
      undefined,
      "widgets.example.com",
    );
    const swapped = versions.map((version) => ({ ...version, storage: version.name === "v2" }));
    await client.update(customResourceDefinition, { ...stored, spec: { ...stored.spec, versions: swapped } });
    await clock.settle();
    for (const version of ["v1", "v2"]) {
      const found = await client.get({ ...widgets, version }, "default", "w");
      assert.equal(found.apiVersion, `example.com/${version}`);
      const listed = await client.list({ ...widgets, version });
      assert.deepEqual(listed.items.map(({ apiVersion }) => apiVersion), [`example.com/${version}`]);
    }
  });
});
