import assert from "node:assert/strict";
import { parseKubectl } from "../../../checks/notes/kubectl/command_line.ts";
import { compareTranscript } from "../../../checks/notes/transcript/compare.ts";

interface Situation {
  readonly command?: string;
  readonly diverged?: boolean;
  readonly older?: boolean;
}

function told(
  shown: string,
  stdout: string,
  { command = "get pods", diverged = false, older = false }: Situation = {},
): string[] {
  const lines = shown.split("\n").map((text, i) => ({ text, line: i + 1, column: 1 }));
  const parsed = parseKubectl(command.split(" "));
  return compareTranscript(lines, parsed, { stdout }, { diverged, older, ownCommand: true }).map((finding) =>
    `${finding.line}:${finding.column} ${finding.message}`
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
    "lines left out": ["NAME  READY\n...\nweb-5f9b8c7d44-abcde  …", PODS],
    "remarks": ["NAME  READY  # columns\nweb-5f9b8c7d44-abcde  1/1  <- ready", PODS],
    "before and after": ["NAME  READY (before)\nweb-5f9b8c7d44-abcde  3/3", PODS],
    "another API group": ["deployment.extensions/web scaled", "deployment.apps/web scaled\n"],
    "the older form": ['pod "web" deleted', 'pod "web" deleted from default namespace\n'],
    "created before": ["service/web created", "service/web configured\n"],
    "node ports": [
      "NAME  TYPE  PORT(S)\nweb  NodePort  80:31234/TCP",
      "NAME   TYPE       CLUSTER-IP   PORT(S)\nweb    NodePort   10.1.2.3     80:30001/TCP\n",
    ],
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
  assert.deepEqual(told("NAME  READY  STATUS\nweb-5f9b8c7d44-abcde  3/3  Running", PODS, { diverged: true }), []);
  assert.equal(told("NAME  DESIRED  STATUS", PODS, { diverged: true }).length, 1);
});

Deno.test("an older version may have had other columns", () => {
  assert.deepEqual(told("NAME  SECRETS  AGE\nrobot  1  2s", "NAME    AGE\nrobot   2s\n", { older: true }), []);
  assert.equal(told("NAME  SECRETS  AGE\nrobot  1  2s", "NAME    AGE\nrobot   2s\n").length, 1);
  assert.equal(told("NAME  STATS\nweb  Running", PODS, { older: true }).length, 1);
});

const DESCRIBED = `Name:             web
Namespace:        lab
Node:             node01/172.30.1.3
Labels:           app=web
                  pod-template-hash=6d4cf56db6
                  tier=front
Status:           Running
Containers:
  web:
    Image:          nginx:1.27
    Port:           80/TCP
    State:          Running
      Started:      Sat, 21 Nov 2026 08:01:14 +0000
    Ready:          True
    Mounts:
      /data from data (rw)
QoS Class:          BestEffort
Events:
  Type    Reason     Age   From               Message
  ----    ------     ----  ----               -------
  Normal  Scheduled  3s    default-scheduler  Successfully assigned lab/web to node01
`;

const YAML = `apiVersion: v1
kind: Pod
metadata:
  creationTimestamp: "2026-11-21T08:01:14Z"
  labels:
    app: web
  name: web
  uid: 0f6b1a7e-1111-2222-3333-444455556666
spec:
  containers:
  - image: nginx:1.27
    name: nginx
    ports:
    - containerPort: 80
  nodeName: node01
  restartPolicy: Always
status:
  phase: Running
  podIP: 10.244.1.2
`;

const EXPLAINED =
  "GROUP:      apps\nKIND:       Deployment\nVERSION:    v1\n\nFIELD: spec <DeploymentSpec>\n\nFIELDS:\n  paused\t<boolean>\n  replicas\t<integer>\n  selector\t<LabelSelector> -required-\n";

