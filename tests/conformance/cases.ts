/** What a Kubernetes cluster does, whichever it is. Each case has a namespace of its own. */
import assert from "node:assert/strict";
import { ApiError, type ApiObject } from "../../cluster/cluster.ts";
import type { Surroundings } from "./clusters.ts";
import { configMap, deployment, pod, replicaSet, replicationController, service } from "./manifests.ts";

/** Any status, spec or event: the cases know what they look for. */
// deno-lint-ignore no-explicit-any
type Loose = any;

const condition = (object: ApiObject | undefined, type: string) =>
  (object?.status as Loose)?.conditions?.find((one: Loose) => one.type === type);

const isReady = (object: ApiObject | undefined) => condition(object, "Ready")?.status === "True";

/** Rejects with this code, and with a message that matches. */
async function refused(attempt: Promise<unknown>, code: number, message: RegExp) {
  await assert.rejects(attempt, (error) => {
    assert.ok(error instanceof ApiError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
    return true;
  });
}

/** The pods of app=web once there are `count` and all are ready. */
function readyPods({ eventually, list }: Surroundings, count: number): Promise<readonly ApiObject[]> {
  return eventually(`${count} ready pods`, async () => {
    const pods = (await list("v1", "Pod", "app=web")).filter(({ metadata }) =>
      metadata.deletionTimestamp === undefined
    );
    return pods.length === count && pods.every(isReady) ? pods : undefined;
  });
}

function rolledOut({ eventually, get }: Surroundings, name: string): Promise<ApiObject> {
  return eventually(`the rollout of ${name}`, async () => {
    const found = await get("apps/v1", "Deployment", name) as Loose;
    const { replicas = 1 } = found.spec;
    const { observedGeneration, updatedReplicas = 0, availableReplicas = 0, replicas: all = 0 } = found.status;
    const complete = observedGeneration === found.metadata.generation &&
      [updatedReplicas, availableReplicas, all].every((n) => n === replicas);
    return complete ? found as ApiObject : undefined;
  });
}

const image = (image: string) => ({ spec: { template: { spec: { containers: [{ name: "app", image }] } } } });

export const CASES: Readonly<Record<string, (surroundings: Surroundings) => Promise<void>>> = {
  "a namespace comes with a ServiceAccount and the cluster's certificate": async ({ eventually, get }) => {
    await eventually("ServiceAccount default", () => get("v1", "ServiceAccount", "default"));
    const bundle = await eventually("kube-root-ca.crt", () => get("v1", "ConfigMap", "kube-root-ca.crt"));
    assert.match((bundle.data as Loose)["ca.crt"], /BEGIN CERTIFICATE/);
  },

  "a pod is scheduled, gets an address and becomes ready": async ({ create, get, eventually }) => {
    const made = await create(pod("web")) as Loose;
    assert.equal(made.status.phase, "Pending");
    assert.equal(made.spec.containers[0].imagePullPolicy, "IfNotPresent");
    assert.equal(made.spec.serviceAccountName, "default");
    const ready = await eventually("Ready", async () => {
      const found = await get("v1", "Pod", "web");
      return isReady(found) ? found as Loose : undefined;
    });
    assert.equal(ready.status.phase, "Running");
    assert.ok(ready.spec.nodeName);
    assert.match(ready.status.podIP, /^[\d.]+$|:/);
    assert.equal(ready.status.qosClass, "BestEffort");
    assert.ok(ready.status.containerStatuses[0].state.running.startedAt);
  },

  "the events of a pod tell its way": async ({ create, list, eventually }) => {
    await create(pod("web"));
    await eventually("events", async () => {
      const events = (await list("v1", "Event") as Loose[]).filter(({ involvedObject }) =>
        involvedObject.name === "web"
      );
      const reasons = new Set(events.map(({ reason }) => reason));
      return ["Scheduled", "Pulled", "Created", "Started"].every((reason) => reasons.has(reason));
    });
  },

  "a pod that ends well has succeeded": async ({ create, get, eventually }) => {
    const containers = [{ name: "app", image: "busybox:1.36", command: ["true"] }];
    await create(pod("job", { spec: { restartPolicy: "Never", containers } }));
    const done = await eventually("Succeeded", async () => {
      const found = await get("v1", "Pod", "job") as Loose;
      return found.status.phase === "Succeeded" ? found : undefined;
    });
    assert.equal(done.status.containerStatuses[0].state.terminated.exitCode, 0);
  },

  "a pod that no node can take waits and says why": async ({ create, get, list, eventually }) => {
    await create(pod("lost", { spec: { nodeSelector: { "no-such": "label" } } }));
    const scheduled = await eventually(
      "PodScheduled",
      async () => condition(await get("v1", "Pod", "lost"), "PodScheduled"),
    );
    assert.deepEqual([scheduled.status, scheduled.reason], ["False", "Unschedulable"]);
    await eventually("FailedScheduling", async () => {
      const events = await list("v1", "Event") as Loose[];
      return events.some(({ reason, message }) => reason === "FailedScheduling" && /nodes are available/.test(message));
    });
  },

  "an image that does not exist is told by the container's state and an event": async (
    { create, get, list, eventually },
  ) => {
    await create(pod("typo", { spec: { containers: [{ name: "app", image: "registry.invalid/no/such:image" }] } }));
    await eventually("ErrImagePull", async () => {
      const found = await get("v1", "Pod", "typo") as Loose;
      return /ErrImagePull|ImagePullBackOff/.test(found.status.containerStatuses?.[0].state.waiting?.reason);
    });
    await eventually(
      "the event",
      async () =>
        (await list("v1", "Event") as Loose[]).some(({ reason, type }) => reason === "Failed" && type === "Warning"),
    );
  },

  "a pod's spec is fixed, but for its images": async ({ cluster, create, ref }) => {
    await create(pod("web"));
    const patch = (body: Record<string, unknown>) =>
      cluster.objects.patch(ref("v1", "Pod", "web"), { type: "strategic", body });
    await refused(
      patch({ spec: { containers: [{ name: "app", command: ["sh"] }] } }),
      422,
      /pod updates may not change fields other than/,
    );
    const changed = await patch({ spec: { containers: [{ name: "app", image: "nginx:1.26" }] } }) as Loose;
    assert.equal(changed.spec.containers[0].image, "nginx:1.26");
  },

  "what is wrong with an object is told field by field": async ({ create }) => {
    await refused(create(pod("Web_1")), 422, /metadata\.name: Invalid value: "Web_1"/);
    await refused(create(pod("web", { spec: { containers: [] } })), 422, /spec\.containers: Required value/);
    await refused(create(pod("web", { spec: { containres: [] } })), 400, /unknown field "spec\.containres"/);
  },

  "a name is taken once": async ({ create }) => {
    await create(configMap("settings", { a: "1" }));
    await refused(create(configMap("settings", { a: "2" })), 409, /configmaps "settings" already exists/);
  },

  "patches merge, replace and remove": async ({ cluster, create, get, ref }) => {
    await create(configMap("settings", { a: "1", b: "2" }));
    const target = ref("v1", "ConfigMap", "settings");
    await cluster.objects.patch(target, { type: "merge", body: { data: { a: null, c: "3" } } });
    await cluster.objects.patch(target, { type: "json", body: [{ op: "replace", path: "/data/b", value: "4" }] });
    assert.deepEqual((await get("v1", "ConfigMap", "settings"))?.data, { b: "4", c: "3" });
    const stale = { type: "merge", body: { metadata: { resourceVersion: "1" }, data: {} } } as const;
    await refused(cluster.objects.patch(target, stale), 409, /the object has been modified/);
  },

  "applying again keeps what others have set": async ({ cluster, create, get, namespace, ref }) => {
    await create(configMap("settings", { a: "1" }));
    await cluster.objects.patch(ref("v1", "ConfigMap", "settings"), { type: "merge", body: { data: { theirs: "x" } } });
    await cluster.objects.apply({ ...configMap("settings", { a: "2" }), metadata: { name: "settings", namespace } });
    assert.deepEqual((await get("v1", "ConfigMap", "settings"))?.data, { a: "2", theirs: "x" });
  },

  "a secret's text is kept in base64": async ({ create }) => {
    const secret = await create({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: "login" },
      stringData: { user: "mina" },
    }) as Loose;
    assert.deepEqual([secret.type, secret.data, secret.stringData], ["Opaque", { user: "bWluYQ==" }, undefined]);
  },

  "lists are selected by labels and fields": async ({ cluster, create, namespace }) => {
    for (const [name, tier] of [["a", "front"], ["b", "back"], ["c", "front"]]) {
      await create(pod(name, { labels: { tier } }));
    }
    const names = async (selector: object) =>
      (await cluster.objects.list({ apiVersion: "v1", kind: "Pod", namespace, ...selector })).map(({ metadata }) =>
        metadata.name
      ).sort();
    assert.deepEqual(await names({ labelSelector: "tier=front" }), ["a", "c"]);
    assert.deepEqual(await names({ labelSelector: "tier in (back),tier!=front" }), ["b"]);
    assert.deepEqual(await names({ fieldSelector: "metadata.name!=a" }), ["b", "c"]);
    await refused(names({ fieldSelector: "spec.foo=1" }), 400, /field label not supported: spec\.foo/);
  },

  "a ReplicationController keeps its number": async (surroundings) => {
    const { cluster, create, ref } = surroundings;
    await create(replicationController("web", 2));
    const [first] = await readyPods(surroundings, 2);
    await cluster.objects.delete(ref("v1", "Pod", first.metadata.name));
    const after = await readyPods(surroundings, 2);
    assert.ok(after.every(({ metadata }) => metadata.uid !== first.metadata.uid));
  },

  "a ReplicaSet adopts pods that fit and releases pods that no longer do": async (surroundings) => {
    const { cluster, create, eventually, get, ref } = surroundings;
    await create(pod("loose", { labels: { app: "web" } }));
    await create(replicaSet("web", 2));
    const owner = async () => (await get("v1", "Pod", "loose"))?.metadata.ownerReferences?.[0];
    await eventually("adoption", async () => (await owner())?.kind === "ReplicaSet");
    await cluster.objects.patch(ref("v1", "Pod", "loose"), {
      type: "merge",
      body: { metadata: { labels: { app: "other" } } },
    });
    await eventually("release", async () => await owner() === undefined);
    await readyPods(surroundings, 2);
    assert.ok(await get("v1", "Pod", "loose"));
  },

  "a ReplicaSet scales in and out": async (surroundings) => {
    const { cluster, create, ref } = surroundings;
    await create(replicaSet("web", 3));
    await readyPods(surroundings, 3);
    const scale = (replicas: number) =>
      cluster.objects.patch(ref("apps/v1", "ReplicaSet", "web"), { type: "merge", body: { spec: { replicas } } });
    await scale(1);
    await readyPods(surroundings, 1);
    await scale(4);
    await readyPods(surroundings, 4);
  },

  "a Deployment owns ReplicaSets, and those own pods": async (surroundings) => {
    const { create, list } = surroundings;
    await create(deployment("web", 2));
    const done = await rolledOut(surroundings, "web");
    assert.equal(done.metadata.annotations?.["deployment.kubernetes.io/revision"], "1");
    assert.equal(condition(done, "Available").status, "True");
    assert.equal(condition(done, "Progressing").reason, "NewReplicaSetAvailable");
    const [set] = await list("apps/v1", "ReplicaSet");
    const hash = set.metadata.labels?.["pod-template-hash"];
    assert.equal(set.metadata.name, `web-${hash}`);
    for (const one of await list("v1", "Pod")) {
      assert.equal(one.metadata.labels?.["pod-template-hash"], hash);
      assert.deepEqual(one.metadata.ownerReferences?.map(({ kind, uid }) => [kind, uid]), [[
        "ReplicaSet",
        set.metadata.uid,
      ]]);
    }
  },

  "a rolling update never falls below what may be unavailable, and can be undone": async (surroundings) => {
    const { cluster, create, eventually, get, list, ref } = surroundings;
    await create(deployment("web", 3, { strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }));
    const first = await rolledOut(surroundings, "web") as Loose;
    const target = ref("apps/v1", "Deployment", "web");
    await cluster.objects.patch(target, { type: "strategic", body: image("nginx:1.26") });
    await eventually("the update", async () => {
      const { spec, status, metadata } = await get("apps/v1", "Deployment", "web") as Loose;
      assert.ok((status.availableReplicas ?? 0) >= 3, `${status.availableReplicas} available`);
      return status.observedGeneration === metadata.generation && status.updatedReplicas === spec.replicas &&
        status.replicas === 3;
    });
    const sets = await list("apps/v1", "ReplicaSet") as Loose[];
    assert.deepEqual(sets.map(({ spec }) => spec.replicas).sort(), [0, 3]);
    await cluster.objects.patch(target, {
      type: "json",
      body: [{ op: "replace", path: "/spec/template", value: first.spec.template }],
    });
    const back = await rolledOut(surroundings, "web");
    assert.equal(back.metadata.annotations?.["deployment.kubernetes.io/revision"], "3");
    assert.equal((await list("apps/v1", "ReplicaSet")).length, 2);
  },

  "a Deployment's selector is fixed": async ({ cluster, create, ref }) => {
    await create(deployment("web", 1));
    const body = { spec: { selector: { matchLabels: { app: "other" } } } };
    await refused(
      cluster.objects.patch(ref("apps/v1", "Deployment", "web"), { type: "merge", body }),
      422,
      /field is immutable|does not match/,
    );
  },

  "what a deleted Deployment owned goes after it": async (surroundings) => {
    const { cluster, create, eventually, list, ref } = surroundings;
    await create(deployment("web", 2));
    await rolledOut(surroundings, "web");
    assert.equal(await cluster.objects.delete(ref("apps/v1", "Deployment", "web")), true);
    await eventually(
      "nothing left",
      async () => (await list("apps/v1", "ReplicaSet")).length + (await list("v1", "Pod")).length === 0,
    );
  },

  "a Service gets an address, and its slices list the ready pods": async (surroundings) => {
    const { cluster, create, eventually, list, ref } = surroundings;
    await create(deployment("web", 2));
    const made = await create(service("web")) as Loose;
    assert.match(made.spec.clusterIP, /^[\d.]+$|:/);
    assert.deepEqual([made.spec.type, made.spec.ports[0].targetPort, made.spec.ports[0].protocol], [
      "ClusterIP",
      80,
      "TCP",
    ]);
    const addresses = async () => {
      const slices = await list("discovery.k8s.io/v1", "EndpointSlice", "kubernetes.io/service-name=web") as Loose[];
      return slices.flatMap(({ endpoints }) => endpoints ?? []).filter(({ conditions }) => conditions.ready).flatMap((
        one,
      ) => one.addresses).sort();
    };
    const pods = await readyPods(surroundings, 2) as Loose[];
    const expected = pods.map(({ status }) => status.podIP).sort();
    await eventually("the endpoints", async () => JSON.stringify(await addresses()) === JSON.stringify(expected));
    await cluster.objects.patch(ref("v1", "Service", "web"), {
      type: "merge",
      body: { spec: { selector: { app: "nobody" } } },
    });
    await eventually("no endpoints", async () => (await addresses()).length === 0);
  },

  "node ports come from their range": async ({ create }) => {
    const made = await create(service("open", { type: "NodePort" })) as Loose;
    assert.ok(made.spec.ports[0].nodePort >= 30000 && made.spec.ports[0].nodePort <= 32767);
    const outside = create(service("outside", { type: "NodePort", ports: [{ port: 80, nodePort: 80 }] }));
    await refused(outside, 422, /provided port is not in the valid range\. The range of valid ports is 30000-32767/);
    const taken = create(
      service("taken", { type: "NodePort", ports: [{ port: 80, nodePort: made.spec.ports[0].nodePort }] }),
    );
    await refused(taken, 422, /provided port is already allocated/);
  },

  "a quota counts, and refuses what is too much": async ({ create, get, eventually }) => {
    await create({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "limits" },
      spec: { hard: { pods: "1", "requests.cpu": "500m" } },
    });
    await eventually(
      "the count",
      async () => (await get("v1", "ResourceQuota", "limits") as Loose).status?.used?.pods === "0",
    );
    await refused(create(pod("none")), 403, /failed quota: limits: must specify requests\.cpu/);
    const asking = (name: string, cpu: string) =>
      create(
        pod(name, { spec: { containers: [{ name: "app", image: "nginx:1.27", resources: { requests: { cpu } } }] } }),
      );
    await refused(
      asking("big", "2"),
      403,
      /exceeded quota: limits, requested: requests\.cpu=2, used: requests\.cpu=0, limited: requests\.cpu=500m/,
    );
    await asking("one", "200m");
    await refused(
      asking("two", "100m"),
      403,
      /exceeded quota: limits, requested: pods=1, used: pods=1, limited: pods=1/,
    );
    await eventually(
      "the use",
      async () => (await get("v1", "ResourceQuota", "limits") as Loose).status.used["requests.cpu"] === "200m",
    );
  },

  "a pod is given time to end": async ({ cluster, create, get, eventually, ref }) => {
    await create(pod("web"));
    await eventually("Ready", async () => isReady(await get("v1", "Pod", "web")));
    await cluster.objects.delete(ref("v1", "Pod", "web"));
    const ending = await get("v1", "Pod", "web");
    if (ending !== undefined) {
      assert.ok(ending.metadata.deletionTimestamp);
      assert.equal(ending.metadata.deletionGracePeriodSeconds, 30);
    }
    await eventually("gone", async () => await get("v1", "Pod", "web") === undefined);
  },

  "a namespace that is being deleted takes nothing new, and all in it goes": async (
    { cluster, namespace, create, eventually, list },
  ) => {
    const inner = `${namespace}-inner`;
    const own = { apiVersion: "v1", kind: "Namespace", name: inner };
    await cluster.objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: inner } });
    await create(configMap("elsewhere", {}));
    // A finalizer holds one object, and with it the namespace, until it is taken out.
    const held = { name: "inside", namespace: inner, finalizers: ["example.com/hold"] };
    await cluster.objects.create({ ...configMap("inside", {}), metadata: held });
    await cluster.objects.delete(own);
    const late = cluster.objects.create({ ...configMap("late", {}), metadata: { name: "late", namespace: inner } });
    await refused(late, 403, /because it is being terminated/);
    assert.equal((await cluster.objects.get(own) as Loose).status.phase, "Terminating");
    await cluster.objects.patch({ apiVersion: "v1", kind: "ConfigMap", name: "inside", namespace: inner }, {
      type: "merge",
      body: { metadata: { finalizers: null } },
    });
    await eventually("gone", async () => await cluster.objects.get(own) === undefined);
    assert.ok((await list("v1", "ConfigMap")).some(({ metadata }) => metadata.name === "elsewhere"));
  },

  "system namespaces cannot be deleted": async ({ cluster }) => {
    await refused(
      cluster.objects.delete({ apiVersion: "v1", kind: "Namespace", name: "kube-system" }),
      403,
      /this namespace may not be deleted/,
    );
  },

  "kinds say whether they live in namespaces": async ({ cluster }) => {
    assert.equal(await cluster.objects.namespaced({ apiVersion: "apps/v1", kind: "Deployment" }), true);
    assert.equal(await cluster.objects.namespaced({ apiVersion: "v1", kind: "Node" }), false);
    assert.equal(await cluster.objects.namespaced({ apiVersion: "example.com/v1", kind: "Nothing" }), undefined);
  },
};
