/** Regular expressions, on RE2. Source: `k8s.io/apiserver/pkg/cel/library/regex.go`. */
import type { Environment } from "@marcbachmann/cel-js";
import { compilePattern, type Pattern, PatternError } from "../pattern.ts";
import { failure } from "./failure.ts";

function patternOf(source: string): Pattern {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternError) throw failure(error.message);
    throw error;
  }
}

/** Where the leftmost match begins and ends, looking for the longest; the engine itself says only whether there is one. */
function matchIn(
  text: string,
  pattern: Pattern,
  anchored: Pattern,
  from: number,
): readonly [number, number] | undefined {
  if (!pattern.test(text.slice(from))) return undefined;
  for (let start = from; start <= text.length; start++) {
    const rest = text.slice(start);
    if (!anchored.test(rest)) continue;
    for (let end = text.length; end >= start; end--) {
      if (pattern.testExact(text.slice(start, end))) return [start, end];
    }
  }
  return undefined;
}

function findAll(text: string, source: string, most: number): string[] {
  const [pattern, anchored] = [patternOf(source), patternOf(`^(?:${source})`)];
  const found: string[] = [];
  let from = 0;
  while (found.length < most && from <= text.length) {
    const match = matchIn(text, pattern, anchored, from);
    if (match === undefined) break;
    const [start, end] = match;
    found.push(text.slice(start, end));
    from = end > start ? end : end + 1;
  }
  return found;
}

export function registerRegex(environment: Environment): void {
  const matches = (text: string, source: string) => patternOf(source).test(text);
  // Expressions say `matches`; it is renamed while they are compiled, since the library has one of its own.
  environment.registerFunction("string.matches_re2(string): bool", matches);
  environment.registerFunction("matches(string, string): bool", matches);
  environment.registerFunction(
    "string.find(string): string",
    (text: string, source: string) => findAll(text, source, 1)[0] ?? "",
  );
  environment.registerFunction(
    "string.findAll(string): list<string>",
    (text: string, source: string) => findAll(text, source, Infinity),
  );
  environment.registerFunction(
    "string.findAll(string, int): list<string>",
    (text: string, source: string, most: bigint) => findAll(text, source, most < 0n ? Infinity : Number(most)),
  );
}