const KUBECONFIG =
  "apiVersion: v1\nclusters: []\ncontexts:\n- context:\n    cluster: drydock\n    namespace: lab\n    user: admin\n  name: drydock\nkind: Config\n";

Deno.test("of what commands print about objects, nodes, times and addresses are nothing", async (t) => {
  const cases: Record<string, [command: string, shown: string, real: string]> = {
    "a description": [
      "describe pod web",
      "Name: web\nNode: minikube/192.168.49.2\nIP: 10.1.1.1\nLabels: app=web\nContainers:\n  web:\n    Image: nginx:1.27\n    State: Running\n      Started: Mon, 06 May 2024 12:01:05 +0900",
      DESCRIBED,
    ],
    "fields of older versions": ["describe pod web", "Name: web\nPriority Class Name: none\nPIDs: 3", DESCRIBED],
    "another moment": [
      "describe pod web",
      "Name: web\nStatus: Pending\nContainers:\n  web:\n    Ready: False",
      DESCRIBED,
    ],
    "elisions and remarks": [
      "describe pod web",
      "Name: web\n...\nLabels: app=web   # from the template\n(중략)\nQoS Class: BestEffort <- no requests",
      DESCRIBED,
    ],
    "YAML": [
      "get pod web -o yaml",
      "apiVersion: v1\nkind: Pod\nmetadata:\n  creationTimestamp: null\n  name: web\n  uid: abc\nspec:\n  containers:\n  - name: nginx\n    image: nginx:1.27\n    resources: {}\n  ...\n  nodeName: minikube\nstatus:\n  podIP: 1.2.3.4\n  hostIP: 5.6.7.8",
      YAML,
    ],
    "JSON": ["get pod web -o json", '{"kind": "Pod", "metadata": {"name": "web", "resourceVersion": "7"}}', YAML],
    "YAML that the writer has broken off": ["get pod web -o yaml", "apiVersion: v1\n   kind: Pods\n  - x", YAML],
    "an explanation": [
      "explain deploy.spec",
      "KIND:     Deployment\nVERSION:  apps/v1\n\nRESOURCE: spec <Object>\n\nFIELDS:\n   replicas\t<integer>\n   rollbackTo\t<Object>\n   selector\t<Object> -required-",
      EXPLAINED,
    ],
    "a field": ["get pod web -o jsonpath={.spec.replicas}", "3%", "3"],
    "a field of the cluster's": ["get pod web -o jsonpath={.spec.nodeName}", "minikube", "node01"],
    "a log": [
      "logs web",
      "1: Mon Jan  1 00:00:01 UTC 2024",
      "0: Sat Nov 21 08:01:14 UTC 2026\n1: Sat Nov 21 08:01:15 UTC 2026",
    ],
    "contexts": [
      "config view --minify",
      "apiVersion: v1\ncontexts:\n- context:\n    cluster: kind\n    namespace: lab\n    user: kind\n  name: kind\ncurrent-context: kind",
      KUBECONFIG,
    ],
    "names": ["get pods -o name", "pod/other", "pod/web"],
  };
  for (const [name, [command, shown, real]] of Object.entries(cases)) {
    await t.step(name, () => assert.deepEqual(told(shown, real, { command }), []));
  }
});

