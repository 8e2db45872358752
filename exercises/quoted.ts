/** What a Markdown text quotes as code: names and commands, which are the same in every language. */
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";

/**
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(quoted("Scale `web` to `3`."), new Set(["web", "3"]));
 * ```
 */
export function quoted(markdown: string): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Nodes) => {
    if (node.type === "inlineCode" || node.type === "code") found.add(node.value.replace(/\s+/g, " "));
    if ("children" in node) node.children.forEach(visit);
  };
  visit(fromMarkdown(markdown));
  return found;
}
