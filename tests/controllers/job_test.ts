import assert from "node:assert/strict";
import { events as eventKind, jobs, pods } from "../../cluster/memory/api/kind_refs.ts";
import type { Pod } from "../../cluster/memory/kinds/schema/types.ts";
import type { Harness } from "./harness.ts";
import { startHarness } from "./harness.ts";
import { job } from "./objects.ts";

const merge = (body: unknown) => ({ type: "merge" as const, body });
const scrubbed = (events: readonly string[]) => events.map((event) => event.replace(/pi-(\d-)?[a-z0-9]{5}/g, "pi-$1*"));
const ownEvents = async (harness: Harness) =>
  scrubbed((await harness.events()).filter((event) => event.includes("Job/pi:")));

const conditionsOf = async ({ client }: Harness) =>
  (await client.get(jobs, "default", "pi")).status?.conditions?.map(({ type, status, reason, message }) =>
    [type, status, reason, message].join(" ")
  );

const indexOf = (pod: Pod) => Number(pod.metadata.annotations?.["batch.kubernetes.io/job-completion-index"]);

/** @param phase what becomes of each pod, a second after it was made */
async function started(more: Parameters<typeof job>[1], phase: (pod: Pod) => string): Promise<Harness> {
  const harness = await startHarness({ phase });
  await harness.client.create(jobs, job("pi", more));
  return harness;
}

Deno.test("a job completes", async () => {
  using harness = await started({ completions: 3, parallelism: 2 }, () => "Succeeded");
  await harness.clock.advance(500);
  assert.equal((await harness.pods()).length, 2);
  await harness.settle();
  const { status } = await harness.client.get(jobs, "default", "pi");
  assert.equal(status?.succeeded, 3);
  assert.equal(status?.active, undefined);
  assert.deepEqual(status?.uncountedTerminatedPods, {});
  assert.ok(status?.completionTime);
  assert.deepEqual(await conditionsOf(harness), [
    "SuccessCriteriaMet True CompletionsReached Reached expected number of succeeded pods",
    "Complete True CompletionsReached Reached expected number of succeeded pods",
  ]);
  assert.deepEqual(await ownEvents(harness), [
    "Normal SuccessfulCreate Job/pi: Created pod: pi-*",
    "Normal SuccessfulCreate Job/pi: Created pod: pi-*",
    "Normal SuccessfulCreate Job/pi: Created pod: pi-*",
    "Normal Completed Job/pi: Job completed",
  ]);
  for (const { metadata } of (await harness.client.list(pods)).items) assert.equal(metadata.finalizers, undefined);
  assert.deepEqual(harness.reports, []);
});

Deno.test("a job whose pods fail waits longer each time and gives up", async () => {
  const started_: number[] = [];
  using harness = await started({ backoffLimit: 2 }, () => "Failed");
  for (let second = 0; second < 60; second++) {
    await harness.clock.advance(1000);
    started_.push((await harness.client.list(pods)).items.length);
  }
  // After 10 s the second pod, after 20 s more the third.
  assert.deepEqual([5, 15, 40, 59].map((second) => started_[second]), [1, 2, 3, 3]);
  assert.deepEqual(await conditionsOf(harness), [
    "FailureTarget True BackoffLimitExceeded Job has reached the specified backoff limit",
    "Failed True BackoffLimitExceeded Job has reached the specified backoff limit",
  ]);
  assert.equal(
    (await ownEvents(harness)).at(-1),
    "Warning BackoffLimitExceeded Job/pi: Job has reached the specified backoff limit",
  );
});

Deno.test("an indexed job completes each index, and says which", async () => {
  using harness = await started({ completions: 4, parallelism: 4, completionMode: "Indexed" }, () => "Succeeded");
  await harness.settle();
  const { status } = await harness.client.get(jobs, "default", "pi");
  assert.equal(status?.completedIndexes, "0-3");
  const made = (await harness.client.list(pods)).items;
  assert.deepEqual(made.map(indexOf), [0, 1, 2, 3]);
  assert.ok(
    made.every(({ metadata, spec }, index) =>
      metadata.name!.startsWith(`pi-${index}-`) && spec.hostname === `pi-${index}`
    ),
  );
  assert.deepEqual(made[0].spec.containers[0].env?.[0].name, "JOB_COMPLETION_INDEX");
});

