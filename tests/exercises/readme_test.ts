import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { loadCatalogue } from "../../exercises/catalogue.ts";
import { coverage, coverageMarkdown, withCoverage } from "../../exercises/coverage.ts";
import { loadCurricula } from "../../exercises/curriculum.ts";

for (const [file, language] of [["README.md", "en"], ["README.ko.md", "ko"]] as const) {
  Deno.test(`${file} shows what the exercises cover as it is now`, async () => {
    const document = await readFile(new URL(`../../${file}`, import.meta.url), "utf8");
    const markdown = coverageMarkdown(coverage(await loadCatalogue(), await loadCurricula()), language);
    const mend = `drydock coverage --lang ${language} --write ${file}`;
    assert.ok(withCoverage(document, markdown) === document, `not any more: \`${mend}\` writes it anew`);
  });
}

Deno.test("a document without the markers is not written to", () => {
  assert.equal(withCoverage("# Coverage\n", "| a |"), undefined);
  assert.equal(withCoverage("<!-- coverage: end -->\n<!-- coverage: begin -->\n", "| a |"), undefined);
});
