import assert from "node:assert/strict";
import { checkNote } from "../../../checks/notes/check_note.ts";
import { inProcessCluster } from "../../../cluster/in_process.ts";

/** Undici leaves a timer of its own behind. */
const options = { sanitizeOps: false, sanitizeResources: false };

async function found(...blocks: string[]) {
  await using cluster = await inProcessCluster();
  const source = blocks.map((block) => `\`\`\`\n${block}\n\`\`\`\n`).join("\n");
  const { findings, counted } = await checkNote("note.md", source, cluster);
  const lines = source.split("\n");
  // What stands at the place that a finding names: a wrong place shows at once.
  const told = findings.map(({ rule, line, column, mend }) =>
    `${rule} @ ${/^[\w.:"/-]+/.exec(lines[line - 1].slice(column - 1))?.[0]}${
      mend?.edit === undefined ? "" : ` → ${mend.edit.replacement}`
    }`
  );
  return { told, findings, counted };
}

const pod = (spec: string) => `apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n${spec}`;
const CONTAINER = "  containers:\n  - name: app\n    image: nginx";

Deno.test("right manifests and commands have no findings", options, async () => {
  const { told, counted } = await found(
    pod(CONTAINER),
    pod(CONTAINER),
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: <pod-name>\n  namespace: {{ns}}\nspec:\n" + CONTAINER,
    "apiVersion:\nkind:\nmetadata:\n\n\nspec:",
    "spec:\n  tolerations:\n  - key: app\n    operator: Exists\n  ...",
    "- containerPort: 8080\n  protocol: TCP",
    "kubectl get pods -o wide\nk describe po web\nkubectl taint nodes <node> key=value:taint-effect",
    "apiVersion: example.com/v1\nkind: Widget\nmetadata:\n  name: w\nspec:\n  size: 1",
    "key: value\nother: thing",
  );
  assert.deepEqual(told, []);
  assert.equal(counted.verified, 3);
});

Deno.test("mistakes in manifests are found where they are, with the mend", options, async (t) => {
  const replicas = (template: string) =>
    `apiVersion: apps/v1\nkind: ReplicaSet\nmetadata:\n  name: rs\nspec:\n  selector:\n    matchLabels: {a: b}\n${template}`;
  const cases: [string, string, string[]][] = [
    ["a misspelt field", pod(`${CONTAINER}\n    ports:\n    - cotainerPort: 80`), [
      "unknown-field @ cotainerPort: → containerPort",
    ]],
    [
      "a field too deep",
      replicas(
        "  template:\n    metadata:\n      labels: {a: b}\n      spec:\n        containers:\n        - {name: c, image: nginx}",
      ),
      ["unknown-field @ spec:"],
    ],
    ["a field too high", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\ncontainers:\n- name: a\n  image: b", [
      "unknown-field @ containers:",
    ]],
    ["plain text in a Secret", "apiVersion: v1\nkind: Secret\nmetadata:\n  name: s\ndata:\n  HOST: mysql", [
      "wrong-type @ mysql → bXlzcWw=",
    ]],
    [
      "plain text that looks like base64",
      "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata:\n  a: root\n  b: cm9vdA==\n  c: my pass",
      [
        "wrong-type @ root → cm9vdA==",
        "wrong-type @ my → bXkgcGFzcw==",
      ],
    ],
    ["a version that is gone", "apiVersion: extensions/v1beta1\nkind: Deployment\nmetadata:\n  name: d", [
      "api-version @ extensions/v1beta1 → apps/v1",
    ]],
    ["a version of another kind", "apiVersion: v1\nkind: Deployment\nmetadata:\n  name: d", [
      "api-version @ v1 → apps/v1",
    ]],
    ["a misspelt kind", "apiVersion: v1\nkind: Servce\nmetadata:\n  name: d", ["api-version @ Servce → Service"]],
    ["a wrong type", "apiVersion: v1\nkind: Service\nmetadata:\n  name: s\nspec:\n  ports:\n  - port: http", [
      "wrong-type @ http",
    ]],
    ["a value that is not taken", pod(`${CONTAINER}\n  restartPolicy: Sometimes`), ["invalid-value @ Sometimes"]],
    ["a key twice", pod(`${CONTAINER}\n    image: httpd`), ["yaml-syntax @ image:"]],
    ["YAML that is none", "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\n   labels: y", [
      "yaml-syntax @ labels: →   ",
      "wrong-type @ y",
    ]],
    ["a tab", "apiVersion: v1\nkind: Pod\nmetadata:\n\tname: x", ["yaml-syntax @ undefined"]],
    [
      "a missing space",
      "kind: Service\napiVersion: v1\nmetadata: {name: s}\nspec:\n  ports:\n  - port: 80\n    targetPort:8080",
      [
        "yaml-syntax @ 8080 →  ",
      ],
    ],
    ["what else is wrong with a manifest", pod("  container:\n  - name: App\n    image: nginx"), [
      "unknown-field @ container: → containers",
      "invalid-value @ App",
    ]],
    ["a supported value", pod(`${CONTAINER}\n  restartPolicy: never`), ["invalid-value @ never → Never"]],
    ["a number in quotes", pod(`${CONTAINER}\n    ports:\n    - containerPort: "80"`), ['wrong-type @ "80" → 80']],
    ["a quantity", pod(`${CONTAINER}\n    resources:\n      limits: {memory: 1GB}`), ["wrong-type @ 1GB"]],
    ["a program's letters", pod(`${CONTAINER}\n    command: [pyhton, app.py]`), ["unknown-program @ pyhton"]],
    ["a fragment's value", "tolerations:\n- key: app\n  operator: Equals", ["invalid-value @ Equals → Equal"]],
    ["a fragment's type", 'securityContext:\n  runAsUser: "1000"', ['wrong-type @ "1000"']],
    ["a fragment's capitals", "livenessProbe:\n  httpget:\n    port: 80", ["unknown-field @ httpget: → httpGet"]],
    ["a fragment", "tolerations:\n- key: app\n  operater: Exists", ["unknown-field @ operater: → operator"]],
    [
      "two manifests in one block",
      `${pod(CONTAINER)}\napiVersion: v1\nkind: Pod\nmetadata:\n  nme: other\nspec:\n${CONTAINER}`,
      [
        "unknown-field @ nme: → name",
      ],
    ],
  ];
  for (const [name, block, expected] of cases) {
    await t.step(name, async () => assert.deepEqual((await found(block)).told, expected));
  }
});

