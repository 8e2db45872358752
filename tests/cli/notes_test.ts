/** `drydock notes` and `drydock quiz`, as a person or a build server runs them. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { temporaryFolder } from "../temporary_folder.ts";
import { newPerson } from "./drydock.ts";

const { drydock, drydockWith } = await newPerson();
const REPOSITORY = fileURLToPath(new URL("../../", import.meta.url));

const NOTE = `# 디플로이먼트 확장

\`\`\`console
$ kubectl scale deployment web --replcas=3   # 오타
$ kubectl get deployments
\`\`\`

- 목록 안:

  > \`\`\`yaml
  > apiVersion: v1
  > kind: ConfigMap
  > metadata:
  >   name: 설정
  >   lables: {app: web} # 레이블
  > \`\`\`
`;

const MENDED = NOTE.replace("replcas", "replicas").replace("lables", "labels");

async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), text);
  }
  return folder;
}

Deno.test("notes says what is wrong, where, and how to mend it, in either language", async () => {
  const cwd = await folderWith({ "my note.md": NOTE });
  const english = await drydockWith(["notes", "my note.md", "--no-run"], { cwd });
  assert.equal(english.code, 1);
  assert.match(
    english.stdout,
    /my note\.md:4:32 error unknown-flag\n[^\n]*replcas[^\n]*\n.*\^\n.*\n {2}Did you mean --replicas\?/,
  );
  assert.match(
    english.stdout,
    /1 note: 3 errors, 0 warnings; 1 verified on a cluster, 2 only read, 0 not checkable here/,
  );
  const korean = await drydockWith(["notes", "my note.md", "--no-run", "--lang", "ko"], { cwd });
  assert.match(korean.stdout, /혹시 --replicas인가요\?/);
  assert.match(korean.stdout, /노트 1개: 오류 3개/);
});

Deno.test("--fix --dry-run shows the mends, --fix writes them, whatever the line ends", async (t) => {
  const forms: Record<string, (text: string) => string> = {
    "LF": (text) => text,
    "CRLF": (text) => text.replaceAll("\n", "\r\n"),
    "a byte order mark": (text) => `\uFEFF---\ntitle: 노트\n---\n${text}`,
  };
  for (const [name, form] of Object.entries(forms)) {
    await t.step(name, async () => {
      const cwd = await folderWith({ "note.md": form(NOTE) });
      const dry = await drydockWith(["notes", "note.md", "--no-run", "--fix", "--dry-run"], { cwd });
      assert.equal(await readFile(join(cwd, "note.md"), "utf8"), form(NOTE));
      assert.match(dry.stdout, /^--- a\/note\.md\n\+\+\+ b\/note\.md\n@@ /);
      assert.match(dry.stdout, /\n-[^\n]*replcas[^\n]*\n\+[^\n]*replicas/);
      await drydockWith(["notes", "note.md", "--no-run", "--fix"], { cwd });
      assert.equal(await readFile(join(cwd, "note.md"), "utf8"), form(MENDED));
    });
  }
});

Deno.test("--kubernetes holds a note against another version than its own", async () => {
  const note = '---\ndrydock: { kubernetes: "1.24" }\n---\n```sh\nkubectl exec web ls\n```\n';
  const cwd = await folderWith({ "note.md": note });
  const own = await drydockWith(["notes", "note.md", "--no-run"], { cwd });
  assert.match(own.stdout, /0 errors, 1 warning/);
  const now = await drydockWith(["notes", "note.md", "--no-run", "--kubernetes", "v1.36.1"], { cwd });
  assert.match(now.stdout, /1 error, 0 warnings/);
});

Deno.test("settings of the repository count, and must give their reasons", async () => {
  const ignore = (reason: string) => `notes:\n  ignore:\n    - file: note.md\n${reason}`;
  const cwd = await folderWith({ "note.md": NOTE, ".drydock.yaml": ignore("      reason: an example of mistakes\n") });
  assert.equal((await drydockWith(["notes", "note.md", "--no-run"], { cwd })).code, 0);
  await writeFile(join(cwd, ".drydock.yaml"), ignore(""));
  const { code, stderr } = await drydockWith(["notes", "note.md", "--no-run"], { cwd });
  assert.notEqual(code, 0);
  assert.match(stderr, /\.drydock\.yaml:3.*an ignore must give its reason/s);
});

Deno.test("what cannot be read is a usage error", async () => {
  const { code, stderr } = await drydock("notes", "nowhere.md");
  assert.equal(code, 2);
  assert.match(stderr, /nowhere\.md cannot be read: there is no such file/);
  const version = await drydock("notes", "README.md", "--kubernetes", "latest", "--lang", "ko");
  assert.equal(version.code, 2);
  assert.match(version.stderr, /쿠버네티스 버전은 1\.30처럼 쓰세요\. 입력한 값: latest/);
  assert.equal((await drydock("quiz", "README.md", "--count", "all")).code, 2);
});

Deno.test("--practise names the exercises of each section", async () => {
  const cwd = await folderWith({ "note.md": `${NOTE}\n# 날씨\n\n맑음\n` });
  const { code, stdout } = await drydockWith(["notes", "note.md", "--practise", "--lang", "ko"], { cwd });
  assert.equal(code, 0);
  assert.match(stdout, /note\.md:1 디플로이먼트 확장\n {2}drydock start deployment-scale /);
  assert.doesNotMatch(stdout, /날씨/);
  const json = JSON.parse((await drydockWith(["notes", "note.md", "--practise", "--json"], { cwd })).stdout);
  assert.deepEqual(Object.keys(json.notes[0].sections[0]), ["title", "line", "exercises"]);
  assert.ok(json.notes[0].sections[0].exercises.includes("deployment-scale"));
});

const QUIZ = "# Pods\n\n```sh\nkubectl get pods -o wide\nkubectl delete pod web --now\nkubectl get podz\n```\n";

Deno.test("quiz asks for what is right in the note, and takes other right forms", async () => {
  const cwd = await folderWith({ "note.md": QUIZ });
  const asked = JSON.parse((await drydockWith(["quiz", "note.md", "--json"], { cwd })).stdout);
  assert.deepEqual(asked.map(({ line }: { line: number }) => line), [4, 5]);
  const short = "kubectl get po --output=wide\nk delete pods/web --now\n";
  const right = await drydockWith(["quiz", "note.md"], { cwd, stdin: short });
  assert.match(right.stdout, /\n2 of 2 right\n$/);
  assert.equal(right.code, 0);
  const wrong = await drydockWith(["quiz", "note.md", "--lang", "ko"], { cwd, stdin: "describe\nnothing\n" });
  assert.equal(wrong.code, 1);
  assert.match(wrong.stdout, /2문제 중 0문제/);
  const one = await drydockWith(["quiz", "note.md", "--count", "1"], { cwd, stdin: short });
  assert.equal(one.stdout.match(/____/g)?.length, 1);
});

Deno.test("quiz says so when a note has nothing to ask, and when the person has had enough", async () => {
  const cwd = await folderWith({ "empty.md": "# Nothing\n", "note.md": QUIZ });
  const empty = await drydockWith(["quiz", "empty.md"], { cwd, stdin: "" });
  assert.equal(empty.code, 0);
  assert.notEqual(empty.stderr, "");
  const left = await drydockWith(["quiz", "note.md"], { cwd, stdin: "" });
  assert.equal(left.code, 1);
  assert.equal(left.stdout.match(/____/g)?.length, 1);
});

/** The README's code, by the beginning of what it holds. */
async function readmeCode(name: string, beginning: RegExp): Promise<string> {
  const readme = await readFile(join(REPOSITORY, name), "utf8");
  const blocks = [...readme.matchAll(/^```\w*\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
  const found = blocks.filter((code) => beginning.test(code));
  assert.equal(found.length, 1, `${name}: ${beginning}`);
  return found[0];
}

/** Where `deno` and `drydock` are programs. */
async function programs(): Promise<string> {
  const folder = await folderWith({
    "drydock": `#!/bin/sh\nexec '${process.execPath}' run --quiet --allow-all '${REPOSITORY}cli/main.ts' "$@"\n`,
    "deno": `#!/bin/sh\nexec '${process.execPath}' "$@"\n`,
  });
  spawnSync("chmod", ["+x", join(folder, "drydock"), join(folder, "deno")]);
  return folder;
}

