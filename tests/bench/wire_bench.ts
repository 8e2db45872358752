/** How long a body takes to become an object and back: `deno bench -A tests/bench/wire_bench.ts`. */
import { decode, normalize } from "../../cluster/memory/api/decode/mod.ts";
import { encodeProtobuf, openEnvelope, readObject } from "../../cluster/memory/api/protobuf/mod.ts";
import { openApi } from "../../cluster/memory/api/openapi/mod.ts";
import { shapeOf } from "../../cluster/memory/kinds/schema/shape.ts";

/** A pod as a cluster has it, with status and field ownership left out. */
const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: {
    name: "web-5d7d745dff-abcde",
    namespace: "default",
    labels: { app: "web", "pod-template-hash": "5d7d745dff" },
    annotations: { "example.com/a": "b" },
    creationTimestamp: null,
    ownerReferences: [
      { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web-5d7d745dff", uid: "0-0-0-0", controller: true },
    ],
  },
  spec: {
    containers: [1, 2].map((i) => ({
      name: `c${i}`,
      image: "nginx:1.29",
      args: ["--port", "8080", "--verbose"],
      env: [{ name: "A", value: "b" }, { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }],
      ports: [{ containerPort: 8080 + i, name: "http", protocol: "TCP" }],
      resources: { limits: { cpu: "500m", memory: "128Mi" }, requests: { cpu: "250m", memory: "64Mi" } },
      livenessProbe: { httpGet: { path: "/healthz", port: "http" }, periodSeconds: 10 },
      volumeMounts: [{ name: "data", mountPath: "/data" }],
      imagePullPolicy: "IfNotPresent",
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    })),
    volumes: [{ name: "data", emptyDir: {} }, { name: "config", configMap: { name: "web", defaultMode: 420 } }],
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    tolerations: [{ key: "a", operator: "Exists", effect: "NoExecute", tolerationSeconds: 300 }],
    nodeSelector: { disk: "ssd" },
  },
};
const shape = shapeOf("core.v1.Pod");
const options = { expected: { group: "", version: "v1", kind: "Pod" }, shape, fieldValidation: "Strict" } as const;
const text = JSON.stringify(pod);
const body = new TextEncoder().encode(text);
const object = decode(body, options).object;
const protobuf = encodeProtobuf(pod, shape);

Deno.bench("JSON.parse of the same text, for comparison", { group: "decode" }, () => void JSON.parse(text));
Deno.bench(`decode, JSON, ${body.length} bytes`, { group: "decode" }, () => void decode(body, options));
Deno.bench(
  `decode, protobuf, ${protobuf.length} bytes`,
  { group: "decode" },
  () => void decode(protobuf, { ...options, contentType: "application/vnd.kubernetes.protobuf" }),
);

Deno.bench("normalize, nothing to do", { group: "normalize" }, () => void normalize(object, shape));
Deno.bench("normalize, as a client wrote it", { group: "normalize" }, () => void normalize(pod, shape));

Deno.bench("protobuf, read", { group: "protobuf" }, () => void readObject(openEnvelope(protobuf), shape));
Deno.bench("protobuf, write", { group: "protobuf" }, () => void encodeProtobuf(object, shape));
Deno.bench("JSON.stringify, for comparison", { group: "protobuf" }, () => void JSON.stringify(object));

Deno.bench("OpenAPI, the index without any kind", () => void openApi([]).at("/openapi/v3"));
