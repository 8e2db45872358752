import assert from "node:assert/strict";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Problem } from "../../cluster/problem.ts";
import { nextExercise, type Progress, readProgress, withExercise, writeProgress } from "../../exercises/progress.ts";
import { temporaryFolder } from "../temporary_folder.ts";

const ALL = ["a", "b", "c"].map((id) => ({ id }));
const passed = (...ids: readonly string[]): Progress =>
  ids.reduce<Progress>((progress, id) => withExercise(progress, id, { passed: true }), { exercises: {} });

Deno.test("what is written is read again, and no other file is left", async () => {
  const folder = join(await temporaryFolder(), "deep", "inside");
  const file = join(folder, "progress.json");
  assert.deepEqual(await readProgress(file), { exercises: {} });
  const progress = withExercise({ exercises: {} }, "a", { attempts: 2, points: 3 });
  await writeProgress(file, progress);
  assert.deepEqual(await readProgress(file), progress);
  assert.deepEqual(await readdir(folder), ["progress.json"]);
});

Deno.test("a broken file is told by name", async () => {
  const file = join(await temporaryFolder(), "progress.json");
  await writeFile(file, "{");
  await assert.rejects(readProgress(file), (error) => error instanceof Problem && error.text.en.includes(file));
});

Deno.test("a change keeps what it does not name, and makes the exercise the current one", () => {
  const before = withExercise({ exercises: {} }, "a", { attempts: 1, hints: [0] });
  const after = withExercise(before, "a", { passed: true });
  assert.equal(after.current, "a");
  assert.deepEqual(after.exercises.a, { attempts: 1, points: 0, passed: true, hints: [0], sawSolution: false });
  assert.equal(before.exercises.a.passed, false);
});

Deno.test("the next exercise is the first that is not passed, onwards from the current one", () => {
  assert.equal(nextExercise(ALL, { exercises: {} })?.id, "a");
  assert.equal(nextExercise(ALL, passed("a"), "a")?.id, "b");
  assert.equal(nextExercise(ALL, passed("b", "c"), "c")?.id, "a");
  assert.equal(nextExercise(ALL, passed("a", "b", "c"), "c"), undefined);
  assert.equal(nextExercise(ALL, { exercises: {} }, "b")?.id, "c");
});