const onUnix = { ignore: process.platform === "win32" };

Deno.test("the workflow of the README finds mistakes and passes without", onUnix, async () => {
  const text = await readmeCode("README.md", /^name: notes\n/);
  assert.equal(await readmeCode("README.ko.md", /^name: notes\n/), text);
  const workflow = parse(text);
  assert.deepEqual(workflow.on, ["push", "pull_request"]);
  const { steps } = workflow.jobs.notes;
  assert.equal(steps[1].with.path, ".drydock");
  const command: string = steps.at(-1).run;
  const cwd = await folderWith({ "notes/bad.md": NOTE });
  await symlink(REPOSITORY, join(cwd, ".drydock"));
  // Without kubectl, so that it takes no longer than it must.
  const env = {
    ...process.env,
    DRYDOCK_KUBECTL: join(cwd, "none"),
    PATH: [await programs(), process.env.PATH].join(delimiter),
  };
  const bad = spawnSync("sh", ["-ec", command], { cwd, env, encoding: "utf8" });
  assert.equal(bad.status, 1, bad.stderr);
  assert.match(bad.stdout, /^::error file=notes\/bad\.md,line=4,col=32,title=unknown-flag::/);
  await writeFile(join(cwd, "notes/bad.md"), "# Fine\n\n```sh\nkubectl get pods\n```\n");
  const good = spawnSync("sh", ["-ec", command], { cwd, env, encoding: "utf8" });
  assert.equal(good.status, 0, good.stderr);
});

Deno.test("the hook of the README keeps mistakes from being committed", onUnix, async () => {
  const cwd = await folderWith({ "my note.md": NOTE, "other.txt": "kubectl gte pods" });
  const path = [await programs(), process.env.PATH].join(delimiter);
  const env = { ...process.env, PATH: path, GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const git = (...args: string[]) =>
    spawnSync("git", ["-c", "user.name=x", "-c", "user.email=x@example.com", ...args], { cwd, env, encoding: "utf8" });
  git("init", "--quiet");
  const hook = join(cwd, ".git", "hooks", "pre-commit");
  await mkdir(dirname(hook), { recursive: true });
  const text = await readmeCode("README.md", /^#!\/bin\/sh\ngit diff/);
  assert.equal(await readmeCode("README.ko.md", /^#!\/bin\/sh\ngit diff/), text);
  await writeFile(hook, text, { mode: 0o755 });
  git("add", "my note.md");
  assert.notEqual(git("commit", "-m", "bad").status, 0);
  git("rm", "--quiet", "--cached", "my note.md");
  git("add", "other.txt");
  const other = git("commit", "-m", "no note");
  assert.equal(other.status, 0, other.stderr);
  await writeFile(join(cwd, "my note.md"), "# Fine\n\n```sh\nkubectl get pods\n```\n");
  git("add", "my note.md");
  const good = git("commit", "-m", "good");
  assert.equal(good.status, 0, good.stderr + good.stdout);
});
