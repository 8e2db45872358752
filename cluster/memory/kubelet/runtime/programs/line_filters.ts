/**
 * Which calls of borrowed programs look at each line by itself. Such a program may be called again and again with the
 * lines that have come, and says of each at once what it has to say: `tail -f x | grep y`.
 */

const SED_ACTION = /^(?:\/(?:[^/\\]|\\.)*\/)?(?:s([^\w\s\\])(?:(?!\1)[^\\]|\\.)*\1(?:(?!\1)[^\\]|\\.)*\1[gIip]*|[dp])$/;
const AWK_PROGRAM = /^\s*(?:\/(?:[^/\\]|\\.)*\/|\$\d+\s*[!=~]+\s*["/][^"/]*["/])?\s*(?:\{\s*print[^;{}]*\})?\s*$/;

/**
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([filtersLines("grep", ["a"]), filtersLines("grep", ["-c", "a"])], [true, false]);
 * assert.deepEqual([filtersLines("sed", ["s/a/b/"]), filtersLines("sed", ["1d"])], [true, false]);
 * ```
 */
export function filtersLines(name: string, args: readonly string[]): boolean {
  const flags = args.filter((arg) => /^-[a-zA-Z]/.test(arg)).map((arg) => arg.slice(1)).join("");
  const words = args.filter((arg) => !arg.startsWith("-"));
  switch (name) {
    case "grep":
    case "egrep":
    case "fgrep":
      // Counts, numbers of lines, and lines around need to know of others.
      return !/[cnABClLm]/.test(flags) &&
        args.every((arg) => !/^--(?!line-buffered|color|ignore-case|invert-match)/.test(arg));
    case "cut":
      return true;
    case "tr":
      return !flags.includes("s");
    case "sed":
      return /^[nruEe]*$/.test(flags) && words.length > 0 && words.every((word) => SED_ACTION.test(word));
    case "awk": {
      const [program = "", ...more] = words.filter((_, i) =>
        !["-F", "-v"].includes(args[args.indexOf(words[i]) - 1] ?? "")
      );
      return more.length === 0 && AWK_PROGRAM.test(program) && !/\b(NR|FNR|getline|srand|rand)\b/.test(program);
    }
    default:
      return false;
  }
}

/** `grep -q` and `grep -m 1` have seen enough with the first line that fits. */
export const stopsAtFirst = (name: string, args: readonly string[]): boolean =>
  name.endsWith("grep") && args.some((arg) => /^-[a-zA-Z]*q|^--quiet$/.test(arg));
