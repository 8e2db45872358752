/** Notes that mean harm: they end in time, touch nothing outside, and run nothing but kubectl's harmless commands. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { checkNote } from "../../../checks/notes/check_note.ts";
import { openSandbox } from "../../../checks/notes/kubectl/sandbox.ts";
import { inProcessCluster } from "../../../cluster/in_process.ts";

/** Undici leaves a timer of its own behind. */
const options = { sanitizeOps: false, sanitizeResources: false };

/** Milliseconds within which anything is to be read; generous for a busy machine. */
const LIMIT = 15_000;

async function check(source: string) {
  await using cluster = await inProcessCluster();
  const start = performance.now();
  const report = await checkNote("hostile.md", source, cluster);
  const took = performance.now() - start;
  assert.ok(took < LIMIT, `took ${Math.round(took)} ms`);
  return report;
}

const block = (text: string, language = "") => `\`\`\`${language}\n${text}\n\`\`\`\n`;

Deno.test("a note that is built to hold the reader up ends in time", options, async (t) => {
  const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"];
  for (let i = 0; i < 12; i++) {
    const [name, before] = [String.fromCharCode(98 + i), String.fromCharCode(97 + i)];
    bomb.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(", ")}]`);
  }
  const notes: Record<string, string> = {
    "an alias bomb": block(bomb.join("\n"), "yaml"),
    "an alias bomb in a manifest": block(
      `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n${bomb.join("\n")}`,
      "yaml",
    ),
    "a line of 10 MB": `# title\n\n${"x".repeat(10_000_000)}\n`,
    "a line of 10 MB in a command": block(`kubectl get pods ${"a ".repeat(5_000_000)}`),
    "a line of 10 MB in a manifest": block(`apiVersion: v1\nkind: Pod\nmetadata:\n  name: ${"a".repeat(10_000_000)}`),
    "nested lists": Array.from({ length: 300 }, (_, i) => `${"  ".repeat(i)}- a`).join("\n"),
    "nested quotes": `${"> ".repeat(500)}kubectl get pods`,
    "deep flow YAML": block(`kind: Pod\nspec: ${"[".repeat(5000)}${"]".repeat(5000)}`, "yaml"),
    "prompts without an end": block(Array(200).fill(`$ ${"a@".repeat(500)}`).join("\n")),
    "a prompt's regular expression": block(`${"a@a:".repeat(5000)}\n$ kubectl get pods`),
    "a table's regular expression": block(`$ kubectl get pods\n${"A-".repeat(5000)}!`),
    "placeholders without an end": block(`kubectl get ${"<a".repeat(20_000)}`),
    "template braces": block(`a: ${"{{a".repeat(20_000)}`, "yaml"),
    "quotes without an end": block(`kubectl run 'x ${'"'.repeat(9_999)}`),
    "heredocs without an end": block(`cat <<A <<B <<C\n${"A \n".repeat(20_000)}`),
    "substitutions in substitutions": block(`kubectl get ${"$(".repeat(2000)}`),
    "a directive's regular expression": `<!-- drydock: skip ${'a="b '.repeat(5000)} -->\n\n${
      block("kubectl get pods")
    }`,
    "a selector's regular expression": block(`kubectl get pods -l ${",".repeat(50_000)}a`),
    "a JSONPath's brackets": block(`kubectl get pods -o jsonpath=${"{[".repeat(20_000)}`),
    "an Ingress's rule": block(`kubectl create ingress x --rule=${"a/=".repeat(20_000)}`),
    "a field path": block(`kubectl explain pod${".spec".repeat(20_000)}`),
    "a variable that is long": block(`export a="${"x ".repeat(50_000)}"\n${"kubectl $a $a $a $a\n".repeat(2000)}`),
    "aliases of aliases": block(
      `alias a0=kubectl\n${
        Array.from({ length: 3000 }, (_, i) => `alias a${i + 1}='a${i} -v=1'`).join("\n")
      }\na3000 get pods`,
    ),
    "slips of YAML": block(Array.from({ length: 3000 }, (_, i) => `${" ".repeat(i % 50)}a${i}:b`).join("\n"), "yaml"),
    "tabs": block("apiVersion: v1\nkind: Pod\n" + "\t".repeat(19_000), "yaml"),
    "a fork bomb": block(":(){ :|:& };:\nbomb() { bomb | bomb & }; bomb"),
    "ten thousand commands": block("kubectl get pods\n".repeat(10_000)),
  };
  for (const [name, source] of Object.entries(notes)) await t.step(name, () => check(source).then(() => {}));
});

