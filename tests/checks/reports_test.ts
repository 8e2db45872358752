import assert from "node:assert/strict";
import { githubReport } from "../../checks/reports/github.ts";
import { jsonReport } from "../../checks/reports/json.ts";
import { junitReport } from "../../checks/reports/junit.ts";
import { mismatchText } from "../../checks/reports/mismatch_text.ts";
import { type ReportEntry, totalOutcome } from "../../checks/reports/report.ts";
import { sarifReport } from "../../checks/reports/sarif.ts";
import { ttyReport } from "../../checks/reports/tty.ts";
import { type CheckResult, outcome, score, type Verdict } from "../../checks/verdict.ts";
import { readCheck } from "./read_check.ts";

function result(verdict: Verdict, points: number, more: Partial<CheckResult> = {}): CheckResult {
  const check = readCheck(`points: ${points}\nobject: { apiVersion: v1, kind: Pod, name: web }`);
  return { check, verdict, mismatches: [], events: [], ...more };
}

const mismatches = [{ subject: "Pod web", path: "metadata.labels.tier", is: "back<end>", should: "frontend" }];
const events = [{ about: "Pod web", type: "Warning", reason: "Failed", message: "no such image", count: 3 }];
const ENTRY: ReportEntry = {
  id: "pod-run",
  title: { en: "Run a Pod", ko: "파드 실행하기" },
  results: [result("passed", 2), result("wrong", 1, { mismatches, events })],
  trouble: [],
};

Deno.test("points: earned, possible, and open where nothing could be checked", () => {
  const results = [
    result("passed", 2),
    result("wrong", 3),
    result("could-not-check", 4),
    result("not-checkable-here", 5),
  ];
  assert.deepEqual(score(results), { earned: 2, possible: 5, open: 4 });
});

Deno.test("outcome: a failure outweighs trouble, and what is not checkable here does not count", () => {
  assert.equal(outcome([result("passed", 1), result("not-checkable-here", 1)]), "passed");
  assert.equal(outcome([result("passed", 1), result("could-not-check", 1)]), "could-not-check");
  assert.equal(outcome([result("could-not-check", 1), result("safeguard-broken", 1)]), "not-passed");
  assert.equal(totalOutcome([ENTRY, { ...ENTRY, outcome: "could-not-check" }]), "not-passed");
});

Deno.test("tty: what holds, what does not, and why, in both languages", () => {
  assert.equal(
    ttyReport([ENTRY], { language: "en", colour: false }),
    [
      "  ✓ 2/2  A title",
      "  ✗ 0/1  A title — wrong",
      '         Pod web: metadata.labels.tier is "back<end>", should be "frontend"',
      "         Failed (Pod web, 3 times): no such image",
      "Not passed: 2 of 3 points",
    ].join("\n"),
  );
  assert.equal(
    ttyReport([ENTRY], { language: "ko", colour: false }),
    [
      "  ✓ 2/2  제목",
      "  ✗ 0/1  제목 — 틀림",
      '         Pod web: metadata.labels.tier 현재 값은 "back<end>", 기대하는 값은 "frontend"',
      "         Failed (Pod web, 3회): no such image",
      "미통과: 3점 중 2점",
    ].join("\n"),
  );
});

Deno.test("what CEL compares is told in words", () => {
  const told = (should: string, language: "en" | "ko") => mismatchText({ subject: "Pod web", is: 1, should }, language);
  assert.deepEqual(["== 4", ">= 3", "!= 1", "in [2,3]"].map((should) => told(should, "en")), [
    "Pod web: is 1, should be 4",
    "Pod web: is 1, should be at least 3",
    "Pod web: is 1, should be other than 1",
    "Pod web: is 1, should be one of [2,3]",
  ]);
  assert.equal(told(">= 3", "ko"), "Pod web: 현재 값은 1, 기대하는 값은 3 이상");
  assert.equal(told("between 3 and 4", "en"), 'Pod web: is 1, should be "between 3 and 4"');
});

Deno.test("tty: brief is a line an exercise and a summary", () => {
  const passed: ReportEntry = { ...ENTRY, id: "other", results: [result("passed", 4)] };
  const lines = ttyReport([passed], { language: "en", colour: false, brief: true }).split("\n");
  assert.deepEqual(lines, [
    "✓ other                          4/4  Run a Pod",
    "1 of 1 exercises proved, 4 of 4 points",
  ]);
});

Deno.test("json: everything, as plain values", () => {
  const report = JSON.parse(JSON.stringify(jsonReport([ENTRY])));
  assert.equal(report.outcome, "not-passed");
  assert.deepEqual(report.points, { earned: 2, possible: 3, open: 0 });
  assert.deepEqual(report.exercises[0].checks[1].mismatches, mismatches);
});

Deno.test("junit: cases, failures, errors and skips, with XML's characters escaped", () => {
  const trouble = { en: "no answer", ko: "응답 없음" };
  const results = [...ENTRY.results, result("could-not-check", 1, { trouble }), result("not-checkable-here", 1)];
  const xml = junitReport([{ ...ENTRY, results }], "en");
  assert.match(xml, /<testsuite name="pod-run" tests="4" failures="1" errors="1">/);
  assert.match(xml, /<failure message="wrong">Pod web: metadata.labels.tier is &quot;back&lt;end&gt;&quot;/);
  assert.match(xml, /<error message="could not check">no answer<\/error>/);
  assert.match(xml, /<skipped message="not checkable here">/);
});

Deno.test("github: an annotation at the check's line", () => {
  assert.equal(
    githubReport([ENTRY], "en"),
    "::error file=check.yaml,line=1,col=1,title=pod-run%3A wrong::A title%0A" +
      'Pod web: metadata.labels.tier is "back<end>", should be "frontend"',
  );
});

Deno.test("sarif: a result with rule and place for each check that does not hold", () => {
  const [run] = sarifReport([ENTRY], "en").runs;
  assert.deepEqual(run.results.map(({ ruleId, level }) => [ruleId, level]), [["pod-run/it", "error"]]);
  assert.equal(run.results[0].locations[0].physicalLocation.region.startLine, 1);
  assert.deepEqual(run.tool.driver.rules.map(({ id }) => id), ["pod-run/it"]);
});

Deno.test("trouble of an exercise is told in every format", () => {
  const broken: ReportEntry = {
    ...ENTRY,
    results: [],
    trouble: [{ en: "the cluster is gone", ko: "클러스터가 사라졌습니다" }],
    outcome: "could-not-check",
    file: "exercises/pods/pod-run/exercise.yaml",
  };
  const tty = ttyReport([broken], { language: "en", colour: false, brief: true });
  for (
    const text of [
      tty,
      junitReport([broken], "en"),
      githubReport([broken], "en"),
      JSON.stringify(sarifReport([broken], "en")),
    ]
  ) {
    assert.match(text, /the cluster is gone/);
  }
});
