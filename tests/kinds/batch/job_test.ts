/** Jobs and CronJobs between the request and the store. */
import assert from "node:assert/strict";
import { administrator } from "../../../cluster/memory/api/mod.ts";
import { cronJobs, jobs } from "../../../cluster/memory/api/kind_refs.ts";
import type { StatusError } from "../../../cluster/memory/api/status.ts";
import { countIndexes, overlap, parseIndexRanges } from "../../../cluster/memory/kinds/batch/index_ranges.ts";
import { job as jobKind } from "../../../cluster/memory/kinds/batch/job.ts";
import { type Draft, draft } from "../../../cluster/memory/kinds/object.ts";
import type { Job, JobSpec } from "../../../cluster/memory/kinds/schema/types.ts";
import { testApi } from "../../api/testing.ts";

const template = { spec: { restartPolicy: "Never", containers: [{ name: "app", image: "busybox" }] } };
const newJob = (spec: object = {}) =>
  ({ metadata: { name: "job", namespace: "default" }, spec: { template, ...spec } }) as unknown as Job;

async function create(spec: object = {}): Promise<Job> {
  const { api } = await testApi();
  return await api.client(administrator).create(jobs, newJob(spec));
}

/** "field: message" of each cause, none when the change is taken. */
async function change(edit: (job: Draft<Job>) => void, spec: object = {}, subresource?: "status"): Promise<string[]> {
  const { api } = await testApi();
  const client = api.client(administrator);
  const job = draft(await client.create(jobs, newJob(spec)));
  edit(job);
  try {
    if (subresource === undefined) await client.update(jobs, job as Job);
    else await client.updateStatus(jobs, job as Job);
    return [];
  } catch (error) {
    const { causes = [] } = (error as StatusError).status.details ?? {};
    return causes.map(({ field, message }) => `${field}: ${message}`);
  }
}

Deno.test("a Job gets a selector of its own, and labels", async () => {
  const { metadata, spec } = await create();
  assert.deepEqual(spec.selector, { matchLabels: { "batch.kubernetes.io/controller-uid": metadata.uid! } });
  const labels = {
    "batch.kubernetes.io/controller-uid": metadata.uid!,
    "batch.kubernetes.io/job-name": "job",
    "controller-uid": metadata.uid!,
    "job-name": "job",
  };
  assert.deepEqual(spec.template.metadata!.labels, labels);
  assert.deepEqual(metadata.labels, labels);
  const { completions, parallelism, backoffLimit, completionMode, suspend, podReplacementPolicy } = spec;
  assert.deepEqual([completions, parallelism, backoffLimit, completionMode, suspend, podReplacementPolicy], [
    1,
    1,
    6,
    "NonIndexed",
    false,
    "TerminatingOrFailed",
  ]);
});

Deno.test("what a Job may not be", async () => {
  const cases: readonly (readonly [object, string])[] = [
    [
      { completionMode: "Indexed", parallelism: 1 },
      "spec.completions: Required value: when completion mode is Indexed",
    ],
    [{ maxFailedIndexes: 1 }, "spec.backoffLimitPerIndex: Required value: when maxFailedIndexes is specified"],
    [{ backoffLimitPerIndex: 1 }, "spec.backoffLimitPerIndex: Invalid value: 1: requires indexed completion mode"],
    [
      { managedBy: "me" },
      'spec.managedBy: Invalid value: "me": must be a domain-prefixed path (such as "acme.io/foo")',
    ],
    [
      { successPolicy: { rules: [{ succeededCount: 1 }] } },
      'spec.successPolicy: Invalid value: {"Rules":[{"SucceededIndexes":null,"SucceededCount":1}]}: requires indexed completion mode',
    ],
    [
      { podFailurePolicy: { rules: [{ action: "Ignore" }] } },
      "spec.podFailurePolicy.rules[0]: Invalid value: specifying one of OnExitCodes and OnPodConditions is required",
    ],
    [
      { podFailurePolicy: { rules: [{ action: "FailJob", onExitCodes: { operator: "In", values: [0] } }] } },
      "spec.podFailurePolicy.rules[0].onExitCodes.values[0]: Invalid value: 0: must not be 0 for the In operator",
    ],
    [
      {
        completionMode: "Indexed",
        completions: 3,
        parallelism: 3,
        successPolicy: { rules: [{ succeededIndexes: "0-5" }] },
      },
      'spec.successPolicy.rules[0].succeededIndexes: Invalid value: "0-5": error parsing succeededIndexes: too large index: "5"',
    ],
  ];
  for (const [spec, text] of cases) {
    await assert.rejects(create(spec), (error: StatusError) => {
      const found = error.status.details!.causes!.map(({ field, message }) => `${field}: ${message}`);
      assert.ok(found.includes(text), `${text} is not in ${found.join("\n")}`);
      return true;
    });
  }
});

