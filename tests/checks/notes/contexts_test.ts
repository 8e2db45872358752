/** What a note does with its kubeconfig counts for the commands and manifests that follow. */
import assert from "node:assert/strict";
import { checkNote } from "../../../checks/notes/check_note.ts";
import { parseKubectl } from "../../../checks/notes/kubectl/command_line.ts";
import { currentNamespace, followConfig, isElsewhere, newContexts } from "../../../checks/notes/kubectl/contexts.ts";
import { openSandbox } from "../../../checks/notes/kubectl/sandbox.ts";
import { type InProcessCluster, inProcessCluster } from "../../../cluster/in_process.ts";
import { findKubectl } from "../../find_kubectl.ts";

const kubectl = findKubectl();

/** Undici leaves a timer of its own behind. */
const options = { sanitizeOps: false, sanitizeResources: false };
const withKubectl = { ...options, ignore: kubectl === undefined };

const block = (text: string) => `\`\`\`\n${text}\n\`\`\`\n`;
const POD = "apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n  - {name: web, image: nginx}";

async function run(cluster: InProcessCluster, source: string) {
  await using sandbox = await openSandbox({ kubectl: kubectl!, kubeconfig: cluster.kubeconfigText, cluster });
  const { findings, unchecked } = await checkNote("note.md", source, cluster, { sandbox });
  return [
    ...findings.map(({ line, message }) => `${line} ${message}`),
    ...unchecked.map(({ line, reason }) => `${line} ${reason.en}`),
  ];
}

const podIn = ({ objects }: InProcessCluster, namespace: string) =>
  objects.get({ apiVersion: "v1", kind: "Pod", namespace, name: "web" });

Deno.test("contexts follow the note's commands", () => {
  const contexts = newContexts();
  const follow = (command: string) => followConfig(contexts, parseKubectl(command.split(" ")));
  follow("config set-context --current --namespace=dev");
  assert.equal(currentNamespace(contexts), "dev");
  follow("config set-context prod --namespace=prod --cluster=c --user=u");
  assert.equal(currentNamespace(contexts), "dev");
  follow("config use-context prod");
  assert.equal(currentNamespace(contexts), "prod");
  follow("config rename-context prod live");
  assert.equal(currentNamespace(contexts), "prod");
  follow("config set-context --current --user=v");
  assert.equal(currentNamespace(contexts), "prod");
  assert.ok(!isElsewhere(contexts));
  follow("config use-context cluster1");
  assert.equal(currentNamespace(contexts), "default");
  assert.ok(!isElsewhere(contexts), "the first context that nobody made is the note's cluster");
  follow("config use-context cluster2");
  assert.ok(isElsewhere(contexts));
});

Deno.test("manifests go to the context's namespace, with kubectl and without", options, async (t) => {
  const source = block("kubectl create ns lab\nkubectl config set-context --current --namespace lab") + block(POD);
  await t.step("without", async () => {
    await using cluster = await inProcessCluster();
    await checkNote("note.md", source, cluster);
    assert.ok(await podIn(cluster, "lab") !== undefined);
    assert.equal(await podIn(cluster, "default"), undefined);
  });
  await t.step({
    name: "with",
    ignore: kubectl === undefined,
    async fn() {
      await using cluster = await inProcessCluster();
      const shown = "$ kubectl get pod web\nNAME  READY  STATUS\nweb  2/2  Running\n$ kubectl get pod web -n default";
      assert.deepEqual(await run(cluster, source + block(shown)), [
        "17 READY: 2/2, not 1/1",
        '18 it needs what the note has not made: Error from server (NotFound): pods "web" not found',
      ]);
    },
  });
});

Deno.test("a context that leads elsewhere leads to the note's cluster here", withKubectl, async () => {
  await using cluster = await inProcessCluster();
  const commands = [
    "$ kubectl config use-context kind-kind",
    'Switched to context "kind-kind".',
    "$ kubectl config set-context lab --cluster=elsewhere --user nobody --namespace=kube-public",
    'Context "lab" created.',
    "$ kubectl config use-context lab",
    "$ kubectl run web --image=nginx",
    "pod/web created",
    "$ kubectl config view --minify",
    "contexts:",
    "- context:",
    "    cluster: elsewhere",
    "    namespace: kube-system",
  ];
  assert.deepEqual(await run(cluster, block(commands.join("\n"))), [
    "13 contexts.context.namespace: kube-system, not kube-public",
  ]);
  assert.ok(await podIn(cluster, "kube-public") !== undefined);
});

Deno.test("credentials and servers of the note's are never taken over", withKubectl, async () => {
  await using cluster = await inProcessCluster();
  const told = await run(
    cluster,
    block(
      "kubectl config set-credentials me --exec-command=/bin/sh\n" +
        "kubectl config set-cluster drydock --server=https://example.com\n" +
        "kubectl config set users.drydock-admin.exec.command /bin/sh\nkubectl get nodes",
    ),
  );
  assert.deepEqual(told.map((one) => one.split(" ")[0]), ["2", "3", "4"]);
});

Deno.test("a manifest without a name is the file of the command below it", withKubectl, async (t) => {
  const cases: [name: string, command: string, expected: string[]][] = [
    ["its own name", "$ kubectl apply -f my-app.yaml\npod/web edited", ["12 pod/web edited, not pod/web created"]],
    ["its kind", "$ kubectl create -f ./pod.yaml\npod/web edited", ["12 pod/web edited, not pod/web created"]],
    ["another kind", "$ kubectl apply -f service.yaml\npod/web edited", [
      "11 the note does not show the file service.yaml",
    ]],
  ];
  for (const [name, command, expected] of cases) {
    await t.step(name, async () => {
      await using cluster = await inProcessCluster();
      assert.deepEqual(await run(cluster, block(POD) + block(command)), expected);
    });
  }
});

Deno.test("aliases and variables are written out", withKubectl, async () => {
  await using cluster = await inProcessCluster();
  const commands = [
    "alias kp='kubectl -n kube-public'",
    'export do="--dry-run=client -o yaml" image=nginx',
    "kp run web --image=$image",
    "kp run other --image=nginx ${do}",
    "kp get pods",
  ];
  assert.deepEqual(await run(cluster, block(commands.join("\n"))), []);
  assert.ok(await podIn(cluster, "kube-public") !== undefined);
  const dry = { apiVersion: "v1", kind: "Pod", namespace: "kube-public", name: "other" };
  assert.equal(await cluster.objects.get(dry), undefined);
});

Deno.test("a name that is nearly one of the note's is told, another is not", withKubectl, async (t) => {
  const cases: [command: string, expected: string[]][] = [
    ["kubectl delete pod wed-front", ['11 Error from server (NotFound): pods "wed-front" not found']],
    ["kubectl delete pod web-front2", []],
    ["kubectl delete pod api", []],
    ["kubectl delete deployment wed-front", []],
  ];
  for (const [command, expected] of cases) {
    await t.step(command, async () => {
      await using cluster = await inProcessCluster();
      const told = await run(cluster, block(POD.replace("name: web", "name: web-front")) + block(command));
      assert.deepEqual(told.filter((one) => !one.includes("the note has not made")), expected);
    });
  }
});
