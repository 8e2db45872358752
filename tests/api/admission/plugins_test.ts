import assert from "node:assert/strict";
import { defaultIngressClass, defaultStorageClass } from "../../../cluster/memory/api/admission/default_class.ts";
import { defaultTolerationSeconds } from "../../../cluster/memory/api/admission/default_toleration_seconds.ts";
import { limitRanger } from "../../../cluster/memory/api/admission/limit_ranger.ts";
import { namespaceLifecycle } from "../../../cluster/memory/api/admission/namespace_lifecycle.ts";
import { persistentVolumeClaimResize } from "../../../cluster/memory/api/admission/persistent_volume_claim_resize.ts";
import { podResizeValidator } from "../../../cluster/memory/api/admission/pod_resize_validator.ts";
import { podSecurity } from "../../../cluster/memory/api/admission/pod_security.ts";
import { podTopologyLabels } from "../../../cluster/memory/api/admission/pod_topology_labels.ts";
import { priority } from "../../../cluster/memory/api/admission/priority.ts";
import { runtimeClass } from "../../../cluster/memory/api/admission/runtime_class.ts";
import { serviceAccount } from "../../../cluster/memory/api/admission/service_account.ts";
import { storageObjectInUseProtection } from "../../../cluster/memory/api/admission/storage_object_in_use_protection.ts";
import { taintNodesByCondition } from "../../../cluster/memory/api/admission/taint_nodes_by_condition.ts";
import type { PersistentVolumeClaim, Pod } from "../../../cluster/memory/kinds/schema/types.ts";
import { attributes, contextWith, type Loose, run } from "./testing.ts";

const pod = (spec: Loose = {}, containers: Loose[] = [{ name: "app" }]): Loose => ({
  metadata: { name: "web", namespace: "dev" },
  spec: { containers, ...spec },
});
const specOf = (result: Loose | string): Pod["spec"] => {
  assert.notEqual(typeof result, "string", `refused: ${result}`);
  return (result as unknown as Pod).spec;
};

Deno.test("NamespaceLifecycle: content needs a namespace that stays", async () => {
  const ending = { metadata: { name: "old" }, status: { phase: "Terminating" } };
  const plugin = namespaceLifecycle(contextWith({ namespaces: [ending] }));
  assert.equal(typeof await run(plugin, { object: pod() }), "object");
  assert.equal(await run(plugin, { object: pod(), namespace: "ghost" }), 'namespaces "ghost" not found');
  assert.equal(
    await run(plugin, { object: pod(), namespace: "old" }),
    'pods "web" is forbidden: unable to create new content in namespace old because it is being terminated',
  );
  assert.equal(await run(plugin, { operation: "DELETE", namespace: "old", oldObject: pod() }), undefined);
  const immortal = { operation: "DELETE", kind: "Namespace", resource: "namespaces", name: "kube-system" } as const;
  assert.equal(await run(plugin, immortal), 'namespaces "kube-system" is forbidden: this namespace may not be deleted');
});

Deno.test("PodTopologyLabels: a pod gets its node's zone and region, with its node", async () => {
  const labels = { "topology.kubernetes.io/zone": "a", "topology.kubernetes.io/region": "r", disk: "ssd" };
  const plugin = podTopologyLabels(contextWith({ nodes: [{ metadata: { name: "n", labels } }] }));
  const labelsOf = async (object: Loose, subresource = "") =>
    (await run(plugin, { object, subresource }) as Loose).metadata!.labels;
  const { disk: _, ...copied } = labels;
  assert.deepEqual(await labelsOf(pod()), undefined);
  assert.deepEqual(await labelsOf(pod({ nodeName: "n" })), copied);
  assert.deepEqual(await labelsOf(pod({ nodeName: "other" })), undefined);
  const binding = { metadata: { name: "web", labels: { own: "1" } }, target: { kind: "Node", name: "n" } };
  assert.deepEqual(await labelsOf(binding, "binding"), { own: "1", ...copied });
});

