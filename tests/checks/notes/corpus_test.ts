/** Notes with known mistakes: nearly all are found, and nothing else is said. */
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { checkNote } from "../../../checks/notes/check_note.ts";
import { openSandbox } from "../../../checks/notes/kubectl/sandbox.ts";
import { inProcessCluster } from "../../../cluster/in_process.ts";
import { findKubectl } from "../../find_kubectl.ts";

const kubectl = findKubectl();

/** Undici leaves a timer of its own behind. */
const options = { sanitizeOps: false, sanitizeResources: false };

/** "12 unknown-field", for `# wrong: RULE` at a line's end, and `<!-- wrong: RULE +2 -->` two lines above it. */
function marked(source: string): string[] {
  return source.split("\n").flatMap((text, i) => {
    const own = /# wrong: ([a-z-]+)$/.exec(text)?.[1];
    const below = /^<!-- wrong: (.*) -->$/.exec(text)?.[1].split(", ") ?? [];
    return [
      ...own === undefined ? [] : [`${i + 1} ${own}`],
      ...below.map((one) => one.split(" +")).map(([rule, lines]) => `${i + 1 + Number(lines)} ${rule}`),
    ];
  });
}

async function check(name: string, run: boolean) {
  const source = await readFile(new URL(`corpus/${name}`, import.meta.url), "utf8");
  await using cluster = await inProcessCluster();
  await using sandbox = run
    ? await openSandbox({ kubectl: kubectl!, kubeconfig: cluster.kubeconfigText, cluster })
    : undefined;
  const { findings, counted } = await checkNote(name, source, cluster, sandbox === undefined ? {} : { sandbox });
  const expected = marked(source);
  const found = findings.map(({ line, rule }) => `${line} ${rule}`);
  return {
    expected,
    missed: expected.filter((one) => !found.includes(one)),
    // One mistake may show in two fields of the same line.
    false: findings.map(({ line, rule, message }) => `${line} ${rule}: ${message}`)
      .filter((one) => !expected.some((mistake) => one.startsWith(`${mistake}:`))),
    counted,
  };
}

Deno.test("known mistakes in manifests and commands are found, and nothing else is told", options, async () => {
  const names = ["wrong_manifests.md", "wrong_commands.md", "wrong_everyday.md"];
  const results = [];
  for (const name of names) results.push(await check(name, false));
  const expected = results.flatMap((result) => result.expected);
  const missed = results.flatMap((result) => result.missed);
  if (missed.length > 0) console.log(missed);
  assert.ok(expected.length >= 150, `${expected.length}`);
  assert.ok(missed.length <= 0.05 * expected.length, `missed ${missed.length} of ${expected.length}: ${missed.join()}`);
  assert.deepEqual(results.flatMap((result) => result.false), []);
});

Deno.test("a right note has no findings", options, async () => {
  for (const name of ["right.md", "right_everyday.md", "right_commands.md"]) {
    assert.deepEqual((await check(name, false)).false, [], name);
  }
});

Deno.test("mistakes that only a run shows are found", { ...options, ignore: kubectl === undefined }, async () => {
  for (const name of ["wrong_runs.md", "wrong_transcripts.md", "wrong_session.md"]) {
    const { expected, missed, false: alarms } = await check(name, true);
    assert.ok(expected.length >= 15);
    assert.deepEqual({ missed, alarms }, { missed: [], alarms: [] }, name);
  }
});

Deno.test("running what is right finds nothing either", { ...options, ignore: kubectl === undefined }, async () => {
  const right = ["right.md", "right_everyday.md", "right_transcripts.md", "right_session.md"];
  for (const name of [...right, "wrong_manifests.md", "wrong_commands.md", "wrong_everyday.md"]) {
    assert.deepEqual((await check(name, true)).false, [], name);
  }
});