Deno.test("of what commands print about objects, contradictions are told", async (t) => {
  const cases: Record<string, [command: string, shown: string, real: string, expected: string[]]> = {
    "described fields": [
      "describe pod web",
      "Name: web\nNamespace: prod\nLabels: app=api\nQoS Class: Burstable",
      DESCRIBED,
      [
        "2:12 Namespace: prod, not lab",
        "3:9 Labels: app=api, not app=web, pod-template-hash=6d4cf56db6, tier=front",
        "4:12 QoS Class: Burstable, not BestEffort",
      ],
    ],
    "a described container": ["describe pod web", "Name: web\nContainers:\n  web:\n    Image: nginx:1.19", DESCRIBED, [
      "4:12 Containers › web › Image: nginx:1.19, not nginx:1.27",
    ]],
    "a container's name": ["describe pod web", "Name: web\nContainers:\n  nginx:", DESCRIBED, [
      "3:3 Containers: nginx, not web",
    ]],
    "a misspelt field": ["describe pod web", "Name: web\nNamespce: lab", DESCRIBED, [
      "2:1 Namespce is not a field of the description",
    ]],
    "a misspelt state": ["describe pod web", "Name: web\nStatus: Runing", DESCRIBED, ["2:9 Runing is no status"]],
    "another object": ["describe pod web", "Name: api", DESCRIBED, ["1:7 Name: api, not web"]],
    "YAML": [
      "get pod web -o yaml",
      "kind: Pod\nmetadata:\n  labels:\n    run: web\nspec:\n  containers:\n  - name: nginx\n    image: httpd\n  restartPolicy: Never",
      YAML,
      [
        "4:5 metadata.labels.run: web, not <none>",
        "8:12 spec.containers.image: httpd, not nginx:1.27",
        "9:18 spec.restartPolicy: Never, not Always",
      ],
    ],
    "JSON": ["get pod web -o json", '{\n  "kind": "Deployment"\n}', YAML, ["2:11 kind: Deployment, not Pod"]],
    "an explanation": [
      "explain deploy.spec",
      "KIND: ReplicaSet\n\nFIELDS:\n   replicas\t<string>\n   replcias\t<integer>",
      EXPLAINED,
      [
        "1:7 KIND: ReplicaSet, not Deployment",
        "4:13 replicas: <string>, not <integer>",
        "5:4 replcias is no field here",
      ],
    ],
    "a field": ["get pod web -o jsonpath={.spec.replicas}", "2", "3", ["1:1 {.spec.replicas}: 2, not 3"]],
    "yes or no": ["auth can-i get pods", "no", "yes", ["1:1 auth can-i: no, not yes"]],
    "a log": ["logs web", "hello", "goodbye", ["1:1 log: hello, not goodbye"]],
    "a context's namespace": ["config view", "contexts:\n- context:\n    namespace: dev\n  name: x", KUBECONFIG, [
      "3:16 contexts.context.namespace: dev, not lab",
    ]],
    "names of another kind": ["get pods -o name", "deployment.apps/web", "pod/web", [
      "1:1 kind: deployment.apps, not pod",
    ]],
  };
  for (const [name, [command, shown, real, expected]] of Object.entries(cases)) {
    await t.step(name, () => assert.deepEqual(told(shown, real, { command }), expected));
  }
});

Deno.test("output that is built to hold the reader up ends in time", async (t) => {
  const long = "a b".repeat(600);
  const texts: Record<string, string> = {
    "fields without a colon": Array(400).fill(long).join("\n"),
    "spaces": Array(400).fill(`${" ".repeat(1900)}x`).join("\n"),
    "dashes": Array(400).fill("- ".repeat(900)).join("\n"),
    "colons": `Name: x\n${Array(400).fill(`${"a:".repeat(900)}`).join("\n")}`,
    "angles": Array(400).fill("a <".repeat(600)).join("\n"),
    "names with random ends": Array(400).fill("pod/" + "a-12345".repeat(250)).join("\n"),
    "remarks": Array(400).fill(`${" ".repeat(900)}#${" ".repeat(900)}#`).join("\n"),
    "nested YAML": Array.from({ length: 500 }, (_, i) => `${" ".repeat(i)}a:`).join("\n"),
    "one line": "x".repeat(1_000_000),
  };
  const commands = ["get pods", "describe pod x", "get pod x -o yaml", "explain pod", "logs x", "get pods -o name"];
  for (const [name, text] of Object.entries(texts)) {
    await t.step(name, () => {
      const start = performance.now();
      for (const command of commands) told(text, text, { command });
      assert.ok(performance.now() - start < 15_000);
    });
  }
});
