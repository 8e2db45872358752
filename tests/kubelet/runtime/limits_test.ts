/** What a container does to itself, it does to nobody else. */
import assert from "node:assert/strict";
import type { VolumeContent } from "../../../cluster/memory/kubelet/runtime/runtime.ts";
import { container } from "./container.ts";

/** How often the event loop went round while `work` was done: as often, others had their turn. */
async function turnsDuring(work: () => Promise<unknown>): Promise<number> {
  let turns = 0;
  let counting = true;
  const count = () => {
    turns++;
    if (counting) setImmediate(count);
  };
  setImmediate(count);
  await work();
  counting = false;
  return turns;
}

Deno.test("limits: a fork bomb finds no more processes", async () => {
  const { clock, exec, output } = container("busybox:1.36", ["sh", "-c", "b() { b | b & }; b; sleep infinity"]);
  await clock.advance(5_000);
  assert.match(output(), /can't fork: Resource temporarily unavailable/);
  assert.equal((await exec(["sh", "-c", "kill -9 1; echo alive"])).text.endsWith("alive\n"), true);
});

Deno.test("limits: who never waits gives others their turn", async (t) => {
  const scripts = [
    "while true; do :; done",
    "read x < /dev/zero",
    "while read -n1 x; do :; done < /dev/zero",
    "cat /dev/zero",
    "yes > /dev/null",
    "yes | grep n",
    "while true; do echo line >> /f; done",
    "while true; do set -- $@ a b c; done",
    "for x in $(seq 20000); do y=$y$x; done",
  ];
  for (const script of scripts) {
    await t.step(script, async () => {
      const { clock, process } = container("busybox:1.36", ["sh", "-c", script]);
      const turns = await turnsDuring(() => clock.advance(2_000));
      assert.ok(turns > 20, `${turns} turns`);
      process.signal("SIGKILL");
    });
  }
});

Deno.test("limits: a container without a limit does not take all memory", async () => {
  const { clock, ended } = container("busybox:1.36", ["sh", "-c", "x=a; while true; do x=$x$x; done"]);
  await clock.advance(60_000);
  assert.deepEqual(ended(), { code: 137, outOfMemory: true });
});

Deno.test("limits: a disk is full at some point", async () => {
  const { exec } = container("busybox:1.36", ["sleep", "infinity"]);
  const { text } = await exec(["dd", "if=/dev/zero", "of=/big", "bs=1M", "count=1000"]);
  assert.match(text, /No space left on device/);
});

Deno.test("limits: a pattern takes no more time than its text is long", async () => {
  const { exec } = container("debian:12", ["sleep", "infinity"]);
  const text = "a".repeat(5_000);
  // With a pattern that goes back and forth, none of these would end.
  for (
    const [script, code] of [
      [`[[ ${text}! =~ ^(a+)+$ ]]`, 1],
      [`case ${text}b in *a*a*a*a*c) ;; *) exit 3 ;; esac`, 3],
      [`echo ${text}! | grep -E '^(a+)+$'`, 1],
      [`echo ${text}! | sed -E 's/^(a+)+$/x/' | grep -c x`, 1],
      [`echo ${text}! | awk '/^(a+)+$/ {exit 5}'`, 0],
      [`expr ${text}! : '\\(a*\\)*c'`, 1],
    ] as const
  ) assert.equal((await exec(["bash", "-c", script])).code, code, script.slice(-30));
});

Deno.test("limits: too much memory ends the container", async () => {
  for (const command of [["tail", "/dev/zero"], ["sh", "-c", "x=$(head -c 30M /dev/zero | tr '\\0' a); sleep 5"]]) {
    const { clock, ended } = container("busybox:1.36", command, { memoryLimit: 16 << 20 });
    await clock.advance(120_000);
    assert.deepEqual(ended(), { code: 137, outOfMemory: true });
  }
});

Deno.test("files: mounts are shared, and read only where they are", async () => {
  const volume: VolumeContent = { files: new Map<string, string>([["app.conf", "a=1\n"]]) };
  const mount = { path: "/data", volume };
  const writer = container("busybox:1.36", ["sleep", "infinity"], { mounts: [{ ...mount, readOnly: false }] });
  const reader = container("busybox:1.36", ["sleep", "infinity"], { mounts: [{ ...mount, readOnly: true }] });
  await writer.exec(["sh", "-c", "mkdir /data/logs; echo line >> /data/logs/x"]);
  assert.equal((await reader.exec(["sh", "-c", "cat /data/app.conf /data/logs/x"])).text, "a=1\nline\n");
  const refused = await reader.exec(["sh", "-c", "echo x > /data/new"]);
  assert.deepEqual([refused.text, refused.code], ["sh: can't create /data/new: Read-only file system\n", 1]);
  volume.files.set("app.conf", "a=2\n");
  assert.equal((await reader.exec(["cat", "/data/app.conf"])).text, "a=2\n");
});

Deno.test("files: a read-only root, and a user who may not write", async () => {
  const sealed = container("busybox:1.36", ["sleep", "infinity"], { readOnlyRoot: true });
  assert.match((await sealed.exec(["touch", "/x"])).text, /Read-only file system/);
  const guest = container("busybox:1.36", ["sleep", "infinity"], { user: 1000 });
  assert.match((await guest.exec(["touch", "/x"])).text, /Permission denied/);
  assert.equal((await guest.exec(["touch", "/tmp/x"])).code, 0);
  assert.equal((await guest.exec(["id"])).text, "uid=1000 gid=1000 groups=1000\n");
});

Deno.test("time: background jobs, traps and timeouts are the clock's", async () => {
  const { clock, output, ended } = container("busybox:1.36", [
    "sh",
    "-c",
    "trap 'echo bye; exit 0' TERM; (sleep 2; echo job) & sleep 1; echo first; wait; timeout 3 sleep 60; echo $?; date +%M:%S",
  ]);
  await clock.settle();
  assert.equal(output(), "first\njob\n143\n00:05\n");
  assert.equal(ended()?.code, 0);
});

Deno.test("files: who walks through all folders comes to an end", async () => {
  const { exec } = container("busybox:1.36", ["sleep", "infinity"]);
  for (const script of ["ls -R / | tail -n 1", "find / -name hosts", "du -s / | cut -f2", "grep -rl localhost /etc"]) {
    const { text, code } = await exec(["sh", "-c", script]);
    assert.equal(code, 0, script);
    assert.notEqual(text, "", script);
  }
});