Deno.test("PodResizeValidator: no pod becomes larger than its node", async () => {
  const allocatable = { cpu: "2", memory: "1Gi" };
  const windows = { metadata: { name: "w", labels: { "kubernetes.io/os": "windows" } }, status: { allocatable } };
  const nodes = [{ metadata: { name: "n" }, status: { allocatable } }, windows];
  const plugin = podResizeValidator(contextWith({ nodes }));
  const resized = (nodeName: string | undefined, requests: Loose, generation = 2) => {
    const { metadata, ...more } = pod({ nodeName }, [{ name: "app", resources: { requests } }]);
    const object = { ...more, metadata: { ...metadata, generation } };
    const oldObject = { ...pod({ nodeName }), metadata: { ...metadata, generation: 1 } };
    return run(plugin, { operation: "UPDATE", subresource: "resize", object, oldObject });
  };
  assert.equal(typeof await resized("n", { cpu: "2", memory: "1Gi" }), "object");
  assert.equal(
    await resized("n", { cpu: "2500m", memory: "2Gi" }),
    'pods "web" is forbidden: node didn\'t have enough allocatable resources: cpu, requested: 2500, allocatable: 2000; ' +
      "memory, requested: 2147483648, allocatable: 1073741824",
  );
  assert.equal(await resized("ghost", { cpu: "1" }), 'pods "web" is forbidden: node "ghost" not found');
  assert.equal(
    await resized("w", { cpu: "1" }),
    'pods "web" is forbidden: pod resize is only supported on linux nodes, node "w" is "windows"',
  );
  assert.equal(typeof await resized(undefined, { cpu: "9" }), "object");
  assert.equal(typeof await resized("n", { cpu: "9" }, 1), "object");
});

Deno.test("LimitRanger: sets what containers do not say, and says so in an annotation", async () => {
  const limits = [{ type: "Container", default: { memory: "1Gi" }, defaultRequest: { cpu: "100m", memory: "512Mi" } }];
  const range = { metadata: { name: "r", namespace: "dev" }, spec: { limits } };
  const result = await run(
    limitRanger(contextWith({ limitranges: [range] })),
    { object: pod({}, [{ name: "app", resources: { requests: { cpu: "1" } } }]) },
  ) as Loose;
  assert.deepEqual(specOf(result).containers[0].resources, {
    requests: { cpu: "1", memory: "512Mi" },
    limits: { memory: "1Gi" },
  });
  assert.deepEqual(result.metadata!.annotations, {
    "kubernetes.io/limit-ranger":
      "LimitRanger plugin set: memory request for container app; memory limit for container app",
  });
});

Deno.test("LimitRanger: bounds containers, pods and claims", async (t) => {
  const limits = [
    { type: "Container", min: { cpu: "100m" }, max: { cpu: "1" }, maxLimitRequestRatio: { memory: "2" } },
    { type: "Pod", max: { cpu: "1500m" } },
    { type: "PersistentVolumeClaim", min: { storage: "1Gi" }, max: { storage: "5Gi" } },
  ];
  const plugin = limitRanger(
    contextWith({ limitranges: [{ metadata: { name: "r", namespace: "dev" }, spec: { limits } }] }),
  );
  const asking = (requests: Loose, limits: Loose) => pod({}, [{ name: "app", resources: { requests, limits } }]);
  const claim = (storage: string): Loose => ({
    metadata: { name: "c", namespace: "dev" },
    spec: { resources: { requests: { storage } } },
  });
  const cases: [string, Loose, string][] = [
    [
      "too little",
      asking({ cpu: "50m", memory: "1Gi" }, { cpu: "1", memory: "1Gi" }),
      "minimum cpu usage per Container is 100m, but request is 50m",
    ],
    [
      "a bad ratio",
      asking({ cpu: "1", memory: "1Gi" }, { cpu: "1", memory: "3Gi" }),
      "memory max limit to request ratio per Container is 2, but provided ratio is 3.000000",
    ],
    [
      "nothing said",
      pod(),
      "[minimum cpu usage per Container is 100m.  No request is specified, " +
      "maximum cpu usage per Container is 1.  No limit is specified, " +
      "memory max limit to request ratio per Container is 2, but no request is specified or request is 0, " +
      "maximum cpu usage per Pod is 1500m.  No limit is specified]",
    ],
  ];
  for (const [name, object, expected] of cases) {
    await t.step(name, async () => assert.equal(await run(plugin, { object }), `pods "web" is forbidden: ${expected}`));
  }
  const large = { object: claim("6Gi"), resource: "persistentvolumeclaims" };
  assert.equal(
    await run(plugin, large),
    'persistentvolumeclaims "c" is forbidden: maximum storage usage per PersistentVolumeClaim is 5Gi, but request is 6Gi',
  );
  assert.equal(typeof await run(plugin, { object: claim("2Gi"), resource: "persistentvolumeclaims" }), "object");
});

