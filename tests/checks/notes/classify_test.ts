import assert from "node:assert/strict";
import { classify } from "../../../checks/notes/classify.ts";
import { readNote } from "../../../checks/notes/markdown.ts";
import { misspeltProgram } from "../../../checks/notes/programs.ts";

const kindOf = (code: string, language = "") => classify(readNote(`\`\`\`${language}\n${code}\n\`\`\``).blocks[0]);

Deno.test("a block is what its language says, or what its lines look like", async (t) => {
  const cases: [string, string, string][] = [
    ["", "kind: Pod\nmetadata:\n  name: x", "yaml"],
    ["", "apiVersion:\nkind:\nmetadata:\n\n\nspec:", "yaml"],
    ["", "kubectl get pods", "shell"],
    ["", "$ k get po\nNAME  READY\nweb   1/1", "shell"],
    ["", "./etcdctl set key1 value1", "shell"],
    ["", "spec:\n  containers:\n  - name: a\n    image: b", "yaml"],
    ["", "tolerations:\n- key: app", "yaml"],
    ["", "스태틱 파드   데몬셋\n큐블렛이 생성함", "other"],
    ["", "NAME   READY   STATUS\nweb    1/1     Running", "other"],
    ["go", "func main() {}", "other"],
    ["json", '{"kind": "Pod"}', "yaml"],
    ["bash", "apiVersion: v1\nkind: Pod", "yaml"],
    ["yaml", "kubectl get pods", "shell"],
    ["bash", "cat <<EOF | kubectl apply -f -\nkind: Pod\nEOF", "shell"],
    ["", "Error: something went wrong\nit is broken", "other"],
  ];
  for (const [language, code, expected] of cases) {
    await t.step(`${language} ${code.split("\n")[0]}`, () => assert.equal(kindOf(code, language), expected));
  }
});

Deno.test("misspelt programs are recognised, other people's are left alone", () => {
  assert.equal(misspeltProgram("kubctl"), "kubectl");
  assert.equal(misspeltProgram("kubeclt"), "kubectl");
  assert.equal(misspeltProgram("etcdclt"), "etcdctl");
  assert.equal(misspeltProgram("systmectl"), "systemctl");
  assert.equal(misspeltProgram("terraform"), undefined);
  assert.equal(misspeltProgram("make"), undefined);
});
