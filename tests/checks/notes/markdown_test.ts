import assert from "node:assert/strict";
import fc from "fast-check";
import { readNote } from "../../../checks/notes/markdown.ts";

const NOTE = `---
title: pods
---
# Pods

Make one:

\`\`\`yaml
kind: Pod
\`\`\`

- in a list
  \`\`\`bash
  kubectl get pods
  \`\`\`

> quoted
> ~~~
> a
>   b
> ~~~

## Indented

    kubectl get nodes

<!-- drydock: skip reason="an old version" -->
\`\`\`sh
kubectl run
\`\`\`
`;

Deno.test("code is found wherever Markdown allows it, and every line knows its place", () => {
  const { blocks, sections, frontMatter } = readNote(NOTE);
  const places = blocks.map((
    { language, lines },
  ) => [language, ...lines.map(({ text, line, column }) => `${line}:${column} ${text}`)]);
  assert.deepEqual(places, [
    ["yaml", "9:1 kind: Pod"],
    ["bash", "14:3 kubectl get pods"],
    ["", "19:3 a", "20:3   b"],
    ["", "25:5 kubectl get nodes"],
    ["sh", "29:1 kubectl run"],
  ]);
  assert.equal(frontMatter, "title: pods");
  assert.deepEqual(sections.map(({ title, line }) => [title, line]), [["Pods", 4], ["Indented", 23]]);
  assert.deepEqual(blocks[3].headings, ["Pods", "Indented"]);
  assert.equal(blocks[0].lead, "Make one:");
  assert.equal(blocks[4].directive, 'skip reason="an old version"');
});

Deno.test("a block that is not closed reaches to the end", () => {
  assert.deepEqual(readNote("```\na\nb").blocks[0].lines.map(({ text }) => text), ["a", "b"]);
});

Deno.test("a very long line does not hold the reader up", () => {
  const { blocks } = readNote(`\`\`\`\n${"[".repeat(10_000_000)}\n\`\`\`\n`);
  assert.equal(blocks.length, 1);
});

Deno.test("property: a line stands where it says", () => {
  const line = fc.constantFrom(
    "```",
    "~~~",
    "> x",
    "> ```",
    "- ```",
    "  ```",
    "    a",
    "text",
    "",
    "> a",
    "  b",
    "# h",
  );
  fc.assert(fc.property(fc.array(line, { maxLength: 15 }), (lines) => {
    for (const block of readNote(lines.join("\n")).blocks) {
      for (const { text, line, column } of block.lines) {
        const source = lines[line - 1] ?? "";
        assert.ok(column === 1 || source.slice(column - 1) === text);
      }
    }
  }));
});
