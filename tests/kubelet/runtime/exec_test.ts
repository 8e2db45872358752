/** Commands in a running container: input, terminal, archives, signals. */
import assert from "node:assert/strict";
import { container, typed } from "./container.ts";

const IDLE = ["sleep", "infinity"];

Deno.test("exec: the input is the command's", async () => {
  const { exec } = container("busybox:1.36", IDLE);
  assert.deepEqual(await exec(["cat"], { stdin: typed("some ", "text\n") }).then(({ text, code }) => [text, code]), [
    "some text\n",
    0,
  ]);
  assert.equal((await exec(["sh"], { stdin: typed("x=1\nif true; then\necho $x\nfi\nexit 7\n") })).code, 7);
  assert.equal((await exec(["wc", "-c"], { stdin: typed("12345") })).text.trim(), "5");
});

Deno.test("exec: hostname knows the full name that /etc/hosts has", async () => {
  const hosts = "127.0.0.1\tlocalhost\n10.244.1.2\tp.db.default.svc.cluster.local\tp\n";
  const { exec } = container("busybox:1.36", IDLE, { hosts });
  const said = async (...args: string[]) => (await exec(["hostname", ...args])).text.trim();
  assert.deepEqual(
    [await said(), await said("-f"), await said("-d"), await said("-i")],
    ["p", "p.db.default.svc.cluster.local", "db.default.svc.cluster.local", "10.244.1.2"],
  );
  const plain = container("busybox:1.36", IDLE);
  assert.equal((await plain.exec(["hostname", "-f"])).text, "p\n");
});

Deno.test("exec: a shell on a terminal prompts, echoes and edits", async () => {
  const { exec } = container("busybox:1.36", IDLE);
  const { text, code } = await exec(["sh"], { tty: true, stdin: typed("echo ab\x7fc\r", "exit 3\r") });
  // What is typed ahead is echoed before the shell says anything.
  assert.equal(text, "echo ab\b \bc\r\nexit 3\r\n/ # ac\r\n/ # ");
  assert.equal(code, 3);
});

Deno.test("exec: Ctrl-C ends what runs, and not the shell", async () => {
  const { exec, clock, process } = container("busybox:1.36", IDLE);
  await clock.settle();
  let text = "";
  let code: number | undefined;
  let send!: (keys: string) => void;
  const stdin = new ReadableStream<Uint8Array>({
    start(controller) {
      send = (keys) => controller.enqueue(new TextEncoder().encode(keys));
    },
  });
  const write = (more: string) => void (text += more);
  process.exec(["sh"], { stdout: write, stderr: write }, { tty: true, stdin }).onExit((status) => code = status.code);
  for (const keys of ["sleep 100\r", "\x03", "echo $?\r", "while true; do sleep 1; done\r", "\x03", "\x04"]) {
    await clock.advance(50);
    send(keys);
  }
  await clock.advance(50);
  assert.match(text, /\^C\r\n\/ # echo \$\?\r\n130\r\n/);
  assert.equal(code, 130);
  assert.equal((await exec(["true"])).code, 0);
});

Deno.test("exec: archives come out as they went in", async () => {
  const { exec } = container("nginx:1.27");
  const bytes = Uint8Array.from({ length: 5000 }, (_, i) => (i * 7) % 256);
  await exec(["sh", "-c", "cat > /tmp/data"], { stdin: typed(bytes) });
  const packed = await exec(["tar", "cf", "-", "-C", "/tmp", "data"]);
  assert.equal(packed.bytes.length % 512, 0);
  await exec(["mkdir", "/copy"]);
  assert.equal((await exec(["tar", "-xmf", "-", "-C", "/copy"], { stdin: typed(packed.bytes) })).code, 0);
  assert.deepEqual((await exec(["cat", "/copy/data"])).bytes, bytes);
});

Deno.test("attach: what a client types reaches the first process", async () => {
  const { process, clock, output, ended } = container("busybox:1.36", ["sh"], { stdin: true, stdinOnce: true });
  await clock.settle();
  assert.equal(ended(), undefined);
  let seen = "";
  const write = (text: string) => void (seen += text);
  process.attach({ stdout: write, stderr: write }, { stdin: typed("echo hello\n") });
  await clock.settle();
  assert.deepEqual([seen, output(), ended()?.code], ["hello\n", "hello\n", 0]);
});

Deno.test("exec: what find runs has time, the variables, and ends with it", async () => {
  const { exec, clock, process } = container("busybox:1.36", IDLE);
  const begin = clock.now();
  const slow = await exec(["sh", "-c", "export word=hello; find /etc/hostname -exec sh -c 'sleep 2; echo $word' \\;"]);
  assert.deepEqual([slow.text, slow.code], ["hello\n", 0]);
  assert.ok(clock.now() - begin >= 2000);
  const session = process.exec(["find", "/etc/hostname", "-exec", "sleep", "100", ";"], { stdout() {}, stderr() {} });
  await clock.advance(1000);
  session.signal("SIGTERM");
  await clock.settle();
  assert.equal((await exec(["pgrep", "sleep"])).text, "1\n");
});

Deno.test("kill: signal 0 only asks, and nobody inside kills the first process", async () => {
  const { exec, clock, process, ended } = container("busybox:1.36", IDLE);
  const pid = (await exec(["sh", "-c", "sleep 1d & echo $!"])).text.trim();
  const codes = async (...commands: readonly string[][]) =>
    await Promise.all(commands.map(async (command) => (await exec(command)).code));
  assert.deepEqual(await codes(["kill", "-0", pid], ["sh", "-c", `kill -0 ${pid}`]), [0, 0]);
  assert.deepEqual(await codes(["kill", "-9", "1"], ["sh", "-c", "kill -s KILL 1"], ["pkill", "-9", "sleep"]), [
    0,
    0,
    0,
  ]);
  assert.deepEqual(await codes(["kill", "-0", pid], ["sh", "-c", `kill -0 ${pid}`]), [1, 1]);
  process.signal("SIGKILL");
  await clock.settle();
  assert.equal(ended()?.code, 137);
});
