import assert from "node:assert/strict";
import { cp, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { ContentError, formatIssue } from "../../checks/content_error.ts";
import { Problem } from "../../cluster/problem.ts";
import { findExercise, loadCatalogue, loadExercise, SHIPPED_EXERCISES } from "../../exercises/catalogue.ts";
import { temporaryFolder } from "../temporary_folder.ts";

/** A catalogue of one exercise whose files are changed. */
async function catalogueWith(files: Readonly<Record<string, string | undefined>>) {
  const folder = await temporaryFolder();
  await cp(join(SHIPPED_EXERCISES, "topics.yaml"), join(folder, "topics.yaml"));
  await cp(join(SHIPPED_EXERCISES, "pods", "pod-run"), join(folder, "pods", "pod-run"), { recursive: true });
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, "pods", "pod-run", name);
    if (text === undefined) await rm(path);
    else await writeFile(path, text);
  }
  return { folder, catalogue: await loadCatalogue(folder) };
}

/** What an error's issues say, with the file's name only. */
function told(error: unknown): readonly string[] {
  assert.ok(error instanceof ContentError, String(error));
  return error.issues.map((issue) => formatIssue({ ...issue, file: issue.file.split(/[/\\]/).pop()! }, "en"));
}

Deno.test("exercises come by topic, from easy and short to hard and long", async () => {
  const { exercises, topics } = await loadCatalogue();
  const rank = ({ topic, difficulty, minutes }: typeof exercises[number]) =>
    topics.findIndex(({ id }) => id === topic) * 10_000 + difficulty * 1000 + minutes;
  const ranks = exercises.map(rank);
  assert.deepEqual(ranks, ranks.toSorted((a, b) => a - b));
});

Deno.test("an unknown exercise: what was meant", async () => {
  const catalogue = await loadCatalogue();
  assert.equal(findExercise(catalogue, "pod-run").id, "pod-run");
  assert.throws(
    () => findExercise(catalogue, "pod-rnu"),
    (error) => error instanceof Problem && error.kind === "usage" && error.hint?.en === "Did you mean pod-run?",
  );
  assert.throws(
    () => findExercise(catalogue, "banana"),
    (error) => error instanceof Problem && /drydock list/.test(error.hint?.en ?? ""),
  );
});

Deno.test("a broken exercise.yaml: every mistake with line and field, and the other exercises still work", async () => {
  const text = `id: pod-ran
title: { en: Run a Pod }
topic: pods
notes: []
exam: {}
difficulty: 9
minutes: 3
requires: []
hnits: []
checks:
  - id: image
    title: { en: a, ko: b }
    points: two
    object: { apiVersion: v1, kind: Pod, name: web }
`;
  const { catalogue } = await catalogueWith({ "exercise.yaml": text });
  assert.deepEqual(catalogue.exercises, []);
  assert.deepEqual(told(catalogue.broken.get("pod-run")), [
    "exercise.yaml:9:1: hnits: is not known here; did you mean hints?",
    "exercise.yaml:2:8: title.ko: is missing: give a text",
    "exercise.yaml:6:13: difficulty: is 9, but must be a whole number from 1 to 3",
    "exercise.yaml:1:1: hints: is missing: give a list",
    'exercise.yaml:13:13: checks[0].points: is "two", but must be a whole number from 1 to 100',
  ]);
  assert.throws(() => findExercise(catalogue, "pod-run"), ContentError);
});

Deno.test("the id must be the folder's name", async () => {
  const { catalogue } = await catalogueWith({});
  const { folder } = catalogue.exercises[0];
  const { readFile } = await import("node:fs/promises");
  const text = await readFile(join(folder, "exercise.yaml"), "utf8");
  const { catalogue: other } = await catalogueWith({ "exercise.yaml": text.replace("id: pod-run", "id: pod-runs") });
  assert.deepEqual(told(other.broken.get("pod-run")), [
    "exercise.yaml:1:5: id: is pod-runs, but the folder says pod-run",
  ]);
});

for (
  const [file, text, expected] of [
    ["task.ko.md", undefined, "task.ko.md:1:1: is missing"],
    [
      "solution.yaml",
      "steps:\n  - aply: {}\n",
      "solution.yaml:2:5: steps[0].aply: is not known here; did you mean apply?",
    ],
    [
      "solution.yaml",
      "apiVersion: v1\nkind: Pod\nmetadata: {}\n",
      "solution.yaml:3:11: metadata.name: is missing: give a text",
    ],
    [
      "solution.yaml",
      "steps:\n  - patch: { apiVersion: v1, kind: Pod, name: web, type: json, body: {} }\n",
      "solution.yaml:2:70: steps[0].patch.body: a json patch is a list of operations, the others are maps",
    ],
    [
      "solution.yaml",
      "steps:\n  - wait: { within: soon, rollout: { kind: Deployment, name: web } }\n",
      'solution.yaml:2:21: steps[0].wait.within: is "soon", but must be a whole number from 1 to 3600',
    ],
    [
      "setup.yaml",
      "kind: [\n",
      "setup.yaml:2:1: YAML: Flow sequence in block collection must be sufficiently indented and end with a ]",
    ],
  ] as const
) {
  Deno.test(`a broken ${file} is told with its place: ${expected}`, async () => {
    const { catalogue } = await catalogueWith({ [file]: text });
    await assert.rejects(loadExercise(catalogue.exercises[0]), (error) => {
      assert.ok(told(error).includes(expected), told(error).join("\n"));
      return true;
    });
  });
}

Deno.test("a folder without topics is told by name", async () => {
  await assert.rejects(
    loadCatalogue("/no/such/folder"),
    (error) => error instanceof Problem && /topics.yaml/.test(error.text.en),
  );
});
