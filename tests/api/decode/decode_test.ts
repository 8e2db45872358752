import assert from "node:assert/strict";
import { decode, type DecodeOptions } from "../../../cluster/memory/api/decode/mod.ts";
import { type Field, type Shape, shapeOf, type StructShape } from "../../../cluster/memory/kinds/schema/shape.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function options(type: string, more: Partial<DecodeOptions> = {}): DecodeOptions {
  const [group, version, kind] = type.split(".");
  return {
    expected: { group: group === "core" ? "" : group, version, kind },
    shape: shapeOf(type),
    fieldValidation: "Strict",
    ...more,
  };
}

/** What a client is told about `body`. */
function refusal(type: string, body: unknown, more?: Partial<DecodeOptions>): string {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  try {
    decode(bytes(text), options(type, more));
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}

const handled = (kind: string, problem: string) => `${kind} in version "v1" cannot be handled as a ${kind}: ${problem}`;

Deno.test("decode: unknown and duplicate fields are told with their paths, in the order of the text", () => {
  const body = `{"apiVersion":"v1","kind":"Pod","metadata":{"lables":{},"name":"a","name":"b"},
    "spec":{"foo":1,"containers":[{"name":"c","ports":[{"cotainerPort":80}],"name":"d"}]}}`;
  assert.equal(
    refusal("core.v1.Pod", body),
    handled(
      "Pod",
      'strict decoding error: unknown field "metadata.lables", duplicate field "metadata.name", unknown field ' +
        '"spec.foo", unknown field "spec.containers[0].ports[0].cotainerPort", duplicate field "spec.containers[0].name"',
    ),
  );
});

Deno.test("decode: strict errors become warnings, or nothing", () => {
  const body = bytes('{"metadata":{"name":"a","labels":{"x":"1","x":"2"}},"Data":{}}');
  const warned = decode(body, options("core.v1.ConfigMap", { fieldValidation: "Warn" }));
  assert.deepEqual(warned.warnings, ['duplicate field "metadata.labels.x"', 'unknown field "Data"']);
  assert.deepEqual(warned.object, {
    metadata: { name: "a", labels: { x: "2" } },
    apiVersion: "v1",
    kind: "ConfigMap",
  });
  assert.deepEqual(decode(body, options("core.v1.ConfigMap", { fieldValidation: "Ignore" })).warnings, []);
});

Deno.test("decode: values of a wrong type are told as Go's decoder tells them", () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    [
      "apps.v1.StatefulSet",
      { spec: { replicas: "3" } },
      "string into Go struct field StatefulSetSpec.spec.replicas of type int32",
    ],
    [
      "apps.v1.Deployment",
      { spec: { replicas: 1.5 } },
      "number 1.5 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    [
      "apps.v1.Deployment",
      { spec: { replicas: 3e9 } },
      "number 3000000000 into Go struct field DeploymentSpec.spec.replicas of type int32",
    ],
    ["apps.v1.Deployment", { spec: [] }, "array into Go struct field Deployment.spec of type v1.DeploymentSpec"],
    [
      "core.v1.Pod",
      { spec: { containers: {} } },
      "object into Go struct field PodSpec.spec.containers of type []v1.Container",
    ],
    [
      "core.v1.Pod",
      { spec: { containers: [{ args: [1] }] } },
      "number into Go struct field Container.spec.containers.args of type string",
    ],
    [
      "core.v1.Pod",
      { spec: { containers: [{ imagePullPolicy: true }] } },
      "bool into Go struct field Container.spec.containers.imagePullPolicy of type v1.PullPolicy",
    ],
    [
      "core.v1.Pod",
      { spec: { nodeSelector: { disk: 1 } } },
      "number into Go struct field PodSpec.spec.nodeSelector of type string",
    ],
    ["core.v1.ConfigMap", { data: { a: 1 } }, "number into Go struct field ConfigMap.data of type string"],
    [
      "core.v1.Service",
      { spec: { selector: ["a"] } },
      "array into Go struct field ServiceSpec.spec.selector of type map[string]string",
    ],
    [
      "core.v1.Service",
      { spec: { ports: [{ targetPort: true }] } },
      "bool into Go struct field ServicePort.spec.ports.targetPort of type int32",
    ],
    [
      "core.v1.Pod",
      { metadata: { creationTimestamp: 5 } },
      "number into Go struct field ObjectMeta.metadata.creationTimestamp of type string",
    ],
    [
      "core.v1.Pod",
      { spec: { volumes: [{ name: "v", fc: { lun: "0" } }] } },
      "string into Go struct field FCVolumeSource.spec.volumes.VolumeSource.fc.lun of type int32",
    ],
  ];
  for (const [type, body, expected] of cases) {
    const kind = type.split(".")[2];
    assert.equal(refusal(type, body), handled(kind, `json: cannot unmarshal ${expected}`));
  }
});

