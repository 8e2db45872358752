import assert from "node:assert/strict";
import fc from "fast-check";
import { promptLength } from "../../../checks/notes/prompt.ts";
import { readShell } from "../../../checks/notes/shell.ts";

const read = (text: string) => readShell(text.split("\n").map((text, i) => ({ text, line: 10 + i, column: 5 })));
const words = (text: string) =>
  read(text).exchanges.flatMap(({ commands }) =>
    commands.map(({ words }) => words.map(({ value }) => value).join(" "))
  );

Deno.test("commands come out of whatever holds them", async (t) => {
  const cases: [string, string[]][] = [
    ["kubectl get pods", ["kubectl get pods"]],
    ["k get po && k get svc; k get ns", ["k get po", "k get svc", "k get ns"]],
    ["kubectl run web \\\n  --image=nginx", ["kubectl run web --image=nginx"]],
    ["kubectl get po | grep web > out.txt # why", ["kubectl get po", "grep web"]],
    ["for i in 1 2; do kubectl get $i; done", ["kubectl get $i"]],
    ["kubectl get po $(kubectl get po -o name)", [
      "kubectl get po $(kubectl get po -o name)",
      "kubectl get po -o name",
    ]],
    ['export do="--dry-run=client -o yaml"', ["export do=--dry-run=client -o yaml"]],
    ["n=dev", ["n=dev"]],
    ["# only a comment", []],
    ["kubectl describe pod <pod이름>", ["kubectl describe pod <pod이름>"]],
    ["kubectl edit rs <래플리카셋 이름> -n {{ns}}", ["kubectl edit rs <래플리카셋 이름> -n {{ns}}"]],
    ["kubectl create -f <파일명>.yaml > x", ["kubectl create -f <파일명>.yaml"]],
  ];
  for (const [text, expected] of cases) await t.step(text, () => assert.deepEqual(words(text), expected));
});

Deno.test("a heredoc is what its command reads", () => {
  const [{ commands }] = read("cat <<EOF | kubectl apply -f -\nkind: Pod\nEOF").exchanges;
  assert.equal(commands[0].heredoc, "kind: Pod\n");
  assert.equal(commands[1].piped, true);
});

Deno.test("a here string is a line that its command reads", () => {
  const heredocOf = (text: string) => read(text).exchanges[0].commands[0].heredoc;
  assert.equal(heredocOf("kubectl apply -f - <<< 'kind: Pod'"), "kind: Pod\n");
  assert.equal(heredocOf("kubectl apply -f - <<<"), "\n");
});

Deno.test("a transcript: commands after prompts, the rest is output", () => {
  const { exchanges, isTranscript } = read(
    "controlplane $ kubectl get pods\nNAME   READY\nweb    1/1\n$ kubectl run x \\\n  --image=nginx\npod/x created\nroot@node01:~# ls",
  );
  assert.equal(isTranscript, true);
  assert.deepEqual(exchanges.map(({ commands, output }) => [commands.length, output.map(({ text }) => text)]), [
    [1, ["NAME   READY", "web    1/1"]],
    [1, ["pod/x created"]],
    [1, []],
  ]);
});

Deno.test("words know their place and whether they are known", () => {
  const [{ commands: [{ words }] }] = read("kubectl logs $POD\n").exchanges;
  assert.deepEqual(words.map(({ value, open, line, column }) => [value, open, line, column]), [
    ["kubectl", false, 10, 5],
    ["logs", false, 10, 13],
    ["$POD", true, 10, 18],
  ]);
});

Deno.test("what is not finished is told", () => {
  assert.equal(read("kubectl get 'po").errors.length, 1);
});

Deno.test("property: nothing that is written stops the reader", () => {
  const part = fc.constantFrom(
    "kubectl",
    "$(",
    "<",
    "<a>",
    ">",
    "'",
    '"',
    "|",
    "&&",
    "<<EOF",
    "EOF",
    "{{x}}",
    "\\",
    "`",
    "(",
    ")",
    " ",
    "$ ",
  );
  fc.assert(
    fc.property(
      fc.array(part, { maxLength: 12 }),
      fc.array(fc.constantFrom(" ", "\n", ""), { minLength: 12, maxLength: 12 }),
      (parts, gaps) => {
        const { exchanges } = read(parts.map((text, i) => text + gaps[i]).join(""));
        assert.ok(Array.isArray(exchanges));
      },
    ),
  );
});

Deno.test("prompts are known as terminals show them", async (t) => {
  const prompts = [
    "$ ",
    "% ",
    "controlplane $ ",
    "controlplane:~$ ",
    "user@host:~/a b$ ",
    "mina@mac notes % ",
    "(base) me@host ~ % ",
    "[user@host folder]$ ",
    "root@node01:~# ",
    "[root@master ~]# ",
    "PS C:\\Users\\me> ",
    "C:\\> ",
    "controlplane ~ ➜  ",
    "➜  ~ ",
    "➜  notes git:(main) ✗ ",
    "❯ ",
  ];
  for (const prompt of prompts) {
    await t.step(prompt, () => assert.equal(promptLength(`${prompt}kubectl get pods`), prompt.length));
  }
  const none = [
    "# kubectl get pods",
    "## on the node",
    "NAME   READY",
    "➜ a remark",
    "> quoted",
    "web   1/1",
    "100% sure",
    "C: x",
  ];
  for (const text of none) await t.step(text, () => assert.equal(promptLength(text), 0));
});
