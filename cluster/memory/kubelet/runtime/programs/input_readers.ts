/** Which calls of borrowed programs read their input: those that name no file, or "-". */

/** With how many words come before the files, by program. */
const READERS: Readonly<Record<string, number>> = {
  awk: 1,
  base64: 0,
  column: 0,
  cut: 0,
  egrep: 1,
  expand: 0,
  fgrep: 1,
  fold: 0,
  grep: 1,
  gunzip: 0,
  gzip: 0,
  jq: 1,
  md5sum: 0,
  nl: 0,
  od: 0,
  paste: 0,
  rev: 0,
  sed: 1,
  sha1sum: 0,
  sha256sum: 0,
  sort: 0,
  split: 0,
  strings: 0,
  tac: 0,
  tr: Infinity,
  unexpand: 0,
  uniq: 0,
  wc: 0,
  xargs: Infinity,
  yq: 1,
  zcat: 0,
};
/** Options whose next word is no file, by program. */
const VALUED: Readonly<Record<string, string>> = {
  awk: "vF",
  cut: "dfbc",
  sort: "tkoST",
  grep: "ABCm",
  egrep: "ABCm",
  fgrep: "ABCm",
  fold: "w",
  nl: "bnsvw",
  od: "AtNj",
  paste: "d",
  base64: "w",
  split: "lbn",
  jq: "L",
};

/**
 * ```ts
 * import assert from "node:assert/strict";
 * assert.deepEqual([readsInput("grep", ["a"]), readsInput("grep", ["a", "file"])], [true, false]);
 * assert.deepEqual([readsInput("cut", ["-d", ":"]), readsInput("ln", [])], [true, false]);
 * ```
 */
export function readsInput(name: string, args: readonly string[]): boolean {
  if (args.includes("-")) return true;
  let expected = READERS[name];
  if (expected === undefined) return false;
  if (args.some((arg) => /^-[a-zA-Z]*[ef]$/.test(arg)) && /^(sed|[ef]?grep|awk)$/.test(name)) expected = 1;
  if (args.some((arg) => /^-[a-zA-Z]*n/.test(arg)) && name === "jq") return false;
  let words = 0;
  for (let i = 0; i < args.length; i++) {
    if (args[i].startsWith("-") && args[i].length > 1) {
      if (args[i].length === 2 && VALUED[name]?.includes(args[i][1])) i++;
      if (/^-[a-zA-Z]*r/.test(args[i]) && name.endsWith("grep")) return false;
    } else words++;
  }
  return words <= expected;
}
