import assert from "node:assert/strict";
import { deployments, events, jobs, pods, services } from "../../cluster/memory/api/kind_refs.ts";
import { controllerNames, startControllers } from "../../cluster/memory/controllers/mod.ts";
import { startHarness } from "./harness.ts";
import { deployment, job, service } from "./objects.ts";

const merge = (body: unknown) => ({ type: "merge" as const, body });
const image = (name: string) => merge({ spec: { template: { spec: { containers: [{ name: "app", image: name }] } } } });

Deno.test("an unknown controller is refused", async () => {
  using harness = await startHarness({ names: [] });
  const { informers, clock, client } = harness;
  const report = () => {};
  await assert.rejects(
    startControllers({ names: ["nobody"], informers, clock, clientFor: () => client, report }),
    /unknown controllers: nobody; there are serviceaccount-token-controller, /,
  );
  assert.equal(new Set(controllerNames).size, controllerNames.length);
});

Deno.test("an hour of changes leaves nothing behind", async () => {
  using harness = await startHarness();
  const { client, clock } = harness;
  await client.create(services, service("web"));
  await client.create(deployments, deployment("web", 3, { revisionHistoryLimit: 2 }));
  const round = async (minute: number) => {
    await client.patch(deployments, "default", "web", image(`nginx:1.${minute % 7}`));
    await client.create(jobs, job(`job-${minute}`, { ttlSecondsAfterFinished: 30 }, { activeDeadlineSeconds: 10 }));
    await clock.advance(60_000);
  };
  const size = async () => {
    const stored = harness.api.kinds.kinds().map(async (kind) => (await client.list(kind)).items.length);
    const all = (await Promise.all(stored)).reduce((sum, count) => sum + count);
    return all - (await client.list(events)).items.length;
  };
  for (let minute = 0; minute < 10; minute++) {
    await round(minute);
    await client.delete(jobs, "default", `job-${minute}`, { propagationPolicy: "Background" });
  }
  await clock.advance(60_000);
  const before = await size();
  for (let minute = 10; minute < 60; minute++) {
    await round(minute);
    await client.delete(jobs, "default", `job-${minute}`, { propagationPolicy: "Background" });
  }
  await clock.advance(60_000);
  assert.equal(await size(), before);
  assert.equal((await harness.pods()).length, 3);
  assert.deepEqual(harness.reports, []);
});

Deno.test("work grows with what changes, not with what there is", async () => {
  using harness = await startHarness();
  const { client } = harness;
  for (let index = 0; index < 100; index++) await client.create(deployments, deployment(`d${index}`, 10));
  await harness.settle();
  assert.equal((await client.list(pods)).items.length, 1000);
  const writes = () => Number(harness.api.store.revision);
  const before = writes();
  await client.patch(deployments, "default", "d7", merge({ spec: { replicas: 11 } }));
  await harness.settle();
  // Two deployment statuses, a replica set with its statuses, one pod with its start, events: nobody else is touched.
  assert.ok(writes() - before < 20, `${writes() - before} writes`);
  assert.deepEqual(harness.reports, []);
});
