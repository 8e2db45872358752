/** Scripts in containers: what they write, how they end, and when. */
import assert from "node:assert/strict";
import { type ContainerConfig, StartError } from "../../../cluster/memory/kubelet/runtime/runtime.ts";
import { container } from "./container.ts";

const start = (command: readonly string[], more?: Partial<ContainerConfig>) => container("busybox:1.36", command, more);

const SCRIPTS: readonly (readonly [script: string, output: string, code?: number, seconds?: number])[] = [
  ["echo hello", "hello\n"],
  ["echo a; echo b && echo c || echo d", "a\nb\nc\n"],
  ["false && echo no; echo $?", "1\n"],
  ["! false && echo yes", "yes\n"],
  ["exit 3", "", 3],
  ['x=1; y=$((x + 2 * 3)); echo "$x $y"', "1 7\n"],
  ["for i in 1 2 3; do echo $i; sleep 1; done", "1\n2\n3\n", 0, 3],
  ["i=0; while [ $i -lt 3 ]; do i=$((i+1)); done; echo $i", "3\n"],
  ["if [ -f /missing ]; then echo yes; else echo no; fi", "no\n"],
  ["echo text > /tmp/f; echo more >> /tmp/f; cat /tmp/f", "text\nmore\n"],
  ["echo a | cat", "a\n"],
  ["echo quiet > /dev/null 2>&1", ""],
  ["echo $(echo inner) `echo other`", "inner other\n"],
  ["echo ${NAME:-nobody} ${HOME:+there}", "nobody there\n"],
  ["while true; do echo once; break; done", "once\n"],
  ["nonsense", "sh: nonsense: not found\n", 127],
  ["sleep 2 && echo late", "late\n", 0, 2],
  ["set -e; date -u > /dev/null; printf 'a %s\\n' b", "a b\n"],
  ["sh -c 'exit 4'; echo $?", "4\n"],
  ["(echo sub); { echo group; }", "sub\ngroup\n"],
];

for (const [script, output, code = 0, seconds = 0] of SCRIPTS) {
  Deno.test(`shell: ${script}`, async () => {
    const run = start(["sh", "-c", script], { env: { HOME: "/root" } });
    const begin = run.clock.now();
    assert.equal(await run.clock.settle(), true);
    assert.deepEqual([run.output(), run.ended()?.code], [output, code]);
    assert.equal(Math.floor((run.clock.now() - begin) / 1000), seconds);
  });
}

Deno.test("shell: a loop without an end is a steady state, even where it never waits", async () => {
  for (const script of ["while true; do sleep 5; done", "while true; do :; done"]) {
    const run = start(["sh", "-c", script]);
    assert.equal(await run.clock.settle(), true);
    await run.clock.advance(60_000);
    assert.equal(run.ended(), undefined);
    run.process.signal("SIGKILL");
    assert.deepEqual(run.ended(), { code: 137 });
  }
});

Deno.test("shell: a first process ignores what it does not handle", async () => {
  const deaf = start(["sleep", "600"]);
  deaf.process.signal("SIGTERM");
  await deaf.clock.advance(1000);
  assert.equal(deaf.ended(), undefined);
  const polite = start(["sh", "-c", "trap 'echo bye; exit 0' TERM; while true; do sleep 1; done"]);
  await polite.clock.advance(1000);
  polite.process.signal("SIGTERM");
  await polite.clock.advance(1000);
  assert.deepEqual([polite.output(), polite.ended()], ["bye\n", { code: 0 }]);
});

Deno.test("runtime: a server serves until it is told to stop", async () => {
  const { clock, process, ended } = container("nginx:1.27");
  await clock.advance(10);
  const page = await process.http({ port: 80, path: "/", headers: {}, https: false });
  assert.match(page!.body, /Welcome to nginx!/);
  assert.deepEqual([process.listens(80), process.listens(81)], [true, false]);
  process.signal("SIGTERM");
  await clock.advance(10);
  assert.deepEqual(ended(), { code: 0 });
  assert.equal(process.listens(80), false);
});

Deno.test("runtime: a database without a password says what it needs", async () => {
  const { clock, output, ended } = container("postgres:17");
  await clock.advance(10);
  assert.match(output(), /superuser password is not specified/);
  assert.equal(ended()?.code, 1);
});

Deno.test("runtime: memory beyond the limit", async () => {
  const { clock, ended } = start(["sh", "-c", "x=a; while true; do x=$x$x; done"], { memoryLimit: 10 << 20 });
  await clock.advance(1000);
  assert.deepEqual(ended(), { code: 137, outOfMemory: true });
});

Deno.test("runtime: a program that is not there", () => {
  assert.throws(() => start(["pyhton"]), new StartError('exec: "pyhton": executable file not found in $PATH'));
  assert.throws(
    () => start(["/bin/nope"]),
    new StartError('exec: "/bin/nope": stat /bin/nope: no such file or directory'),
  );
});
