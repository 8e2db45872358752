import assert from "node:assert/strict";
import fc from "fast-check";
import { defaultPod } from "../../../../cluster/memory/kinds/core/pod/defaults.ts";
import { defaultPullPolicy, parseImageName } from "../../../../cluster/memory/kinds/core/pod/image_name.ts";
import { computeQos } from "../../../../cluster/memory/kinds/core/pod/qos.ts";
import { podLimits, podRequests } from "../../../../cluster/memory/kinds/core/pod/resources.ts";
import { podWarnings } from "../../../../cluster/memory/kinds/core/pod/warnings.ts";
import { formatQuantity } from "../../../../cluster/memory/kinds/quantity.ts";
import { draft } from "../../../../cluster/memory/kinds/object.ts";
import type { Container, PodSpec, ResourceRequirements } from "../../../../cluster/memory/kinds/schema/types.ts";
import { container, testPod } from "./pod.ts";

Deno.test("a pod of one image has what Kubernetes fills in", () => {
  const { spec } = testPod((pod) => void (pod.spec.containers = [{ name: "app", image: "nginx", resources: {} }]));
  assert.deepEqual(spec, {
    containers: [{
      name: "app",
      image: "nginx",
      resources: {},
      imagePullPolicy: "Always",
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
    }],
    enableServiceLinks: true,
    dnsPolicy: "ClusterFirst",
    restartPolicy: "Always",
    securityContext: {},
    terminationGracePeriodSeconds: 30,
    schedulerName: "default-scheduler",
  });
});

Deno.test("defaults of probes, ports, variables and volumes", () => {
  const { spec } = testPod((pod) => {
    pod.spec.containers[0].ports = [{ containerPort: 80 }];
    pod.spec.containers[0].livenessProbe = { httpGet: { port: 80 } };
    pod.spec.containers[0].startupProbe = { grpc: { port: 1 } };
    pod.spec.containers[0].env = [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }];
    pod.spec.volumes = [{ name: "none" }, { name: "host", hostPath: { path: "/" } }, {
      name: "all",
      projected: { sources: [{ serviceAccountToken: { path: "t" } }] },
    }];
    pod.spec.hostNetwork = true;
    pod.spec.serviceAccount = "builder";
  });
  const [it] = spec.containers;
  assert.deepEqual(it.ports, [{ containerPort: 80, hostPort: 80, protocol: "TCP" }]);
  assert.deepEqual(it.livenessProbe, {
    httpGet: { port: 80, path: "/", scheme: "HTTP" },
    timeoutSeconds: 1,
    periodSeconds: 10,
    successThreshold: 1,
    failureThreshold: 3,
  });
  assert.equal(it.startupProbe!.grpc!.service, "");
  assert.equal(it.env![0].valueFrom!.fieldRef!.apiVersion, "v1");
  assert.deepEqual(spec.volumes, [
    { name: "none", emptyDir: {} },
    { name: "host", hostPath: { path: "/", type: "" } },
    {
      name: "all",
      projected: { defaultMode: 420, sources: [{ serviceAccountToken: { path: "t", expirationSeconds: 3600 } }] },
    },
  ]);
  assert.equal(spec.serviceAccountName, "builder");
});

Deno.test("what is limited is requested, in thousandths at the finest", () => {
  const { spec } = testPod((pod) => {
    pod.spec.containers[0].resources = { limits: { cpu: "100u", memory: "1Gi" }, requests: { memory: "1Mi" } };
  });
  assert.deepEqual(spec.containers[0].resources, {
    limits: { cpu: "1m", memory: "1Gi" },
    requests: { cpu: "1m", memory: "1Mi" },
  });
});

Deno.test("a pod that limits itself requests what its containers do", () => {
  const { spec } = testPod((pod) => {
    pod.spec.containers = [
      container({ name: "a", resources: { requests: { cpu: "1" } } }),
      container({ name: "b", resources: { requests: { cpu: "500m" } } }),
    ];
    pod.spec.resources = { limits: { cpu: "4", memory: "1Gi" } };
  });
  assert.deepEqual(spec.resources!.requests, { cpu: "1500m", memory: "1Gi" });
});

Deno.test("defaulting twice changes nothing", () => {
  const amounts = fc.constantFrom(undefined, "1", "100u", "250m", "1.5", "1e3");
  const resources = fc.record({ cpu: amounts, memory: amounts }).map((list) =>
    Object.fromEntries(Object.entries(list).filter(([, amount]) => amount !== undefined)) as Record<string, string>
  );
  const containers = fc.array(fc.record({ limits: resources, requests: resources }, { noNullPrototype: true }), {
    minLength: 1,
    maxLength: 3,
  });
  fc.assert(fc.property(containers, fc.boolean(), (all, hostNetwork) => {
    const once = testPod((pod) => {
      pod.spec.hostNetwork = hostNetwork;
      pod.spec.containers = all.map((resources, i) =>
        container({ name: `c${i}`, resources: resources as ResourceRequirements, ports: [{ containerPort: 80 + i }] })
      );
    });
    const twice = draft(once);
    defaultPod(twice);
    assert.deepEqual(twice, once);
  }));
});

