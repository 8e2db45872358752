/** Memory clusters in processes of their own: up, status, down, run. */
import assert from "node:assert/strict";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as delay } from "node:timers/promises";
import { newPerson, type Person } from "./drydock.ts";

const POSIX = Deno.build.os !== "windows";
/** A program that is there wherever Deno is. */
const script = (code: string) => ["--", process.execPath, "eval", code];

/** Whether a process is there. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function gone(pid: number): Promise<boolean> {
  for (let i = 0; i < 100 && lives(pid); i++) await delay(50);
  return !lives(pid);
}

/** Whatever a test does, no cluster outlives it. */
function test(name: string, body: (person: Person) => Promise<void>) {
  Deno.test(name, async () => {
    const person = await newPerson();
    try {
      await body(person);
    } finally {
      await person.drydock("down", "--all");
    }
  });
}

test("up leaves a cluster that answers, with a kubeconfig for its owner only; down takes it away", async ({ drydock, state }) => {
  const up = await drydock("up", "--json");
  assert.equal(up.code, 0, up.stderr);
  const { server, kubeconfig, context, pid, nodes } = JSON.parse(up.stdout);
  assert.match(server, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.equal(context, "drydock");
  assert.deepEqual(nodes, ["controlplane", "node01", "node02"]);
  assert.ok(lives(pid));
  if (POSIX) assert.equal((await stat(kubeconfig)).mode & 0o777, 0o600);
  const text = await readFile(kubeconfig, "utf8");
  assert.match(text, /current-context: drydock\n/);
  assert.match(text, /client-certificate-data/);

  const [status] = JSON.parse((await drydock("status", "--json")).stdout);
  assert.deepEqual([status.server, status.running], [server, true]);
  const again = await drydock("up");
  assert.equal(again.code, 0);
  assert.match(again.stderr, /running already/);
  assert.equal(again.stdout, `export KUBECONFIG=${kubeconfig}\n`);

  const down = await drydock("down");
  assert.deepEqual([down.code, down.stdout], [0, "Memory cluster drydock is stopped.\n"]);
  assert.ok(await gone(pid));
  assert.deepEqual(await readdir(join(state, "clusters")), []);
  assert.deepEqual((await drydock("down")).stdout, "Memory cluster drydock was not running.\n");
});

test("several clusters stand beside each other by name, with the nodes and the token asked for", async ({ drydock, state }) => {
  const own = join(state, "own", "kubeconfig");
  const options = ["--name", "exam", "--nodes", "alpha", "--token", "secret", "--kubeconfig", own, "--json"];
  const exam = JSON.parse((await drydock("up", ...options)).stdout);
  const plain = JSON.parse((await drydock("up", "--components", "api", "--json")).stdout);
  assert.deepEqual([exam.context, exam.nodes, exam.kubeconfig], ["drydock-exam", ["controlplane", "alpha"], own]);
  assert.deepEqual(plain.nodes, []);

  const [authority] = /certificate-authority-data: (\S+)/.exec(await readFile(own, "utf8"))!.slice(1);
  using client = Deno.createHttpClient({ caCerts: [atob(authority)] });
  const answer = await fetch(`${exam.server}/api/v1/namespaces`, {
    client,
    headers: { authorization: "Bearer secret" },
  });
  assert.equal(answer.status, 200);
  await answer.body?.cancel();
  const stranger = await fetch(`${exam.server}/api/v1/namespaces`, {
    client,
    headers: { authorization: "Bearer other" },
  });
  assert.equal(stranger.status, 401);
  await stranger.body?.cancel();

  assert.deepEqual(JSON.parse((await drydock("down", "--all", "--json")).stdout).stopped.sort(), ["drydock", "exam"]);
  await assert.rejects(stat(own));
});

test("what a cluster that was killed leaves is told, and taken away", async ({ drydock, state }) => {
  const own = join(state, "own");
  const { pid } = JSON.parse((await drydock("up", "--kubeconfig", own, "--json")).stdout);
  process.kill(pid, "SIGKILL");
  assert.ok(await gone(pid));
  assert.match((await drydock("status")).stdout, /ended without cleaning up/);
  await drydock("down");
  await assert.rejects(stat(own));
  const again = JSON.parse((await drydock("up", "--json")).stdout);
  assert.notEqual(again.pid, pid);
});

Deno.test("run gives a command a cluster, its exit code comes back, and nothing stays", async () => {
  const { drydock, state } = await newPerson();
  const ran = await drydock(
    "run",
    ...script(`
    const text = Deno.readTextFileSync(Deno.env.get("KUBECONFIG"));
    console.log(JSON.stringify({ text, kubeconfig: Deno.env.get("KUBECONFIG") }));
    Deno.exit(7);
  `),
  );
  assert.equal(ran.code, 7, ran.stderr);
  assert.equal(ran.stderr, "");
  const { text, kubeconfig } = JSON.parse(ran.stdout);
  assert.match(text, /current-context: drydock\n/);
  await assert.rejects(stat(kubeconfig));
  // The keys are kept for the next time, for their owner only.
  assert.deepEqual(await readdir(state), ["keys"]);
  const [key] = (await readdir(join(state, "keys", "run"))).filter((name) => name.endsWith(".key"));
  if (POSIX) assert.equal((await stat(join(state, "keys", "run", key))).mode & 0o777, 0o600);
});

Deno.test("run hands signals on, and the command decides what they mean", { ignore: !POSIX }, async () => {
  const { drydockWith } = await newPerson();
  const ran = await drydockWith([
    "run",
    ...script(`
    Deno.addSignalListener("SIGTERM", () => { console.error("asked to end"); Deno.exit(3); });
    console.error("ready", Deno.env.get("KUBECONFIG"));
    setTimeout(() => {}, 20000);
  `),
  ], { interruptAfter: { text: /^ready .*\n$/, signal: "SIGTERM" } });
  assert.equal(ran.code, 3, ran.stderr);
  assert.match(ran.stderr, /asked to end/);
  await assert.rejects(stat(/ready (.*)/.exec(ran.stderr)![1]));
});

Deno.test("a cluster in the foreground ends with Ctrl-C and leaves nothing", { ignore: !POSIX }, async () => {
  const { drydockWith, state } = await newPerson();
  const ran = await drydockWith(["up", "--foreground"], { interruptAfter: { text: /Ctrl-C/, signal: "SIGINT" } });
  assert.equal(ran.code, 0, ran.stderr);
  assert.deepEqual(await readdir(join(state, "clusters")), []);
});

Deno.test("verify that is interrupted says so and leaves nothing", { ignore: !POSIX }, async () => {
  const { drydockWith, state } = await newPerson();
  const ran = await drydockWith(["verify", "--fresh"], {
    interruptAfter: { text: /^Cluster:.*\n$/, signal: "SIGINT" },
  });
  assert.deepEqual([ran.code, ran.stderr.split("\n").at(-2)], [130, "Interrupted."]);
  assert.deepEqual(await readdir(state), []);
});

test("a start that is interrupted takes back what it made", async ({ drydock, drydockWith }) => {
  if (!POSIX) return;
  const interruptAfter = { text: /^Cluster:.*\n$/, signal: "SIGINT" } as const;
  // Not so fast that the setup is over before the interruption arrives.
  await drydock("up", "--speed", "4");
  const ran = await drydockWith(["start", "deployment-rollback"], { interruptAfter });
  assert.equal(ran.code, 130, ran.stdout);
  await drydock("cleanup");
  assert.match((await drydock("cleanup")).stdout, /There was nothing to remove/);

  await drydock("down");
  assert.equal((await drydockWith(["start", "deployment-rollback"], { interruptAfter })).code, 130);
  assert.match((await drydock("status")).stdout, /No memory cluster is running/);
});

test("where there is no other cluster, start starts one", async ({ drydock }) => {
  const started = await drydock("start", "pod-run", "--json");
  assert.equal(started.code, 0, started.stderr);
  assert.equal(started.stderr, "Cluster: the memory cluster drydock (started, as there was no other).\n");
  assert.equal(JSON.parse((await drydock("status", "--json")).stdout)[0].context, "drydock");
});
