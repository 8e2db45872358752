/** The languages of reports for programs: XML, GitHub's workflow commands, SARIF. */

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\n": "&#10;",
};

/** Text as XML, without the control characters that XML cannot hold. */
export function xmlText(text: string): string {
  // deno-lint-ignore no-control-regex
  return text.replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, "�").replace(/[&<>"\n]/g, (one) => ENTITIES[one]);
}

export interface Annotation {
  readonly title: string;
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
}

/**
 * A workflow command of GitHub Actions: it becomes an annotation.
 *
 * Source: https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 *
 * @example
 * ```ts
 * import assert from "node:assert/strict";
 * import { githubCommand } from "./markup.ts";
 *
 * assert.equal(githubCommand("error", { title: "a,b", file: "n.md", line: 2 }, "50%"), "::error file=n.md,line=2,title=a%2Cb::50%25");
 * ```
 */
export function githubCommand(level: string, { title, file, line, column }: Annotation, text: string): string {
  const properties = Object.entries({ file, line, col: column, title })
    .flatMap(([name, value]) => value === undefined ? [] : [`${name}=${property(String(value))}`]);
  return `::${level} ${properties.join(",")}::${message(text)}`;
}

const message = (text: string) => text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
const property = (text: string) => message(text).replaceAll(":", "%3A").replaceAll(",", "%2C");

/** Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function sarifLog<Run extends object>(run: Run) {
  return { $schema: "https://json.schemastore.org/sarif-2.1.0.json", version: "2.1.0", runs: [run] };
}

/** Both numbers from 1. @param file a path of any system; it is written as a URI */
export function sarifLocation(file: string, startLine: number, startColumn: number) {
  return {
    physicalLocation: {
      artifactLocation: { uri: encodeURI(file.replaceAll("\\", "/")) },
      region: { startLine, startColumn },
    },
  };
}
