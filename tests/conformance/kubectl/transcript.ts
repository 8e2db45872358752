/** Transcripts: commands with what they print, where "..." may be anything. */

export interface Exchange {
  /** From 1. */
  readonly line: number;
  readonly command: string;
  readonly output: readonly string[];
  readonly exitCode: number;
}

const EXIT_CODE = /^\[exit code (\d+)\]$/;

/**
 * Reads a transcript: comments (#), commands ($), and what each prints.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual(parseTranscript("# a comment\n$ kubectl get x\nnot found\n[exit code 1]\n"), [
 *   { line: 2, command: "kubectl get x", output: ["not found"], exitCode: 1 },
 * ]);
 * ```
 */
export function parseTranscript(text: string): readonly Exchange[] {
  const exchanges: { line: number; command: string; output: string[]; exitCode: number }[] = [];
  text.split("\n").forEach((content, i) => {
    const current = exchanges.at(-1);
    const code = EXIT_CODE.exec(content);
    if (content.startsWith("$ ")) exchanges.push({ line: i + 1, command: content.slice(2), output: [], exitCode: 0 });
    else if (current === undefined) return;
    else if (code !== null) current.exitCode = Number(code[1]);
    else current.output.push(content);
  });
  return exchanges.map((exchange) => ({ ...exchange, output: trimmed(exchange.output) }));
}

/** Without empty lines at the end. */
function trimmed(lines: readonly string[]): readonly string[] {
  const last = lines.findLastIndex((line) => line.trim() !== "");
  return lines.slice(0, last + 1);
}

/**
 * Whether an output is the expected one. Runs of blanks count as one.
 *
 * ```ts
 * import assert from "node:assert/strict";
 * assert.ok(outputMatches(["NAME AGE", "web ...s"], ["NAME   AGE", "web    12s"]));
 * assert.ok(outputMatches(["first", "...", "last"], ["first", "a", "b", "last"]));
 * assert.ok(!outputMatches(["web"], ["web", "cache"]));
 * ```
 */
export function outputMatches(expected: readonly string[], actual: readonly string[]): boolean {
  const wanted = trimmed(expected);
  const given = trimmed(actual);
  const matches = (i: number, j: number): boolean => {
    if (i === wanted.length) return j === given.length;
    if (wanted[i].trim() === "...") {
      for (let next = j; next <= given.length; next++) if (matches(i + 1, next)) return true;
      return false;
    }
    return j < given.length && lineMatches(wanted[i], given[j]) && matches(i + 1, j + 1);
  };
  return matches(0, 0);
}

function lineMatches(expected: string, actual: string): boolean {
  const tidy = (line: string) => line.trim().replace(/\s+/g, " ");
  const pattern = tidy(expected).split("...").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join(".*");
  return new RegExp(`^${pattern}$`).test(tidy(actual));
}