Deno.test("decode: texts that are no quantity, time or base64", () => {
  const pod = (quantity: unknown) => ({
    spec: { containers: [{ name: "c", resources: { limits: { cpu: quantity } } }] },
  });
  assert.equal(
    refusal("core.v1.Pod", pod("1Gb")),
    handled(
      "Pod",
      "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
    ),
  );
  assert.equal(
    refusal("core.v1.Pod", { metadata: { creationTimestamp: "now" } }),
    handled("Pod", 'parsing time "now" as "2006-01-02T15:04:05Z07:00": cannot parse "now" as "2006"'),
  );
  assert.equal(
    refusal("core.v1.Secret", { data: { a: "pass word" } }),
    handled("Secret", "illegal base64 data at input byte 4"),
  );
});

Deno.test("decode: a wrong type is told before unknown fields, and malformed JSON before all", () => {
  assert.equal(
    refusal("core.v1.ConfigMap", '{"foo":1,"data":{"a":1}}'),
    handled("ConfigMap", "json: cannot unmarshal number into Go struct field ConfigMap.data of type string"),
  );
  assert.equal(
    refusal("core.v1.ConfigMap", '{"foo":1,"data":{"a":1}'),
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; " +
      'json parse error: unexpected end of JSON input ({"foo":1,"data":{"a":1})',
  );
  assert.equal(
    refusal("core.v1.ConfigMap", ""),
    "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; " +
      "json parse error: unexpected end of JSON input (<empty>)",
  );
});

Deno.test("decode: what the data say they are", () => {
  const scheme = 'in scheme "pkg/api/legacyscheme/scheme.go:30"';
  assert.equal(
    refusal("core.v1.Pod", { apiVersion: "v9", kind: "Pod" }),
    `Pod in version "v9" cannot be handled as a Pod: no kind "Pod" is registered for version "v9" ${scheme}`,
  );
  assert.equal(
    refusal("core.v1.Service", { apiVersion: "v1", kind: "Widget" }),
    `Widget in version "v1" cannot be handled as a Service: no kind "Widget" is registered for version "v1" ${scheme}`,
  );
  assert.equal(
    refusal("apps.v1.Deployment", { apiVersion: "v1", kind: "Pod" }),
    'Pod in version "v1" cannot be handled as a Deployment: converting (v1.Pod) to (apps.Deployment): unknown conversion',
  );
  assert.equal(
    refusal("autoscaling.v2.HorizontalPodAutoscaler", {
      apiVersion: "autoscaling/v1",
      kind: "HorizontalPodAutoscaler",
    }),
    "the API version in the data (autoscaling/v1) does not match the expected API version (autoscaling/v2)",
  );
});

Deno.test("decode: versions of old are read as what they were, and refused for their version", () => {
  const ingress = (backend: unknown) => ({
    apiVersion: "networking.k8s.io/v1beta1",
    kind: "Ingress",
    spec: { rules: [{ http: { paths: [{ backend }] } }] },
  });
  const networking = { expected: { group: "networking.k8s.io", version: "v1", kind: "Ingress" } };
  assert.equal(
    refusal("networking.v1.Ingress", ingress({ service: { name: "web" } }), networking),
    'Ingress in version "v1beta1" cannot be handled as a Ingress: strict decoding error: unknown field ' +
      '"spec.rules[0].http.paths[0].backend.service"',
  );
  assert.equal(
    refusal("networking.v1.Ingress", ingress({ serviceName: "web", servicePort: 80 }), networking),
    "the API version in the data (networking.k8s.io/v1beta1) does not match the expected API version (networking.k8s.io/v1)",
  );
  assert.equal(
    refusal("apps.v1.Deployment", { apiVersion: "extensions/v1beta1", kind: "Deployment" }),
    "the API version in the data (extensions/v1beta1) does not match the expected API version (apps/v1)",
  );
});

