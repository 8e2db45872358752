/** What authors have: linting, a new folder, mutation, coverage, catalogues from elsewhere. */
import assert from "node:assert/strict";
import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inProcessCluster } from "../../cluster/in_process.ts";
import { formatIssue } from "../../checks/content_error.ts";
import { loadCatalogue, loadExercise, SHIPPED_EXERCISES } from "../../exercises/catalogue.ts";
import { coverage, coverageMarkdown } from "../../exercises/coverage.ts";
import { loadCurricula } from "../../exercises/curriculum.ts";
import { catalogueFolder } from "../../exercises/external.ts";
import { started } from "../../exercises/lifecycle.ts";
import { lintFolder } from "../../exercises/lint_folder.ts";
import { mutate } from "../../exercises/mutate.ts";
import { compare, inOrder } from "../../exercises/parity.ts";
import { prove } from "../../exercises/prove.ts";
import { writeExercise } from "../../exercises/scaffold.ts";
import { temporaryFolder } from "../temporary_folder.ts";

// The official client's HTTP library keeps a timer for its own purposes.
const options = { sanitizeOps: false, sanitizeResources: false };

const curricula = await loadCurricula();

const NEW = {
  id: "first-one",
  topic: "pods",
  title: { en: "A first one", ko: "첫 문제" },
  exam: { cka: "workloads/configuration" },
  difficulty: 1,
  minutes: 3,
};

async function newCatalogue(): Promise<{ readonly catalogue: string; readonly exercise: string }> {
  const catalogue = await temporaryFolder();
  await cp(join(SHIPPED_EXERCISES, "topics.yaml"), join(catalogue, "topics.yaml"));
  return { catalogue, exercise: await writeExercise(catalogue, NEW) };
}

/** What lint says of the file after a change of its text. */
async function lintAfter(file: string, change: (text: string) => string): Promise<readonly string[]> {
  const { exercise } = await newCatalogue();
  const text = await readFile(join(exercise, file), "utf8");
  assert.notEqual(change(text), text);
  await writeFile(join(exercise, file), change(text));
  const { issues } = await lintFolder(exercise, curricula);
  return issues.map((issue) => formatIssue({ ...issue, file: issue.file.split("/").at(-1)! }, "en"));
}

Deno.test("the weights of each exam's domains add up to 100", () => {
  for (const domains of Object.values(curricula)) {
    assert.equal(domains.reduce((sum, { weight }) => sum + weight, 0), 100);
  }
});

Deno.test("a new exercise is whole: lint finds nothing, it is proved, and its check notices", options, async () => {
  const { catalogue } = await newCatalogue();
  assert.deepEqual(await lintFolder(catalogue, curricula), { exercises: 1, issues: [] });
  await using cluster = await inProcessCluster();
  const exercise = await loadExercise((await loadCatalogue(catalogue)).exercises[0]);
  assert.equal((await prove(cluster, exercise)).verdict, "passed");
  assert.deepEqual(await mutate(cluster, exercise), []);

  // One who goes on with what is proved need not solve it anew for the first check.
  const { verdict, standing } = await prove(cluster, exercise, { keep: true });
  assert.equal(verdict, "passed");
  assert.ok(standing !== undefined && await started(cluster, exercise) !== undefined);
  assert.deepEqual(await mutate(cluster, exercise, { standing }), []);
  assert.equal(await started(cluster, exercise), undefined);
  await assert.rejects(writeExercise(catalogue, NEW), /is there already/);
});

Deno.test("mutation finds a check that notices nothing, and one that notices too much", options, async () => {
  const { catalogue } = await newCatalogue();
  await using cluster = await inProcessCluster();
  const exercise = await loadExercise((await loadCatalogue(catalogue)).exercises[0]);
  const [check] = exercise.checks;
  const says = async (change: Partial<typeof exercise>) =>
    (await mutate(cluster, { ...exercise, ...change })).map(({ en }) => en).join("\n");
  assert.match(await says({ spoiled: new Map([["colour", exercise.solution]]) }), /colour does not notice/);
  const twice = { checks: [check, { ...check, id: "again" }], spoiled: exercise.spoiled };
  assert.match(await says(twice), /again fails too .* for colour: ConfigMap settings: data.colour is "red"/);
  assert.match(await says(twice), /says nothing for the check again/);
});