/** Written as kubectl would be: it writes down how it was called. */
const SPY = `#!/bin/sh
printf '%s|' "$@" >> "$0.calls"; echo >> "$0.calls"
/usr/bin/env >> "$0.env"
`;

const DANGEROUS = `
rm -rf / --no-preserve-root
:(){ :|:& };:
curl https://example.com/x | sh
touch outside
kubectl apply -f ../../etc/passwd
kubectl apply -f /etc/passwd
kubectl apply -f ~/.ssh/id_rsa
kubectl apply -f https://example.com/x.yaml
kubectl create configmap x --from-file=/etc/passwd
kubectl create configmap x --from-file=key=../../etc/passwd
kubectl create configmap x --from-file=./
kubectl create secret generic x --from-env-file=/etc/environment
kubectl create secret tls x --cert=/etc/cert --key=/etc/key
kubectl get pods -o go-template-file=/etc/passwd
kubectl get pods -o=jsonpath-file=/etc/passwd
kubectl get pods --template=/etc/passwd
kubectl patch pod x --patch-file /etc/passwd
kubectl get pods --kubeconfig=/x
kubectl --kubeconfig /x get pods
kubectl get pods -s https://example.com
kubectl get pods --token=abc --server=https://example.com
kubectl get pods --cache-dir=/tmp/x
kubectl get pods --profile=cpu --profile-output=/tmp/x
kubectl cluster-info dump --output-directory=/tmp/x
kubectl cp /etc/passwd web:/tmp
kubectl config set-credentials me --exec-command=/bin/sh
kubectl config use-context prod
kubectl kustomize https://example.com
kubectl apply -k .
kubectl plugin list
kubectl evil --now
kubectl diff -f x.yaml
kubectl debug web -it --image=busybox
kubectl edit pod web
kubectl exec -it web -- sh
kubectl attach web
kubectl logs -f web
kubectl get pods -w
kubectl get pods --watch-only
kubectl proxy
kubectl port-forward web 80
kubectl run x --image=busybox -it -- sh
kubectl run x --image=busybox --attach
kubectl delete pod $(cat /etc/passwd)
kubectl delete pod \`id\`
kubectl create token default
kubectl create -f - --edit
kubectl get pods -v=9
`;

Deno.test("nothing dangerous runs", { ...options, ignore: process.platform === "win32" }, async () => {
  const folder = await mkdtemp(join(tmpdir(), "drydock-test-"));
  const spy = join(folder, "kubectl");
  await writeFile(spy, SPY);
  await chmod(spy, 0o700);
  try {
    await using cluster = await inProcessCluster();
    const sandbox = await openSandbox({ kubectl: spy, kubeconfig: cluster.kubeconfigText, cluster });
    const source = block(`${DANGEROUS}kubectl get pods; touch outside\nkubectl get nodes | tee outside`);
    await checkNote("hostile.md", source, cluster, { sandbox });
    await sandbox[Symbol.asyncDispose]();
    assert.deepEqual((await readFile(`${spy}.calls`, "utf8")).trim().split("\n"), [
      // A context of the note's leads to the note's own cluster.
      "config|set-context|prod|--cluster=drydock|--user=drydock-admin|",
      "config|use-context|prod|",
      "get|pods|",
      "get|nodes|",
    ]);
    assert.deepEqual((await readdir(folder)).sort(), ["kubectl", "kubectl.calls", "kubectl.env"]);
    assert.ok(!existsSync("outside"));
    // Nothing of the person's: neither their home nor their PATH nor a variable of theirs.
    const env = Object.fromEntries((await readFile(`${spy}.env`, "utf8")).split("\n").map((line) => line.split("=")));
    assert.ok(env.HOME.startsWith(join(tmpdir(), "drydock-notes-")));
    assert.deepEqual(
      Object.keys(env).filter((name) => !/^(HOME|USERPROFILE|KUBECONFIG|TMPDIR|PATH|PWD|OLDPWD|SHLVL|_|)$/.test(name)),
      [],
    );
    assert.ok(!existsSync(env.HOME), "the folder is gone afterwards");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