Deno.test("each index may fail for itself", async () => {
  using harness = await started(
    { completions: 3, parallelism: 3, completionMode: "Indexed", backoffLimitPerIndex: 1, maxFailedIndexes: 2 },
    (pod) => indexOf(pod) === 1 ? "Failed" : "Succeeded",
  );
  await harness.settle();
  const { status } = await harness.client.get(jobs, "default", "pi");
  assert.deepEqual([status?.completedIndexes, status?.failedIndexes, status?.failed], ["0,2", "1", 2]);
  assert.deepEqual(await conditionsOf(harness), [
    "FailureTarget True FailedIndexes Job has failed indexes",
    "Failed True FailedIndexes Job has failed indexes",
  ]);
});

Deno.test("a success policy ends a job before all are done", async () => {
  using harness = await started(
    {
      completions: 3,
      parallelism: 3,
      completionMode: "Indexed",
      successPolicy: { rules: [{ succeededIndexes: "0" }] },
    },
    (pod) => indexOf(pod) === 0 ? "Succeeded" : "Running",
  );
  await harness.settle();
  assert.deepEqual(await conditionsOf(harness), [
    "SuccessCriteriaMet True SuccessPolicy Matched rules at index 0",
    "Complete True SuccessPolicy Matched rules at index 0",
  ]);
  assert.equal((await harness.pods()).length, 1);
});

Deno.test("a pod failure policy ignores, counts and fails", async () => {
  const disrupted = { type: "DisruptionTarget", status: "True", reason: "Test" };
  using harness = await started({
    backoffLimit: 0,
    podFailurePolicy: {
      rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
    },
  }, () => "Running");
  await harness.settle();
  const [first] = await harness.pods();
  await harness.client.patch(pods, "default", first, {
    ...merge({ status: { phase: "Failed", conditions: [disrupted] } }),
    subresource: "status",
  });
  await harness.settle();
  const { status } = await harness.client.get(jobs, "default", "pi");
  assert.equal(status?.failed, undefined);
  assert.equal(status?.active, 1);
});

Deno.test("a deadline stops a job", async () => {
  using harness = await started({ activeDeadlineSeconds: 30 }, () => "Running");
  await harness.clock.advance(29_000);
  assert.equal((await harness.pods()).length, 1);
  await harness.settle();
  assert.deepEqual(await harness.pods(), []);
  assert.deepEqual(await conditionsOf(harness), [
    "FailureTarget True DeadlineExceeded Job was active longer than specified deadline",
    "Failed True DeadlineExceeded Job was active longer than specified deadline",
  ]);
  assert.ok(
    (await ownEvents(harness)).includes(
      "Warning DeadlineExceeded Job/pi: Job was active longer than specified deadline",
    ),
  );
});

Deno.test("a suspended job has no pods until it resumes", async () => {
  using harness = await started({ suspend: true }, () => "Running");
  await harness.settle();
  assert.deepEqual(await harness.pods(), []);
  assert.deepEqual(await conditionsOf(harness), ["Suspended True JobSuspended Job suspended"]);
  await harness.client.patch(jobs, "default", "pi", merge({ spec: { suspend: false } }));
  await harness.settle();
  assert.equal((await harness.pods()).length, 1);
  assert.deepEqual(await conditionsOf(harness), ["Suspended False JobResumed Job resumed"]);
  await harness.client.patch(jobs, "default", "pi", merge({ spec: { suspend: true } }));
  await harness.settle();
  assert.deepEqual(await harness.pods(), []);
  assert.deepEqual(await ownEvents(harness), [
    "Normal Suspended Job/pi: Job suspended (x2)",
    "Normal SuccessfulCreate Job/pi: Created pod: pi-*",
    "Normal Resumed Job/pi: Job resumed",
    "Normal SuccessfulDelete Job/pi: Deleted pod: pi-*",
  ]);
});

Deno.test("a finished job goes after its time", async () => {
  using harness = await started({ ttlSecondsAfterFinished: 60 }, () => "Succeeded");
  await harness.settle();
  await harness.clock.advance(55_000);
  assert.equal((await harness.client.list(jobs)).items.length, 1);
  await harness.clock.advance(10_000);
  assert.equal((await harness.client.list(jobs)).items.length, 0);
  assert.deepEqual(await harness.pods(), []);
  assert.ok((await harness.client.list(eventKind)).items.length > 0);
});
