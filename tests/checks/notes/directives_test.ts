import assert from "node:assert/strict";
import { checkNote } from "../../../checks/notes/check_note.ts";
import { readDirective } from "../../../checks/notes/directives.ts";
import { openSandbox } from "../../../checks/notes/kubectl/sandbox.ts";
import { inProcessCluster } from "../../../cluster/in_process.ts";
import { findKubectl } from "../../find_kubectl.ts";

const kubectl = findKubectl();

/** Undici leaves a timer of its own behind. */
const options = { sanitizeOps: false, sanitizeResources: false };

const block = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`;
const directive = (text: string) => `<!-- drydock: ${text} -->\n`;
const FLOW_SCHEMA = "apiVersion: flowcontrol.apiserver.k8s.io/v1beta3\nkind: FlowSchema\nmetadata: {name: x}";

async function told(source: string): Promise<string[]> {
  await using cluster = await inProcessCluster();
  const { findings } = await checkNote("note.md", source, cluster);
  return findings.map(({ line, severity, rule }) => `${line} ${severity} ${rule}`);
}

Deno.test("directives are read, and what is none is told", async (t) => {
  const cases: [text: string, expected: unknown][] = [
    ['skip reason="an old version"', { skip: "an old version" }],
    ["skip reason=오래됨", { skip: "오래됨" }],
    ['ignore rule=output reason="another node"', { ignore: { rule: "output", reason: "another node" } }],
    ['kubernetes="1.30"', { kubernetes: "1.30" }],
    ["file=web.yaml kubernetes=1.30", { file: "web.yaml", kubernetes: "1.30" }],
    ["namespace=dev", { namespace: "dev" }],
  ];
  for (const [text, expected] of cases) await t.step(text, () => assert.deepEqual(readDirective(text), expected));
  const wrong = [
    "",
    "skip",
    'skip reason=" "',
    "ignore rule=output",
    "skp reason=x",
    "kubernetes=latest",
    "file=../x",
    "namespace=A_b",
    "a=b",
  ];
  for (const text of wrong) await t.step(`not ${text}`, () => assert.ok(readDirective(text).problem !== undefined));
});

Deno.test("a directive above a block counts for the block, another one from there on", options, async (t) => {
  const cases: Record<string, [source: string, expected: string[]]> = {
    "skip": [directive('skip reason="old"') + block("kubectl gte pods") + block("kubectl gte pods"), [
      "6 error unknown-command",
    ]],
    "skip without a reason": [directive("skip") + block("kubectl gte pods"), [
      "2 error directive",
      "3 error unknown-command",
    ]],
    "ignore": [directive("ignore rule=unknown-command reason=joke") + block("kubectl gte pods\nkubectl get podz"), [
      "4 error unknown-resource",
    ]],
    "kubernetes": [directive("kubernetes=1.29") + block(FLOW_SCHEMA) + block(FLOW_SCHEMA), [
      "3 warning other-version",
      "8 error api-version",
    ]],
    "kubernetes from there on": [`${directive("kubernetes=1.29")}\nText.\n\n${block(FLOW_SCHEMA)}`, [
      "6 warning other-version",
    ]],
    "a mistaken one above no block": [`${directive("kubernets=1.29")}\nText.\n`, ["1 error directive"]],
    "other comments": [`<!-- markdownlint-disable -->\n${block("kubectl get pods")}`, []],
  };
  for (const [name, [source, expected]] of Object.entries(cases)) {
    await t.step(name, async () => assert.deepEqual(await told(source), expected));
  }
});

Deno.test(
  "a directive names a file and a namespace for what is run",
  { ...options, ignore: kubectl === undefined },
  async () => {
    await using cluster = await inProcessCluster();
    await using sandbox = await openSandbox({ kubectl: kubectl!, kubeconfig: cluster.kubeconfigText, cluster });
    const pod = "apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}";
    const source = [
      directive("namespace=kube-public"),
      "Text.\n",
      directive("file=a.yaml") + block(pod),
      block("$ kubectl replace --force -f a.yaml\n$ kubectl get pod web\nNAME  READY\nweb  2/2"),
    ].join("\n");
    const { findings, unchecked } = await checkNote("note.md", source, cluster, { sandbox });
    assert.deepEqual(unchecked, []);
    assert.deepEqual(findings.map(({ message }) => message), ["READY: 2/2, not 1/1"]);
    assert.ok(await cluster.objects.get({ apiVersion: "v1", kind: "Pod", namespace: "kube-public", name: "web" }));
  },
);
