import assert from "node:assert/strict";
import { compareTranscript } from "../../../checks/notes/transcript/compare.ts";

function told(shown: string, stdout: string, diverged = false): string[] {
  const lines = shown.split("\n").map((text, i) => ({ text, line: i + 1, column: 1 }));
  return compareTranscript(lines, { code: 0, stdout, stderr: "" }, { diverged }).map(({ line, column, message }) =>
    `${line}:${column} ${message}`
  );
}

const PODS =
  "NAME                   READY   STATUS    RESTARTS   AGE\nweb-6d4cf56db6-x2k9p   1/1     Running   0          3s\n";

Deno.test("what differs from run to run is nothing", async (t) => {
  const cases: Record<string, [string, string]> = {
    "ages, hashes, widths": ["NAME  READY  STATUS  RESTARTS  AGE\nweb-5f9b8c7d44-abcde  1/1  Running  2  40d", PODS],
    "a pod on its way": [
      "NAME  READY  STATUS  RESTARTS  AGE\nweb-5f9b8c7d44-abcde  0/1  ContainerCreating  0  1s",
      PODS,
    ],
    "rows of objects that nobody made": ["NAME  READY  STATUS  RESTARTS  AGE\nother  2/2  Running  0  1s", PODS],
    "columns that were cut away": ["NAME  STATUS\nweb-5f9b8c7d44-abcde  Running", PODS],
    "something left out": ["NAME  READY  GONE\n...", PODS],
    "another API group": ["deployment.extensions/web scaled", "deployment.apps/web scaled\n"],
    "the older form": ['pod "web" deleted', 'pod "web" deleted from default namespace\n'],
    "created before": ["service/web created", "service/web configured\n"],
    "node ports": [
      "NAME  TYPE  PORT(S)\nweb  NodePort  80:31234/TCP",
      "NAME   TYPE       CLUSTER-IP   PORT(S)\nweb    NodePort   10.1.2.3     80:30001/TCP\n",
    ],
    "other output": ["Name: web\nNamespace: prod", "Name: web\nNamespace: default\n"],
    "nothing there": ["NAME  READY\nweb  1/1", ""],
  };
  for (const [name, [shown, real]] of Object.entries(cases)) {
    await t.step(name, () => assert.deepEqual(told(shown, real), []));
  }
});

Deno.test("what contradicts is told at its place", async (t) => {
  const cases: Record<string, [string, string, string[]]> = {
    "a column": ["NAME  DESIRED  STATUS", PODS, ["1:7 DESIRED is not among NAME, READY, STATUS, RESTARTS, AGE"]],
    "containers": ["NAME  READY  STATUS\nweb-5f9b8c7d44-abcde  3/3  Running", PODS, ["2:23 READY: 3/3, not 1/1"]],
    "a status": ["NAME  READY  STATUS\nweb-5f9b8c7d44-abcde  1/1  Completed", PODS, [
      "2:28 STATUS: Completed, not Running",
    ]],
    "a misspelt status": ["NAME  READY  STATUS\nother  1/1  Runing", PODS, ["2:13 Runing is no status"]],
    "what was made": ["deployment.apps/web created", "pod/web created\n", [
      "1:1 deployment.apps/web created, not pod/web created",
    ]],
    "what was done": ["deployment.apps/web edited", "deployment.apps/web scaled\n", [
      "1:1 deployment.apps/web edited, not deployment/web scaled",
    ]],
  };
  for (const [name, [shown, real, expected]] of Object.entries(cases)) {
    await t.step(name, () => assert.deepEqual(told(shown, real), expected));
  }
});

Deno.test("once the cluster is another than the note's, only the form counts", () => {
  assert.deepEqual(told("NAME  READY  STATUS\nweb-5f9b8c7d44-abcde  3/3  Running", PODS, true), []);
  assert.equal(told("NAME  DESIRED  STATUS", PODS, true).length, 1);
});
