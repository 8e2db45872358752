/** The proof that exercises are good: they fail as set up, pass when solved, and each check can fail. */
import assert from "node:assert/strict";
import { addonsFor } from "../../cluster/addons_for.ts";
import type { Capability, Cluster } from "../../cluster/cluster.ts";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { loadCatalogue, loadExercise } from "../../exercises/catalogue.ts";
import { remove, setUp } from "../../exercises/lifecycle.ts";
import { judgeSpoiled } from "../../exercises/mutate.ts";
import { type judge, prove } from "../../exercises/prove.ts";
import { runSteps } from "../../exercises/run_steps.ts";
import { readSteps } from "../../exercises/steps.ts";
import { mismatchText } from "../../checks/reports/mismatch_text.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

const { exercises } = await loadCatalogue();

async function withCluster(body: (cluster: Cluster) => Promise<void>, requires: readonly Capability[] = []) {
  await using cluster = await inProcessCluster({ addons: addonsFor(requires) });
  await body(cluster);
}

for (const entry of exercises) {
  Deno.test(entry.id, options, (t) =>
    withCluster(async (cluster) => {
      const exercise = await loadExercise(entry);
      const step = (name: string, fn: () => Promise<void>) => t.step({ name, ...options, fn });
      const before = await whatIsThere(cluster);

      await step("fails as set up, keeps failing, passes when solved, and leaves nothing", async () => {
        const { verdict, trouble, results } = await prove(cluster, exercise);
        assert.deepEqual(trouble.map(({ en }) => en), []);
        assert.equal(verdict, "passed", describe(results));
        assert.deepEqual(await whatIsThere(cluster), before);
      });
      for (const { id } of exercise.checks) {
        await step(`a solution spoiled for ${id} loses exactly its points`, async () => {
          const results = await judgeSpoiled(cluster, exercise, id);
          const lost = results.filter(({ verdict }) => verdict !== "passed");
          assert.deepEqual(lost.map(({ check }) => check.id), [id], describe(results));
          const [{ check, verdict, mismatches }] = lost;
          const expected = check.role === "safeguard" ? ["safeguard-broken"] : ["wrong", "not-yet"];
          assert.ok(expected.includes(verdict), verdict);
          assert.ok(mismatches.length > 0);
        });
      }
      await step("what was spoiled is as it was before", async () => {
        await remove(cluster, exercise);
        assert.deepEqual(await whatIsThere(cluster), before);
      });
    }, entry.requires));
}

/** The names of the namespaces, and the nodes as people set them up. */
async function whatIsThere(cluster: Cluster): Promise<unknown> {
  const [namespaces, nodes] = await Promise.all(
    ["Namespace", "Node"].map((kind) => cluster.objects.list({ apiVersion: "v1", kind })),
  );
  return {
    namespaces: namespaces.map(({ metadata }) => metadata.name).sort(),
    nodes: nodes.map(({ metadata: { name, labels }, spec }) => ({ name, labels, spec })),
  };
}

function describe(results: Awaited<ReturnType<typeof judge>>): string {
  return results.map(({ check, verdict, mismatches }) =>
    `${check.id}: ${verdict} ${mismatches.map((one) => mismatchText(one, "en")).join("; ")}`
  ).join("\n");
}

Deno.test(
  "an exercise is not set up on a cluster that lacks what it needs",
  options,
  () =>
    withCluster(async (cluster) => {
      const exercise = await loadExercise(exercises.find(({ id }) => id === "pod-run")!);
      const before = await whatIsThere(cluster);
      await assert.rejects(setUp(cluster, { ...exercise, requires: ["gateway-api"] }), /does not have: gateway-api/);
      const { verdict } = await prove(cluster, { ...exercise, requires: ["gateway-api"] });
      assert.equal(verdict, "not-checkable-here");
      assert.deepEqual(await whatIsThere(cluster), before);
    }),
);

Deno.test("an exercise that passes without work is not good", options, () =>
  withCluster(async (cluster) => {
    const exercise = await loadExercise(exercises.find(({ id }) => id === "pod-run")!);
    const { verdict, trouble } = await prove(cluster, { ...exercise, setup: exercise.solution });
    assert.equal(verdict, "failed");
    assert.match(trouble[0].en, /the check image holds before anything was done/);
  }));

Deno.test("an exercise whose solution does not solve it is not good", options, () =>
  withCluster(async (cluster) => {
    const exercise = await loadExercise(exercises.find(({ id }) => id === "deployment-scale")!);
    const { verdict, results } = await prove(cluster, exercise, { solution: exercise.solution.slice(0, 1) });
    assert.equal(verdict, "failed");
    assert.deepEqual(results.filter((one) => one.verdict !== "passed").map(({ check }) => check.id), ["report"]);
  }));

Deno.test(
  "an exercise whose solution breaks a safeguard on the way is not good, even if it mends it",
  options,
  () =>
    withCluster(async (cluster) => {
      const exercise = await loadExercise(exercises.find(({ id }) => id === "deployment-rollback")!);
      const { verdict, trouble } = await prove(cluster, {
        ...exercise,
        solution: [...exercise.spoiled.get("service-kept")!, ...exercise.solution],
      });
      assert.equal(verdict, "failed");
      assert.match(trouble[0].en, /the solution breaks the safeguard service-kept at .*spoiled.yaml:\d+/);
    }),
);

