import assert from "node:assert/strict";
import { newCommandContext } from "../../../checks/notes/command_context.ts";
import { practised } from "../../../checks/notes/practise.ts";
import { isRight } from "../../../checks/notes/quiz/answer.ts";
import { BLANK, type Question, questionsOf } from "../../../checks/notes/quiz/questions.ts";
import { resourceNames } from "../../../checks/notes/resources.ts";

const resources = await resourceNames();

function command(whole: string, answer: string): Question {
  const words = whole.split(" ");
  return {
    type: "command",
    line: 1,
    headings: [],
    text: `kubectl ${whole.replace(answer, BLANK)}`,
    answer,
    whole: words,
  };
}

Deno.test("equivalent answers are right, others are not", async (t) => {
  const scale = command("scale deployment web --replicas=3 -n dev", "--replicas");
  const get = command("get deployments -o wide", "deployments");
  const cases: [Question, string, boolean][] = [
    [scale, "--replicas", true],
    [scale, "replicas", true],
    [scale, "kubectl scale --namespace dev deploy/web --replicas 3", true],
    [scale, "$ k -n dev scale deploy web --replicas=3", true],
    [scale, "kubectl scale deploy web --replicas=4 -n dev", false],
    [scale, "--replica", false],
    [scale, "", false],
    [get, "deploy", true],
    [get, "Deployment", true],
    [get, "ds", false],
    [get, "kubectl get --output=wide deploy", true],
    [command("get pods --namespace=dev", "--namespace"), "-n", true],
    [{ ...get, type: "field", answer: "selector", whole: undefined }, "selector:", true],
    [{ ...get, type: "field", answer: "selector", whole: undefined }, "selectors", false],
  ];
  for (const [question, given, expected] of cases) {
    await t.step(`${question.text}: ${given}`, () => assert.equal(isRight(question, given, resources), expected));
  }
});

Deno.test("questions are made of what is right, and each once", async () => {
  const source = [
    "# Pods",
    "```",
    "kubectl get pods",
    "kubectl get pods",
    "kubectl get podz",
    "kubectl describe pod <name>",
    "```",
    "```yaml",
    "apiVersion: v1\nkind: Pod\nmetadata:\n  name: x\nspec:\n  containers:\n  - name: a\n    image: b",
    "```",
  ].join("\n");
  const context = await newCommandContext();
  const questions = questionsOf(source, context, []);
  assert.deepEqual(questions.map(({ type, line }) => [type, line]), [["command", 3], ["field", 16]]);
  for (const question of questions) {
    assert.equal(question.text.split(BLANK).length, 2);
    assert.ok(isRight(question, question.answer, resources));
    assert.deepEqual(question.headings, ["Pods"]);
  }
  // Nobody is asked for what the check has found wrong.
  const wrong = {
    line: 15,
    column: 1,
    rule: "unknown-field",
    severity: "error",
    message: "",
    explanation: { en: "", ko: "" },
  };
  assert.deepEqual(questionsOf(source, context, [wrong as never]).map(({ type }) => type), ["command"]);
});

Deno.test("a section finds the exercises that are about it", () => {
  const practices = [
    { id: "rollback", words: ["deployment", "rollout", "undo", "디플로이먼트"] },
    { id: "taint", words: ["taint", "toleration", "테인트"] },
    { id: "pod", words: ["pod", "run"] },
    { id: "pods", words: ["pod", "multi-container"] },
  ];
  const source =
    "# 디플로이먼트 되돌리기\n```\nkubectl rollout undo deployment/web\n```\n## Taints\nA node repels a Pod.\n# Weather\nIt rains.\n";
  assert.deepEqual(practised(source, practices), [
    { title: "디플로이먼트 되돌리기", line: 1, exercises: ["rollback"] },
    { title: "Taints", line: 5, exercises: ["taint"] },
  ]);
});
