/** The rows of pods, after the cases of Kubernetes' own printers. */
import assert from "node:assert/strict";
import { podTable } from "../../../../cluster/memory/kinds/core/pod/columns.ts";
import type { ContainerStatus, Pod, PodSpec, PodStatus } from "../../../../cluster/memory/kinds/schema/types.ts";

const NOW = Date.UTC(2026, 0, 1, 12);
const ago = (seconds: number) => new Date(NOW - seconds * 1000).toISOString();

interface Case {
  readonly name: string;
  readonly containers?: number;
  readonly spec?: Partial<PodSpec>;
  readonly status: Partial<PodStatus>;
  readonly deleted?: boolean;
  /** READY, STATUS, RESTARTS. */
  readonly row: readonly [string, string, string];
}

type State = Partial<ContainerStatus>;
const status = (name: string, more: State): ContainerStatus =>
  ({ name, image: "x", imageID: "", ready: false, restartCount: 0, ...more }) as ContainerStatus;
const running: State = { ready: true, state: { running: {} } };
const waiting = (reason: string, more: State = {}): State => ({ state: { waiting: { reason } }, ...more });
const ended = (exitCode: number, reason = "", more: object = {}): State => ({
  state: { terminated: { exitCode, ...reason === "" ? {} : { reason }, ...more } },
});
const sidecar = (name: string) => ({ name, image: "x", resources: {}, restartPolicy: "Always" });
const init = (name: string) => ({ name, image: "x", resources: {} });

const CASES: readonly Case[] = [
  { name: "pending", status: { phase: "Pending" }, row: ["0/1", "Pending", "0"] },
  {
    name: "gated",
    status: {
      phase: "Pending",
      conditions: [{ type: "PodScheduled", status: "False", reason: "SchedulingGated" }],
    },
    row: ["0/1", "SchedulingGated", "0"],
  },
  { name: "the pod's own reason", status: { phase: "Failed", reason: "Evicted" }, row: ["0/1", "Evicted", "0"] },
  {
    name: "running",
    containers: 2,
    status: { phase: "Running", containerStatuses: [status("a", running), status("b", running)] },
    row: ["2/2", "Running", "0"],
  },
  {
    name: "restarted a while ago",
    status: {
      phase: "Running",
      containerStatuses: [
        status("a", {
          ...running,
          restartCount: 3,
          lastState: { terminated: { exitCode: 1, finishedAt: ago(10) } },
        }),
      ],
    },
    row: ["1/1", "Running", "3 (10s ago)"],
  },
  {
    name: "the first container's state is shown",
    containers: 2,
    status: {
      phase: "Pending",
      containerStatuses: [status("a", waiting("ErrImagePull")), status("b", waiting("ContainerCreating"))],
    },
    row: ["0/2", "ErrImagePull", "0"],
  },
  {
    name: "crashing",
    status: { phase: "Running", containerStatuses: [status("a", waiting("CrashLoopBackOff", { restartCount: 2 }))] },
    row: ["0/1", "CrashLoopBackOff", "2"],
  },
  {
    name: "ended by a signal",
    status: { phase: "Running", containerStatuses: [status("a", ended(137, "", { signal: 9 }))] },
    row: ["0/1", "Signal:9", "0"],
  },
  {
    name: "ended without a reason",
    status: { phase: "Running", containerStatuses: [status("a", ended(3))] },
    row: ["0/1", "ExitCode:3", "0"],
  },
  {
    name: "one ended well, the other goes on",
    containers: 2,
    status: {
      phase: "Running",
      containerStatuses: [status("a", ended(0, "Completed")), status("b", running)],
      conditions: [{ type: "Ready", status: "True" }],
    },
    row: ["1/2", "Running", "0"],
  },
  {
    name: "one ended well, the other goes on, but the pod is not ready",
    containers: 2,
    status: { phase: "Running", containerStatuses: [status("a", ended(0, "Completed")), status("b", running)] },
    row: ["1/2", "NotReady", "0"],
  },
  {
    name: "one ended well, the other did not",
    containers: 2,
    status: {
      phase: "Failed",
      containerStatuses: [status("a", ended(0, "Completed")), status("b", ended(1, "Error"))],
    },
    row: ["0/2", "Error", "0"],
  },
  {
    name: "being deleted",
    deleted: true,
    status: { phase: "Running", containerStatuses: [status("a", running)] },
    row: ["1/1", "Terminating", "0"],
  },
  {
    name: "being deleted on a lost node",
    deleted: true,
    status: { phase: "Running", reason: "NodeLost" },
    row: ["0/1", "Unknown", "0"],
  },
  {
    name: "ended and being deleted",
    deleted: true,
    status: { phase: "Succeeded", containerStatuses: [status("a", ended(0, "Completed"))] },
    row: ["0/1", "Completed", "0"],
  },
  {
    name: "the second init container runs",
    spec: { initContainers: [init("i1"), init("i2")] },
    status: {
      phase: "Pending",
      initContainerStatuses: [status("i1", ended(0, "Completed")), status("i2", { state: { running: {} } })],
    },
    row: ["0/1", "Init:1/2", "0"],
  },
  {
    name: "an init container crashes",
    spec: { initContainers: [init("i1")] },
    status: {
      phase: "Pending",
      initContainerStatuses: [status("i1", waiting("CrashLoopBackOff", { restartCount: 4 }))],
    },
    row: ["0/1", "Init:CrashLoopBackOff", "4"],
  },
  {
    name: "an init container failed",
    spec: { initContainers: [init("i1")] },
    status: { phase: "Pending", initContainerStatuses: [status("i1", ended(2))] },
    row: ["0/1", "Init:ExitCode:2", "0"],
  },
  {
    name: "a sidecar counts",
    spec: { initContainers: [sidecar("s")] },
    status: {
      phase: "Running",
      initContainerStatuses: [status("s", { ...running, started: true, restartCount: 1 })],
      containerStatuses: [status("a", running)],
    },
    row: ["2/2", "Running", "1"],
  },
  {
    name: "a sidecar is starting",
    spec: { initContainers: [sidecar("s")] },
    status: { phase: "Pending", initContainerStatuses: [status("s", { started: false, state: { running: {} } })] },
    row: ["0/2", "Init:0/1", "0"],
  },
  {
    name: "restarts of init containers that have ended do not count",
    spec: { initContainers: [init("i1")] },
    status: {
      phase: "Running",
      initContainerStatuses: [status("i1", { ...ended(0, "Completed"), restartCount: 5 })],
      containerStatuses: [status("a", running)],
    },
    row: ["1/1", "Running", "0"],
  },
];