Deno.test(
  "a step that the server refuses is told with its file and line",
  options,
  () =>
    withCluster(async (cluster) => {
      const exercise = await loadExercise(exercises.find(({ id }) => id === "pod-run")!);
      const [step] = exercise.solution;
      assert.ok(step.action === "apply");
      const spoiled = { ...step, object: { ...step.object, spec: { containers: [] } } };
      const { verdict, trouble } = await prove(cluster, { ...exercise, solution: [spoiled] });
      assert.equal(verdict, "failed");
      assert.match(trouble[0].en, /solution\.yaml:1: apply: Pod "web" is invalid: spec.containers: Required value/);
    }),
);

Deno.test("removing takes what the exercise made, and nothing else", options, () =>
  withCluster(async (cluster) => {
    const exercise = await loadExercise(exercises.find(({ id }) => id === "namespace-quota")!);
    const scope = { namespace: exercise.namespace, exercise: exercise.id };
    const own = { apiVersion: "v1", kind: "Namespace", metadata: { name: "my-own" } };
    await cluster.objects.create(own);
    await setUp(cluster, exercise);
    await runSteps(cluster, exercise.solution, scope);
    assert.deepEqual(await remove(cluster, exercise), ["Namespace team-blue", "Namespace namespace-quota"]);
    assert.deepEqual(await remove(cluster, exercise), []);
    assert.ok(await cluster.objects.get({ apiVersion: "v1", kind: "Namespace", name: "my-own" }));
  }));

Deno.test("what was there before under the same name is not touched", options, () =>
  withCluster(async (cluster) => {
    const exercise = await loadExercise(exercises.find(({ id }) => id === "namespace-quota")!);
    for (const name of ["team-blue", "namespace-quota"]) {
      await cluster.objects.create({ apiVersion: "v1", kind: "Namespace", metadata: { name } });
      await assert.rejects(
        setUp(cluster, exercise),
        new RegExp(`Namespace ${name}\\b.* already, and Drydock did not make it`),
      );
      assert.deepEqual(await remove(cluster, exercise), []);
      await cluster.objects.delete({ apiVersion: "v1", kind: "Namespace", name });
      await cluster.pass(1000);
    }
  }));

const NODE = { apiVersion: "v1", kind: "Node", name: "node01" };

Deno.test("a node that the exercise changes is put back as it was", options, () =>
  withCluster(async (cluster) => {
    const exercise = await loadExercise(exercises.find(({ id }) => id === "pod-run")!);
    const taint = { key: "rack", value: "7", effect: "NoExecute" };
    await cluster.objects.patch(NODE, { type: "merge", body: { metadata: { labels: { rack: "7" } } } });
    const before = await whatIsThere(cluster);
    await setUp(cluster, { ...exercise, changes: [NODE] });
    await cluster.objects.patch(NODE, {
      type: "merge",
      body: { metadata: { labels: { rack: null, shelf: "2" } }, spec: { unschedulable: true, taints: [taint] } },
    });
    assert.notDeepEqual(await whatIsThere(cluster), before);
    await remove(cluster, exercise);
    assert.deepEqual(await whatIsThere(cluster), before);
  }));

Deno.test(
  "an exercise that changes a node which is not there does not start",
  options,
  () =>
    withCluster(async (cluster) => {
      const exercise = await loadExercise(exercises.find(({ id }) => id === "pod-run")!);
      const changes = [{ ...NODE, name: "rack-99" }];
      await assert.rejects(
        setUp(cluster, { ...exercise, changes }),
        /works on Node rack-99, which this cluster does not/,
      );
      assert.equal(
        await cluster.objects.get({ apiVersion: "v1", kind: "Namespace", name: exercise.namespace }),
        undefined,
      );
    }),
);

Deno.test("a step can patch a subresource alone", options, () =>
  withCluster(async (cluster) => {
    const steps = (subresource: string) =>
      readSteps(
        `steps: [{ patch: { apiVersion: v1, kind: Node, name: node01, ${subresource}body: { status: { phase: Running } } } }]`,
        "solution.yaml",
      );
    const phase = async () => (await cluster.objects.get(NODE))?.status as { readonly phase?: string };
    const scope = { namespace: "default", exercise: "none" };
    await runSteps(cluster, steps(""), scope);
    assert.equal((await phase()).phase, undefined);
    await runSteps(cluster, steps("subresource: status, "), scope);
    assert.equal((await phase()).phase, "Running");
  }));

Deno.test(
  "a step can answer a question from the cluster; where nothing is to be seen, it fails",
  options,
  () =>
    withCluster(async (cluster) => {
      const scope = { namespace: "default", exercise: "none" };
      const steps = (value: string) =>
        readSteps(
          `steps: [{ answer: { question: names, of: { apiVersion: v1, kind: Node }, value: "${value}" } }]`,
          "solution.yaml",
        );
      await runSteps(cluster, steps("objects.map(node, node.metadata.name)"), scope);
      await runSteps(cluster, steps("objects[0].metadata.name"), scope);
      await assert.rejects(
        runSteps(cluster, steps("objects[7].metadata.name"), scope),
        /solution.yaml:1: answer: the answer to names cannot be computed/,
      );
      const answers = await cluster.objects.get({
        apiVersion: "v1",
        kind: "ConfigMap",
        namespace: "default",
        name: "answers",
      });
      assert.deepEqual(answers?.data, { names: "controlplane" });
    }),
);

Deno.test(
  "where nobody can tell that a pod never rests, the proof comes to an end all the same",
  options,
  () =>
    withCluster(async (cluster) => {
      const exercise = await loadExercise(exercises.find(({ id }) => id === "init-waits")!);
      const pass: Cluster["pass"] = async (ms, signal) => (await cluster.pass(ms, signal), false);
      const { verdict, results } = await prove({ ...cluster, pass }, exercise);
      assert.equal(verdict, "passed", describe(results));
    }),
);
