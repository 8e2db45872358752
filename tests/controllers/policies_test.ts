import assert from "node:assert/strict";
import {
  clusterRoles,
  configMaps,
  daemonSets,
  deployments,
  horizontalPodAutoscalers,
  podDisruptionBudgets,
  pods,
  resourceQuotas,
  serviceAccounts,
} from "../../cluster/memory/api/kind_refs.ts";
import { startHarness } from "./harness.ts";
import { daemonSet, deployment, pod } from "./objects.ts";

const metadata = (name: string) => ({ name, namespace: "default" });
const merge = (body: unknown) => ({ type: "merge" as const, body });

Deno.test("a namespace has a service account and the cluster's certificate, also after somebody deletes them", async () => {
  using harness = await startHarness({ options: { rootCa: "a certificate" } });
  const { client } = harness;
  const check = async () => {
    assert.equal((await client.get(serviceAccounts, "default", "default")).metadata.name, "default");
    assert.deepEqual((await client.get(configMaps, "default", "kube-root-ca.crt")).data, { "ca.crt": "a certificate" });
  };
  await check();
  await client.delete(serviceAccounts, "default", "default");
  await client.patch(configMaps, "default", "kube-root-ca.crt", merge({ data: { "ca.crt": "another" } }));
  await harness.settle();
  await check();
});

Deno.test("a quota counts what is used, and what goes", async () => {
  using harness = await startHarness();
  const { client } = harness;
  const hard = { pods: "5", "requests.cpu": "1", "count/configmaps": "10" };
  await client.create(resourceQuotas, { metadata: metadata("quota"), spec: { hard } });
  await harness.settle();
  const containers = [{ name: "app", image: "nginx", resources: { requests: { cpu: "250m" } } }];
  for (const name of ["a", "b"]) await client.create(pods, pod(name, {}, { containers }));
  await harness.settle();
  const used = async () => (await client.get(resourceQuotas, "default", "quota")).status?.used;
  assert.deepEqual(await used(), { "count/configmaps": "0", pods: "2", "requests.cpu": "500m" });
  await client.delete(pods, "default", "a");
  await harness.settle();
  assert.deepEqual(await used(), { "count/configmaps": "0", pods: "1", "requests.cpu": "250m" });
  assert.deepEqual(harness.reports, []);
});

Deno.test("a budget says how many may be disrupted", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(deployments, deployment("web", 3));
  await client.create(podDisruptionBudgets, {
    metadata: metadata("web"),
    spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
  });
  await harness.settle();
  const allowed = async () => {
    const { status } = await client.get(podDisruptionBudgets, "default", "web");
    return [status?.disruptionsAllowed, status?.currentHealthy, status?.desiredHealthy, status?.expectedPods];
  };
  assert.deepEqual(await allowed(), [1, 3, 2, 3]);
  const { status } = await client.get(podDisruptionBudgets, "default", "web");
  assert.deepEqual(status?.conditions?.map(({ type, status, reason }) => [type, status, reason]), [
    ["DisruptionAllowed", "True", "SufficientPods"],
  ]);
  await client.patch(deployments, "default", "web", merge({ spec: { replicas: 2 } }));
  await harness.settle();
  assert.deepEqual(await allowed(), [0, 2, 2, 2]);
});

Deno.test("a budget of pods whose owner has no scale cannot be kept", async () => {
  using harness = await startHarness();
  const { client } = harness;
  await client.create(daemonSets, daemonSet("web"));
  await client.create(podDisruptionBudgets, {
    metadata: metadata("web"),
    spec: { maxUnavailable: 1, selector: { matchLabels: { app: "web" } } },
  });
  await harness.clock.advance(3000);
  const { status } = await client.get(podDisruptionBudgets, "default", "web");
  assert.deepEqual(status?.conditions?.map(({ type, status, reason, message }) => [type, status, reason, message]), [
    ["DisruptionAllowed", "False", "SyncFailed", "daemonsets.apps does not implement the scale subresource"],
  ]);
  assert.equal(status?.disruptionsAllowed, 0);
});

Deno.test("an autoscaler keeps within its limits, and complains when nobody measures", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  await client.create(deployments, deployment("web", 1));
  await client.create(horizontalPodAutoscalers, {
    metadata: metadata("web"),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      minReplicas: 2,
      maxReplicas: 4,
      metrics: [{
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 50 } },
      }],
    },
  });
  await clock.advance(40_000);
  assert.equal((await client.get(deployments, "default", "web")).spec.replicas, 2);
  const events = (await harness.events()).filter((event) => event.includes("HorizontalPodAutoscaler"));
  assert.equal(
    events[0],
    "Normal SuccessfulRescale HorizontalPodAutoscaler/web: New size: 2; reason: Current number of replicas below " +
      "Spec.MinReplicas",
  );
  assert.match(
    events[1],
    /^Warning FailedGetResourceMetric HorizontalPodAutoscaler\/web: failed to get cpu utilization/,
  );
  const { status } = await client.get(horizontalPodAutoscalers, "default", "web");
  assert.deepEqual(status?.conditions?.map(({ type, status, reason }) => [type, status, reason]), [
    ["AbleToScale", "True", "SucceededGetScale"],
    ["ScalingActive", "False", "FailedGetResourceMetric"],
  ]);
});

Deno.test("an autoscaler says what it was to measure at an object", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  await client.create(deployments, deployment("web", 1));
  await client.create(horizontalPodAutoscalers, {
    metadata: metadata("web"),
    spec: {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "web" },
      maxReplicas: 4,
      metrics: [{
        type: "Object",
        object: {
          describedObject: { apiVersion: "v1", kind: "Service", name: "web" },
          metric: { name: "hits" },
          target: { type: "Value", value: "10" },
        },
      }],
    },
  });
  await clock.advance(20_000);
  const [told] = (await harness.events()).filter((event) => event.includes("FailedGetObjectMetric"));
  assert.equal(
    told.replace(/ \(x\d+\)$/, ""),
    "Warning FailedGetObjectMetric HorizontalPodAutoscaler/web: unable to get metric hits: Service on default web/" +
      "unable to fetch metrics from custom metrics API: no custom metrics API (custom.metrics.k8s.io) registered",
  );
});

Deno.test("aggregated roles have the rules of those that they select", async () => {
  using harness = await startHarness();
  const { client } = harness;
  const rule = (resource: string) => ({ apiGroups: [""], resources: [resource], verbs: ["get"] });
  await client.create(clusterRoles, {
    metadata: { name: "all" },
    aggregationRule: { clusterRoleSelectors: [{ matchLabels: { part: "all" } }] },
  });
  for (const resource of ["secrets", "pods"]) {
    const labels = { part: "all" };
    await client.create(clusterRoles, { metadata: { name: `all-${resource}`, labels }, rules: [rule(resource)] });
  }
  await harness.settle();
  assert.deepEqual((await client.get(clusterRoles, undefined, "all")).rules, [rule("pods"), rule("secrets")]);
  assert.deepEqual(harness.reports, []);
});
