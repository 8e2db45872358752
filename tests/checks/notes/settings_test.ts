import assert from "node:assert/strict";
import type { Finding } from "../../../checks/notes/finding.ts";
import { diffOf, fixNote } from "../../../checks/notes/fix.ts";
import { githubNotes, jsonNotes, junitNotes, sarifNotes } from "../../../checks/notes/reports/formats.ts";
import { ttyNotes } from "../../../checks/notes/reports/tty.ts";
import { isIgnored, readFrontMatter, readSettings } from "../../../checks/notes/settings.ts";
import type { ContentError } from "../../../checks/content_error.ts";

const finding = (line: number, column: number, found: string, replacement: string): Finding => ({
  line,
  column,
  rule: "unknown-field",
  severity: "error",
  message: `unknown field "${found}"`,
  explanation: { en: "No such field.", ko: "그런 필드가 없습니다." },
  mend: { text: { en: "Mend it.", ko: "고치세요." }, edit: { line, column, length: found.length, replacement } },
});

Deno.test("settings are read, and nonsense in them is told with its place", () => {
  const { ignore, kubernetes } = readSettings(
    'notes:\n  kubernetes: "1.30"\n  ignore:\n  - rule: unknown-field\n    match: spec.x\n    reason: our own CRD\n',
    ".drydock.yaml",
  );
  assert.equal(kubernetes, "1.30");
  assert.equal(isIgnored(finding(1, 1, "spec.x", "y"), "a.md", ignore), true);
  assert.equal(isIgnored(finding(1, 1, "spec.z", "y"), "a.md", ignore), false);
  assert.throws(
    () => readSettings("notes:\n  ignored: []\n  kubernetes: latest\n  ignore:\n  - rule: refused\n", "f"),
    (error) => {
      assert.deepEqual((error as ContentError).issues.map(({ line, field }) => [line, field]), [
        [2, "ignored"],
        [3, "kubernetes"],
        [5, "reason"],
      ]);
      return true;
    },
  );
  assert.equal(readFrontMatter("title: x\n", "f").kubernetes, undefined);
  assert.equal(readFrontMatter('drydock:\n  kubernetes: "1.29"\n', "f").kubernetes, "1.29");
});

Deno.test("mends are written where they belong, and shown as a diff", () => {
  const source = "a: 1\nnme: x\nimge: y imge";
  const fixed = fixNote(source, [
    finding(2, 1, "nme", "name"),
    finding(3, 1, "imge", "image"),
    finding(3, 9, "imge", "image"),
  ]);
  assert.deepEqual(fixed, { text: "a: 1\nname: x\nimage: y image", count: 3 });
  assert.match(diffOf("n.md", source, fixed.text), /-nme: x\n.*\+name: x/s);
  assert.equal(fixNote("short", [finding(1, 4, "nme", "name"), finding(9, 1, "x", "y")]).count, 0);
});

Deno.test("reports say the same in every format and both languages", () => {
  const source = "한글 nme: x";
  const notes = [{
    file: "a,b.md",
    source,
    findings: [finding(1, 4, "nme", "name")],
    unchecked: [],
    counted: { verified: 1, parsed: 2, notCheckable: 3 },
  }];
  const english = ttyNotes(notes, { language: "en", colour: false });
  // The mark stands under the place although Korean letters are wide.
  assert.ok(english.includes("  1 | 한글 nme: x\n    |      ^\n"));
  assert.match(english, /1 note: 1 error, 0 warnings; 1 verified on a cluster, 2 only read, 3 not checkable here$/);
  assert.match(ttyNotes(notes, { language: "ko", colour: false }), /오류 1개, 경고 0개/);
  assert.deepEqual(githubNotes(notes, "en").split("\n"), [
    '::error file=a%2Cb.md,line=1,col=4,title=unknown-field::No such field.%0AMend it.%0Aunknown field "nme"',
    "::notice title=drydock notes::1 note: 1 error, 0 warnings; 1 verified on a cluster, 2 only read, 3 not checkable here",
  ]);
  assert.match(
    junitNotes(notes, "en"),
    /<failure message="No such field.">[^<]*unknown field &quot;nme&quot;<\/failure>/,
  );
  assert.equal(sarifNotes(notes, "ko").runs[0].results[0].locations[0].physicalLocation.region.startColumn, 4);
  // A warning is said, and fails no build.
  const warning = [{ ...notes[0], findings: [{ ...notes[0].findings[0], severity: "warning" as const }] }];
  assert.match(
    junitNotes(warning, "en"),
    /failures="0">[\s\S]*<property name="notCheckable" value="3"\/>[\s\S]*<system-out>/,
  );
  const [{ locations: [{ physicalLocation }] }] =
    sarifNotes([{ ...notes[0], file: "내 노트\\a b.md" }], "ko").runs[0].results;
  assert.match(physicalLocation.artifactLocation.uri, /^[\w%/.]+\/a%20b\.md$/);
  assert.equal("source" in jsonNotes(notes).notes[0], false);
});
