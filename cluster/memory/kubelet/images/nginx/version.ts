/** The newest release of each line, for tags that say only "1.27". */
const NEWEST: Readonly<Record<string, string>> = {
  "1.25": "1.25.5",
  "1.26": "1.26.3",
  "1.27": "1.27.5",
  "1.28": "1.28.0",
};
const LATEST = "1.29.3";

/**
 * ```ts
 * import assert from "node:assert/strict";
 * assert.equal(nginxVersion("1.27-alpine"), "1.27.5");
 * ```
 */
export function nginxVersion(tag: string): string {
  const [version] = /^\d+(\.\d+)*/.exec(tag) ?? [LATEST];
  return NEWEST[version] ?? (version.split(".").length < 3 ? LATEST : version);
}
