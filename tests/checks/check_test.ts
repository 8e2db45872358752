import assert from "node:assert/strict";
import { ContentError, formatIssue } from "../../checks/content_error.ts";
import { readCheck } from "./read_check.ts";

Deno.test("a check has defaults", () => {
  const check = readCheck("object: { apiVersion: v1, kind: Pod, name: web }");
  assert.equal(check.points, 1);
  assert.equal(check.role, "objective");
  assert.equal(check.within, undefined);
  assert.deepEqual(check.criterion.targets, [{ apiVersion: "v1", kind: "Pod", name: "web" }]);
});

Deno.test("times are written in seconds", () => {
  const check = readCheck("within: 5\nhold: 2\nrollout: { kind: Deployment, name: web }");
  assert.deepEqual([check.within, check.hold], [5000, 2000]);
});

/** What a broken check is told, in English. */
function complaints(text: string): readonly string[] {
  try {
    readCheck(text);
  } catch (error) {
    assert.ok(error instanceof ContentError);
    for (const { text } of error.issues) assert.notEqual(text.ko, "");
    return error.issues.map((issue) => formatIssue(issue, "en"));
  }
  return [];
}

for (
  const [text, ...expected] of [
    [
      "object: { apiVersion: v1, kind: Pod, name: web }\nmetch: { spec: {} }",
      "check.yaml:4:1: metch: is not known here; did you mean match?",
    ],
    [
      "object: { apiVersion: v1, kind: Pod, name: web }\npoints: many",
      'check.yaml:4:9: points: is "many", but must be a whole number from 1 to 100',
    ],
    [
      "object: { apiVersion: v1, kind: pod, nme: web }",
      "check.yaml:3:38: object.nme: is not known here; did you mean name?",
      'check.yaml:3:33: object.kind: is "pod", but must be a kind such as "Pod"',
    ],
    [
      "object: { apiVersion: v1, kind: Pod }",
      "check.yaml:3:9: object: needs a name (or give `count` to count the objects of a kind)",
    ],
    [
      "points: 2",
      "check.yaml:1:1: must have exactly one of object, list, rollout, condition, event, logs, exec, http, connect, dns, can, answer, " +
      "code, anyOf",
    ],
    [
      "object: { apiVersion: v1, kind: Pod, name: web }\ncel: object.spec.replicas ==",
      "check.yaml:4:6: cel: is not a CEL expression over object: Unexpected token: EOF",
    ],
    [
      "event: { kind: Pod, reason: Failed, message: '(' }",
      "check.yaml:3:46: event.message: is no regular expression: error parsing regexp: missing closing ): `(`",
    ],
    [
      "list: { apiVersion: v1, kind: Pod }",
      "check.yaml:3:7: list.selector: is missing: give a text",
    ],
  ]
) {
  Deno.test(`a broken check is told where and why: ${text.split("\n").at(-1)}`, () => {
    assert.deepEqual(complaints(text), expected);
  });
}