function pod({ containers = 1, spec, status, deleted }: Omit<Case, "name" | "row">): Pod {
  const names = ["a", "b", "c"].slice(0, containers);
  return {
    metadata: { name: "p", creationTimestamp: ago(300), ...deleted ? { deletionTimestamp: ago(5) } : {} },
    spec: { containers: names.map((name) => ({ name, image: "x", resources: {} })), ...spec },
    status,
  } as Pod;
}

for (const { name, row, ...given } of CASES) {
  Deno.test(`pod row: ${name}`, () => {
    assert.deepEqual(podTable.cells(pod(given), NOW).slice(0, 5), ["p", ...row, "5m"]);
  });
}

Deno.test("pod row: wide", () => {
  const wide = pod({
    spec: { nodeName: "node01", readinessGates: [{ conditionType: "a/b" }, { conditionType: "a/c" }] },
    status: {
      podIPs: [{ ip: "10.0.0.1" }],
      nominatedNodeName: "node02",
      conditions: [{ type: "a/b", status: "True" }, { type: "a/c", status: "False" }],
    },
  });
  assert.deepEqual(podTable.cells(wide, NOW).slice(5), ["10.0.0.1", "node01", "node02", "1/2"]);
  assert.deepEqual(podTable.cells(pod({ status: {} }), NOW).slice(5), ["<none>", "<none>", "<none>", "<none>"]);
  assert.equal(podTable.columns.length, 9);
});

Deno.test("pods that have ended are marked", () => {
  const reasons = ["Pending", "Running", "Succeeded", "Failed"]
    .map((phase) => podTable.conditions!(pod({ status: { phase } })).map(({ reason }) => reason));
  assert.deepEqual(reasons, [[], [], ["Succeeded"], ["Failed"]]);
});
