/** What every exercise must be, whoever wrote it. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lacking, loadCatalogue, loadExercise, SHIPPED_EXERCISES } from "../../exercises/catalogue.ts";
import type { Exercise } from "../../exercises/exercise.ts";
import { quoted } from "../../exercises/quoted.ts";
import { competenciesOf, loadCurricula } from "../../exercises/curriculum.ts";

const catalogue = await loadCatalogue();
const curricula = await loadCurricula();

Deno.test("no exercise is broken", () => {
  assert.deepEqual([...catalogue.broken.values()].map(({ text }) => text.en), []);
  assert.ok(catalogue.exercises.length >= 10);
});

Deno.test("ids are unique and topics are known", () => {
  const ids = catalogue.exercises.map(({ id }) => id);
  assert.equal(new Set(ids).size, ids.length);
  const topics = catalogue.topics.map(({ id }) => id);
  assert.deepEqual(catalogue.exercises.filter(({ topic }) => !topics.includes(topic)), []);
  for (const { id, requires } of catalogue.topics) {
    // What nothing can check so far is listed without exercises.
    const isListed = lacking(requires).length > 0;
    assert.equal(catalogue.exercises.some(({ topic }) => topic === id), !isListed, id);
  }
});

Deno.test("topics name competencies of the curricula", () => {
  for (const { exam } of catalogue.topics) {
    for (const name of ["cka", "ckad"] as const) {
      const known = competenciesOf(curricula[name]);
      assert.deepEqual(exam[name].filter((one) => !known.has(one)), []);
    }
  }
});

for (const entry of catalogue.exercises) {
  Deno.test(`${entry.id}: the task names everything that a check looks at, in both languages`, async () => {
    const { task, checks, namespace, creates, changes } = await loadExercise(entry);
    // What happens outside of the exercise's namespace is named instead of it.
    const inside = checks.flatMap(({ criterion }) => criterion.targets).some((target) =>
      target.namespace === undefined
    );
    const names = new Set([
      ...creates.length === 0 && inside ? [namespace] : [],
      ...[...creates, ...changes].map(({ name }) => name),
      ...checks.flatMap(({ criterion }) => criterion.targets.flatMap(({ name, namespace }) => [name, namespace])),
      ...(await scalars(entry.folder)),
    ]);
    for (const name of names) {
      if (name === undefined) continue;
      for (const [language, text] of Object.entries(task)) {
        assert.ok(text.includes(name), `task.${language}.md does not say ${name}`);
      }
    }
  });

  Deno.test(`${entry.id}: both tasks quote the same names`, async () => {
    const { task } = await loadExercise(entry);
    assert.deepEqual([...quoted(task.ko)].sort(), [...quoted(task.en)].sort());
    assert.match(task.ko, /[가-힣]/);
  });

  Deno.test(`${entry.id}: there is a hint, a script, and a spoiled solution for each check`, async () => {
    const exercise = await loadExercise(entry);
    assert.ok(exercise.hints.length > 0);
    assert.match(exercise.script, /^kubectl /m);
    assert.deepEqual([...exercise.spoiled.keys()].sort(), exercise.checks.map(({ id }) => id).sort());
  });

  Deno.test(`${entry.id}: its competencies are the curricula's`, () => {
    const { cka, ckad } = entry.exam;
    assert.ok(cka !== undefined || ckad !== undefined);
    if (cka !== undefined) assert.ok(competenciesOf(curricula.cka).has(cka), cka);
    if (ckad !== undefined) assert.ok(competenciesOf(curricula.ckad).has(ckad), ckad);
  });

  Deno.test(`${entry.id}: every sentence is there in both languages, and in its language`, async () => {
    const exercise: Exercise = await loadExercise(entry);
    const texts = [
      exercise.title,
      ...exercise.hints.map(({ text }) => text),
      ...exercise.checks.map(({ title }) => title),
    ];
    for (const { en, ko } of texts) {
      assert.doesNotMatch(en, /[가-힣]/);
      assert.match(ko, /[가-힣]|^[A-Z]/);
      assert.notEqual(en, ko);
    }
  });
}

/** Images and labels that checks expect: a learner cannot guess them. */
async function scalars(folder: string): Promise<readonly string[]> {
  const text = await readFile(join(folder, "exercise.yaml"), "utf8");
  const checks = text.slice(text.indexOf("\nchecks:"));
  return [...checks.matchAll(/image: "([^"]+)"/g)].map((match) => match[1]);
}

Deno.test("the shipped exercises are data: no code among them", async () => {
  const { readdir } = await import("node:fs/promises");
  const topics = [...new Set(catalogue.exercises.map(({ topic }) => join(SHIPPED_EXERCISES, topic)))];
  const files = (await Promise.all(topics.map((topic) => readdir(topic, { recursive: true })))).flat();
  assert.deepEqual(files.filter((file) => /\.(ts|js)$/.test(file)), []);
});
