import assert from "node:assert/strict";
import type { LogOptions } from "../../../cluster/memory/api/streaming/kubelet_connection.ts";
import { logOptions } from "../../../cluster/memory/api/streaming/pod_log.ts";
import { ContainerLog } from "../../../cluster/memory/kubelet/container_log.ts";
import { loggedContainer, readLog } from "../../../cluster/memory/kubelet/server/container_logs.ts";
import type { PodStatus } from "../../../cluster/memory/kinds/schema/types.ts";

const options = (query = ""): LogOptions => ({ ...logOptions("web", new URLSearchParams(query)), container: "app" });

/** Three lines, a second apart from 10 s on. */
function someLog() {
  let now = 10_000;
  const log = new ContainerLog(() => now);
  log.write("stdout", "one\ntw");
  now += 1000;
  log.write("stdout", "o\n");
  now += 1000;
  log.write("stderr", "three\n");
  return log;
}

function read(log: ContainerLog, query: string, onEnd: (ended: () => void) => void = (ended) => ended()) {
  let [text, ended] = ["", false];
  const reader = readLog(log, options(query), 12_000, onEnd);
  reader.start((chunk) => text += chunk, () => ended = true);
  return { text: () => text, ended: () => ended, stop: () => reader.stop() };
}

Deno.test("what is asked for is what is read", async (t) => {
  const cases: [string, string][] = [
    ["", "one\ntwo\nthree\n"],
    ["tailLines=1", "three\n"],
    ["tailLines=0", ""],
    ["sinceSeconds=1", "two\nthree\n"],
    ["sinceTime=1970-01-01T00:00:12Z", "three\n"],
    ["stream=Stderr", "three\n"],
    ["limitBytes=5", "one\nt"],
    ["timestamps=true&tailLines=1", "1970-01-01T00:00:12.000000000Z three\n"],
  ];
  for (const [query, expected] of cases) {
    await t.step(query, () => assert.equal(read(someLog(), query).text(), expected));
  }
});

Deno.test("a followed log goes on until the container ends or the client leaves", () => {
  const log = someLog();
  let end = () => {};
  const followed = read(log, "follow=true&tailLines=1", (ended) => end = ended);
  log.write("stdout", "four\n");
  assert.equal(followed.text(), "three\nfour\n");
  assert.equal(followed.ended(), false);
  end();
  assert.equal(followed.ended(), true);

  const left = read(log, "follow=true&tailLines=0", () => {});
  left.stop();
  log.write("stdout", "five\n");
  assert.equal(left.text(), "");
});

Deno.test("a log that cannot be read says why", async (t) => {
  const status = (state: object, lastState: object = {}): PodStatus => ({
    containerStatuses: [{ name: "app", image: "", imageID: "", ready: false, restartCount: 0, state, lastState }],
  } as PodStatus);
  const waiting = (reason: string) => status({ waiting: { reason } });
  const what = 'container "app" in pod "web"';
  const cases: [string, PodStatus, string, string][] = [
    ["unknown", {}, "", `${what} is not available`],
    ["creating", waiting("ContainerCreating"), "", `${what} is waiting to start: ContainerCreating`],
    ["pulling", waiting("ImagePullBackOff"), "", `${what} is waiting to start: trying and failing to pull image`],
    ["no previous", status({ running: {} }), "previous=true", `previous terminated ${what} not found`],
  ];
  for (const [name, podStatus, query, message] of cases) {
    await t.step(name, () => assert.throws(() => loggedContainer(podStatus, "web", options(query)), { message }));
  }
  const crashed = status({ waiting: { reason: "CrashLoopBackOff" } }, {
    terminated: { exitCode: 1, containerID: "c://1" },
  });
  assert.equal(loggedContainer(crashed, "web", options()), "c://1");
});

Deno.test("nonsense in the query is refused", () => {
  assert.throws(() => options("tailLines=x"), /invalid syntax/);
  assert.throws(() => options("tailLines=-1"), /tailLines: Invalid value: -1: must be greater than or equal to 0/);
  assert.throws(() => options("sinceSeconds=5&sinceTime=2026-01-01T00:00:00Z"), /at most one of/);
});