Deno.test("what may change in a Job", async () => {
  assert.deepEqual(await change(({ spec }) => void (spec.parallelism = 3)), []);
  assert.deepEqual(await change(({ spec }) => void (spec.completions = 3)), [
    "spec.completions: Invalid value: 3: field is immutable",
  ]);
  const image = ({ spec }: Draft<Job>) => void (spec.template.spec.containers[0].image = "other");
  const [text] = await change(image);
  assert.match(text, /^spec\.template: Invalid value: \{"labels":\{"batch\.kubernetes\.io\/controller-uid":/);
  assert.match(text, /,"Spec":\{"Volumes":null,.*\}: field is immutable$/);
});

Deno.test("an Indexed Job grows when it works on all indexes at once", async () => {
  const indexed = { completionMode: "Indexed", completions: 2, parallelism: 2 };
  const to = (completions: number, parallelism: number) => ({ spec }: Draft<Job>) =>
    void Object.assign(spec, { completions, parallelism });
  assert.deepEqual(await change(to(4, 4), indexed), []);
  assert.deepEqual(await change(to(4, 2), indexed), [
    "spec.completions: Invalid value: 4: can only be modified in tandem with spec.parallelism",
  ]);
});

Deno.test("a Job that has not begun may run elsewhere, and with other resources", async () => {
  const place = ({ spec }: Draft<Job>) => {
    spec.template.spec.nodeSelector = { zone: "a" };
    spec.template.spec.containers[0].resources = { requests: { cpu: "1" } };
  };
  assert.deepEqual(await change(place, { suspend: true }), []);
  assert.equal((await change(place)).length, 1);
});

Deno.test("a Job is complete only with its reasons", async () => {
  const complete = ({ status }: Draft<Job>) => void (status!.conditions = [{ type: "Complete", status: "True" }]);
  assert.deepEqual(await change(complete, {}, "status"), [
    "status.completionTime: Required value: completionTime is required for Complete jobs",
    "status.conditions: Invalid value: cannot set Complete=True condition without the SuccessCriteriaMet=true condition",
    "status.startTime: Required value: startTime is required for finished job",
  ]);
  const whole = ({ status }: Draft<Job>) => {
    status!.startTime = "2026-01-01T00:00:00Z";
    status!.completionTime = "2026-01-01T00:01:00Z";
    status!.succeeded = 1;
    status!.conditions = ["SuccessCriteriaMet", "Complete"].map((type) => ({ type, status: "True" }));
  };
  assert.deepEqual(await change(whole, {}, "status"), []);
});

Deno.test("a CronJob's template keeps what the Job will get by itself", async () => {
  const { api } = await testApi();
  const spec = { schedule: "@hourly", jobTemplate: { spec: { template } as unknown as JobSpec } };
  const made = await api.client(administrator).create(cronJobs, {
    metadata: { name: "c", namespace: "default" },
    spec,
  });
  assert.deepEqual(Object.keys(made.spec.jobTemplate.spec), ["template"]);
  const { concurrencyPolicy, suspend, successfulJobsHistoryLimit, failedJobsHistoryLimit } = made.spec;
  assert.deepEqual([concurrencyPolicy, suspend, successfulJobsHistoryLimit, failedJobsHistoryLimit], [
    "Allow",
    false,
    3,
    1,
  ]);
});

Deno.test("a Job's row", () => {
  const row = (spec: object, status: object) =>
    jobKind.table!.cells(
      {
        metadata: { name: "j", creationTimestamp: "2026-01-01T00:00:00Z" },
        spec: { template, ...spec },
        status,
      } as never,
      Date.UTC(2026, 0, 1, 0, 5),
    ).slice(0, 5);
  const startTime = "2026-01-01T00:01:00Z";
  assert.deepEqual(row({ completions: 3 }, { succeeded: 1, startTime }), ["j", "Running", "1/3", "4m", "5m"]);
  assert.deepEqual(row({ parallelism: 2 }, {}), ["j", "Running", "0/1 of 2", "", "5m"]);
  const conditions = [{ type: "Failed", status: "True" }];
  assert.deepEqual(row({ parallelism: 1 }, { conditions }), ["j", "Failed", "0/1", "", "5m"]);
});

Deno.test("ranges of indexes", () => {
  assert.equal(countIndexes(parseIndexRanges("0,2-4", 5)), 4);
  assert.throws(() => parseIndexRanges("3,1", 5), { message: "non-increasing order, previous: 3, current: 1" });
  assert.throws(() => parseIndexRanges("1-2-3", 5), /at most two parts/);
  assert.equal(overlap("0,2-4", "3", 5), 3);
  assert.equal(overlap("0,2", "1,3", 5), undefined);
});
