/** Exercises proved on several clusters at once: the same report, in the same order. */
import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { loadCatalogue } from "../../exercises/catalogue.ts";
import { writeExercise } from "../../exercises/scaffold.ts";
import { verify } from "../../exercises/verify.ts";
import { verifyAll } from "../../exercises/verify_all.ts";
import { verifyThread } from "../../exercises/verify_thread.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const { exercises } = await loadCatalogue();
const signal = new AbortController().signal;

Deno.test("a thread's report is the one of this thread, and one that cannot be made does not end it", async () => {
  const catalogue = await temporaryFolder();
  const broken = await writeExercise(catalogue, {
    id: "broken-one",
    topic: "pods",
    title: { en: "One", ko: "하나" },
    exam: {},
    difficulty: 1,
    minutes: 1,
  });
  await writeFile(join(broken, "solution.yaml"), "- nonsense: 1\n");
  await using cluster = await inProcessCluster();
  await using thread = verifyThread({ cluster: {}, mutate: true });

  const { outcome, trouble } = await thread.verify(broken, signal);
  assert.equal(outcome, "could-not-check");
  assert.match(trouble[0].en, /solution\.yaml:1/);

  const entry = exercises.find(({ id }) => id === "pod-run")!;
  const here = await verify(entry, cluster, { mutate: true });
  assert.equal(here.outcome, "passed");
  assert.deepEqual(await thread.verify(entry.folder, signal), here);
});

Deno.test("a thread that is interrupted is not waited for", async () => {
  await using thread = verifyThread({ cluster: {}, mutate: false });
  const interrupt = new AbortController();
  const verified = thread.verify(exercises[0].folder, interrupt.signal);
  interrupt.abort();
  await assert.rejects(verified, { name: "AbortError" });
});

Deno.test("many exercises are told in their order, whichever cluster is done first", async () => {
  await using cluster = await inProcessCluster();
  const some = exercises.filter(({ requires }) => requires.length === 0).slice(0, 11);
  const told: string[] = [];
  const entries = await verifyAll(some, cluster, {
    signal,
    mutate: false,
    alike: {},
    onEntry: ({ id }) => told.push(id),
  });
  assert.deepEqual(told, some.map(({ id }) => id));
  assert.deepEqual(entries.map(({ id }) => id), told);
  assert.deepEqual(new Set(entries.map(({ outcome }) => outcome)), new Set(["passed"]));
});