Deno.test("reads images' names", () => {
  assert.deepEqual(parseImageName("nginx"), { repository: "docker.io/library/nginx" });
  assert.deepEqual(parseImageName("localhost:5000/a/b:1"), { repository: "localhost:5000/a/b", tag: "1" });
  const digest = `sha256:${"a".repeat(64)}`;
  assert.deepEqual(parseImageName(`a/b@${digest}`), { repository: "docker.io/a/b", digest });
  for (const wrong of ["", "Nginx", "nginx:", "a b", "nginx@sha256:1", "a".repeat(64)]) {
    assert.equal(parseImageName(wrong), undefined, wrong);
  }
  assert.deepEqual(["nginx", "nginx:latest", "nginx:1", `nginx@${digest}`].map(defaultPullPolicy), [
    "Always",
    "Always",
    "IfNotPresent",
    "IfNotPresent",
  ]);
});

const withResources = (...list: ResourceRequirements[]): PodSpec => ({
  containers: list.map((resources, i) => container({ name: `c${i}`, resources }) as Container),
});

Deno.test("a pod's class", () => {
  const full = { limits: { cpu: "1", memory: "1Gi" }, requests: { cpu: "1", memory: "1Gi" } };
  assert.equal(computeQos(withResources({})), "BestEffort");
  assert.equal(computeQos(withResources({ requests: { cpu: "0" } })), "BestEffort");
  assert.equal(computeQos(withResources(full, full)), "Guaranteed");
  assert.equal(computeQos(withResources(full, {})), "Burstable");
  assert.equal(computeQos(withResources({ ...full, requests: { cpu: "500m", memory: "1Gi" } })), "Burstable");
  assert.equal(computeQos(withResources({ limits: { cpu: "1" }, requests: { cpu: "1" } })), "Burstable");
  assert.equal(computeQos({ ...withResources({}), resources: full }), "Guaranteed");
});

Deno.test("init containers count once, sidecars with all that come after them", () => {
  const cpu = (amount: string, more: Partial<Container> = {}) =>
    container({ resources: { requests: { cpu: amount }, limits: { cpu: amount } }, ...more }) as Container;
  const spec: PodSpec = {
    containers: [cpu("1"), cpu("1")],
    initContainers: [cpu("3"), cpu("500m", { restartPolicy: "Always" }), cpu("2")],
    overhead: { cpu: "100m" },
  };
  // The containers and the sidecar need 2.5, the first init container 3 alone, the last one 2.5 with the sidecar.
  assert.equal(formatQuantity(podRequests(spec).cpu), "3100m");
  assert.equal(formatQuantity(podLimits(spec).cpu), "3100m");
});

Deno.test("tells what is accepted but hardly meant", () => {
  const warnings = (change: Parameters<typeof testPod>[0]) => {
    const { spec, metadata } = testPod(change);
    return podWarnings(spec as PodSpec, metadata, "");
  };
  assert.deepEqual(warnings(() => {}), []);
  assert.deepEqual(warnings((pod) => void (pod.spec.nodeSelector = { "beta.kubernetes.io/os": "linux" })), [
    'spec.nodeSelector[beta.kubernetes.io/os]: deprecated since v1.14; use "kubernetes.io/os" instead',
  ]);
  assert.deepEqual(
    warnings((pod) => {
      pod.spec.containers[0].env = [{ name: "A", value: "1" }, { name: "A", value: "2" }, {
        name: "A",
        value: "$(A):3",
      }];
      pod.spec.containers[0].resources = { requests: { memory: "100m" } };
    }),
    [
      'spec.containers[0].resources.requests[memory]: fractional byte value "100m" is invalid, must be an integer',
      'spec.containers[0].env[1]: hides previous definition of "A", which may be dropped when using apply',
    ],
  );
  assert.deepEqual(
    warnings((pod) => {
      pod.spec.containers = [
        container({ name: "a", ports: [{ name: "http", containerPort: 80 }] }),
        container({ name: "b", ports: [{ name: "http", containerPort: 80 }] }),
      ];
    }),
    [
      "spec.containers[1].ports[0]: duplicate port definition with spec.containers[0].ports[0]",
      'spec.containers[1].ports[0]: duplicate port name "http" with spec.containers[0].ports[0], services and probes that select ports by name will use spec.containers[0].ports[0]',
    ],
  );
  assert.deepEqual(
    warnings((pod) => {
      pod.spec.volumes = [{
        name: "v",
        configMap: { name: "c", items: [{ key: "a", path: "a" }, { key: "b", path: "a/b" }] },
      }];
    }),
    ['volume "v" (ConfigMap "c"): overlapping paths: "a/b" with "a"'],
  );
});