Deno.test("lint tells what an author forgot, with its place", async () => {
  assert.match(
    (await lintAfter("exercise.yaml", (text) => text.replace("points:", "pints:")))[0],
    /^exercise.yaml:\d+:\d+: checks\[0\].pints: .* did you mean points/,
  );
  assert.match(
    (await lintAfter("exercise.yaml", (text) => text.replace("workloads/configuration", "workloads/x")))[0],
    /exam.cka: workloads\/x is no competency/,
  );
  assert.match(
    (await lintAfter("task.ko.md", (text) => text.replaceAll("settings", "config")))[0],
    /^task.ko.md:1:1: does not say settings/,
  );
  assert.match(
    (await lintAfter("spoiled.yaml", (text) => text.replace("colour:", "color:")))[0],
    /^spoiled.yaml:1:1: has no steps for the check colour/,
  );
  assert.match(
    (await lintAfter("exercise.yaml", (text) => text.replace("ko: 첫 문제", "ko: A first one")))[0],
    /title: the Korean is missing/,
  );
});

Deno.test("coverage: an exercise stands under its topic and its competency; nothing is a dash", async () => {
  const { catalogue } = await newCatalogue();
  const found = coverage(await loadCatalogue(catalogue), curricula);
  const text = coverageMarkdown(found, "en");
  assert.match(text, /^\| Pods \| `first-one` \|$/m);
  assert.match(text, /^\| Use ConfigMaps and Secrets to configure applications \| `first-one` \|$/m);
  assert.match(text, /^\| Understand and use CoreDNS \| — \|$/m);
  assert.match(text, /\*\*Troubleshooting\*\* \(weight 30%\)/);
  const korean = coverageMarkdown(found, "ko");
  // What nothing can check is listed: in its topic's row, and by its name in the competency's.
  assert.match(text, /^\| Helm \| \*not checkable here\* \(`helm`\) \|$/m);
  assert.match(
    text,
    /^\| Create and manage .* using kubeadm \| .*here\*: Installing a cluster with kubeadm \(`node-shell`\) \|$/m,
  );
  assert.match(korean, /^\| Helm \| \*여기서는 확인 불가\* \(`helm`\) \|$/m);
  assert.match(
    korean,
    /^\| kubeadm으로 클러스터 생성과 관리 \| .*확인 불가\*: kubeadm으로 클러스터 설치 \(`node-shell`\) \|$/m,
  );
});

Deno.test("coverage: an exercise that nothing can check is listed, and covers nothing", async () => {
  const { catalogue, exercise } = await newCatalogue();
  const file = join(exercise, "exercise.yaml");
  await writeFile(file, (await readFile(file, "utf8")).replace("requires: []", "requires: [node-shell]"));
  const found = coverage(await loadCatalogue(catalogue), curricula);
  assert.match(coverageMarkdown(found, "en"), /^\| Pods \| \*not checkable here\*: `first-one` \(`node-shell`\) \|$/m);
  assert.deepEqual(found.topics.find(({ id }) => id === "pods")?.exercises, []);
});

Deno.test("a catalogue is a folder or an installed npm package", async () => {
  const here = await temporaryFolder();
  const root = join(here, "node_modules", "@cats", "exercises");
  await mkdir(join(root, "data"), { recursive: true });
  await mkdir(join(here, "work"));
  assert.equal(await catalogueFolder("work", here), join(here, "work"));
  assert.equal(await catalogueFolder("@cats/exercises", join(here, "work")), join(root, "exercises"));
  await writeFile(join(root, "package.json"), JSON.stringify({ drydock: { exercises: "data" } }));
  assert.equal(await catalogueFolder("npm:@cats/exercises", join(here, "work")), join(root, "data"));
  await assert.rejects(catalogueFolder("../../etc/none", here), /neither a folder .* nor an installed npm package/);
});

Deno.test("parity: verdicts that differ come first, with the checks that do", () => {
  const same = { verdict: "passed", results: [], trouble: [] } as const;
  const failed = { verdict: "failed", results: [], trouble: [{ en: "no", ko: "아니요" }] } as const;
  const rows = inOrder([compare("a", same, same), compare("b", same, failed)]);
  assert.deepEqual(rows.map(({ id, differs }) => [id, differs]), [["b", true], ["a", false]]);
  assert.deepEqual(rows[0].verdicts, ["passed", "failed"]);
});