Deno.test("ServiceAccount: the account's token is mounted once, unless somebody does not want it", async () => {
  const accounts = [
    { metadata: { name: "default", namespace: "dev" }, imagePullSecrets: [{ name: "pull" }] },
    { metadata: { name: "quiet", namespace: "dev" }, automountServiceAccountToken: false },
  ];
  const plugin = serviceAccount(contextWith({ serviceaccounts: accounts }));
  const plain = specOf(await run(plugin, { object: pod() }));
  const [volume] = plain.volumes!;
  assert.match(volume.name, /^kube-api-access-[bcdfghjklmnpqrstvwxz2456789]{5}$/);
  assert.deepEqual(plain.containers[0].volumeMounts, [
    { name: volume.name, readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
  ]);
  assert.deepEqual([plain.serviceAccountName, plain.serviceAccount], ["default", "default"]);
  assert.deepEqual(plain.imagePullSecrets, [{ name: "pull" }]);

  assert.equal(specOf(await run(plugin, { object: pod({ serviceAccountName: "quiet" }) })).volumes, undefined);
  assert.equal(specOf(await run(plugin, { object: pod({ automountServiceAccountToken: false }) })).volumes, undefined);
  assert.equal(
    await run(plugin, { object: pod({ serviceAccountName: "ghost" }) }),
    'pods "web" is forbidden: error looking up service account dev/ghost: serviceaccount "ghost" not found',
  );
});

Deno.test("ServiceAccount: an account may forbid secrets that it does not list", async () => {
  const metadata = {
    name: "default",
    namespace: "dev",
    annotations: { "kubernetes.io/enforce-mountable-secrets": "true" },
  };
  const plugin = serviceAccount(contextWith({ serviceaccounts: [{ metadata, secrets: [{ name: "known" }] }] }));
  const uses = (secretName: string) => pod({ volumes: [{ name: "v", secret: { secretName } }] });
  assert.equal(typeof await run(plugin, { object: uses("known") }), "object");
  assert.equal(
    await run(plugin, { object: uses("other") }),
    'pods "web" is forbidden: volume with secret.secretName="other" is not allowed because service account default ' +
      "does not reference that secret",
  );
});

Deno.test("Priority: the number comes from the class, which must exist", async () => {
  const classes = [
    { metadata: { name: "high" }, value: 1000, preemptionPolicy: "Never" },
    { metadata: { name: "normal" }, value: 10, globalDefault: true, preemptionPolicy: "PreemptLowerPriority" },
  ];
  const plugin = priority(contextWith({ "scheduling.k8s.io/priorityclasses": classes }));
  const high = specOf(await run(plugin, { object: pod({ priorityClassName: "high" }) }));
  assert.deepEqual([high.priority, high.preemptionPolicy], [1000, "Never"]);
  const silent = specOf(await run(plugin, { object: pod() }));
  assert.deepEqual([silent.priority, silent.priorityClassName], [10, "normal"]);
  assert.equal(
    await run(plugin, { object: pod({ priorityClassName: "nope" }) }),
    'pods "web" is forbidden: no PriorityClass with name nope was found',
  );
  assert.match(
    await run(plugin, { object: pod({ priority: 5 }) }) as string,
    /the integer value of priority \(5\) must not/,
  );
  const second = { metadata: { name: "other" }, value: 1, globalDefault: true };
  assert.equal(
    await run(plugin, { object: second, group: "scheduling.k8s.io", resource: "priorityclasses", namespace: "" }),
    'priorityclasses.scheduling.k8s.io "other" is forbidden: PriorityClass normal is already marked as default. ' +
      "Only one default can exist",
  );
});

Deno.test("DefaultTolerationSeconds: five minutes on a lost node, unless the pod says otherwise", async () => {
  const plugin = defaultTolerationSeconds();
  const keys = (result: Loose | string) =>
    specOf(result).tolerations!.map(({ key, tolerationSeconds }) => [key, tolerationSeconds]);
  assert.deepEqual(keys(await run(plugin, { object: pod() })), [
    ["node.kubernetes.io/not-ready", 300],
    ["node.kubernetes.io/unreachable", 300],
  ]);
  const own = [{ key: "node.kubernetes.io/not-ready", operator: "Exists", effect: "NoExecute", tolerationSeconds: 5 }];
  assert.deepEqual(keys(await run(plugin, { object: pod({ tolerations: own }) })), [
    ["node.kubernetes.io/not-ready", 5],
    ["node.kubernetes.io/unreachable", 300],
  ]);
  assert.equal(keys(await run(plugin, { object: pod({ tolerations: [{ operator: "Exists" }] }) })).length, 1);
});

Deno.test("DefaultStorageClass and DefaultIngressClass: the newest default, for those who name none", async () => {
  const storage = (name: string, created: string, isDefault: string): Loose => ({
    metadata: {
      name,
      creationTimestamp: created,
      annotations: { "storageclass.kubernetes.io/is-default-class": isDefault },
    },
  });
  const classes = [
    storage("old", "2026-01-01T00:00:00Z", "true"),
    storage("new", "2026-02-01T00:00:00Z", "true"),
    storage("no", "2026-03-01T00:00:00Z", "false"),
  ];
  const plugin = defaultStorageClass(contextWith({ "storage.k8s.io/storageclasses": classes }));
  const claim = (spec: Loose): Loose => ({ metadata: { name: "c", namespace: "dev" }, spec });
  const ask = async (spec: Loose) =>
    (await run(plugin, { object: claim(spec), resource: "persistentvolumeclaims" }) as unknown as PersistentVolumeClaim)
      .spec;
  assert.equal((await ask({})).storageClassName, "new");
  assert.equal((await ask({ storageClassName: "" })).storageClassName, "", "no class at all, on purpose");

  const metadata = { name: "nginx", annotations: { "ingressclass.kubernetes.io/is-default-class": "true" } };
  const ingress = defaultIngressClass(contextWith({ "networking.k8s.io/ingressclasses": [{ metadata }] }));
  const asked = { group: "networking.k8s.io", resource: "ingresses", object: { metadata: { name: "i" }, spec: {} } };
  assert.deepEqual((await run(ingress, asked) as Loose).spec, { ingressClassName: "nginx" });
});

Deno.test("StorageObjectInUseProtection and TaintNodesByCondition mark what is new", async () => {
  const claim = await run(storageObjectInUseProtection(), {
    object: { metadata: { name: "c" } },
    resource: "persistentvolumeclaims",
  });
  assert.deepEqual((claim as Loose).metadata!.finalizers, ["kubernetes.io/pvc-protection"]);
  const node = await run(taintNodesByCondition(), { object: { metadata: { name: "n" }, spec: {} }, resource: "nodes" });
  assert.deepEqual((node as Loose).spec, { taints: [{ key: "node.kubernetes.io/not-ready", effect: "NoSchedule" }] });
});

Deno.test("PersistentVolumeClaimResize: only bound claims of a class that allows it grow", async () => {
  const classes = [{ metadata: { name: "fast" }, allowVolumeExpansion: true }, { metadata: { name: "fixed" } }];
  const plugin = persistentVolumeClaimResize(contextWith({ "storage.k8s.io/storageclasses": classes }));
  const claim = (storage: string, storageClassName: string, phase = "Bound"): Loose => ({
    metadata: { name: "c", namespace: "dev" },
    spec: { storageClassName, resources: { requests: { storage } } },
    status: { phase },
  });
  const grow = (storageClassName: string, phase?: string) =>
    run(plugin, {
      operation: "UPDATE",
      resource: "persistentvolumeclaims",
      object: claim("2Gi", storageClassName, phase),
      oldObject: claim("1Gi", storageClassName, phase),
    });
  assert.equal(typeof await grow("fast"), "object");
  assert.match(await grow("fast", "Pending") as string, /Only bound persistent volume claims can be expanded$/);
  assert.match(await grow("fixed") as string, /only dynamically provisioned pvc can be resized/);
});

Deno.test("RuntimeClass: sets overhead and placement, and must exist", async () => {
  const gvisor = {
    metadata: { name: "gvisor" },
    overhead: { podFixed: { cpu: "250m" } },
    scheduling: { nodeSelector: { runtime: "gvisor" } },
  };
  const plugin = runtimeClass(contextWith({ "node.k8s.io/runtimeclasses": [gvisor] }));
  const spec = specOf(await run(plugin, { object: pod({ runtimeClassName: "gvisor" }) }));
  assert.deepEqual([spec.overhead, spec.nodeSelector], [{ cpu: "250m" }, { runtime: "gvisor" }]);
  assert.match(await run(plugin, { object: pod({ runtimeClassName: "x" }) }) as string, /RuntimeClass "x" not found$/);
  assert.match(
    await run(plugin, { object: pod({ runtimeClassName: "gvisor", nodeSelector: { runtime: "runc" } }) }) as string,
    /conflict: runtimeClass.scheduling.nodeSelector\[runtime\] = gvisor; pod.spec.nodeSelector\[runtime\] = runc$/,
  );
  assert.match(
    await run(plugin, { object: pod({ overhead: { cpu: "1" } }) }) as string,
    /without corresponding RuntimeClass/,
  );
});

Deno.test("PodSecurity: enforces on pods, warns about templates and existing pods", async () => {
  const namespace = {
    metadata: { name: "safe", labels: { "pod-security.kubernetes.io/enforce": "baseline" } },
    status: { phase: "Active" },
  };
  const existing = {
    metadata: { name: "old", namespace: "dev" },
    spec: { hostPID: true, containers: [{ name: "app" }] },
  };
  const plugin = podSecurity(contextWith({ namespaces: [namespace], pods: [existing] }));
  assert.equal(
    await run(plugin, { object: pod({ hostPID: true }), namespace: "safe" }),
    'pods "web" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostPID=true)',
  );
  const template = { metadata: {}, spec: { hostNetwork: true, containers: [] } };
  const deployment = attributes({
    group: "apps",
    resource: "deployments",
    namespace: "safe",
    object: { metadata: { name: "d" }, spec: { template } },
  });
  plugin.validate!(deployment);
  assert.deepEqual(deployment.warnings, [
    'would violate PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
  ]);
  const labelled = attributes({
    operation: "UPDATE",
    kind: "Namespace",
    resource: "namespaces",
    oldObject: { metadata: { name: "dev" } },
    object: { metadata: { name: "dev", labels: { "pod-security.kubernetes.io/enforce": "baseline" } } },
  });
  plugin.validate!(labelled);
  assert.deepEqual(labelled.warnings, [
    'existing pods in namespace "dev" violate the new PodSecurity enforce level "baseline:latest"',
    "old: host namespaces",
  ]);
});