Deno.test("mistakes in commands are found where they are, with the mend", options, async (t) => {
  const cases: [string, string[]][] = [
    ["kubectl get podz", ["unknown-resource @ podz → pods"]],
    ["kubectl crate -f a.yaml", ["unknown-command @ crate → create"]],
    ["$ kubectl run web --imag=nginx", ["unknown-flag @ --imag → --image"]],
    ["kubectl taint nodes n app=blue:NoSchdule", ["taint-effect @ NoSchdule → NoSchedule"]],
    ["kubctl get pods", ["unknown-program @ kubctl → kubectl"]],
    ["alias kk=kubectl\nkk get depoyments", ["unknown-resource @ depoyments → deployments"]],
    ["kubectl exec web –n dev -- ls", ["unknown-flag @ undefined → -"]],
    ["kubectl run web --image=nginx --labels=“a=b”", ['shell-syntax @ undefined → "']],
    ["kubectl exec etcd - n kube-system -- ls", ["unknown-flag @ -"]],
    ["export A = 1", ["shell-syntax @ undefined"]],
    ["export A=1 ./etcdctl version", ["shell-syntax @ ./etcdctl"]],
    ["kubectl get pods -o yml", ["flag-value @ yml → yaml"]],
    ["kubectl wait pod/web --for=ready", ["flag-value @ --for"]],
    ["kubectl explain pods.spec.container", ["flag-value @ container → containers"]],
    ["kubectl get pods -o jsonpath='{.items[0.name}'", ["flag-value @ jsonpath"]],
    ["kubectl taint nodes node01 app=blue", ["flag-value @ app"]],
    ["kubectl create ingress web --rule=foo.com", ["flag-value @ foo.com"]],
    ["kubectl create rolebinding x --role=a --clusterrole=b", ["command-failed @ create"]],
    ["kubectl label pods web", ["command-failed @ label"]],
    ["kubectl get pods | grep web && kubectl delet pod web", ["unknown-command @ delet → delete"]],
  ];
  for (const [block, expected] of cases) {
    await t.step(block, async () => assert.deepEqual((await found(block)).told, expected));
  }
});

Deno.test("a manifest in a heredoc is checked as any other", options, async () => {
  const { told } = await found(
    "cat <<EOF | kubectl apply -f -\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\ndat:\n  a: b\nEOF",
  );
  assert.deepEqual(told, ["unknown-field @ dat: → data"]);
});

Deno.test("YAML that nothing here can judge is said to be so", options, async () => {
  await using cluster = await inProcessCluster();
  const blocks = [
    "apiVersion: example.com/v1\nkind: Widget\nmetadata: {name: w}",
    "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\nstaticPodPath: /etc",
    "colour: blue\nshape: [round]",
    "tolerations:\n- operator: Exists",
    "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}",
  ];
  const source = blocks.map((block) => `\`\`\`yaml\n${block}\n\`\`\`\n`).join("");
  const { unchecked, findings, counted } = await checkNote("note.md", source, cluster);
  assert.deepEqual(unchecked.map(({ line, reason }) => [line, reason.en]), [
    [3, "a new cluster has no such kind"],
    [8, "a new cluster has no such kind"],
    [12, "it is not clear what this YAML is a part of"],
  ]);
  assert.deepEqual(findings, []);
  assert.deepEqual(counted, { verified: 1, parsed: 4, notCheckable: 0 });
});