Deno.test("decode: a custom resource has metadata as any object, and loses what its schema does not know", () => {
  const field = (name: string, shape: Shape): [string, Field] => [
    name,
    { name, shape, required: false, alwaysWritten: false, pointer: true },
  ];
  const struct = (...fields: [string, Field][]): StructShape => ({
    is: "struct",
    name: "",
    fields: new Map(fields),
    atomic: false,
  });
  const shape = struct(
    field("metadata", shapeOf("meta.v1.ObjectMeta")),
    field("spec", struct(field("size", { is: "scalar", type: "int64" }))),
  );
  const expected = { group: "example.com", version: "v1", kind: "Widget" };
  const widget = (rest: object) => ({ apiVersion: "example.com/v1", kind: "Widget", ...rest });
  const told = (rest: object) => refusal("core.v1.Pod", widget(rest), { expected, shape });

  assert.equal(
    told({ spec: { sise: 1, size: 0 }, metadata: { name: "w", lables: {} }, more: 1 }),
    handled(
      "Widget",
      'strict decoding error: unknown field "metadata.lables", unknown field "more", unknown field "spec.sise"',
    ),
  );
  assert.equal(
    told({ metadata: { labels: { a: 1 } } }),
    handled("Widget", "json: cannot unmarshal number into Go struct field ObjectMeta.labels of type string"),
  );
  const { object } = decode(bytes(JSON.stringify(widget({ spec: { size: 0 }, metadata: { name: "w", labels: {} } }))), {
    expected,
    shape,
  });
  // A schema, not a type of Go: empty values stay. Metadata are Go's.
  assert.deepEqual(object, widget({ spec: { size: 0 }, metadata: { name: "w" } }));
  assert.match(refusal("core.v1.Pod", { spec: {} }, { expected, shape }), /Object 'Kind' is missing in/);
});

Deno.test("decode: nulls are not there, and values are written in their own way", () => {
  const { object } = decode(
    bytes(JSON.stringify({
      metadata: { name: "p", creationTimestamp: null, labels: { a: null } },
      spec: {
        containers: [{ name: "c", args: null, resources: { limits: { cpu: 0.5, memory: "1024Mi" } }, stdin: false }],
        terminationGracePeriodSeconds: 0,
      },
    })),
    options("core.v1.Pod"),
  );
  assert.deepEqual(object, {
    metadata: { name: "p", labels: { a: "" } },
    spec: {
      containers: [{ name: "c", resources: { limits: { cpu: "500m", memory: "1Gi" } } }],
      terminationGracePeriodSeconds: 0,
    },
    status: {},
    apiVersion: "v1",
    kind: "Pod",
  });
});

Deno.test("decode: YAML is read as YAML 1.1, its duplicates are strict errors", () => {
  const yaml = { contentType: "application/yaml; charset=utf-8" };
  const text = "kind: ConfigMap\napiVersion: v1\ndata:\n  a: 'yes'\nimmutable: on\nmetadata: {name: x}\n";
  assert.deepEqual(decode(bytes(text), options("core.v1.ConfigMap", yaml)).object, {
    apiVersion: "v1",
    data: { a: "yes" },
    immutable: true,
    kind: "ConfigMap",
    metadata: { name: "x" },
  });
  assert.equal(
    refusal("core.v1.ConfigMap", "data: {a: b}\nfoo: 1\ndata: {c: d}\n", yaml),
    handled(
      "ConfigMap",
      'strict decoding error: yaml: unmarshal errors:\n  line 3: key "data" already set in map, unknown field "foo"',
    ),
  );
  assert.equal(
    refusal("core.v1.ConfigMap", "data: {a: no}\n", yaml),
    handled("ConfigMap", "json: cannot unmarshal bool into Go struct field ConfigMap.data of type string"),
  );
});
