import assert from "node:assert/strict";
import fc from "fast-check";
import { parseKubectl } from "../../../checks/notes/kubectl/command_line.ts";

const told = (line: string, version?: string) =>
  parseKubectl(line.split(" "), version).problems.map(({ type, found, nearest }) =>
    `${type} ${found}${nearest === undefined ? "" : ` → ${nearest}`}`
  );

Deno.test("right commands have no problems", async (t) => {
  const lines = [
    "get pods -o wide",
    "get po,svc -A",
    "-n dev get pods",
    "run nginx --image=nginx --restart=Never --dry-run=client -o yaml",
    "run -it --rm box --image=busybox -- sh",
    "create deploy web --image nginx --replicas 3",
    "create secret generic s --from-literal=a=b",
    "set image deployment/web nginx=nginx:1.28",
    "rollout undo deployment/web --to-revision=2",
    "scale --replicas=6 -f rs.yaml",
    "taint nodes node01 app=blue:NoSchedule-",
    "exec web -c app -- ls -la /etc",
    "logs -f web -c app --tail=20",
    "delete pod web --grace-period=0 --force",
    "apply -f https://example.com/a.yaml",
    "config set-context --current --namespace=dev",
    "explain pods.spec --recursive",
    "create -f pod.yaml --save-config",
    "replace --force -f pod.yaml",
    "auth can-i create pods --as alice",
    "create job j --from=cronjob/c",
    "top pods --containers",
    "drain node01 --ignore-daemonsets --delete-emptydir-data",
    "get pods -l 'env in (prod,dev)'",
    "--help",
    "help run",
  ];
  for (const line of lines) await t.step(line, () => assert.deepEqual(told(line), []));
});

Deno.test("mistakes are told, with what was probably meant", async (t) => {
  const cases: [string, string[]][] = [
    ["crate -f pod.yaml", ["unknown-command crate → create"]],
    ["rollout histroy deployment/web", ["unknown-command histroy → history"]],
    ["create deplyment web --image=nginx", ["unknown-command deplyment → deployment"]],
    ["run web --imge=nginx", ["unknown-flag --imge → --image"]],
    ["run web --image=nginx --replicas=3", ["unknown-flag --replicas"]],
    ["get pods --namspace dev", ["unknown-flag --namspace → --namespace"]],
    ["get pods -Z", ["unknown-flag -Z"]],
    ["get pods -n", ["missing-value -n"]],
    ["scale deployment web --replicas=three", ["wrong-value three"]],
    ["logs web --follow=maybe", ["wrong-value maybe"]],
  ];
  for (const [line, expected] of cases) await t.step(line, () => assert.deepEqual(told(line), expected));
});

Deno.test("a placeholder is no wrong value", () => {
  assert.deepEqual(told("scale deployment web --replicas=<count>"), []);
  assert.deepEqual(told("logs web --tail=$N"), []);
});

Deno.test("flags are read as kubectl reads them", () => {
  const { path, flags, args, rest } = parseKubectl([
    "exec",
    "-it",
    "web",
    "-ndev",
    "-c=app",
    "--",
    "sh",
    "-c",
    "ls -n",
  ]);
  assert.equal(path, "exec");
  assert.deepEqual(args, ["web"]);
  assert.deepEqual(rest, ["sh", "-c", "ls -n"]);
  assert.deepEqual(Object.fromEntries(flags), {
    stdin: ["true"],
    tty: ["true"],
    namespace: ["dev"],
    container: ["app"],
  });
});

Deno.test("property: any words are read, and no argument is lost", () => {
  const word = fc.oneof(fc.string(), fc.constantFrom("get", "-n", "--", "create", "-it", "--image", "pods", "--x=y"));
  fc.assert(fc.property(fc.array(word, { maxLength: 8 }), (words) => {
    const { args, rest = [], problems } = parseKubectl(words);
    assert.ok([...args, ...rest].every((arg) => words.includes(arg)));
    assert.ok(problems.every(({ word }) => word >= 0 && word < words.length));
  }));
});
